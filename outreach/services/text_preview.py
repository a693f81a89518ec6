"""Fill a text as it is being written with the values of one real tenant, to see what he would read."""

from sqlalchemy.orm import Session

from messages.rendering import Rendered, render
from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow
from outreach.runtime import Runtime
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.policy import Policy
from outreach.services.texts import text_values
from outreach.services.written_text import WrittenText
from outreach.services.written_values import Fact


def load_tenant(runtime: Runtime, session: Session, scope: Scope, case_id: int) -> LoadedCase | None:
    """Return a case, as far as the scope reaches; None when there is none."""
    case = session.scalar(scope.select(CaseRow).where(CaseRow.id == case_id))
    if case is None:
        return None
    now = runtime.clock()
    return load_cases(session, [case], runtime.calendar.day_of(now), now)[0]


def preview_for(runtime: Runtime, policy: Policy, loaded: LoadedCase, written: WrittenText) -> Rendered:
    """Return the text as this tenant would get it today. Raises RenderError for a value that he does not have.

    What only a plan, a promise or a call-back knows is made up: the month's amount, the days.
    """
    template = written.as_template()
    row = AttemptRow(
        channel=written.channel, language=written.language, addressee_id=loaded.addressees.primary.id, step=""
    )
    day = runtime.calendar.day_of(runtime.clock())
    made_up: dict[str, Fact] = {
        "month_amount": 5000,
        "last_amount": 5000,
        "plan_dates": f"{day.isoformat()}=5000",
        "count": "6",
        "first_on": day.isoformat(),
        "last_on": day.isoformat(),
        "promise_on": day.isoformat(),
        "call_at": f"{day.isoformat()}T10:00",
    }
    values = text_values(policy, loaded, row, template.language, made_up, day)
    return render(template, values)
