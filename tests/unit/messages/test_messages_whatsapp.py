"""The form that WhatsApp approves, its day of free text, what an SMS costs, and where a letter stands on paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from messages.catalogue import load_catalogue
from messages.checks import check
from messages.paper import CARD, LETTERS, LetterLayout, pages
from messages.rendering import render
from messages.samples import sample_values
from messages.template import Template
from messages.whatsapp import approved_form, content_variables, form_findings, whatsapp_window

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CATALOGUE = load_catalogue()
SHIPPED = sorted((each for each in CATALOGUE if each.channel == "whatsapp"), key=lambda t: (t.name, t.language))
REMINDER = CATALOGUE.get("reminder", "whatsapp", "nl")


def template(body: str) -> Template:
    return replace(REMINDER, body=body)


@pytest.mark.parametrize("language", sorted({each.language for each in SHIPPED}))
def test_every_text_that_ships_has_a_form_that_whatsapp_takes(language: str) -> None:
    for text in SHIPPED:
        if text.language == language:
            assert list(form_findings(text.body)) == [], text.name
            form = approved_form(text)
            assert form.category == "UTILITY" and len(form.body) <= 1024
            assert [f"{{{{{number}}}}}" in form.body for number in range(1, len(form.variables) + 1)]
            assert {name for name, _ in form.variables} == text.placeholders
            assert all(sample for _, sample in form.variables)


def test_the_form_of_the_reminder() -> None:
    form = approved_form(REMINDER)
    assert (form.name, form.language, form.quick_replies) == ("reminder", "nl", ("REGELING",))
    assert form.body.startswith("Beste {{1}},")
    assert form.variables[0] == ("name", "mevrouw De Vries")
    informal = approved_form(CATALOGUE.get("reminder", "whatsapp", "nl-je"))
    assert (informal.name, informal.language) == ("reminder_je", "nl")


def test_the_form_filled_by_number_is_the_text_filled_by_name() -> None:
    for size in ("longest", "shortest"):
        values = sample_values(size, "nl")
        for text in SHIPPED:
            if text.language == "nl":
                form = approved_form(text)
                body = form.body
                for number, value in content_variables(form, values).items():
                    body = body.replace(f"{{{{{number}}}}}", value)
                assert body == render(text, values).text


def test_a_placeholder_that_stands_twice_keeps_its_number() -> None:
    form = approved_form(template("Beste {name}, dit is voor {landlord} en {name}. Graag tot ziens bij ons."))
    assert form.body == "Beste {{1}}, dit is voor {{2}} en {{1}}. Graag tot ziens bij ons."


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("{name}, wilt u ons vandaag nog bellen?", "{name}"),
        ("Wilt u ons vandaag bellen op {contact_phone}", "{contact_phone}"),
        ("Wilt u ons vandaag bellen op {contact_phone}.", "{contact_phone}"),
        ("Beste mensen, het gaat om {amount} {since} en wij helpen u graag.", "{amount} {since}"),
        ("Beste {name}, dag.", "Beste {name}, dag."),
        ("Beste {name},\n\n\nwilt u ons vandaag nog bellen?", "\n\n\n"),
        ("Beste {name}, wilt     u ons vandaag nog bellen?", "     "),
    ],
)
def test_what_whatsapp_refuses_is_marked(body: str, marked: str) -> None:
    [found] = form_findings(body)
    assert (found.rule, found.severity, found.text) == ("whatsapp_form", "stop", marked)


def test_a_filled_in_text_that_is_too_long_is_stopped() -> None:
    text = "Wilt u ons bellen? " * 60
    [found] = [each for each in check(text, channel="whatsapp").findings if each.rule == "whatsapp_form"]
    assert found.severity == "stop" and found.start == 1024
    assert not [each for each in check(text, channel="email").findings if each.rule == "whatsapp_form"]


def test_no_form_of_another_channel_or_with_a_name_that_whatsapp_does_not_know() -> None:
    with pytest.raises(ValueError, match="sms"):
        approved_form(CATALOGUE.get("reminder", "sms", "nl"))
    with pytest.raises(ValueError, match="Brief"):
        approved_form(replace(REMINDER, name="Brief twee"))


@pytest.mark.parametrize(
    ("ago", "window"),
    [(timedelta(0), "open"), (timedelta(hours=23, minutes=59), "open"), (timedelta(hours=24), "closed")],
)
def test_a_free_text_may_go_for_a_day_after_the_tenant_wrote(ago: timedelta, window: str) -> None:
    assert whatsapp_window(NOW - ago, NOW) == window


def test_who_never_wrote_gets_the_approved_form() -> None:
    assert whatsapp_window(None, NOW) == "closed"


def test_a_text_of_three_sms_is_warned_in_dutch() -> None:
    text = "Wilt u ons bellen? " * 20
    assert [each.severity for each in check(text, channel="sms").findings if each.rule == "sms_segments"] == ["warn"]
    assert not [each for each in check(text, channel="sms", language="pl").findings if each.rule == "sms_segments"]


@pytest.mark.parametrize("layout", LETTERS.values(), ids=LETTERS)
def test_the_address_stays_in_the_window_when_the_sheet_slides(layout: LetterLayout) -> None:
    window, address = layout.window, layout.address
    for shift in (-layout.shift, layout.shift):
        assert window.holds(replace(address, left=address.left + shift))
        assert window.holds(replace(address, top=address.top + shift))
    assert layout.page.holds(window) and window.bottom <= layout.folds_at[0]
    assert layout.envelope.width >= layout.page.width and layout.envelope.height >= layout.folds_at[0]


@pytest.mark.parametrize("layout", LETTERS.values(), ids=LETTERS)
def test_nothing_else_shows_in_the_window(layout: LetterLayout) -> None:
    seen = replace(
        layout.window,
        left=layout.window.left - layout.shift,
        top=layout.window.top - layout.shift,
        width=layout.window.width + 2 * layout.shift,
        height=layout.window.height + 2 * layout.shift,
    )
    for box in (layout.sender, layout.reference, layout.body):
        apart = box.right <= seen.left or box.left >= seen.right or box.bottom <= seen.top or box.top >= seen.bottom
        assert apart and layout.page.holds(box)


def test_text_and_code_of_a_card_do_not_touch() -> None:
    assert CARD.text.right < CARD.qr.left and CARD.page.holds(CARD.qr) and CARD.page.holds(CARD.text)


@pytest.mark.parametrize("language", ["nl", "nl-je", "en"])
def test_a_letter_takes_two_pages_at_most(language: str) -> None:
    letters = [each for each in CATALOGUE if (each.channel, each.language) == ("letter", language)]
    taken = {each.name: pages(render(each, sample_values("longest", language)).text) for each in letters}
    assert max(taken.values()) <= 2 and taken["reminder"] == 1
