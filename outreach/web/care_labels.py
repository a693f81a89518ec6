"""The words on screen for referrals, trajectories, conditions and legal dates."""

from outreach.web.translation import N_

REFERRAL_STATES = {
    "overdue": N_("terugmelding te laat"),
    "queued": N_("in de wachtrij"),
    "sent": N_("verstuurd"),
    "going_on": N_("loopt nog"),
    "accepted": N_("aangenomen"),
    "stopped": N_("hulp gestopt"),
    "rejected": N_("niet aangenomen"),
    "closed": N_("afgesloten"),
    "missed": N_("niet gekomen"),
}
REJECTED_REASONS = {
    "too_light": N_("te licht"),
    "refused": N_("geweigerd"),
    "no_capacity": N_("geen plek"),
    "other": N_("anders"),
}
TRAJECTORY_STATES = {
    "due": N_("evaluatie nodig"),
    "proposed": N_("voorgesteld"),
    "running": N_("loopt"),
    "completed": N_("afgerond"),
    "flipped": N_("terug naar gewone huur"),
    "stopped": N_("gestopt"),
    "refused": N_("niet aangenomen"),
}
VERDICTS = {
    "met": N_("houdt zich eraan"),
    "not_met": N_("houdt zich er niet aan"),
    "on_track": N_("gaat goed"),
    "worry": N_("zorgen"),
    "off_track": N_("gaat niet goed"),
}
CONDITION_STATES = {
    "holds": N_("klopt"),
    "failed": N_("klopt niet meer"),
    "unknown": N_("nog te vragen"),
    "later": N_("telt later"),
}
DATES = {"summons": N_("Dagvaarding"), "judgment": N_("Vonnis"), "eviction": N_("Geplande ontruiming")}
CAUSES = {
    "financial": N_("Alleen financieel"),
    "complex": N_("Meer problemen tegelijk"),
    "benefit": N_("Probleem met een uitkering of toeslag"),
    "unknown": N_("Nog onbekend"),
}
GROUNDS = {
    "worry": N_("Zorgen om iemand"),
    "serious_nuisance": N_("Ernstige overlast"),
    "refuses_help": N_("Vraagt en wil geen hulp"),
    "risk_of_losing_home": N_("Kan zijn huis kwijtraken"),
    "neglect": N_("Verwaarlozing"),
    "multi_problem": N_("Veel problemen tegelijk"),
}
FEATURES = {
    "personally_known": N_("Wij kennen de huurder"),
    "care_avoiding": N_("Mijdt zorg"),
    "single_older_man": N_("Alleenstaande oudere man"),
    "nuisance": N_("Overlast"),
    "cannabis": N_("Hennep"),
    "sublet": N_("Onderhuur"),
    "reach_morning": N_("Is er 's ochtends"),
    "reach_afternoon": N_("Is er 's middags"),
    "reach_evening": N_("Is er 's avonds"),
}
SIGNALS = {
    "neglect": N_("Verwaarlozing"),
    "loneliness": N_("Eenzaamheid"),
    "confused": N_("Verward"),
    "child": N_("Kind in huis"),
    "aggression": N_("Agressie"),
}
RESUMED = {
    "end_date": N_("de einddatum is voorbij"),
    "replaced": N_("opnieuw stilgezet"),
    "trajectory_completed": N_("het traject is afgerond"),
    "trajectory_flipped": N_("het traject is afgerond, terug naar gewone huur"),
    "trajectory_stopped": N_("het traject is gestopt"),
}
"""Why a pause ended when no person wrote it down."""
