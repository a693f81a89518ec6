from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.catalogue import Catalogue, catalogue_from_sources
from messages.formats import euro, spoken_date
from messages.rendering import RenderError, render
from messages.segments import gsm_friendly, measure
from messages.template import Template


def template(body: str, channel: str = "sms") -> Template:
    quoted = "".join(f"\n        {line}" for line in body.split("\n"))
    text = f"    nl:\n      body: |{quoted}\n    en:\n      body: |{quoted}\n"
    source = f"name: t\npurpose: care\nmentions: []\nchannels:\n  {channel}:\n{text}"
    catalogue: Catalogue = catalogue_from_sources({"t": source})
    return catalogue.get("t", channel, "nl")


def test_values_go_in() -> None:
    rendered = render(template("Beste {name}, {amount}."), {"name": "Jo", "amount": "€ 5,00", "since": "not used"})
    assert rendered.text == "Beste Jo, € 5,00."
    assert (rendered.segments, rendered.encoding) == (1, "GSM-7")


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": None}, {"name": " \n "}])
def test_a_missing_value_is_named(values: dict[str, object]) -> None:
    with pytest.raises(RenderError, match="t/sms/nl: no value for name"):
        render(template("Beste {name}"), values)


def test_an_unknown_value_is_named() -> None:
    with pytest.raises(RenderError, match="unknown values naam"):
        render(template("Beste {name}"), {"name": "Jo", "naam": "Jo"})


def test_a_robocall_has_its_parts() -> None:
    body = "[greeting]\nDag {name}.\n[message]\nHallo.\n[menu]\nToets 1.\n[voicemail]\nBel ons."
    rendered = render(template(body, "robocall"), {"name": "Jo"})
    assert rendered.parts == {"greeting": "Dag Jo.", "message": "Hallo.", "menu": "Toets 1.", "voicemail": "Bel ons."}
    assert all(part in rendered.text for part in rendered.parts.values())


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_value_is_text_and_never_a_template(name: str) -> None:
    rendered = render(template("Beste {name}, bel {contact_phone}.", "card"), {"name": name, "contact_phone": "1"})
    assert rendered.text.startswith("Beste ") and rendered.text.endswith(", bel 1.")
    tricky = render(template("Beste {name}.", "card"), {"name": "{amount}{name}"})
    assert tricky.text == "Beste {amount}{name}."


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_euro_writes_every_cent(cents: int) -> None:
    written = euro(cents)
    digits = written.replace("€", "").replace(".", "").replace(",", "").replace(" ", "")
    assert int(digits) == cents and "\u00a0" not in written


def test_money_and_days_as_people_say_them() -> None:
    assert (euro(123450), euro(5), euro(-123), euro(123450, "en")) == ("€ 1.234,50", "€ 0,05", "-€ 1,23", "€1,234.50")
    assert spoken_date(date(2026, 11, 24)) == "dinsdag 24 november"
    assert spoken_date(date(2026, 11, 24), "en") == "Tuesday 24 November"
    with pytest.raises(ValueError, match="unknown language 'xx'"):
        euro(1, "xx")


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("ş" * 70, "UCS-2", 70, 1),
        ("ş" * 71, "UCS-2", 71, 2),
        ("😀" * 36, "UCS-2", 72, 2),
        ("", "GSM-7", 0, 1),
    ],
)
def test_segments(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


def test_an_sms_with_a_diaeresis_stays_cheap_and_other_channels_keep_it() -> None:
    values = {"name": "Zoë Yılmaz"}
    assert render(template("Beste {name}"), values).text == "Beste Zoe Yilmaz"
    assert render(template("Beste {name}"), values).encoding == "GSM-7"
    assert render(template("Beste {name}", "whatsapp"), values).text == "Beste Zoë Yılmaz"
    assert gsm_friendly("één café • “ja” – مرحبا") == 'één café - "ja" - مرحبا'
