"""Decide, per file, what its columns are and how its amounts and dates are written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from outreach.imports import amounts, dates
from outreach.imports.bsn import holds_bsn, is_bsn_header
from outreach.imports.columns import REQUIRED, ColumnPlan, plan_columns
from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError
from outreach.imports.text import Table
from outreach.imports.values import DayRead, Read, amount_reader, column, date_reader

AMOUNT_FIELDS = ("open_amount", "amount", "rent")
DATE_FIELDS = ("due_on", "paid_on", "as_of", "birth_date")


class Note(NamedTuple):
    """Something about the file as a whole that a person should know."""

    code: str
    text_nl: str
    text_en: str

    def to_json(self) -> dict[str, str]:
        """Give plain data."""
        return self._asdict()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How to read one file: columns, readers, the as-of day and what to tell about it."""

    plan: ColumnPlan
    decimal: amounts.Decimal
    date_order: dates.DateOrder
    read_amount: Callable[[str], Read]
    read_date: Callable[[str], DayRead]
    read_birth: Callable[[str], DayRead]
    as_of: date
    notes: tuple[Note, ...]


def decide_layout(table: Table, kind: str, options: ImportOptions, today: date) -> Layout:
    """Decide the layout from the header and the first rows. Raises BrokenFileError."""
    plan = _without_bsn(plan_columns(kind, table.header, options.columns), table, kind)
    money = [cell for name in AMOUNT_FIELDS for cell in _cells(plan, table, name)]
    days = [cell for name in DATE_FIELDS for cell in _cells(plan, table, name)]
    decimal = options.decimal or amounts.decide_decimal(money)
    order = options.date_order or dates.decide_order(days)
    read_date = date_reader(order, serial=table.serial_dates, last_year=today.year + 20)
    return Layout(
        plan=plan,
        decimal=decimal,
        date_order=order,
        read_amount=amount_reader(decimal),
        read_date=read_date,
        read_birth=date_reader(order, serial=table.serial_dates, last_year=today.year),
        as_of=_as_of(plan, table, options, read_date, today),
        notes=(*_dropped(plan), *_doubtful_amounts(money, decimal), *_doubtful_dates(days, order)),
    )


def _cells(plan: ColumnPlan, table: Table, name: str) -> list[str]:
    return column(table.sample, plan.index(name)) if name in plan.fields else []


def _without_bsn(plan: ColumnPlan, table: Table, kind: str) -> ColumnPlan:
    bad = {
        at
        for at, header in enumerate(plan.headers)
        if is_bsn_header(header) or holds_bsn(header, [cell.strip() for cell in column(table.sample, at)])
    }
    bad -= {at for name in ("phone", "postcode") for at in plan.fields.get(name, ())}
    for name in REQUIRED[kind]:
        if bad & set(plan.fields.get(name, ())):
            raise BrokenFileError("bsn_as_reference", plan.header(name))
    fields = {name: tuple(at for at in found if at not in bad) for name, found in plan.fields.items()}
    dropped = tuple(plan.headers[at] for at in sorted(bad))
    return replace(
        plan,
        fields={name: found for name, found in fields.items() if found},
        dropped=dropped,
        ignored=tuple(name for name in plan.ignored if name not in dropped),
    )


def _as_of(plan: ColumnPlan, table: Table, options: ImportOptions, read: Callable[[str], DayRead], today: date) -> date:
    if options.as_of:
        as_of = options.as_of
    else:
        cells = _cells(plan, table, "as_of")
        if not cells:
            return today
        found = read(cells[0])
        if found.code:
            raise BrokenFileError("as_of", cells[0][:40])
        as_of = date.fromisoformat(found.value)
    if as_of > today:
        raise BrokenFileError("as_of_in_future", as_of.isoformat())
    return as_of


def _dropped(plan: ColumnPlan) -> list[Note]:
    names = ", ".join(plan.dropped)
    return [
        Note(
            "bsn_dropped",
            f"BSN-kolom weggelaten en niet bewaard: {names}. Lever hem niet meer aan.",
            f"BSN column dropped and not kept: {names}. Do not deliver it again.",
        )
    ] * bool(names)


def _doubtful_amounts(values: list[str], decimal: amounts.Decimal) -> list[Note]:
    doubtful = [value for value in values if amounts.is_ambiguous(value)]
    if not doubtful or decimal:
        return []
    shown, cents = doubtful[0][:40], amounts.parse_amount(doubtful[0], decimal)
    return [
        Note(
            "ambiguous_amounts",
            f"{len(doubtful)} bedragen zoals {shown} zijn op twee manieren te lezen; gelezen als {cents / 100:.2f}. "
            "Klopt dat niet, zet dan decimal in de koppeling.",
            f"{len(doubtful)} amounts such as {shown} can be read in two ways; read as {cents / 100:.2f}. "
            "If that is wrong, put decimal in the mapping.",
        )
    ]


def _doubtful_dates(values: list[str], order: dates.DateOrder) -> list[Note]:
    doubtful = [value for value in values if dates.is_ambiguous(value)]
    if order == "mdy":
        return [
            Note(
                "month_first",
                "De datums staan met de maand voorop (mm-dd-jjjj) en zijn zo gelezen.",
                "The dates have the month first (mm-dd-yyyy) and were read so.",
            )
        ]
    if not doubtful or order:
        return []
    return [
        Note(
            "ambiguous_dates",
            f"{len(doubtful)} datums zoals {doubtful[0][:20]} kunnen op twee manieren; gelezen als dag-maand-jaar.",
            f"{len(doubtful)} dates such as {doubtful[0][:20]} can be read in two ways; read as day-month-year.",
        )
    ]
