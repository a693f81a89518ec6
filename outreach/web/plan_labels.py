"""Words for payment plans: states, why a person decides, what the machine asked, the types."""

from outreach.web.translation import N_

PLAN_STATES = {
    "requested": N_("gevraagd"),
    "proposed": N_("voorgesteld"),
    "waiting": N_("wacht op u"),
    "active": N_("loopt"),
    "missed": N_("termijn gemist"),
    "repair_offered": N_("herstel aangeboden"),
    "kept": N_("nagekomen"),
    "broken": N_("niet nagekomen"),
    "refused": N_("geweigerd"),
    "lapsed": N_("niet beantwoord"),
    "ended": N_("gestopt"),
}
INSTALMENT_STATES = {"open": N_("open"), "paid": N_("betaald"), "late": N_("te laat"), "replaced": N_("vervangen")}
PLAN_WHY = {
    "recent_plan": N_("er was kort geleden al een regeling"),
    "below_minimum": N_("het bedrag per maand is lager dan uw minimum"),
    "too_long": N_("de regeling duurt langer dan u automatisch toestaat"),
    "debt_too_high": N_("de achterstand is hoger dan u automatisch toestaat"),
    "needs_person": N_("deze soort regeling spreekt een medewerker af"),
    "current_rent": N_("de gewone huur is ook niet betaald"),
    "other_debts": N_("de huurder betaalt ook andere schulden af"),
    "household": N_("er speelt meer in het huishouden"),
    "no_capacity": N_("de huurder zegt niets te kunnen missen"),
    "no_agreement": N_("de huurder zei twee keer nee"),
    "not_understood": N_("het antwoord is niet begrepen"),
}
PLAN_QUESTIONS = {
    "capacity": N_("wat de huurder per maand kan missen"),
    "capacity_again": N_("welk bedrag wel past"),
    "other_debts": N_("of er andere schulden zijn"),
    "agree": N_("of het voorstel goed is"),
    "agree_again": N_("of het tweede voorstel goed is"),
    "repair": N_("of het herstel goed is"),
    "aside": N_("niets meer: er kwam iets anders tussen"),
    "more_behind": N_("of er meer zorgen zijn"),
}
PLAN_KINDS = {"kort": N_("korte regeling"), "lang": N_("lange regeling")}
