"""Every system of the sources ships, and each route and trajectory keeps the lines that it cites.

TABLE is typed by hand: per file the cited lines, words that stand in those lines of the source, and words or numbers
that must stand in the data. The sources themselves are not part of the project; where they are absent only the
data is judged.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from schedules.loader import preset_names, preset_text
from schedules.route import load_route, route_names, route_text
from schedules.trajectory import load_trajectory, trajectory_names, trajectory_text

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
LADDERS = [
    "woongoed_zeist",
    "de_alliantie",
    "sociaal_incasso",
    "brabantwonen",
    "maaslandmooiland",
    "friesland_covenant",
    "woonfriesland",
    "welkom_nieuw_wonen",
    "friesland_area_pilot",
    "mitros_utrecht",
    "woonin",
    "standaard",
]
ROUTES = [
    "drechtsteden_spoor_1",
    "drechtsteden_spoor_2",
    "amsterdam_vroeg_eropaf",
    "utrecht_voorkom_huisuitzetting",
    "den_haag",
    "maastricht",
    "amersfoort",
    "nijmegen",
    "rotterdam",
    "tilburg",
    "amsterdam_mpg_wonen",
    "friesland_sociaal_team",
    "oss",
]
TRAJECTORIES = [
    "tussenvoorziening_laatste_kans",
    "woonin_laatste_kans",
    "amsterdam_laatste_kans",
    "utrecht_laatste_kans",
    "tilburg_tweede_kans",
    "nijmegen_begeleide_herkansing",
    "maastricht_tijdelijk_contract",
    "oss_preventieve_woonbegeleiding",
]


@dataclass(frozen=True)
class Kept:
    """Lines of a source (S000 to S004), words that stand there, and words that must stand in the data of `name`."""

    name: str
    source: str
    lines: str
    there: tuple[str, ...]
    data: tuple[str, ...]


TABLE = """
drechtsteden_spoor_1 S003 L29
  there: hulp aanvaardt; stilgezet; casusregie
  data: help_accepted; casusregie
drechtsteden_spoor_1 S003 L43
  there: RIS
  data: RIS
drechtsteden_spoor_1_crisis S003 L29
  there: Crisisprotocol; binnen enkele dagen
  data: [eviction]; ~crisis_overleg_dagen
drechtsteden_spoor_2 S003 L52-56
  there: dagvaarding; 2 – 3 maanden; uitstel
  data: [summons]; 2 tot 3 maanden; uitstel
drechtsteden_spoor_2 S003 L70
  there: 4 à 5 keer per jaar
  data: vier tot vijf keer per jaar
amsterdam_vroeg_eropaf S002 L727-764
  there: twee maanden; veertien dagen; 28 dagen; negen maanden; maandelijkse huurbetalingen
  data: months_at_least: 2; days: 14; days: 28; max_months: 9; current_rent_paid; request_pending; timely_feedback
amsterdam_vroeg_eropaf_eropaf S002 L1188-1194
  there: Eropaf; niet bereikt; 1/3
  data: target: eropaf; by_person: true
amsterdam_vroeg_eropaf_meldpunt S002 L1194-1204
  there: zorgen; ernstige overlast
  data: worry; serious_nuisance; ~meldpunt_niet_bereikt_maanden
amsterdam_vroeg_eropaf_vangnet S002 L1258-1268
  there: ontruiming; Vangnet en Advies
  data: [eviction]
utrecht_voorkom_huisuitzetting S000 L1054-1124
  there: twee jaar; bevroren; twaalf maanden; achtergrondcheck; zes weken
  data: max_months: 24; months: 12; background_checked; bevroren; zes weken
utrecht_voorkom_huisuitzetting S002 L2345-2426
  there: wat later stadium
  data: bied later opnieuw aan
utrecht_voorkom_huisuitzetting_map S002 L2191-2201
  there: Meld- en Actie Punt; 4-5 weken
  data: target: map; days: 35
mitros_utrecht_meldpunt_huurschulden S002 L2361-2376
  there: drie maanden; Meldpunt Huurschulden
  data: months_at_least: 3; target: meldpunt_huurschulden
