"""Texts of the landlord: drafts, putting in force, setting rules aside by two people, languages that were read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from outreach.db.tables import AttemptRow, EvidenceRow, PersonRow, TextApprovalRow, UserRow
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.policy import install_shipped
from outreach.services.proving import environment_of
from outreach.services.text_decisions import approve_text, reject_text, withdraw_text
from outreach.services.text_drafts import (
    StaleText,
    UnfillableText,
    open_text,
    read_text_draft,
    save_text_draft,
    start_template,
)
from outreach.services.text_history import text_history
from outreach.services.text_languages import approve_language_texts
from outreach.services.text_use import unread_texts, where_used
from outreach.services.text_versions import PublishedText, StoppedText, publish_text
from outreach.services.texts import choose
from outreach.services.written_text import WrittenText
from tests.support.worlds import FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration

SMS = ("reminder", "sms", "nl")
WHY = "De huurdersraad wil het vriendelijker"
KIND = (
    "Beste {name}, dit is {contact_name} van {landlord}. Sinds {since} staat er {amount} huur open. "
    "Wilt u dit betalen? Lukt dat niet? Antwoord REGELING. Dan help ik u. Tel. {contact_phone}"
)
LONG = KIND.replace(
    "Wilt u dit betalen?",
    "Wilt u dit bedrag aan ons betalen op een dag in deze maand die u zelf het beste past en die u ons laat weten?",
)


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def world(build: Build) -> World:
    """A landlord with two people who make policy."""
    made = build()
    for name in ("ruben", "ines"):
        made.add(
            UserRow(
                landlord_id=made.landlord_id,
                username=name,
                name=name.title(),
                role="policy",
                password_hash="-",
                created_at=made.clock(),
            )
        )
    return made


def officer(world: World, name: str) -> Actor:
    row = world.rows(UserRow, UserRow.username == name)[0]
    return Actor(label=row.name, user_id=row.id)


def opened(world: World, place: tuple[str, str, str] = SMS) -> tuple[WrittenText, int]:
    with world.runtime.db.read() as session:
        found = open_text(session, world.policy, *place)
    assert found is not None
    return found


def save(world: World, body: str, place: tuple[str, str, str] = SMS, by: str = "ruben") -> None:
    written, revision = opened(world, place)
    changed = replace(written, body=body)
    save_text_draft(world.runtime, officer(world, by), world.landlord_id, changed, revision=revision)


def release(world: World, place: tuple[str, str, str] = SMS, by: str = "ruben", **how: object) -> PublishedText:
    return publish_text(world.runtime, officer(world, by), world.landlord_id, *place, reason=WHY, **how)  # type: ignore[arg-type]


def reminded(world: World) -> str:
    """Let a tenant fall behind until the reminder has gone; give its text."""
    home = world.home()
    world.owe(home, due_on=FIRST_DAY - timedelta(days=4))
    world.live(FIRST_DAY, FIRST_DAY + timedelta(days=8))
    rows = world.attempts(AttemptRow.template == "reminder", AttemptRow.sent_at.is_not(None))
    return "".join(row.text or "" for row in rows)


def facts(world: World) -> list[str]:
    return [row.kind for row in world.rows(EvidenceRow, EvidenceRow.kind.startswith("text_"))]


def test_a_text_that_passes_is_what_the_next_tenant_reads(world: World) -> None:
    save(world, KIND)
    before = world.policy.catalogue.get(*SMS)
    assert "dit is" not in before.body
    done = release(world)
    assert (done.state, world.policy.catalogue.get(*SMS).version) == ("approved", done.version)
    assert facts(world) == ["text_published"]
    assert ", dit is " in reminded(world)
    with world.runtime.db.read() as session:
        assert read_text_draft(session, world.landlord_id, *SMS) is None
        (kept,) = text_history(session, world.landlord_id, *SMS)
    assert (kept.by, kept.reason, kept.body) == ("Ruben", WHY, KIND)


def test_an_upgrade_keeps_the_landlords_own_text_and_renews_the_others(world: World) -> None:
    save(world, KIND)
    release(world)
    with world.runtime.db.write() as session:
        install_shipped(session, world.landlord_id, world.runtime.catalogue, world.clock())
    assert world.policy.catalogue.get(*SMS).body == KIND
    shipped = world.runtime.catalogue.get("contact_request", "sms", "nl")
    assert world.policy.catalogue.get("contact_request", "sms", "nl") == shipped


def test_two_writers_do_not_overwrite_each_other(world: World) -> None:
    written, revision = opened(world)
    save(world, KIND, by="ines")
    with pytest.raises(StaleText, match="Ines heeft deze tekst intussen veranderd"):
        save_text_draft(
            world.runtime, officer(world, "ruben"), world.landlord_id, replace(written, body=LONG), revision=revision
        )
    assert opened(world)[0].body == KIND


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Beste {naam}, bel mij.", "{naam} kennen wij niet"),
        ("Beste {name}, op {first_on} bel ik.", "{first_on} kan in deze tekst niet worden ingevuld"),
        ("Beste {name, bel mij.", "kennen wij niet"),
        ("  ", "De tekst is leeg"),
        ("Bel\x00mij", "onleesbaar teken"),
    ],
)
def test_a_field_that_cannot_be_filled_is_refused_at_saving(world: World, body: str, why: str) -> None:
    with pytest.raises(UnfillableText) as refused:
        save(world, body)
    assert why in refused.value.text("nl")


def test_a_rule_of_style_is_set_aside_by_two_people_and_the_text_really_goes(world: World) -> None:
    save(world, LONG)
    with pytest.raises(StoppedText, match="lange zin") as stopped:
        release(world)
    assert "long_sentence" in stopped.value.overridable
    with pytest.raises(Refused, match="waarom deze regel"):
        release(world, set_aside=stopped.value.rules)
    done = release(world, set_aside=stopped.value.rules, override_reason="Zo staat het in het convenant")
    assert done.state == "proposed"
    with pytest.raises(Refused, match="Een collega moet het goedkeuren"):
        approve_text(world.runtime, officer(world, "ruben"), world.landlord_id, done.proposal_id)
    approve_text(world.runtime, officer(world, "ines"), world.landlord_id, done.proposal_id)
    row = world.rows(TextApprovalRow, TextApprovalRow.kind == "override")[0]
    assert row.by_user_id != row.second_user_id and "long_sentence" in row.rules
    assert row.reason == "Zo staat het in het convenant"
    assert facts(world) == ["text_proposed", "text_published"]
    assert "op een dag in deze maand" in reminded(world)


def test_without_the_two_people_such_a_text_does_not_go(world: World) -> None:
    save(world, LONG)
    done = release(world, set_aside=["long_sentence"], override_reason="Kan niet korter")
    approve_text(world.runtime, officer(world, "ines"), world.landlord_id, done.proposal_id)
    with world.runtime.db.write() as session:
        session.execute(delete(TextApprovalRow).where(TextApprovalRow.kind == "override"))
    world.owe(world.home(), due_on=FIRST_DAY - timedelta(days=4))
    world.live(FIRST_DAY, FIRST_DAY + timedelta(days=8))
    assert not world.attempts(AttemptRow.template == "reminder", AttemptRow.sent_at.is_not(None))
    assert "text_refused" in {task.kind for task in world.tasks()}


@pytest.mark.parametrize(
    ("words", "rule"), [("Anders volgt ontruiming.", "ontruiming"), ("Denk aan uw kinderen.", "kinderen")]
)
def test_nobody_sets_a_threat_or_a_measure_that_is_not_possible_aside(world: World, words: str, rule: str) -> None:
    save(world, f"{KIND} {words}")
    with pytest.raises(StoppedText, match=rule) as stopped:
        release(world, set_aside=["threat", "children", "stage_eviction", "certain_eviction"], override_reason="Toch")
    assert stopped.value.rules


def test_four_eyes_hold_for_texts_and_a_proposal_can_be_turned_down_or_taken_back(world: World) -> None:
    world.change_settings(four_eyes=True)
    save(world, KIND)
    first = release(world)
    assert first.state == "proposed"
    with pytest.raises(Refused, match="Er wacht al een voorstel"):
        release(world)
    with pytest.raises(Refused, match="waarom u het voorstel afwijst"):
        reject_text(world.runtime, officer(world, "ines"), world.landlord_id, first.proposal_id, reason=" ")
    reject_text(world.runtime, officer(world, "ines"), world.landlord_id, first.proposal_id, reason="Nog te lang")
    assert opened(world)[0].body == KIND
    second = release(world)
    with pytest.raises(Refused, match="Alleen wie het voorstelde"):
        withdraw_text(world.runtime, officer(world, "ines"), world.landlord_id, second.proposal_id)
    withdraw_text(world.runtime, officer(world, "ruben"), world.landlord_id, second.proposal_id)
    assert facts(world) == ["text_proposed", "text_rejected", "text_proposed", "text_withdrawn"]
    with world.runtime.db.read() as session:
        states = [each.state for each in text_history(session, world.landlord_id, *SMS)]
    assert states == ["withdrawn", "rejected"]


TURKISH = ("reminder", "sms", "tr")


def test_a_language_goes_out_only_when_somebody_who_reads_it_said_so(world: World) -> None:
    world.change_settings(languages=("nl", "tr"))
    written, _ = opened(world, TURKISH)
    save(world, f"{written.body} Size yardım ederim.", TURKISH)
    proposed = release(world, TURKISH)
    assert proposed.state == "proposed"
    with pytest.raises(Refused, match="Alleen wie deze taal leest"):
        approve_text(world.runtime, officer(world, "ines"), world.landlord_id, proposed.proposal_id)
    approve_text(world.runtime, officer(world, "ines"), world.landlord_id, proposed.proposal_id, reads_language=True)
    assert choose(world.policy, *TURKISH).version == proposed.version


def test_until_then_the_tenant_gets_the_dutch_text_and_staff_see_what_waits(world: World) -> None:
    world.change_settings(languages=("nl", "tr"))
    with world.runtime.db.write() as session:
        session.execute(delete(TextApprovalRow))
    assert choose(world.policy, *TURKISH).language == "nl"
    assert len(unread_texts(world.policy)["tr"]) > 30
    count = approve_language_texts(world.runtime, officer(world, "ines"), world.landlord_id, "tr")
    assert count > 30 and not unread_texts(world.policy)
    assert choose(world.policy, *TURKISH).language == "tr"
    assert facts(world) == ["text_language_approved"]


def test_a_text_of_ones_own_is_begun_written_and_put_in_force(world: World) -> None:
    ruben = officer(world, "ruben")
    name = start_template(
        world.runtime, ruben, world.landlord_id, title="Brief na verhuizing", purpose="care", channel="sms"
    )
    assert name == "brief_na_verhuizing"
    with pytest.raises(Refused, match="Er is al een tekst met deze naam"):
        start_template(
            world.runtime, ruben, world.landlord_id, title="Brief na verhuizing", purpose="care", channel="sms"
        )
    place = (name, "sms", "nl")
    save(world, "Beste {name}, hoe gaat het in uw nieuwe huis? Bel mij gerust. {contact_name}, {contact_phone}", place)
    assert release(world, place).state == "approved"
    made = world.policy.catalogue.get(*place)
    assert (made.title, made.purpose) == ("Brief na verhuizing", "care")
    assert where_used(world.policy, name) == ()
    assert [use.step for use in where_used(world.policy, "reminder")]


def test_je_is_used_where_the_landlord_says_je(world: World) -> None:
    assert choose(world.policy, *SMS).language == "nl"
    world.change_settings(address_form="je")
    assert choose(world.policy, *SMS).language == "nl-je"


def test_who_reads_with_difficulty_gets_a_person_instead_of_a_text_that_is_too_hard(world: World) -> None:
    longer = "Wilt u dit bedrag betalen op een dag in deze maand die u past en mij laten weten welke?"
    save(world, KIND.replace("Wilt u dit betalen?", longer))
    assert release(world).state == "approved"
    home = world.home()
    with world.runtime.db.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == home.person_id).values(needs=["low_literacy"]))
    world.owe(home, due_on=FIRST_DAY - timedelta(days=4))
    other = world.home()
    world.owe(other, due_on=FIRST_DAY - timedelta(days=4))
    world.live(FIRST_DAY, FIRST_DAY + timedelta(days=8))
    sent = world.attempts(AttemptRow.template == "reminder", AttemptRow.sent_at.is_not(None))
    assert {row.household_id for row in sent} == {other.household_id}
    assert "text_refused" in {task.kind for task in world.tasks()}


def test_a_letter_with_costs_cannot_be_used_by_who_asks_none_or_has_no_account(world: World) -> None:
    def problems() -> str:
        policy = world.policy
        environment = environment_of(policy.catalogue, ("nl",), {}, {}, policy.approvals, policy.settings)
        return " ".join(environment.text_problems("fourteen_day_letter", "letter", "nl", "legal", ("costs",)))

    assert "rekent geen incassokosten" in problems() and "rekeningnummer ontbreekt" in problems()
    world.change_settings(iban="NL02 ABNA 0123 4567 89", collection_costs="scale")
    assert not problems()


def test_a_text_that_the_settings_cannot_fill_is_not_put_in_force(world: World) -> None:
    save(world, f"{KIND} Rekening {{iban}}.")
    with pytest.raises(Refused, match="rekeningnummer ontbreekt"):
        release(world)
    world.change_settings(iban="NL02 ABNA 0123 4567 89")
    assert release(world).state == "approved"


@pytest.mark.parametrize("family_name", ["Kind", "De Rechter", "Schuld"])
def test_a_tenant_may_be_called_anything(world: World, family_name: str) -> None:
    world.owe(world.home(family_name=family_name), due_on=FIRST_DAY - timedelta(days=4))
    world.live(FIRST_DAY, FIRST_DAY + timedelta(days=8))
    assert world.attempts(AttemptRow.template == "reminder", AttemptRow.sent_at.is_not(None))


def test_who_adds_vat_may_say_so_in_the_letter_and_who_does_not_may_not(world: World) -> None:
    place = ("fourteen_day_letter", "letter", "nl")
    world.change_settings(iban="NL02 ABNA 0123 4567 89", collection_costs="scale")
    written, _revision = opened(world, place)
    save(world, written.body.replace("Het staat in de wet.", "Het staat in de wet. De btw zit erbij."), place)
    with pytest.raises(StoppedText, match="btw"):
        release(world, place)
    world.change_settings(collection_costs="scale_vat")
    assert release(world, place).state == "approved"
