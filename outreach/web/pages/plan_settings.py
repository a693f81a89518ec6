"""The fields of the settings for payment plans: what the machine agrees, and the longer type that a person agrees."""

from collections.abc import Mapping
from typing import Any

from outreach.domain.landlord_settings import LONG, PlanKind, PlanPolicy
from outreach.web.forms import Field
from outreach.web.pages.plan_forms import typed
from outreach.web.translation import N_

PLAN = (
    Field(name="max_months", label=N_("Langste regeling in maanden"), kind="number"),
    Field(name="min_month_cents", label=N_("Laagste bedrag per maand"), kind="money"),
    Field(name="max_debt_months", label=N_("Hooguit zo veel maanden huur"), kind="number"),
    Field(name="one_in_months", label=N_("Een regeling in zo veel maanden"), kind="number"),
    Field(name="payday", label=N_("Gewone betaaldag"), kind="number"),
    Field(name="tolerance_days", label=N_("Dagen speling na een termijn"), kind="number"),
    Field(name="reminder_days", label=N_("Dagen vooraf herinneren"), kind="number"),
    Field(name="answer_days", label=N_("Dagen wachten op een antwoord"), kind="number"),
    Field(name="repair_after_days", label=N_("Dagen tot het aanbod van herstel"), kind="number"),
)
LONG_PLAN = (
    Field(name="long-max_months", label=N_("Lange regeling: maanden"), kind="number", required=False),
    Field(name="long-min_month_cents", label=N_("Lange regeling: bedrag per maand"), kind="money", required=False),
    Field(name="long-max_debt_months", label=N_("Lange regeling: maanden huur"), kind="number", required=False),
    Field(name="long-one_in_months", label=N_("Lange regeling: één in maanden"), kind="number", required=False),
)


def typed_long(policy: PlanPolicy) -> dict[str, str]:
    """Write the longer type as it stands in its fields; empty when there is none."""
    kind = next((each for each in policy.kinds if each.name == LONG), None)
    if kind is None:
        return {field.name: "" for field in LONG_PLAN}
    return {
        "long-max_months": str(kind.max_months),
        "long-min_month_cents": typed(kind.min_month_cents),
        "long-max_debt_months": str(kind.max_debt_months),
        "long-one_in_months": str(kind.one_in_months),
    }


def kinds_in(clean: Mapping[str, Any], policy: PlanPolicy) -> tuple[PlanKind, ...]:
    """Give the types of a form: the longer one as it was filled in, and the landlord's other types as they were."""
    others = tuple(each for each in policy.kinds if each.name != LONG)
    months = clean["long-max_months"]
    if not months:
        return others
    long = PlanKind(
        name=LONG,
        max_months=months,
        min_month_cents=clean["long-min_month_cents"] or policy.min_month_cents,
        max_debt_months=clean["long-max_debt_months"] or policy.max_debt_months,
        one_in_months=clean["long-one_in_months"] or policy.one_in_months,
    )
    return (long, *others)
