"""Check the rows of an arrears or payments file one by one, without keeping them."""

from collections.abc import Callable, Container
from datetime import date
from hashlib import blake2s

from outreach.imports.batches import BATCH, Batch, Sink, Tally
from outreach.imports.bsn import mask
from outreach.imports.layout import Layout
from outreach.imports.options import ImportOptions
from outreach.imports.people_rows import CODE_LIMIT, TenantReader
from outreach.imports.problems import RowProblem, row_problem
from outreach.imports.rejected import unguard
from outreach.imports.text import TOO_LONG, Table
from outreach.imports.values import read_kind

CELL_KEPT = 500
NEVER_MASKED = frozenset({"tenancy_ref", "item_ref", "payment_ref", "phone", "amount", "open_amount"})


class Rejecting:
    """Keep bad rows for correction: mapped columns alone, without what can be a BSN."""

    def __init__(self, layout: Layout, tally: Tally) -> None:
        self._plan = layout.plan
        self._tally = tally
        self._ref = layout.plan.index("tenancy_ref")

    def reject(self, batch: Batch, line: int, cells: list[str], problems: list[RowProblem]) -> None:
        """Put a row aside."""
        tally = self._tally
        tally.bad += 1
        for problem in problems:
            tally.note(problem)
        misplaced = any(problem.code in {"cell_count", "field_too_long"} for problem in problems)
        ref = "" if misplaced or self._ref >= len(cells) else cells[self._ref].strip()
        if ref:
            tally.bad_refs.add(ref)
        else:
            tally.lost_refs += 1
        batch.rejected.append((line, self._kept(cells, misplaced), problems))

    def _kept(self, cells: list[str], misplaced: bool) -> dict[str, str]:
        kept: dict[str, str] = {}
        for field, places in self._plan.fields.items():
            for at in places:
                if at < len(cells) and cells[at] and cells[at] != TOO_LONG:
                    value = cells[at][:CELL_KEPT].replace("\x00", "")
                    kept[self._plan.headers[at]] = mask(value) if misplaced or field not in NEVER_MASKED else value
        return kept

    def misshapen(self, line: int, cells: list[str]) -> RowProblem | None:
        """Tell what is wrong with the shape of a row; mend what is harmless (empty cells at the end)."""
        width = len(self._plan.headers)
        if cells and cells[0] == TOO_LONG:
            return row_problem(line, "", "", "field_too_long")
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            return row_problem(line, "", f"{len(cells)} / {width}", "cell_count")
        return None


def check_arrears(table: Table, layout: Layout, options: ImportOptions, known: Container[str], sink: Sink) -> Tally:
    """Check every row of an arrears file and hand the good ones over in batches; give the tally."""
    tally, batch = Tally(), Batch()
    rejecting, tenants = Rejecting(layout, tally), TenantReader(layout, options)
    index, read_amount, read_date = layout.plan.index, layout.read_amount, layout.read_date
    at_ref, at_item, at_due, at_open = (index(name) for name in ("tenancy_ref", "item_ref", "due_on", "open_amount"))
    at_amount, at_kind, at_text, at_as_of = (index(name) for name in ("amount", "kind", "description", "as_of"))
    width, as_of, derive = len(layout.plan.headers), layout.as_of.isoformat(), _item_refs()
    at_open = at_open if at_open < width else at_amount
    check_as_of = at_as_of < width and options.as_of is None
    credit = options.negative_items == "credit"
    kinds: dict[str, str] = {}
    lines: dict[tuple[str, str], int] = {}
    seen: set[str] = set()
    for line, cells in table.rows:
        tally.total += 1
        if len(batch.items) >= BATCH or len(batch.rejected) >= BATCH:
            sink(batch)
            batch = Batch()
        if len(cells) != width or cells[0] == TOO_LONG:
            shape = rejecting.misshapen(line, cells)
            if shape:
                rejecting.reject(batch, line, cells, [shape])
                continue
        cells.append("")
        ref, item_ref, text = (
            unguard(cells[at_ref].strip()),
            unguard(cells[at_item].strip()),
            unguard(cells[at_text].strip()),
        )
        due, opened = read_date(cells[at_due]), read_amount(cells[at_open])
        total = read_amount(cells[at_amount]) if cells[at_amount].strip() else opened
        raw_kind = cells[at_kind]
        kind = kinds.get(raw_kind) or kinds.setdefault(raw_kind, read_kind(raw_kind))
        if not item_ref:
            item_ref = derive(due.value, kind, text)
        key = (ref, item_ref)
        if (
            not ref
            or due.code
            or opened.code
            or total.code
            or (opened.value < 0 and not credit)
            or key in lines
            or len(ref) > CODE_LIMIT
            or len(item_ref) > CODE_LIMIT
            or not ref.isprintable()
            or (check_as_of and read_date(cells[at_as_of]).value != as_of)
        ):
            problems = _item_problems(line, cells, layout, credit, lines.get(key, 0), check_as_of)
            if ref and ref not in seen:
                problems += tenants.read(line, cells, ref, ref in known).problems
            rejecting.reject(batch, line, cells, problems)
            continue
        if ref not in seen:
            tenant = tenants.read(line, cells, ref, ref in known)
            if tenant.problems:
                if not all(problem.is_warning for problem in tenant.problems):
                    rejecting.reject(batch, line, cells, tenant.problems)
                    continue
                for problem in tenant.problems:
                    tally.note(problem)
            seen.add(ref)
            if tenant.tenancy:
                batch.tenancies.append(tenant.tenancy)
            batch.parties += tenant.parties
            batch.contacts += tenant.contacts
        lines[key] = line
        kind = "credit" if opened.value < 0 else kind
        batch.items.append((line, ref, item_ref, kind, due.value, total.value, opened.value, text[:200]))
        tally.good += 1
    sink(batch)
    return tally


