"""When each fixed sentence of the robocall is heard."""

from outreach.web.translation import N_

SPOKEN = {
    "again": N_("Na een toets die niets doet, of stilte"),
    "connecting": N_("Na toets 1, binnen kantooruren"),
    "call_back": N_("Na toets 1 als niemand opneemt, en na toets 3"),
    "plan": N_("Na toets 2"),
    "help": N_("Na toets 4"),
    "no_more": N_("Na toets 9"),
    "wrong_number": N_("Na toets 2 aan het begin: verkeerd nummer"),
    "stopped": N_("Als er intussen is betaald, gepauzeerd of afgemeld"),
    "farewell": N_("Als een ander opneemt"),
    "closing": N_("Aan het eind, zonder keuze"),
    "offer": N_("Dat er meer talen zijn"),
    "choice": N_("De toets van deze taal"),
}
