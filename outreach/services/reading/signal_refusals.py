"""Cases whose early signal may not be sent now, with exactly what is lacking (Bgs article 2; Wgs article 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import CaseRow
from outreach.services.decisions import reason_from_data
from outreach.services.reading.heads import CaseHead, case_heads
from schedules.decisions import Reason

LACKING: Mapping[str, str] = {
    "signal_needs_contact_effort": "a",
    "signal_needs_debt_help": "b",
    "signal_needs_written_reminder": "c",
    "signal_needs_offer": "d",
    "signal_refused_by_tenant": "d",
    "signal_needs_agreement": "agreement",
}
"""The reason codes of the engine and the condition that each says is lacking."""

CONDITIONS = ("a", "b", "c", "d", "agreement")
PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class RefusedSignal:
    """One case whose early signal is refused: `lacking` is the conditions without evidence, `why` in words."""

    head: CaseHead
    step: str
    lacking: frozenset[str]
    why: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class RefusedSignals:
    """One page of them, the number of all, and how often each condition is lacking."""

    items: tuple[RefusedSignal, ...]
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class _Found:
    case_id: int
    step: str
    why: tuple[Reason, ...]

    @property
    def lacking(self) -> frozenset[str]:
        return frozenset(LACKING[reason.code] for reason in self.why)


def list_refused_signals(
    session: Session, scope: Scope, day: date, *, lacking: str | None = None, page: int = 1
) -> RefusedSignals:
    """Return the open cases whose early signal is due but refused, by the last decision on each."""
    statement: Any = select(CaseRow.id, CaseRow.decision).where(
        CaseRow.state == "open", cast(CaseRow.decision, String).like("%signal\\_%", escape="\\")
    )
    rows = session.execute(scope.narrow(statement, CaseRow).order_by(CaseRow.id)).all()
    found = [each for case_id, decision in rows if (each := _refused(case_id, decision))]
    counts = {name: sum(name in each.lacking for each in found) for name in CONDITIONS}
    wanted = [each for each in found if lacking is None or lacking in each.lacking]
    shown = wanted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    heads = case_heads(session, scope, {each.case_id for each in shown}, day)
    items = tuple(
        RefusedSignal(head=heads[each.case_id], step=each.step, lacking=each.lacking, why=each.why) for each in shown
    )
    return RefusedSignals(items=items, total=len(wanted), counts=counts)


def _refused(case_id: int, decision: Mapping[str, Any]) -> _Found | None:
    for entry in (*decision.get("refused", ()), *decision.get("waiting", ())):
        why = tuple(reason_from_data(each) for each in entry["why"] if each["code"] in LACKING)
        if why:
            return _Found(case_id=case_id, step=entry["step"], why=why)
    return None
