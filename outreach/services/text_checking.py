"""Check a text as it is being written: what keeps it from being filled in, and every finding where it stands in it.

A text is filled with typical, longest and shortest values and checked as it will be before
it goes. What is found in the filled-in text is brought back to the words as written, placeholders and all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from messages.checks import Verdict, check
from messages.examined import LetterFacts
from messages.findings import Finding
from messages.languages import LANGUAGES
from messages.privacy import SUBJECT_RULE
from messages.rendering import Piece, Rendered, own_names, pieces, render
from messages.rules import RULES, may_set_aside
from messages.samples import SIZES, sample_amount, sample_costs, sample_values
from messages.segments import SmsSize, measure
from messages.template import Template
from outreach.services.policy import Policy
from outreach.services.text_use import allowed_for
from outreach.services.written_text import WrittenProblem, WrittenText, problems_of, written_text

SAID_ALREADY = frozenset({"short_text"})
"""Rules that the line above the text already says."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A finding with its place in the text as written; `where` is body or subject.

    `set_aside`: two people said that the rule does not bind this version of the text.
    """

    rule: str
    title_nl: str
    title_en: str
    severity: str
    start: int
    end: int
    text: str
    advice: str
    source: str
    alternatives: tuple[str, ...]
    where: str
    whole: bool = False
    set_aside: bool = False


@dataclass(frozen=True, kw_only=True)
class TextReport:
    """What the checks say of a text as written. With `problems` nothing else was looked at.

    `verdicts` and `previews` go by size of the values; level and score are the lowest of them.
    """

    problems: tuple[WrittenProblem, ...]
    marks: tuple[Mark, ...] = ()
    verdicts: Mapping[str, Verdict] | None = None
    previews: Mapping[str, Rendered] | None = None
    sms: SmsSize | None = None

    @property
    def worst(self) -> Verdict | None:
        """The verdict with the lowest score; None when the text cannot be filled in."""
        return min(self.verdicts.values(), key=lambda each: each.score) if self.verdicts else None

    @property
    def passed(self) -> bool:
        """Whether the text may go, with every size of values."""
        return not self.problems and all(mark.severity != "stop" for mark in self.marks)

    @property
    def stopping(self) -> frozenset[str]:
        """The rules that stop the text."""
        return frozenset(mark.rule for mark in self.marks if mark.severity == "stop")


def examine_text(
    written: WrittenText,
    *,
    allowed_measures: frozenset[str] = frozenset(),
    profile: str = "B1",
    vat: bool = False,
) -> TextReport:
    """Check a text as written, filled with made-up values of each size; `vat`: the landlord adds VAT to costs."""
    problems = tuple(problems_of(written))
    if any(problem.blocks_check for problem in problems):
        return TextReport(problems=problems)
    template = written.as_template()
    verdicts: dict[str, Verdict] = {}
    previews: dict[str, Rendered] = {}
    marks: dict[tuple[str, str, int, int], Mark] = {}
    for size in SIZES:
        values = sample_values(size, template.language)
        rendered = render(template, values)
        verdict = _verdict(template, rendered, values, allowed_measures, size, profile, vat)
        verdicts[size], previews[size] = verdict, rendered
        found = list(pieces(template, values))
        for each in verdict.findings:
            mark = _mark(template, found, each)
            key = (mark.rule, mark.where, mark.start, mark.end)
            if mark.rule not in SAID_ALREADY and (key not in marks or mark.severity == "stop"):
                marks[key] = mark
    return TextReport(
        problems=problems,
        marks=tuple(sorted(marks.values(), key=lambda mark: (mark.where, mark.whole, mark.start, mark.end))),
        verdicts=verdicts,
        previews=previews,
        sms=measure(previews["longest"].text) if template.channel == "sms" else None,
    )


def _verdict(
    template: Template,
    rendered: Rendered,
    values: Mapping[str, str],
    allowed_measures: frozenset[str],
    size: str,
    profile: str,
    vat: bool,
) -> Verdict:
    return check(
        rendered.text,
        channel=template.channel,
        language=template.language,
        subject=rendered.subject,
        profile=profile,
        purpose=template.purpose,
        allowed_measures=allowed_measures,
        parts=rendered.parts or None,
        own_names=own_names(values, template),
        facts=LetterFacts(amount_cents=sample_amount(size), costs_cents=sample_costs(size), costs_vat=vat),
    )


def _mark(template: Template, found: Sequence[Piece], each: Finding) -> Mark:
    rule = RULES[each.rule]
    in_subject = each.rule == SUBJECT_RULE
    written = (template.subject or "") if in_subject else template.body
    whole = in_subject or each.end - each.start >= sum(len(piece.text) for piece in found)
    start, end, exact = (0, len(written), False) if whole else _place(found, each.start, each.end)
    return Mark(
        rule=each.rule,
        title_nl=rule.title_nl,
        title_en=rule.title_en,
        severity=each.severity,
        start=start,
        end=end,
        text=written[start:end],
        advice=each.advice,
        source=each.source,
        alternatives=each.alternatives if exact else (),
        where="subject" if in_subject else "body",
        whole=whole,
    )


def _place(found: Sequence[Piece], start: int, end: int) -> tuple[int, int, bool]:
    """Bring a place in the filled-in body back to the body as written; exact when it lies inside its wording."""
    at, first, last, exact = 0, None, 0, False
    for piece in found:
        stop = at + len(piece.text)
        if first is None and start < stop:
            first = _inside(piece, start - at, False)
            exact = end <= stop and len(piece.text) == piece.end - piece.start
        if first is not None and end <= stop:
            last = _inside(piece, end - at, True)
            break
        at = stop
    else:
        last = found[-1].end if found else 0
    first = first if first is not None else last
    return first, max(first, last), exact


def _inside(piece: Piece, offset: int, is_end: bool) -> int:
    if len(piece.text) == piece.end - piece.start:
        return piece.start + offset
    return piece.end if is_end else piece.start


def with_rules_set_aside(report: TextReport, rules: frozenset[str]) -> TextReport:
    """Return a report in which rules no longer stop the text."""
    marks = tuple(
        replace(mark, severity="warn", set_aside=True)
        if mark.severity == "stop" and may_set_aside(mark.rule, rules)
        else mark
        for mark in report.marks
    )
    return replace(report, marks=marks)


@lru_cache(maxsize=4096)
def examine_template(template: Template, measures: frozenset[str], vat: bool = False) -> TextReport:
    """Check a text in force; kept per version of the text."""
    return examine_text(written_text(template), allowed_measures=measures, vat=vat)


def examine_for(policy: Policy, written: WrittenText, profile: str = "B1") -> TextReport:
    """Check a text for a landlord: with the measures that the steps which use it may name, and the landlord's VAT."""
    allowed = allowed_for(policy, written.name, written.mentions)
    return examine_text(written, allowed_measures=allowed, profile=profile, vat=policy.settings.costs_with_vat)


def warm_checks() -> None:
    """Read the word lists of every language once, so that nobody waits for them at the first key."""
    for language in LANGUAGES:
        check("Wilt u mij bellen?", channel="letter", language=language)
