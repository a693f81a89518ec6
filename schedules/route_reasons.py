"""The sentences of routes: why one is not open, and why a pause ended, in Dutch and English."""

ROUTE_SENTENCES: dict[str, tuple[str, str]] = {
    "route_ended": ("Deze route geldt niet meer sinds {day}.", "This route has not been in force since {day}."),
    "route_not_yet": ("Deze route geldt pas vanaf {day}.", "This route is in force only from {day}."),
    "route_not_opened": ("Deze aanleiding is er niet: {opening}.", "This does not hold: {opening}."),
    "route_waits_for_person": (
        "Alleen een medewerker kan zeggen of dit zo is: {opening}.",
        "Only a person can say whether this holds: {opening}.",
    ),
    "route_ground_missing": ("Deze grond is niet vastgelegd: {ground}.", "This ground is not recorded: {ground}."),
    "route_needs_a_ground": (
        "Er is nog geen van de gronden van deze route vastgelegd.",
        "None of the grounds of this route has been recorded.",
    ),
    "route_pause_over": ("De rust is voorbij sinds {day}.", "The pause has been over since {day}."),
    "route_pause_failed": (
        "Deze voorwaarde voor de rust houdt niet: {condition}.",
        "This condition of the pause does not hold: {condition}.",
    ),
}