mitros_utrecht_meldpunt_huurschulden S002 L2410-2426
  there: 200 meldingen; zeven meldingen; oudere mannen
  data: per_month: 7; per_year: 200; flag: children; flag: single_older_man
den_haag S000 L800-866
  there: Binnen acht weken; vetorecht; per direct; toestemming
  data: days: 56; no_veto; current_rent_at_once; tenant_told_of_visit
maastricht S000 L869-881
  there: vangnet OGGZ
  data: target: ggd
maastricht S000 L903
  there: need to have
  data: need to have
maastricht_procesmanager S000 L880-884
  there: stagnatie; Maandlijks; urgentie
  data: stagnation_recorded; days: 31; help: [stopped]
amersfoort S000 L713-715
  there: maandelijks; GGD
  data: days: 31; not_flag: [nuisance]
amersfoort_veiligheid S000 L717-721
  there: Veiligheid en Wijken
  data: target: safety_team; flag: [nuisance]
amersfoort_via S000 L709-711
  there: VIA-traject; contract
  data: target: via; multi_problem
amersfoort_menskracht S000 L727-729
  there: niet gebruikt wordt bij dreigende huisuitzettingen
  data: date_unknown: [summons, judgment, eviction]
nijmegen S000 L905-914
  there: één plan; procesregisseur
  data: Eén plan; target: direction_team
rotterdam S000 L986-990
  there: zes tot negen maanden; vrijwillige
  data: days: 182; days: 274; vrijwillig
rotterdam_mpg_plus S000 L992-1001
  there: drie leefgebieden; geen eindtermijn
  data: three_domains; geen eindtermijn
rotterdam_flexibel_wonen S000 L1003-1021
  there: 31 december 2012
  data: valid_to: 2012-12-31
tilburg S000 L1029-1031
  there: buurtregieteams; twintig wijken
  data: twintig wijken; target: direction_team
amsterdam_mpg_wonen S000 L774-796
  there: maximaal 2,5 jaar; maximaal 25 per jaar
  data: months: 30; per_year: 25
friesland_sociaal_team S002 L3085-3126
  there: 21 sociale teams; poortwachter; zorgplan; te haken
  data: 21 sociale teams; gatekeeper; care_plan; follow_up
oss S002 L3957-4026
  there: integrale lijst; inkomensdaling; calculerende
  data: target: work_and_income; inkomensdaling; berekenend
oss_zorgplein S002 L4052-4060
  there: twee maanden; Zorgplein
  data: months_at_least: 2
oss_maatschappelijk_werk S002 L4084-4100
  there: Maatschappelijk Werk Oss; lijst
  data: target: social_work; lijst
oss_bemoeizorg S002 L3803-3809
  there: Bemoeizorg; zorgmijdend
  data: target: bemoeizorg
oss_platform_overlast S002 L3811-3813
  there: Platform Overlast
  data: target: platform_nuisance
oss_veiligheidshuis S002 L3815-3817
  there: jeugd; huiselijk geweld; veelplegers
  data: target: safety_house; veelpleger
woonin_crisisteam S004 L22
  there: 1 januari 2021; crisisteam
  data: 2021-01-01; target: crisis_team; [judgment]
stadsring51 S001 L296-300
  there: belcomputer; Stadsring51
  data: target: stadsring51; not_reached: true
centrum_jeugd_en_gezin S001 L270-273
  there: Centrum Jeugd en Gezin
  data: target: youth_and_family
tussenvoorziening_laatste_kans S001 L429-566
  there: budgetbeheer; iedere 3 maanden; Na een jaar; addendum; ingelopen
  data: budget_management; every_months: 3; after_months: 12; addendum; arrears_paid; eviction_resumes
tussenvoorziening_laatste_kans S001 L697-721
  there: omklapcontract; woonbegeleidingsovereenkomst
  data: omklapcontract; woonbegeleidingsovereenkomst
tussenvoorziening_laatste_kans S001 L317-319
  there: WMO; indicatie
  data: Wmo, Wlz of justitie
woonin_laatste_kans S004 L24-35
  there: erkennen; minimaal twee jaar; Het Vierde Huis; woonbegeleidingsovereenkomst
  data: admits; min_months: 24; Het Vierde Huis; dwelling: other
