"""What staff do with the payment plan of a case: approve, change, repair, refuse, end."""

from collections.abc import Callable, Mapping

from outreach.domain.plan_states import may
from outreach.services import plan_actions
from outreach.services.reading.case_page import CasePage
from outreach.web.forms import Field
from outreach.web.pages.case_action import Action, Fields, as_number
from outreach.web.translation import N_

PLAN = "plan"
"""These actions stand with the plan itself."""


def typed(cents: int | None) -> str:
    """Write cents as a person types them."""
    return f"{cents // 100},{cents % 100:02d}" if cents else ""


def _plan_id(page: CasePage) -> Field:
    plan = str(page.running_plan.row.id) if page.running_plan else ""
    return Field(name="plan_id", label=N_("Regeling"), kind="hidden", initial=plan)


def _only_plan(page: CasePage) -> Fields:
    return (_plan_id(page),)


def _with_reason(page: CasePage) -> Fields:
    return (_plan_id(page), Field(name="reason", label=N_("Waarom"), kind="textarea"))


def _change(page: CasePage) -> Fields:
    plan = page.running_plan
    next_on = plan.next_row.due_on.isoformat() if plan and plan.next_row else ""
    return (
        _plan_id(page),
        Field(name="month_cents", label=N_("Bedrag per maand"), kind="money",
              initial=typed(plan.row.month_cents if plan else None), help=N_("Boven op de gewone huur.")),
        Field(name="next_on", label=N_("Volgende termijn op"), kind="date", initial=next_on),
        Field(name="capacity_cents", label=N_("Nieuwe afloscapaciteit per maand"), kind="money", required=False,
              help=N_("Alleen invullen als die veranderd is. Het bedrag komt er nooit boven.")),
    )  # fmt: skip


def _can(event: str) -> Callable[[CasePage], bool]:
    return lambda page: page.running_plan is not None and may(page.running_plan.row.state, event)


def _can_approve(page: CasePage) -> bool:
    return _can("agree")(page) and page.running_plan is not None and bool(page.running_plan.proposal)


PLAN_ACTIONS: Mapping[str, Action] = {
    "regeling-goedkeuren": Action(
        title=N_("Voorstel goedkeuren"), icon="ok", group=PLAN, fields=_only_plan, shown=_can_approve,
        call=as_number("plan_id", plan_actions.approve_plan), submit=N_("Voorstel goedkeuren"),
        done=N_("De regeling loopt. De huurder krijgt de afspraak op schrift."),
    ),
    "regeling-herstellen": Action(
        title=N_("Herstellen"), icon="undo", group=PLAN, fields=_only_plan, shown=_can("repair"),
        call=as_number("plan_id", plan_actions.repair_plan), submit=N_("Herstellen: gemiste deel achteraan"),
        done=N_("De regeling loopt weer. De huurder krijgt de nieuwe data op schrift."),
    ),
    "herstel-aanbieden": Action(
        title=N_("Herstel aanbieden"), icon="sms", group=PLAN, fields=_only_plan, shown=_can("offer_repair"),
        call=as_number("plan_id", plan_actions.offer_plan_repair), submit=N_("Herstel aanbieden per bericht"),
        done=N_("Het aanbod gaat naar de huurder. Met een ja loopt de regeling weer."),
    ),
    "regeling-wijzigen": Action(
        title=N_("Bedrag of datum wijzigen"), icon="pencil", group=PLAN, fields=_change, shown=_can("change"),
        call=as_number("plan_id", plan_actions.change_plan), submit=N_("Regeling wijzigen"),
        lead=N_("Wat betaald is, blijft betaald. De rest wordt opnieuw verdeeld."),
        done=N_("De regeling is gewijzigd. De huurder krijgt de nieuwe data op schrift."),
    ),
    "regeling-weigeren": Action(
        title=N_("Regeling weigeren"), icon="close", group=PLAN, fields=_with_reason, shown=_can("refuse"),
        call=as_number("plan_id", plan_actions.refuse_plan),
        done=N_("De regeling is geweigerd. De huurder krijgt bericht, met het aanbod om te bellen."),
        lead=N_("De huurder krijgt bericht dat het zo niet kan, en het aanbod om te bellen. Uw reden blijft in het "
                "dossier."),
    ),
    "regeling-stoppen": Action(
        title=N_("Regeling stoppen"), icon="close", group=PLAN, fields=_with_reason, shown=_can("end"),
        call=as_number("plan_id", plan_actions.end_plan),
        lead=N_("De huurder krijgt geen bericht: vertel het zelf. De contactladder gaat verder."),
        done=N_("De regeling is gestopt. Er gaat geen bericht over naar de huurder: vertel het zelf."),
    ),
}  # fmt: skip
ONE_CLICK = ("regeling-goedkeuren", "regeling-herstellen", "herstel-aanbieden")
"""Actions that ask nothing more: a button does them."""
