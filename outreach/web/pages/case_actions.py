"""What a collections worker can do in a case: one table of forms, each calling one service."""

from collections.abc import Mapping

from outreach.domain.spoken_languages import SPOKEN_LANGUAGES
from outreach.services import actions
from outreach.services.reading.case_page import CasePage
from outreach.services.reading.grounds import read_route_grounds
from outreach.web.context import actor, now, runtime, scope, today
from outreach.web.formats import language_name
from outreach.web.forms import Field, Form, blank
from outreach.web.labels import label, options
from outreach.web.pages.care_actions import CARE_ACTIONS
from outreach.web.pages.case_action import SAID, STEER, Action, Clean, Fields, as_number, fixed
from outreach.web.pages.feature_form import feature_fields, save_features
from outreach.web.pages.plan_forms import PLAN_ACTIONS, typed
from outreach.web.translation import N_, language


def perform(action: Action, case_id: int, clean: Clean) -> None:
    """Do an action as the signed-in user; raise OutreachError when it may not be."""
    action.call(runtime(), actor(), case_id, **clean)


def case_forms(page: CasePage, tried: Mapping[str, Form]) -> dict[str, Form]:
    """Return a form for every action that shows, with what was tried over the blank ones."""
    return {
        name: tried.get(name) or blank(action.fields(page))
        for name, action in ACTIONS.items()
        if action.shown(page) or name in tried
    }


BY_THE_PRODUCT = frozenset({"trajectory", "resume_asked", "help_accepted", "child_found"})
"""Reasons to pause that follow from something else in the case: nobody chooses them."""

PAUSES_BY_PEOPLE = tuple(each for each in options("pause") if each[0] not in BY_THE_PRODUCT)
TALK_CHANNELS = (
    ("call", N_("Telefoon")),
    ("visit", N_("Huisbezoek")),
    ("counter", N_("Balie")),
    ("email", N_("E-mail")),
)


def _talk(page: CasePage) -> Fields:
    local = runtime().calendar.local(now())
    return (
        Field(name="note", label=N_("Wat is er gezegd?"), kind="textarea"),
        Field(name="channel", label=N_("Hoe"), kind="select", options=TALK_CHANNELS, initial="call"),
        Field(name="at", label=N_("Wanneer"), kind="moment", initial=local.strftime("%Y-%m-%dT%H:%M")),
        Field(name="cause", label=N_("Oorzaak"), kind="select", options=options("cause"), required=False),
    )


def _plan(page: CasePage) -> Fields:
    plan = page.running_plan
    asked = plan.row.month_cents if plan and plan.row.month_cents else None
    return (
        Field(name="month_cents", label=N_("Bedrag per maand"), kind="money", initial=typed(asked),
              help=N_("Boven op de gewone huur.")),
        Field(name="first_on", label=N_("Eerste termijn op"), kind="date"),
        Field(name="capacity_cents", label=N_("Afloscapaciteit per maand"), kind="money", required=False,
              help=N_("Wat het huishouden echt kan missen.")),
    )  # fmt: skip


def _paid(page: CasePage) -> Fields:
    return (
        Field(name="amount_cents", label=N_("Bedrag"), kind="money", initial=typed(max(page.head.amount_cents, 0))),
        Field(name="occurred_on", label=N_("Betaald op"), kind="date", initial=today().isoformat()),
    )


def _person(page: CasePage) -> Field:
    people = tuple((str(each.person_id), each.name) for each in page.people)
    first = people[0][0] if people else ""
    return Field(name="person_id", label=N_("Van wie"), kind="select", options=people, translate=False, initial=first)


def _contact_point(page: CasePage) -> Field:
    points = tuple(
        (str(each.contact_point_id), f"{each.value} ({person.name})")
        for person in page.people
        for each in person.contacts
    )
    return Field(
        name="contact_point_id", label=N_("Welk contactgegeven"), kind="select", options=points, translate=False
    )


