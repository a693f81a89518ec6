"""Which source lines each shipped ladder keeps, typed by hand; and that the cited lines say so.

The second half reads the sources beside the project and is skipped where they are absent.
"""

import re
from pathlib import Path

import pytest

from schedules.ladder import DaysAfterDue, DaysFromDate, Gap, MonthsInArrears, Step
from schedules.loader import load_preset, preset_names

pytestmark = pytest.mark.golden
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"

LINES: tuple[tuple[str, str, int, int, tuple[str, ...]], ...] = (
    ("woongoed_zeist", "001", 267, 275, ("op de 5e", "huisbezoek", "Sociaal Wijkteam", "deurwaarder")),
    ("woongoed_zeist", "001", 508, 512, ("Aanmelding bij de Tussenvoorziening", "voordat er vonnis")),
    ("de_alliantie", "001", 294, 309, ("belcomputer", "verschillende malen", "Stadsring51", "ViA")),
    ("sociaal_incasso", "001", 684, 693, ("belcomputer", "keuzemenu", "huisbezoek", "kaartje is nog handiger")),
    ("brabantwonen", "002", 4034, 4068, ("Na één maand", "alleen financieel", "Na twee maanden", "Zorgplein", "2")),
    ("maaslandmooiland", "002", 4068, 4104, ("aanmaning", "sommatie", "persoonlijk bekend", "meer rek", "uitkering")),
    ("maaslandmooiland", "002", 4106, 4155, ("Verdihuis", "ontruimingsvonnis", "stok achter de deur")),
    ("friesland_covenant", "002", 2734, 2744, ("huisbezoek of", "persoonlijk contact alvorens", "deurwaarder")),
    ("friesland_covenant", "002", 3085, 3126, ("poortwachter", "te licht", "zorgplan")),
    ("woonfriesland", "002", 3053, 3059, ("Woonfriesland", "GBA", "bevoegd")),
    ("welkom_nieuw_wonen", "002", 3057, 3070, ("geen inzage", "telefonisch contact", "gemeente")),
    (
        "friesland_area_pilot",
        "002",
        3172,
        3192,
        ("1 maand huurachterstand", "telefonisch of via huisbezoek", "aanbellen"),
    ),
    ("mitros_utrecht", "002", 2355, 2370, ("drie maanden of meer", "Meldpunt Huurschulden")),
    (
        "mitros_utrecht",
        "002",
        2404,
        2428,
        ("200 meldingen", "zeven meldingen per maand", "alleenstaande oudere mannen"),
    ),
    ("mitros_utrecht", "002", 2033, 2048, ("wietteelt, onderhuur of ernstige overlast", "30 nieuwe gevallen")),
    ("woonin", "004", 22, 22, ("1 januari 2021", "crisisteam", "afspraken")),
)


@pytest.mark.parametrize(("name", "document", "first", "last", "words"), LINES)
def test_the_cited_lines_say_what_the_ladder_keeps(
    name: str, document: str, first: int, last: int, words: tuple[str, ...]
) -> None:
    found = sorted(SEEDS.glob(f"{document}_*.txt"))
    if not found:
        pytest.skip("the sources are not beside the project (../shared/seeds)")
    lines = found[0].read_text("utf-8").splitlines()[first - 1 : last]
    text = re.sub(r"\s+", " ", " ".join(lines))
    assert [word for word in words if word not in text] == []


def test_every_preset_of_a_source_cites_lines() -> None:
    assert {name for name, *_ in LINES} == set(preset_names()) - {"standaard"}
    for name, document, *_ in LINES:
        source = load_preset(name).source
        assert f"S{document}" in f"{source.document} {source.lines}", name
        assert re.search(r"L\d+", source.lines)


def steps(name: str) -> dict[str, Step]:
    return {step.key: step for step in load_preset(name).steps}


def clock(step: Step, kind: type) -> object:
    return next(clock for clock in step.clocks if isinstance(clock, kind))


def test_brabantwonen_contacts_at_one_month_and_reports_to_both_at_two() -> None:
    found = steps("brabantwonen")
    assert clock(found["eerste_contact"], MonthsInArrears) == MonthsInArrears(months=1)
    assert [found[key].target for key in ("gemeente", "zorgplein")] == ["municipality", "zorgplein"]
    assert {found[key].clocks for key in ("gemeente", "zorgplein")} == {(MonthsInArrears(months=2),)}
    assert isinstance(found["eerste_contact"].channels[0], Gap)
    assert found["regeling"].only_if.cause == {"financial"} and found["kinderen"].only_if.flag == {"children"}


def test_maaslandmooiland_sends_three_letters_and_visits_who_is_not_known() -> None:
    found = steps("maaslandmooiland")
    assert list(found)[:3] == ["aanmaning", "herinnering", "sommatie"]
    assert found["huisbezoek"].only_if.not_flag == {"personally_known"}
    assert isinstance(clock(found["huisbezoek"], DaysAfterDue), DaysAfterDue)  # beside the letters, not after them
    assert load_preset("maaslandmooiland").slack[0].days == Gap("maasland_rek_voor_gezinnen_dagen")
    assert {found[key].target for key in ("maatschappelijk_werk", "bemoeizorg", "platform_overlast")} == {
        "social_work", "bemoeizorg", "platform_nuisance",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["friesland_covenant", "woonfriesland", "welkom_nieuw_wonen"])
def test_the_covenant_asks_personal_contact_before_the_bailiff_and_never_evicts_families(name: str) -> None:
    found = steps(name)
    assert "personal_contact" in found["deurwaarder"].needs
    assert found["deurwaarder"].only_if.not_flag == {"children"} and found["gezin"].only_if.flag == {"children"}
    assert ("gezinscheck" in found) is (name != "friesland_covenant")


def test_the_pilot_runs_beside_the_covenant() -> None:
    assert load_preset("friesland_area_pilot").pilot_of == "friesland_covenant"


def test_mitros_reports_at_three_months_or_judgment_and_leaves_some_cases_to_people() -> None:
    found = steps("mitros_utrecht")
    assert clock(found["meldpunt_bijna_vonnis"], MonthsInArrears) == MonthsInArrears(months=3)
    assert clock(found["meldpunt_na_vonnis"], DaysFromDate) == DaysFromDate(date="judgment", days=0)
    assert load_preset("mitros_utrecht").exclusions == {"cannabis", "sublet", "nuisance"}


def test_woonin_calls_the_crisis_team_after_a_judgment() -> None:
    found = steps("woonin")
    assert found["crisisteam"].target == "crisis_team"
    assert isinstance(clock(found["crisisteam"], DaysFromDate), DaysFromDate)
