"""What the row checks give to the loading: plain tuples in batches, so that memory stays bounded."""

from collections.abc import Callable
from dataclasses import dataclass, field

from outreach.imports.problems import RowProblem

BATCH = 5_000

ItemTuple = tuple[int, str, str, str, str, int, int, str]
"""line, tenancy_ref, item_ref, kind, due_on (ISO), amount_cents, open_cents, description."""
TenancyTuple = tuple[int, str, str, int | None, str, str, str, str, int | None]
"""line, tenancy_ref, street, house_number, addition, postcode, city, area_code, rent_cents."""
PartyTuple = tuple[int, str, str, str, str | None, str, str, str, str, str, str | None, str]
"""line, tenancy_ref, role, person_key, person_ref, title, initials, given, prefix, family, born_on, language."""
ContactTuple = tuple[str, str, str, str, int]
"""tenancy_ref, role, kind, value, rank."""
PaymentTuple = tuple[int, str, str, int, str]
"""line, tenancy_ref, payment_ref, amount_cents, paid_on (ISO)."""
RejectedTuple = tuple[int, dict[str, str], list[RowProblem]]
"""line, cells by the file's own column names, problems."""


@dataclass(kw_only=True)
class Batch:
    """Rows that were checked together."""

    items: list[ItemTuple] = field(default_factory=list)
    tenancies: list[TenancyTuple] = field(default_factory=list)
    parties: list[PartyTuple] = field(default_factory=list)
    contacts: list[ContactTuple] = field(default_factory=list)
    payments: list[PaymentTuple] = field(default_factory=list)
    rejected: list[RejectedTuple] = field(default_factory=list)


@dataclass(kw_only=True)
class Tally:
    """What was counted while rows were checked; `bad_refs` are tenancies of bad rows, `lost_refs` rows without one."""

    total: int = 0
    good: int = 0
    bad: int = 0
    bad_refs: set[str] = field(default_factory=set)
    lost_refs: int = 0
    warnings: list[RowProblem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, problem: RowProblem, keep: int = 500) -> None:
        """Count a problem and keep the first ones for the report."""
        self.counts[problem.code] = self.counts.get(problem.code, 0) + 1
        if len(self.warnings) < keep:
            self.warnings.append(problem)


Sink = Callable[[Batch], None]
"""Takes a full batch."""
