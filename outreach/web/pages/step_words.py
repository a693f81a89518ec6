"""The words of the editor of ladders: what can be chosen for a step, each with one line that explains it."""

from collections.abc import Mapping

from outreach.web.care_labels import CAUSES, GROUNDS
from outreach.web.pages.condition_words import FLAGS, HELP, PLANS
from outreach.web.pages.condition_words import PROMISES as PROMISE_STATES
from outreach.web.translation import N_

Words = Mapping[str, str]

KINDS: Words = {
    "message": N_("Bericht"),
    "robocall": N_("Belcomputer"),
    "call": N_("Een medewerker belt"),
    "visit": N_("Huisbezoek"),
    "card": N_("Kaartje"),
    "referral": N_("Melding of aanmelding"),
    "decision": N_("Besluit door een mens"),
}
MESSAGE_CHANNELS: Words = {
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("E-mail"),
    "letter": N_("Brief"),
}
ALL_CHANNELS: Words = {
    **MESSAGE_CHANNELS,
    "robocall": N_("Belcomputer"),
    "call": N_("Telefoon"),
    "visit": N_("Huisbezoek"),
}
CLOCKS: Mapping[str, tuple[str, str]] = {
    "days_after_due": (
        N_("Een aantal dagen na de vervaldag"),
        N_("De vervaldag is de dag waarop de huur er moest zijn."),
    ),
    "days_after": (N_("Een aantal dagen na een andere stap"), N_("Telt vanaf de laatste poging van die stap.")),
    "after_outcome": (
        N_("Meteen als een andere stap zo afloopt"),
        N_("Bijvoorbeeld een kaartje als er niemand thuis was."),
    ),
    "months_in_arrears": (
        N_("Bij een aantal maanden achterstand"),
        N_("Wat als een maand telt, staat bij Instellingen."),
    ),
    "day_of_month": (N_("Op een vaste dag van de maand"), N_("Kies 31 voor de laatste dag van de maand.")),
    "days_from_date": (
        N_("Rond een datum in het dossier"),
        N_("De dagvaarding, het vonnis of de ontruiming, als die datum bekend is."),
    ),
}
DATES: Words = {"summons": N_("de dagvaarding"), "judgment": N_("het vonnis"), "eviction": N_("de ontruiming")}
SIDES: Words = {"after": N_("na"), "before": N_("voor")}
ENDS: Words = {
    "skipped": N_("een medewerker heeft die stap overgeslagen"),
    "no_channel": N_("er was geen kanaal voor die stap"),
    "refused": N_("die stap mocht niet of was niet nodig"),
}
DAY_PARTS: Words = {"morning": N_("'s ochtends"), "afternoon": N_("'s middags"), "evening": N_("'s avonds")}
WEEKDAYS: Words = {
    "monday": N_("maandag"),
    "tuesday": N_("dinsdag"),
    "wednesday": N_("woensdag"),
    "thursday": N_("donderdag"),
    "friday": N_("vrijdag"),
    "saturday": N_("zaterdag"),
}
UNLESS: Words = {
    "reached": N_("de huurder pas is bereikt: dan even rust, daarna gaat het verder"),
    "ever_reached": N_("de huurder ooit is bereikt"),
    "help_accepted": N_("de huurder hulp heeft aanvaard"),
    "plan_active": N_("er een regeling loopt"),
    "promise_open": N_("er een belofte om te betalen loopt"),
    "paused": N_("het dossier stilstaat"),
    "referral_accepted": N_("een partner de melding heeft opgepakt"),
}
NEEDS: Words = {
    "signal_conditions": N_("alles wat de wet vraagt voor het vroegsignaal"),
    "four_steps": N_("de vier wettelijke stappen: contact gezocht, hulp gewezen, brief gestuurd, melding aangeboden"),
    "written_reminder": N_("een schriftelijke herinnering"),
    "early_signal": N_("een vroegsignaal dat is verstuurd of niet mocht"),
    "personal_contact": N_("een gesprek of een huisbezoek dat echt is gedaan"),
    "home_visit": N_("een huisbezoek dat echt is gedaan"),
    "ground": N_("een vastgelegde grond"),
}
DECIDERS: Mapping[str, tuple[str, str]] = {
    "staff": (N_("Een medewerker"), N_("Komt als taak op de werklijst.")),
    "commission": (N_("Een commissie of de directie"), N_("Een medewerker legt vast wat zij besloot.")),
    "judge": (N_("De rechter"), N_("Een medewerker legt vast wat de rechter besloot.")),
}
PURPOSES: Mapping[str, tuple[str, str]] = {
    "collection": (
        N_("Contact over de huur"),
        N_("Telt mee voor de contactdruk. Stopt bij betaling, stilzetten en afmelden."),
    ),
    "legal": (N_("Wettelijk"), N_("De wet vraagt dit. Telt niet mee voor de contactdruk, maar is wel zichtbaar.")),
    "care": (N_("Zorg"), N_("Alleen aanbod van hulp. Mag ook als het dossier stilstaat.")),
}
MEASURES: Words = {
    "early_signal": N_("de melding bij de gemeente"),
    "bailiff": N_("de deurwaarder"),
    "court": N_("de rechter"),
    "eviction": N_("de ontruiming"),
    "costs": N_("kosten"),
}
REFERRAL_STATES: Words = {
    "queued": N_("in de wachtrij"),
    "sent": N_("verstuurd"),
    "accepted": N_("aangenomen"),
    "rejected": N_("niet aangenomen"),
    "closed": N_("afgesloten"),
    "stopped": N_("de hulp is gestopt"),
    "refused_by_law": N_("mocht niet van de wet"),
}
OUTCOMES: Mapping[str, Words] = {
    "message": {
        "delivered": N_("bezorgd"),
        "undelivered": N_("niet bezorgd"),
        "failed": N_("mislukt"),
        "bounced": N_("e-mail teruggekomen"),
        "posted": N_("op de post"),
        "returned": N_("brief retour"),
        "replied": N_("de huurder antwoordde"),
    },
    "robocall": {
        "no_answer": N_("niet opgenomen"),
        "voicemail": N_("voicemail"),
        "busy": N_("in gesprek"),
        "hung_up": N_("opgehangen"),
        "wrong_number": N_("verkeerd nummer"),
        "confirmed": N_("geluisterd"),
        "menu_1": N_("wil iemand spreken"),
        "menu_2": N_("wil een regeling"),
        "menu_3": N_("wil teruggebeld worden"),
        "menu_4": N_("wil hulp bij schulden"),
        "menu_9": N_("wil geen belcomputer meer"),
    },
    "call": {
        "talked": N_("gesproken"),
        "no_answer": N_("niet opgenomen"),
        "voicemail": N_("voicemail"),
        "busy": N_("in gesprek"),
        "refused": N_("wil niet praten"),
        "wrong_number": N_("verkeerd nummer"),
    },
    "visit": {
        "talked": N_("gesproken"),
        "not_home": N_("niet thuis"),
        "not_opened": N_("deed niet open"),
        "refused": N_("wil niet praten"),
        "moved_out": N_("verhuisd"),
    },
    "card": {"left": N_("achtergelaten")},
    "referral": {
        "accepted": N_("aangenomen"),
        "rejected": N_("niet aangenomen"),
        "closed": N_("afgesloten"),
        "stopped": N_("de hulp is gestopt"),
    },
}
LANGUAGES = ("nl", "en", "ar", "tr", "pl", "uk", "ti", "fa", "so", "fr", "es", "de", "bg", "ro", "pt", "zh")
CONDITIONS: Mapping[str, tuple[str, Words]] = {
    "amount_at_least": (N_("de achterstand minstens dit bedrag is"), {}),
    "amount_below": (N_("de achterstand lager is dan dit bedrag"), {}),
    "months_at_least": (N_("er minstens zo veel maanden achterstand zijn"), {}),
    "months_below": (N_("er minder maanden achterstand zijn dan"), {}),
    "flag": (N_("iets over de huurder bekend is, zoals kinderen of overlast"), FLAGS),
    "not_flag": (N_("dit over de huurder niet bekend is, zoals kinderen of overlast"), FLAGS),
    "cause": (N_("de oorzaak een van deze is"), CAUSES),
    "ground": (N_("een van deze gronden is vastgelegd"), GROUNDS),
    "reached": (N_("de huurder is bereikt"), {}),
    "not_reached": (N_("de huurder na genoeg pogingen niet is bereikt"), {}),
    "promise": (N_("het zo staat met een belofte"), PROMISE_STATES),
    "plan": (N_("het zo staat met een regeling"), PLANS),
    "help": (N_("het zo staat met hulp"), HELP),
    "promise_broken": (N_("een belofte niet is nagekomen"), {}),
    "plan_broken": (N_("een regeling niet is nagekomen"), {}),
    "paid_in_part": (N_("een deel is betaald"), {}),
    "reachable_by": (N_("de huurder te bereiken is via een van deze kanalen"), ALL_CHANNELS),
    "unreachable_by": (N_("de huurder via geen van deze kanalen te bereiken is"), ALL_CHANNELS),
    "language": (N_("de huurder een van deze talen spreekt"), {}),
    "not_language": (N_("de huurder geen van deze talen spreekt"), {}),
    "area": (N_("de woning in een van deze wijken staat"), {}),
    "referral": (N_("een melding zo staat"), REFERRAL_STATES),
    "outcome": (N_("een andere stap zo afliep"), {}),
    "date_known": (N_("een van deze datums bekend is"), DATES),
    "date_unknown": (N_("geen van deze datums bekend is"), DATES),
}
"""Every condition as the end of "alleen als ..." and "niet als ...", with what can be ticked."""