def _ground(page: CasePage) -> Fields:
    with runtime().db.read() as session:
        asked = read_route_grounds(session, scope())
    codes = {code: label("ground", code) for code, _text in options("ground")}
    codes |= {code: title[language()] for code, title in asked.items() if code not in codes}
    return (
        Field(name="ground", label=N_("Grond"), kind="select", options=tuple(codes.items()), translate=False),
        Field(name="note", label=N_("Wat heeft u gezien of gehoord?"), kind="textarea"),
    )


def _step(page: CasePage) -> Field:
    steps = tuple((key, page.titles.step(key, language())) for key in page.titles.steps)
    return Field(name="step", label=N_("Welke stap"), kind="select", options=steps, translate=False)


def _add_contact(page: CasePage) -> Fields:
    kinds = options("contact_kind")
    return (
        _person(page),
        Field(name="kind", label=N_("Soort"), kind="select", options=kinds, initial="mobile"),
        Field(name="value", label=N_("Nummer of adres")),
    )


def _spoken(page: CasePage) -> Fields:
    languages = tuple((code, language_name(code)) for code in SPOKEN_LANGUAGES)
    return (
        _person(page),
        Field(name="language", label=N_("Taal"), kind="select", options=languages, translate=False),
    )


def _mark_contact(page: CasePage) -> Fields:
    return (
        _contact_point(page),
        Field(name="state", label=N_("Stand"), kind="select", options=options("contact_state"), initial="wrong"),
        Field(name="reason", label=N_("Reden"), required=False),
    )


def _representative(page: CasePage) -> Fields:
    return (
        _person(page),
        Field(name="name", label=N_("Naam van de vertegenwoordiger")),
        Field(name="kind", label=N_("Soort"), kind="select", options=options("representative")),
        Field(name="phone", label=N_("Telefoon"), kind="tel", required=False),
        Field(name="email", label=N_("E-mail"), kind="email", required=False),
        Field(name="from_on", label=N_("Vanaf"), kind="date", initial=today().isoformat()),
    )


def _move(page: CasePage) -> Fields:
    return (
        _step(page),
        Field(name="not_before", label=N_("Niet eerder dan"), kind="date", required=False),
        Field(name="skipped", label=N_("Deze stap overslaan"), kind="checkbox"),
        Field(name="reason", label=N_("Waarom"), kind="textarea"),
    )


def _resume(page: CasePage) -> Fields:
    pause = str(page.own_pause.id) if page.own_pause else ""
    return (
        Field(name="pause_id", label=N_("Stilgezet"), kind="hidden", initial=pause),
        Field(name="reason", label=N_("Waarom weer beginnen"), kind="textarea"),
    )