def _item_refs() -> Callable[[str, str, str], str]:
    """Derive a stable reference for items that have none, from due date, kind and description."""
    seen: dict[tuple[str, str], str] = {}

    def derive(due: str, kind: str, text: str) -> str:
        digest = seen.get((kind, text))
        if digest is None:
            folded = f"{kind}|{' '.join(text.casefold().split())}"
            digest = seen[kind, text] = blake2s(folded.encode(), digest_size=5).hexdigest()
        return f"auto:{due}:{digest}"

    return derive


def _item_problems(
    line: int, cells: list[str], layout: Layout, credit: bool, earlier: int, check_as_of: bool
) -> list[RowProblem]:
    plan = layout.plan
    open_field = "open_amount" if "open_amount" in plan.fields else "amount"
    problems = _ref_problems(line, cells, layout, "tenancy_ref") + _ref_problems(line, cells, layout, "item_ref")
    due, opened = layout.read_date(cells[plan.index("due_on")]), layout.read_amount(cells[plan.index(open_field)])
    if due.code:
        problems.append(row_problem(line, plan.header("due_on"), cells[plan.index("due_on")], due.code))
    for field in dict.fromkeys((open_field, "amount")):
        raw = cells[plan.index(field)]
        found = layout.read_amount(raw)
        if found.code and (field == open_field or raw.strip()):
            problems.append(row_problem(line, plan.header(field), raw, found.code))
    if not opened.code and opened.value < 0 and not credit:
        problems.append(row_problem(line, plan.header(open_field), cells[plan.index(open_field)], "negative_amount"))
    if earlier:
        field = "item_ref" if "item_ref" in plan.fields else "tenancy_ref"
        problems.append(
            row_problem(
                line, plan.header(field), f"{cells[plan.index(field)]} (regel/line {earlier})", "duplicate_item"
            )
        )
    if check_as_of:
        raw = cells[plan.index("as_of")]
        if layout.read_date(raw).value != layout.as_of.isoformat():
            problems.append(row_problem(line, plan.header("as_of"), raw, "as_of_differs"))
    return problems


def _ref_problems(line: int, cells: list[str], layout: Layout, field: str) -> list[RowProblem]:
    value = cells[layout.plan.index(field)].strip()
    header = layout.plan.header(field)
    if not value:
        return [row_problem(line, header, "", "missing")] * (field == "tenancy_ref")
    if len(value) > CODE_LIMIT:
        return [row_problem(line, header, value, "text_too_long")]
    return [] if value.isprintable() else [row_problem(line, header, value, "control_character")]


def check_payments(table: Table, layout: Layout, known: Container[str], today: date, sink: Sink) -> Tally:
    """Check every row of a payments file and hand the good ones over in batches; give the tally."""
    tally, batch = Tally(), Batch()
    rejecting, plan = Rejecting(layout, tally), layout.plan
    at_ref, at_payment = plan.index("tenancy_ref"), plan.index("payment_ref")
    at_paid, at_amount, at_text = plan.index("paid_on"), plan.index("amount"), plan.index("description")
    last = today.isoformat()
    lines: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], int] = {}
    derive = _item_refs()
    for line, cells in table.rows:
        tally.total += 1
        if len(batch.payments) >= BATCH or len(batch.rejected) >= BATCH:
            sink(batch)
            batch = Batch()
        shape = rejecting.misshapen(line, cells)
        if shape:
            rejecting.reject(batch, line, cells, [shape])
            continue
        cells.append("")
        ref, payment_ref = unguard(cells[at_ref].strip()), unguard(cells[at_payment].strip())
        paid, amount = layout.read_date(cells[at_paid]), layout.read_amount(cells[at_amount])
        if not payment_ref:
            payment_ref = derive(paid.value, str(amount.value), cells[at_text])
            count = times[ref, payment_ref] = times.get((ref, payment_ref), 0) + 1
            payment_ref = payment_ref if count == 1 else f"{payment_ref}#{count}"
        problems = _ref_problems(line, cells, layout, "tenancy_ref") + _ref_problems(line, cells, layout, "payment_ref")
        if ref and not problems and ref not in known:
            problems.append(row_problem(line, plan.header("tenancy_ref"), ref, "unknown_tenancy"))
        if paid.code:
            problems.append(row_problem(line, plan.header("paid_on"), cells[at_paid], paid.code))
        elif paid.value > last:
            problems.append(row_problem(line, plan.header("paid_on"), cells[at_paid], "payment_in_future"))
        if amount.code or amount.value <= 0:
            code = amount.code or "negative_payment"
            problems.append(row_problem(line, plan.header("amount"), cells[at_amount], code))
        if (ref, payment_ref) in lines:
            problems.append(row_problem(line, plan.header("payment_ref"), payment_ref, "duplicate_payment"))
        if problems:
            rejecting.reject(batch, line, cells, problems)
            continue
        lines[ref, payment_ref] = line
        batch.payments.append((line, ref, payment_ref, amount.value, paid.value))
        tally.good += 1
    sink(batch)
    return tally