amsterdam_laatste_kans S002 L767-807
  there: In het vonnis; een jaar; Vangnet en Advies; op naam van
  data: in_judgment; max_months: 12; Vangnet en Advies; dwelling: other; decided_by: judge
utrecht_laatste_kans S002 L2034-2046
  there: 30 nieuwe gevallen; wietteelt; onderhuur
  data: 30 nieuwe gevallen; not_flag: [cannabis, sublet]
tilburg_tweede_kans S000 L240-242
  there: kantonrechter; 2x een half jaar
  data: decided_by: judge; max_months: 12; dwelling: current
tilburg_tweede_kans S000 L1027-1050
  there: Drie evaluatiemomenten; meer dan 50%
  data: times: 3; 50%
nijmegen_begeleide_herkansing S000 L914-927
  there: commissie; één jaar; omgeklapt
  data: decided_by: commission; min_months: 12; guide_signals
maastricht_tijdelijk_contract S000 L886
  there: één of meerdere jaren; frequente evaluaties; vast contract
  data: min_months: 12; fixed_lease; ~maastricht_eerste_evaluatie_dagen
oss_preventieve_woonbegeleiding S002 L4104-4153
  there: Verdihuis; op naam van; stok achter de deur; anderhalf tot 2 jaar
  data: Verdihuis; dwelling: current; stok achter de deur
"""


def table() -> tuple[Kept, ...]:
    rows = re.findall(r"(\S+) (S00\d) (L\S+)\n  there: (.+)\n  data: (.+)", TABLE)
    return tuple(
        Kept(name, source, lines, tuple(a.split("; ")), tuple(b.split("; "))) for name, source, lines, a, b in rows
    )


KEPT = table()


def text_of(name: str) -> str:
    return route_text(name) if name in route_names() else trajectory_text(name)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.name}-{kept.lines}")
def test_the_data_keeps_what_the_source_says(kept: Kept) -> None:
    text = squeezed(text_of(kept.name))
    assert all(words in text for words in kept.data), [words for words in kept.data if words not in text]
    cited = load_route(kept.name) if kept.name in route_names() else load_trajectory(kept.name)
    first, last = bounds(kept.lines)
    ranges = [bounds(part) for part in re.findall(r"L\d+(?:-\d+)?", cited.source.lines)]
    assert any(start <= first and last <= end for start, end in ranges), cited.source.lines


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sources lie beside the project, and are absent here")
@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept.name}-{kept.lines}")
def test_the_cited_lines_say_so(kept: Kept) -> None:
    (path,) = SEEDS.glob(f"{kept.source.removeprefix('S')}_*.txt")
    first, last = bounds(kept.lines)
    there = squeezed(" ".join(path.read_text("utf-8").split("\n")[first - 1 : last]))
    assert all(words in there for words in kept.there), [words for words in kept.there if words not in there]


def bounds(lines: str) -> tuple[int, int]:
    first, _, last = lines.removeprefix("L").partition("-")
    return int(first), int(last or first)


def test_every_system_of_the_sources_ships_under_its_own_name() -> None:
    assert set(LADDERS) <= set(preset_names())
    assert set(ROUTES) <= set(route_names())
    assert set(TRAJECTORIES) == set(trajectory_names())
    names = [*preset_names(), *route_names(), *trajectory_names()]
    assert len(names) == len(set(names))


def test_every_example_of_a_source_is_in_the_table_and_belongs_to_a_system() -> None:
    examples = {name for name in route_names() if load_route(name).status == "example"} | set(trajectory_names())
    assert {kept.name for kept in KEPT} == examples
    systems = {load_route(name).system for name in route_names()} | {load_trajectory(n).system for n in TRAJECTORIES}
    assert systems <= {*LADDERS, *ROUTES, *TRAJECTORIES}


def test_every_target_of_a_shipped_ladder_has_a_route() -> None:
    reached = {load_route(name).target for name in route_names()}
    asked = {
        step["target"]
        for name in preset_names()
        for step in yaml.safe_load(preset_text(name))["steps"]
        if "target" in step
    }
    assert asked <= reached, asked - reached


def preset_file(name: str) -> str:
    from schedules.loader import preset_text

    return preset_text(name)
