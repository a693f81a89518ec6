"""What an import says about itself: one frozen report for screen, command line and record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outreach.imports.batches import Tally
from outreach.imports.layout import Layout, Note
from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError, RowProblem
from outreach.imports.text import Table

STORED_PROBLEMS = 500
"""So many row problems stand in a report; the counts are of all, and every bad row is kept."""


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The result of a preview or an import.

    status: preview, applied, already_loaded or refused (then `problem_nl` and `problem_en` say why, `problem_code` is
    the code and nothing was loaded). `counts` has what changed, or in a preview what would change.
    """

    kind: str
    status: str
    filename: str
    as_of_on: date | None = None
    complete: bool = False
    delivery_id: int | None = None
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    date_order: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    dropped_columns: tuple[str, ...] = ()
    rows_total: int = 0
    rows_good: int = 0
    rows_bad: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    problem_counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[Note, ...] = ()
    problem_code: str = ""
    problem_nl: str = ""
    problem_en: str = ""
    actor_label: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give plain data with stable keys."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["as_of_on"] = self.as_of_on.isoformat() if self.as_of_on else None
        plain["columns"] = {name: list(headers) for name, headers in self.columns.items()}
        plain["ignored_columns"], plain["dropped_columns"] = list(self.ignored_columns), list(self.dropped_columns)
        plain["counts"], plain["problem_counts"] = dict(self.counts), dict(self.problem_counts)
        plain["problems"] = [problem.to_json() for problem in self.problems]
        plain["notes"] = [note.to_json() for note in self.notes]
        return plain


def refused(kind: str, filename: str, error: BrokenFileError, actor_label: str = "") -> ImportReport:
    """Report a file that cannot be used."""
    return ImportReport(
        kind=kind,
        status="refused",
        filename=filename,
        problem_code=error.code,
        problem_nl=error.text_nl,
        problem_en=error.text_en,
        actor_label=actor_label,
    )


def described(kind: str, filename: str, table: Table, layout: Layout, options: ImportOptions) -> ImportReport:
    """Report how a file is read, before its rows are."""
    plan = layout.plan
    return ImportReport(
        kind=kind,
        status="preview",
        filename=filename[-200:],
        as_of_on=layout.as_of,
        complete=options.complete and kind == "arrears",
        encoding=table.encoding,
        delimiter=table.delimiter,
        decimal=layout.decimal,
        date_order=layout.date_order,
        columns={name: tuple(plan.headers[at] for at in places) for name, places in plan.fields.items()},
        ignored_columns=plan.ignored,
        dropped_columns=plan.dropped,
        notes=layout.notes,
    )


def tallied(tally: Tally) -> dict[str, Any]:
    """Give the parts of a report that counting rows gave."""
    return {
        "rows_total": tally.total,
        "rows_good": tally.good,
        "rows_bad": tally.bad,
        "problem_counts": dict(sorted(tally.counts.items())),
        "problems": tuple(tally.warnings[:STORED_PROBLEMS]),
    }
