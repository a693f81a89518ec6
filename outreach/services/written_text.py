"""A text as somebody writes it: one channel and language of a template, and what keeps it from being filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from messages.catalogue import load_catalogue
from messages.template import (
    BRACE,
    PLACEHOLDERS,
    WITH_SUBJECT,
    Template,
    split_parts,
    spoken_parts,
    text_version,
)

COMMON = frozenset(
    {
        "name",
        "amount",
        "since",
        "landlord",
        "contact_name",
        "contact_phone",
        "municipality",
        "address",
        "reference",
        "debt_help_phone",
        "iban",
    }
)
"""Placeholders that every sender of a text can fill."""
COSTS = frozenset({"costs", "total_with_costs"})
LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class WrittenText:
    """A text as it stands in the editor: one channel and language of a template."""

    name: str
    channel: str
    language: str
    subject: str | None
    body: str
    purpose: str
    mentions: frozenset[str] = frozenset()
    title: str | None = None

    def as_template(self) -> Template:
        """Return it as a template; its version is the hash of what can be read in it."""
        version = text_version(
            self.name, self.channel, self.language, self.subject, self.body, self.purpose, self.mentions
        )
        return Template(
            name=self.name,
            channel=self.channel,
            language=self.language,
            subject=self.subject,
            body=self.body,
            purpose=self.purpose,
            mentions=self.mentions,
            version=version,
            title=self.title,
        )


@dataclass(frozen=True, kw_only=True)
class WrittenProblem:
    """What keeps a text from being filled in, with its place in body or subject."""

    text_nl: str
    text_en: str
    start: int
    end: int
    where: str = "body"

    @property
    def blocks_check(self) -> bool:
        """Whether nothing can be checked: a subject that is not there yet leaves the body to be judged."""
        return self.where == "body" or self.end > self.start


def fillable(name: str, purpose: str) -> frozenset[str]:
    """Return the placeholders that the senders of a template can fill."""
    return COMMON | _shipped_placeholders().get(name, COSTS if purpose == "legal" else frozenset())


@lru_cache(maxsize=1)
def _shipped_placeholders() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for template in load_catalogue():
        found[template.name] = found.get(template.name, frozenset()) | template.placeholders
    return found


def problems_of(written: WrittenText) -> Iterator[WrittenProblem]:
    """Yield what keeps a text from being filled in at the moment that it should go."""
    body = written.body
    if not body.strip():
        yield _problem("De tekst is leeg.", "The text is empty.", (0, 0))
    if len(body) > LONGEST_TEXT:
        yield _problem(
            f"De tekst is langer dan {LONGEST_TEXT} tekens. Maak hem korter.",
            f"The text is longer than {LONGEST_TEXT} characters. Make it shorter.",
            (LONGEST_TEXT, len(body)),
        )
    if "\x00" in body or "\x00" in (written.subject or ""):
        yield _problem("Er staat een onleesbaar teken in de tekst.", "There is an unreadable sign in the text.", (0, 0))
    if written.channel in WITH_SUBJECT and not (written.subject or "").strip():
        yield _problem("Vul een onderwerp in.", "Fill in a subject.", (0, 0), "subject")
    if written.channel == "robocall":
        yield from _part_problems(written.name, body)
    known = fillable(written.name, written.purpose)
    for where, text in (("body", body), ("subject", written.subject or "")):
        yield from _brace_problems(text, where, known)


def _part_problems(name: str, body: str) -> Iterator[WrittenProblem]:
    try:
        parts = split_parts(body)
    except ValueError:
        parts = {}
    if missing := [f"[{part}]" for part in spoken_parts(name) if not parts.get(part)]:
        listed = ", ".join(missing)
        yield _problem(
            f"De belcomputer mist {listed}. Zet elk deel onder een eigen regel.",
            f"The robocall lacks {listed}. Put each part below a line of its own.",
            (0, 0),
        )


def _brace_problems(text: str, where: str, known: frozenset[str]) -> Iterator[WrittenProblem]:
    for match in BRACE.finditer(text):
        name = match.group(1)
        if name in known:
            continue
        if name in PLACEHOLDERS:
            yield _problem(
                f"{match.group()} kan in deze tekst niet worden ingevuld. Haal het weg.",
                f"{match.group()} cannot be filled in this text. Take it out.",
                match.span(),
                where,
            )
        else:
            yield _problem(
                f"{match.group()} kennen wij niet. Kies een veld uit de lijst.",
                f"We do not know {match.group()}. Choose a field from the list.",
                match.span(),
                where,
            )


def _problem(text_nl: str, text_en: str, span: tuple[int, int], where: str = "body") -> WrittenProblem:
    return WrittenProblem(text_nl=text_nl, text_en=text_en, start=span[0], end=span[1], where=where)


def written_text(template: Template) -> WrittenText:
    """Return a text in force as it stands in the editor."""
    return WrittenText(
        name=template.name,
        channel=template.channel,
        language=template.language,
        subject=template.subject,
        body=template.body,
        purpose=template.purpose,
        mentions=template.mentions,
        title=template.title,
    )
