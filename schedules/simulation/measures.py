"""The measures of a simulation, as one table: from which sums each is made, over what, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass

from schedules.simulation.figures import Figures

STAFF = "staff"
EVICTION_LOW, EVICTION_HIGH = "eviction_low", "eviction_high"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure. `sums` maps a sum to its weight (a number or a price of the figures); `over` divides.

    unit: count, share, cents, hours or each. `over`: None, a sum, weeks or days. `rare` counts get a Poisson interval.
    """

    key: str
    unit: str
    sums: Mapping[str, float | str]
    nl: str
    en: str
    over: str | None = None
    rare: bool = False

    def weights(self, figures: Figures) -> Mapping[str, float]:
        """Return the weight of each sum, prices filled in."""
        prices = {
            STAFF: figures["cost.staff_hour"] / 60,
            EVICTION_LOW: float(figures["cost.eviction_low"]),
            EVICTION_HIGH: float(figures["cost.eviction_high"]),
        }
        return {name: prices[weight] if isinstance(weight, str) else weight for name, weight in self.sums.items()}


def _count(key: str, nl: str, en: str, rare: bool = False) -> Measure:
    return Measure(key=key, unit="count", sums={key: 1}, nl=nl, en=en, rare=rare)


MEASURES = (
    _count("cases", "Dossiers geopend", "Cases opened"),
    _count("households", "Huishoudens met een achterstand", "Households with arrears"),
    Measure(key="reached_share", unit="share", sums={"reached": 1}, over="cases", nl="Bereikt", en="Reached"),
    Measure(
        key="talked_share",
        unit="share",
        sums={"talked": 1},
        over="cases",
        nl="Gesproken met een medewerker",
        en="Talked with a colleague",
    ),
    Measure(
        key="contacts_per_household",
        unit="each",
        sums={"contacts": 1},
        over="households",
        nl="Contacten per huishouden",
        en="Contacts per household",
    ),
    Measure(
        key="mean_arrears_cents",
        unit="cents",
        sums={"arrears_cent_days": 1},
        over="days",
        nl="Achterstand, gemiddeld over de hele tijd",
        en="Arrears, mean over the whole time",
    ),
    Measure(
        key="open_cents",
        unit="cents",
        sums={"open_cents": 1},
        nl="Achterstand aan het eind",
        en="Arrears at the end",
    ),
    _count("plans", "Betalingsregelingen gemaakt", "Payment plans made"),
    _count("plans_kept", "Regelingen nagekomen", "Plans kept"),
    _count("plans_broken", "Regelingen gebroken", "Plans broken"),
    _count("plans_running", "Regelingen die nog lopen", "Plans still running"),
    _count("referrals", "Meldingen bij partners", "Referrals to partners"),
    _count("signals", "Vroegsignalen", "Early signals"),
    _count("help_accepted", "Hulp aanvaard", "Help accepted"),
    _count("summonses", "Dagvaardingen", "Summonses", rare=True),
    _count("judgments", "Vonnissen", "Judgments", rare=True),
    _count("evictions_announced", "Ontruimingen aangezegd", "Evictions announced", rare=True),
    _count("evictions_executed", "Ontruimingen uitgevoerd", "Evictions executed", rare=True),
    Measure(
        key="hours_per_week",
        unit="hours",
        sums={"minutes": 1 / 60},
        over="weeks",
        nl="Werk per week voor alle teams",
        en="Work a week for all teams",
    ),
    Measure(
        key="calls_per_week",
        unit="each",
        sums={"calls": 1},
        over="weeks",
        nl="Telefoontjes per week",
        en="Calls a week",
    ),
    Measure(
        key="visits_per_week",
        unit="each",
        sums={"visits": 1},
        over="weeks",
        nl="Huisbezoeken per week",
        en="Home visits a week",
    ),
    _count("deferred", "Contacten en taken die verschoven", "Contacts and tasks that moved"),
    Measure(
        key="cost_channels_cents",
        unit="cents",
        sums={"channel_cost_cents": 1},
        nl="Kosten van berichten, brieven en reizen",
        en="Cost of messages, letters and travel",
    ),
    Measure(key="cost_staff_cents", unit="cents", sums={"minutes": STAFF}, nl="Kosten van uren", en="Cost of hours"),
    Measure(
        key="cost_evictions_low_cents",
        unit="cents",
        sums={"evictions_executed": EVICTION_LOW},
        nl="Kosten van ontruimingen, laagste raming",
        en="Cost of evictions, lowest estimate",
        rare=True,
    ),
    Measure(
        key="cost_evictions_high_cents",
        unit="cents",
        sums={"evictions_executed": EVICTION_HIGH},
        nl="Kosten van ontruimingen, hoogste raming",
        en="Cost of evictions, highest estimate",
        rare=True,
    ),
    Measure(
        key="cost_low_cents",
        unit="cents",
        sums={"channel_cost_cents": 1, "minutes": STAFF, "evictions_executed": EVICTION_LOW},
        nl="Kosten samen, laagste raming",
        en="Cost together, lowest estimate",
    ),
    Measure(
        key="cost_high_cents",
        unit="cents",
        sums={"channel_cost_cents": 1, "minutes": STAFF, "evictions_executed": EVICTION_HIGH},
        nl="Kosten samen, hoogste raming",
        en="Cost together, highest estimate",
    ),
)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "reach": ("cases", "households", "reached_share", "talked_share", "contacts_per_household"),
    "money": ("mean_arrears_cents", "open_cents", "plans", "plans_kept", "plans_broken", "plans_running"),
    "help": ("referrals", "signals", "help_accepted"),
    "court": ("summonses", "judgments", "evictions_announced", "evictions_executed"),
    "work": ("hours_per_week", "calls_per_week", "visits_per_week", "deferred"),
    "cost": (
        "cost_channels_cents",
        "cost_staff_cents",
        "cost_evictions_low_cents",
        "cost_evictions_high_cents",
        "cost_low_cents",
        "cost_high_cents",
    ),
}
"""The measures that belong together, in the order in which people read them."""
