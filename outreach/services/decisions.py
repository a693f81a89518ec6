"""Keep decisions as plain data on the case, so that every screen can say why this, why now, why not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from schedules.decisions import Decision, Reason


def reason_data(reason: Reason) -> dict[str, Any]:
    """Write one reason as plain data: code and params, moments and days in ISO 8601."""
    params = {
        key: value.isoformat() if isinstance(value, datetime | date) else value for key, value in reason.params.items()
    }
    return {"code": reason.code, "params": params}


def reasons_data(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Write reasons as plain data."""
    return [reason_data(reason) for reason in reasons]


def reason_from_data(data: Mapping[str, Any]) -> Reason:
    """Read one reason back; ISO texts become moments and days again."""
    return Reason(code=data["code"], params={key: _parsed(value) for key, value in data.get("params", {}).items()})


def _parsed(value: Any) -> Any:
    if not isinstance(value, str) or not value[:4].isdigit() or value[4:5] != "-":
        return value
    try:
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except ValueError:
        return value


def decision_data(decision: Decision) -> dict[str, Any]:
    """Write a decision as plain data for the case screen."""
    return {
        "stage": decision.stage,
        "due": [
            {
                "step": step.step,
                "attempt": step.attempt,
                "kind": step.kind,
                "channel": step.channel,
                "target": step.target,
                "due_at": step.due_at.isoformat(),
                "why": reasons_data(step.why),
            }
            for step in decision.due
        ],
        "waiting": [
            {
                "step": step.step,
                "until": step.until.isoformat() if step.until else None,
                "why": reasons_data(step.why),
            }
            for step in decision.waiting
        ],
        "refused": [{"step": step.step, "why": reasons_data(step.why)} for step in decision.refused],
        "end": reason_data(decision.end) if decision.end else None,
    }
