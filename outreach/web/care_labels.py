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