ACTIONS: Mapping[str, Action] = {
    "gesprek": Action(
        title=N_("Gesprek vastleggen"), icon="call", group=SAID, fields=_talk, call=actions.log_talk,
        done=N_("Het gesprek staat in het dossier."),
    ),
    "belofte": Action(
        title=N_("Betaalt op een datum"), icon="promise", group=SAID, call=actions.note_promise,
        done=N_("De belofte is vastgelegd. Tot die dag blijft het stil."),
        fields=fixed(
            Field(name="promised_on", label=N_("Betaalt op"), kind="date"),
            Field(name="amount_cents", label=N_("Bedrag"), kind="money", required=False,
                  help=N_("Leeg: alles wat open staat.")),
        ),
    ),
    "regeling": Action(
        title=N_("Wil een regeling"), icon="plan", group=SAID, fields=_plan, call=actions.agree_plan,
        shown=lambda page: page.running_plan is None or not page.running_plan.counted,
        done=N_("De regeling is afgesproken. De huurder krijgt haar op schrift."), submit=N_("Regeling afspreken"),
    ),
    "terugbellen": Action(
        title=N_("Wil teruggebeld worden"), icon="clock", group=SAID, call=actions.request_call_back,
        done=N_("De terugbelafspraak staat op de lijst."),
        fields=fixed(
            Field(name="at", label=N_("Wanneer"), kind="moment"),
            Field(name="note", label=N_("Waarover"), required=False),
        ),
    ),
    "gebeurtenis": Action(
        title=N_("Er is iets gebeurd"), icon="event", group=SAID, call=actions.log_life_event,
        lead=N_("Werk kwijt, ziek, gescheiden: het contact past zich aan."),
        fields=fixed(
            Field(name="kind", label=N_("Wat"), kind="select", options=options("life_event")),
            Field(name="occurred_on", label=N_("Wanneer"), kind="date"),
            Field(name="note", label=N_("Toelichting"), kind="textarea", required=False),
        ),
    ),
    "vertegenwoordiger": Action(
        title=N_("Heeft een vertegenwoordiger"), icon="partner", group=SAID, fields=_representative,
        call=as_number("person_id", actions.set_representative),
    ),
    "taal": Action(
        title=N_("Leest een andere taal"), icon="language", group=SAID, fields=_spoken,
        call=as_number("person_id", actions.set_language),
        lead=N_("Berichten volgen als wij in die taal schrijven."),
        done=N_("De taal is vastgelegd."),
    ),
    "contactgegeven": Action(
        title=N_("Ander nummer of adres"), icon="sms", group=SAID, fields=_add_contact,
        call=as_number("person_id", actions.add_contact_point),
    ),
    "nummer-klopt-niet": Action(
        title=N_("Nummer klopt niet"), icon="close", group=SAID, fields=_mark_contact,
        call=as_number("contact_point_id", actions.mark_contact_point),
        shown=lambda page: any(person.contacts for person in page.people),
    ),
    "betaald": Action(
        title=N_("Heeft betaald"), icon="payment", group=SAID, fields=_paid, call=actions.mark_paid,
        lead=N_("Zet een betaling erin die nog niet in de administratie staat."),
        done=N_("De betaling is verwerkt."),
    ),
    "stilzetten": Action(
        title=N_("Stilzetten"), icon="pause", group=STEER, call=actions.pause_case,
        done=N_("Het dossier staat stil. Er gaat niets meer uit."),
        lead=N_("Geen incassocontact tot de einddatum."), shown=lambda page: page.pause is None,
        fields=fixed(
            Field(name="reason", label=N_("Reden"), kind="select", options=PAUSES_BY_PEOPLE),
            Field(name="until_on", label=N_("Tot"), kind="date"),
            Field(name="condition", label=N_("Voorwaarde"), required=False,
                  help=N_("Bijvoorbeeld: de lopende huur wordt betaald.")),
            Field(name="note", label=N_("Toelichting"), kind="textarea", required=False),
        ),
    ),
    "hervatten": Action(
        title=N_("Weer beginnen"), icon="next", group=STEER, fields=_resume,
        call=as_number("pause_id", actions.resume_case), shown=lambda page: page.own_pause is not None,
        done=N_("Het dossier loopt weer."),
    ),
    "stap": Action(
        title=N_("Stap verzetten of overslaan"), icon="skip", group=STEER, fields=_move, call=actions.move_step,
        done=N_("De stap is verzet."),
    ),
    "oorzaak": Action(
        title=N_("Oorzaak kiezen"), icon="info", group=STEER, call=actions.set_cause,
        fields=fixed(Field(name="cause", label=N_("Oorzaak"), kind="select", options=options("cause"))),
    ),
    "kenmerken": Action(
        title=N_("Kenmerken"), icon="household", group=STEER, fields=feature_fields, call=save_features,
        lead=N_("Wat wij weten. De contactladder houdt er rekening mee."),
    ),
    "grond": Action(
        title=N_("Grond voor een melding"), icon="warning", group=STEER, call=actions.set_ground,
        lead=N_("Een melding bij het meldpunt mag alleen met een grond."),
        fields=_ground,
    ),
    "sluiten": Action(
        title=N_("Dossier sluiten"), icon="close", group=STEER, call=actions.close_case,
        shown=lambda page: page.case.state == "open", done=N_("Het dossier is gesloten."),
        fields=fixed(Field(name="reason", label=N_("Reden"), kind="select", options=options("close"))),
    ),
    **CARE_ACTIONS,
    **PLAN_ACTIONS,
}  # fmt: skip