PROMISES: Mapping[str, tuple[str, str]] = {
    "handed_to_person_within_days": (
        N_("Iedereen die niet bereikt wordt, komt binnen zo veel dagen bij een mens"),
        N_("Geteld vanaf de vervaldag."),
    ),
    "attempts": (N_("Zo vaak zoeken wij minstens contact"), N_("Voordat een dossier naar een mens gaat.")),
    "channels": (N_("Over minstens zo veel verschillende kanalen"), ""),
    "home_visits": (N_("Minstens zo veel huisbezoeken"), ""),
    "contacts_per_7_days": (N_("Hooguit zo veel contacten in zeven dagen"), ""),
}
REACHED: Words = {
    "talked": N_("er is gesproken, aan de telefoon of aan de deur"),
    "replied": N_("de huurder antwoordde op een bericht"),
    "menu_1": N_("de huurder koos in het belmenu: iemand spreken"),
    "menu_2": N_("de huurder koos in het belmenu: een regeling"),
    "menu_3": N_("de huurder koos in het belmenu: teruggebeld worden"),
    "menu_4": N_("de huurder koos in het belmenu: hulp bij schulden"),
    "confirmed": N_("de huurder luisterde de belcomputer uit"),
}
EXCLUSIONS: Words = {
    "cannabis": N_("hennep in de woning"),
    "sublet": N_("onderhuur"),
    "nuisance": N_("ernstige overlast"),
}
