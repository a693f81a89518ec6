"""Seeded mistakes: each property is refuted on a ladder made wrong for it, with a path or a sentence that says why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from schedules.pressure import PressureBudget
from schedules.proof import ProofEnvironment, Route, Status
from schedules.settings import DEFAULT_HOLD_FLAGS, PolicySettings
from tests.support.proofs import (
    ENVIRONMENT,
    SETTINGS,
    Edit,
    added,
    changed,
    ladder_with,
    proof_of,
    routes_without,
    standard,
    with_route,
    without,
)

pytestmark = pytest.mark.unit

NO_FLOOR = PolicySettings(legal_floor=False)
BAILIFF = added(
    key="bailiff",
    kind="referral",
    target="bailiff",
    when={"after_outcome": {"step": "overleg", "outcomes": ["legal"]}},
    needs=["four_steps", "early_signal", "personal_contact"],
)


def bailiff_on_day(days: int, **values: object) -> Edit:
    return added(key="bailiff", kind="referral", target="bailiff", when={"days_after_due": days}, **values)


def budget(**values: int) -> PolicySettings:
    return PolicySettings(budget=PressureBudget(**values))


def holding(*flags: str) -> PolicySettings:
    return PolicySettings(hold_flags=DEFAULT_HOLD_FLAGS - set(flags))


def texts_fail(template: str, language: str) -> ProofEnvironment:
    def problems(name: str, channel: str, lang: str, stage: str, measures: tuple[str, ...]) -> Sequence[str]:
        return ("deze tekst is er niet.",) if (name, lang) == (template, language) else ()

    return replace(ENVIRONMENT, text_problems=problems)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    name: str
    key: str
    edits: tuple[Edit, ...] = ()
    settings: PolicySettings = SETTINGS
    environment: ProofEnvironment = ENVIRONMENT
    depth: int = 2
    status: Status = Status.REFUTED


def mistake(name: str, key: str, *edits: Edit, **values: object) -> Mistake:
    return Mistake(name=name, key=key, edits=edits, **values)  # type: ignore[arg-type]


MISTAKES = (
    mistake("bailiff before any step", "legal_steps_before_court", bailiff_on_day(6), settings=NO_FLOOR),
    mistake(
        "bailiff without a visit or talk",
        "legal_steps_before_court",
        without("visit", "card", "contact_letter"),
        bailiff_on_day(60),
        settings=NO_FLOOR,
    ),
    mistake(
        "court without the early signal",
        "legal_steps_before_court",
        added(key="court", kind="referral", target="court", when={"days_after_due": 33}),
        settings=NO_FLOOR,
    ),
    mistake(
        "bailiff although the signal never went and nobody refused it",
        "legal_steps_before_court",
        without("early_signal"),
        changed("social_team", when={"days_after_due": 49}),
        BAILIFF,
        changed("bailiff", needs=["four_steps", "personal_contact"]),
        settings=NO_FLOOR,
    ),
    mistake("a child found stops nothing", "child_found_stops", settings=holding("child_found")),
    mistake("a dispute stops nothing", "nothing_while_paused", settings=holding("dispute")),
    mistake("the family of a deceased tenant gets reminders", "nothing_while_paused", settings=holding("deceased")),
    mistake(
        "reminder with help taken out",
        "signal_lawful",
        without("reminder_help"),
        changed("early_signal", needs=None, when={"days_after_due": 35}),
        settings=NO_FLOOR,
    ),
    mistake(
        "early signal in the first week",
        "signal_lawful",
        changed("early_signal", needs=None, when={"days_after_due": 3}),
        settings=NO_FLOOR,
    ),
    mistake("signal after a refusal", "signal_lawful", changed("early_signal", needs=None), settings=NO_FLOOR),
    mistake(
        "only letters before the early signal",
        "contact_changes_before_heavier",
        without("robocall", "contact_request", "call", "visit", "card", "contact_letter"),
        changed("reminder", channels=["letter"]),
        changed("early_signal", needs=None),
        settings=NO_FLOOR,
    ),
    mistake("no visit", "handed_to_person_in_time", without("visit", "card", "contact_letter")),
    mistake(
        "nobody at the end",
        "handed_to_person_in_time",
        without("overleg", "help_again", "social_team", "meldpunt", "early_signal"),
    ),
    mistake(
        "a promise that is too tight",
        "handed_to_person_in_time",
        ladder_with(promises={"handed_to_person_within_days": 20}),
    ),
    mistake("no promise at all", "handed_to_person_in_time", ladder_with(promises=None)),
    mistake(
        "weeks between two calls",
        "handed_to_person_in_time",
        changed("robocall", attempts={"max": 3, "gap_days": 21}),
    ),
    mistake(
        "one channel only",
        "handed_to_person_in_time",
        without("robocall", "contact_request", "call", "visit", "card", "contact_letter"),
        ladder_with(promises={"handed_to_person_within_days": 60, "channels": 3}),
    ),
    mistake(
        "everything rests once the tenant was reached",
        "no_dead_end",
        changed("early_signal", unless=["ever_reached", "help_accepted"]),
        changed("overleg", unless=["ever_reached"]),
    ),
    mistake(
        "a refused signal blocks all that follows",
        "no_dead_end",
        changed("social_team", when={"days_after": {"step": "early_signal", "days": 14}}),
        changed("overleg", when={"days_after": {"step": "social_team", "days": 7}}),
    ),
    mistake(
        "a refused signal blocks the person in time",
        "handed_to_person_in_time",
        changed("social_team", when={"days_after": {"step": "early_signal", "days": 14}}),
        changed("overleg", when={"days_after": {"step": "social_team", "days": 7}}),
    ),
    mistake("no report after the summons", "meldpunt_on_summons", without("meldpunt_dagvaarding")),
    mistake(
        "report a month after the summons",
        "meldpunt_on_summons",
        changed("meldpunt_dagvaarding", when={"days_from_date": {"date": "summons", "days": 30}}),
    ),
    mistake(
        "report after the summons asks for a ground",
        "meldpunt_on_summons",
        changed("meldpunt_dagvaarding", needs=["ground"]),
    ),
    mistake(
        "report waits for the eviction",
        "meldpunt_on_summons",
        changed("meldpunt_dagvaarding", when={"days_from_date": {"date": "eviction", "days": -14}}),
    ),
    mistake(
        "more contacts a week than the floor",
        "pressure_within_budget",
        changed("robocall", attempts={"max": 3, "gap_days": 1}),
        settings=budget(per_days=5),
    ),
    mistake(
        "two contacts on a day",
        "pressure_within_budget",
        changed("reminder_help", when={"days_after_due": 5}),
        settings=budget(per_day=2),
    ),
    mistake(
        "no rest after a talk",
        "pressure_within_budget",
        without("robocall", "contact_request"),
        changed("call", when={"days_after": {"step": "reminder", "days": 7}}),
        settings=budget(rest_after_talk_hours=0),
        depth=0,
    ),
    mistake(
        "a robocall that calls itself legal",
        "pressure_within_budget",
        changed("robocall", purpose="legal", attempts={"max": 5, "gap_days": 1}),
    ),
    mistake(
        "a robocall that calls itself part of a plan",
        "pressure_within_budget",
        changed("robocall", purpose="plan", attempts={"max": 5, "gap_days": 1}),
    ),
    mistake("a reminder that calls itself an answer", "nothing_after_opt_out", changed("reminder", purpose="answer")),
    mistake("a reminder that calls itself care", "nothing_after_payment", changed("reminder", purpose="care")),
    mistake(
        "a request for contact that calls itself care",
        "nothing_while_paused",
        changed("contact_request", purpose="care"),
    ),
    mistake("a visit that calls itself an answer", "child_found_stops", changed("visit", purpose="answer")),
    mistake(
        "the bailiff as care, during a pause",
        "nothing_while_paused",
        BAILIFF,
        changed(
            "bailiff",
            purpose="care",
            when={"days_after": {"step": "overleg", "days": 7}},
            only_if={"outcome": {"step": "overleg", "outcomes": ["legal"]}},
        ),
    ),
    mistake(
        "a machine that writes to who stands apart",
        "excluded_left_to_people",
        ladder_with(exclusions=["nuisance"]),
        changed("reminder", only_if={"flag": ["nuisance"]}),
    ),
    mistake(
        "a partner without a route",
        "referrals_followed_up",
        environment=replace(ENVIRONMENT, routes=routes_without("social_team")),
    ),
    mistake(
        "a partner that need not report back",
        "referrals_followed_up",
        environment=with_route("meldpunt", Route(feedback_days=None, owner="worker")),
    ),
    mistake(
        "feedback that nobody follows",
        "referrals_followed_up",
        environment=with_route("meldpunt", Route(feedback_days=28, owner=None)),
    ),
    mistake(
        "a text that is missing in English", "texts_exist_and_pass", environment=texts_fail("contact_request", "en")
    ),
    mistake(
        "a text that does not pass in Dutch", "texts_exist_and_pass", environment=texts_fail("doorstep_card", "nl")
    ),
    mistake("a text that names the bailiff", "texts_exist_and_pass", changed("reminder", measures=["bailiff"])),
    mistake(
        "an outcome that never comes",
        "every_step_reachable",
        changed("card", when={"after_outcome": {"step": "visit", "outcomes": ["read"]}}),
        depth=0,
    ),
    mistake(
        "months that never come", "every_step_reachable", changed("meldpunt", only_if={"months_at_least": 40}), depth=0
    ),
    mistake(
        "two steps that need each other",
        "every_step_reachable",
        changed("social_team", needs_steps=["meldpunt"]),
        changed("meldpunt", needs_steps=["social_team"]),
        depth=0,
    ),
    mistake(
        "a step that only a channel without hours could do",
        "every_step_reachable",
        changed("call", attempts={"max": 2, "gap_days": 2, "weekdays": ["saturday"]}),
        depth=0,
    ),
    mistake(
        "the bailiff follows whatever is decided",
        "humans_decide",
        BAILIFF,
        changed("bailiff", when={"days_after": {"step": "overleg", "days": 1}}),
    ),
    mistake("a ladder that is over", "valid", ladder_with(valid_to="2026-11-15")),
    mistake(
        "a gap of the source",
        "no_gap",
        ladder_with(gaps=[{"name": "dagen", "example": 5, "title": {"nl": "Dagen", "en": "Days"}}]),
        changed("reminder", when={"days_after_due": "~dagen"}),
        status=Status.GAP,
    ),
)

READ_OFF = frozenset(
    {"referrals_followed_up", "texts_exist_and_pass", "every_step_reachable", "humans_decide", "valid", "no_gap"}
)
"""Properties that need no path: the sentence says it all."""


@pytest.mark.parametrize("seeded", MISTAKES, ids=lambda seeded: seeded.name)
def test_a_seeded_mistake_is_found_by_its_property(seeded: Mistake) -> None:
    data = standard(*seeded.edits)
    proof = proof_of(data, seeded.settings, seeded.environment, only={seeded.key}, depth=seeded.depth)
    finding = proof.finding(seeded.key)
    assert finding.status is seeded.status
    assert finding.why is not None and finding.why.nl and finding.why.en
    read_off = seeded.key in READ_OFF or seeded.name == "no promise at all"
    assert bool(finding.counterexample) is not read_off


def test_more_than_thirty_mistakes_cover_the_properties() -> None:
    assert len(MISTAKES) > 30
    assert {seeded.key for seeded in MISTAKES} | {"within_hours", "nothing_twice"} == {
        finding.key for finding in proof_of(standard(), depth=0).findings
    }


def test_the_ladder_that_the_mistakes_are_made_in_is_proven() -> None:
    proof = proof_of(standard(BAILIFF))
    assert [finding.key for finding in proof.broken()] == []
    assert proof.complete


def test_a_counterexample_is_a_dated_story_in_two_languages() -> None:
    proof = proof_of(standard(without("meldpunt_dagvaarding")), only={"meldpunt_on_summons"})
    told = proof.finding("meldpunt_on_summons").counterexample
    assert [entry.at for entry in told] == sorted(entry.at for entry in told)
    assert told[0].text.nl == "Het dossier gaat open: er staat € 1.300,00 open."
    assert [entry.text.nl for entry in told].count("De dagvaarding is verstuurd.") == 1
    assert told[-1].text.nl == "Binnen 7 dagen na de dagvaarding is er niets bij het meldpunt gemeld."
    assert told[-1].text.en == "Within 7 days of the summons nothing was reported to the meldpunt."
