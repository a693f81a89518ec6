"""The catalogue of texts for tenants: strict YAML files, immutable templates with a content hash.

One file per template name holds its purpose, the measures it names, and per channel and language
a body (and a subject where the channel has one).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

import yaml

PLACEHOLDERS: frozenset[str] = frozenset(
    {
        "name",
        "amount",
        "since",
        "landlord",
        "contact_name",
        "contact_phone",
        "municipality",
        "month_amount",
        "count",
        "first_on",
        "last_on",
        "promise_on",
        "call_at",
        "address",
        "reference",
        "debt_help_phone",
    }
)
CHANNELS: frozenset[str] = frozenset({"sms", "whatsapp", "email", "letter", "robocall", "call", "visit", "card"})
WITH_SUBJECT: frozenset[str] = frozenset({"email", "letter"})
PURPOSES: frozenset[str] = frozenset({"collection", "legal", "plan", "answer", "care"})
MEASURES: frozenset[str] = frozenset({"early_signal", "bailiff", "court", "eviction", "costs"})
REQUIRED_LANGUAGES: tuple[str, ...] = ("nl", "en")
ROBOCALL_PARTS: tuple[str, ...] = ("greeting", "message", "menu", "voicemail")
FALLBACK_LANGUAGE = "nl"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BRACE = re.compile(r"\{([^{}\n]*)\}|[{}]")
_PART_LINE = re.compile(r"^\[([a-z_]+)\][ \t]*$", re.MULTILINE)


class CatalogueError(Exception):
    """Something is wrong with the catalogue of texts."""


class TemplateSyntaxError(CatalogueError):
    """A template file does not keep the format; the message names file and line."""


class MissingTemplate(CatalogueError, LookupError):
    """There is no such template, channel or language."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """One text for one channel and language; `version` is the hash of everything that can be read in it."""

    name: str
    channel: str
    language: str
    subject: str | None
    body: str
    purpose: str
    mentions: frozenset[str]
    version: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders that this text needs."""
        return frozenset(placeholders_in(self.body)) | frozenset(placeholders_in(self.subject or ""))


class Catalogue:
    """All templates of one moment; built by `load_catalogue` or `catalogue_from_sources`."""

    def __init__(self, templates: Mapping[tuple[str, str, str], Template], sources: Mapping[str, str]) -> None:
        self._templates = MappingProxyType(dict(templates))
        self._sources = MappingProxyType(dict(sources))

    def get(self, name: str, channel: str, language: str) -> Template:
        """Return the text; a language that is absent falls back to Dutch. Raises MissingTemplate."""
        for wanted in (language, FALLBACK_LANGUAGE):
            found = self._templates.get((name, channel, wanted))
            if found is not None:
                return found
        raise MissingTemplate(f"no template {name!r} for channel {channel!r} in {language!r} or {FALLBACK_LANGUAGE!r}")

    def names(self) -> tuple[str, ...]:
        """Return the names of all templates, sorted."""
        return tuple(sorted(self._sources))

    def channels(self, name: str) -> tuple[str, ...]:
        """Return the channels that this template has, sorted."""
        return tuple(sorted({channel for known, channel, _ in self._templates if known == self._known(name)}))

    def languages(self, name: str) -> tuple[str, ...]:
        """Return the languages that every channel of this template has, sorted."""
        known = [(channel, language) for found, channel, language in self._templates if found == self._known(name)]
        per_channel = [{lang for ch, lang in known if ch == channel} for channel in {ch for ch, _ in known}]
        return tuple(sorted(set.intersection(*per_channel)))

    def source(self, name: str) -> str:
        """Return the raw YAML text, to be kept as an immutable version."""
        return self._sources[self._known(name)]

    def __iter__(self) -> Iterator[Template]:
        return iter(self._templates.values())

    def _known(self, name: str) -> str:
        if name not in self._sources:
            raise MissingTemplate(f"no template {name!r}")
        return name


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """Read every template file of a folder, or those that ship with the product. Raises TemplateSyntaxError."""
    root = folder if folder is not None else files("messages") / "templates"
    found = {item.name: item.read_text("utf-8") for item in root.iterdir() if item.name.endswith(".yaml")}
    return _build({name.removesuffix(".yaml"): (name, text) for name, text in found.items()})


def catalogue_from_sources(sources: Mapping[str, str]) -> Catalogue:
    """Build a catalogue from stored YAML texts by template name. Raises TemplateSyntaxError."""
    return _build({name: (f"{name} (stored)", text) for name, text in sources.items()})


def placeholders_in(text: str) -> list[str]:
    """Return the placeholder names in a text in order, with repeats; a stray brace counts as an empty name."""
    return [match.group(1) or "" for match in _BRACE.finditer(text)]


def split_parts(body: str) -> dict[str, str]:
    """Split a robocall text at its `[greeting]` lines into part name -> text."""
    pieces = _PART_LINE.split(body)
    return {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def _build(sources: Mapping[str, tuple[str, str]]) -> Catalogue:
    templates: dict[tuple[str, str, str], Template] = {}
    for name, (origin, text) in sorted(sources.items()):
        for template in _Reader(name, origin, text).templates():
            templates[(name, template.channel, template.language)] = template
    return Catalogue(templates, {name: text for name, (_, text) in sources.items()})


class _Reader:
    """Reads one file over YAML nodes, so that each complaint can name its line."""

    def __init__(self, name: str, origin: str, text: str) -> None:
        self._name, self._origin, self._text = name, origin, text

    def templates(self) -> Iterator[Template]:
        """Yield every text of the file."""
        top = self._mapping(self._compose(), required={"name", "purpose", "mentions", "channels"})
        if self._word(top["name"]) != self._name:
            self._fail(top["name"], f"name must be {self._name!r}, like the file")
        purpose = self._one_of(top["purpose"], PURPOSES, "purpose")
        mentions = self._mentions(top["mentions"])
        channels = self._mapping(top["channels"])
        if not channels:
            self._fail(top["channels"], "no channel; give at least one")
        for channel, node in channels.items():
            if channel not in CHANNELS:
                self._fail(node, f"unknown channel {channel!r}; known: {', '.join(sorted(CHANNELS))}")
            yield from self._languages(channel, node, purpose, mentions)

    def _languages(self, channel: str, node: yaml.Node, purpose: str, mentions: frozenset[str]) -> Iterator[Template]:
        for language, text in self._mapping(node, required=set(REQUIRED_LANGUAGES), open_ended=True).items():
            yield self._template(channel, language, text, purpose, mentions)

    def _template(
        self, channel: str, language: str, node: yaml.Node, purpose: str, mentions: frozenset[str]
    ) -> Template:
        wanted = {"subject", "body"} if channel in WITH_SUBJECT else {"body"}
        fields = self._mapping(node, required=wanted)
        subject = self._filled(fields["subject"]) if "subject" in fields else None
        body = self._filled(fields["body"])
        if channel == "robocall":
            self._check_parts(fields["body"], body)
        parts = (self._name, channel, language, subject or "", body, purpose, *sorted(mentions))
        return Template(
            name=self._name,
            channel=channel,
            language=language,
            subject=subject,
            body=body,
            purpose=purpose,
            mentions=mentions,
            version=hashlib.sha256("\x1f".join(parts).encode()).hexdigest(),
        )

    def _check_parts(self, node: yaml.Node, body: str) -> None:
        if missing := [part for part in ROBOCALL_PARTS if not split_parts(body).get(part)]:
            self._fail(node, f"robocall text lacks {', '.join(f'[{part}]' for part in missing)}")

    def _mentions(self, node: yaml.Node) -> frozenset[str]:
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, "mentions must be a list of measures")
        return frozenset(self._one_of(item, MEASURES, "measure") for item in node.value)

    def _filled(self, node: yaml.Node) -> str:
        text = self._word(node).strip()
        in_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        if not text:
            self._fail(node, "empty text")
        for match in _BRACE.finditer(text):
            if match.group(1) not in PLACEHOLDERS:
                line = text.count("\n", 0, match.start()) + int(in_block)
                self._fail(node, f"unknown placeholder {match.group(0)}; known: {_listed(PLACEHOLDERS)}", plus=line)
        return text

    def _one_of(self, node: yaml.Node, known: frozenset[str], what: str) -> str:
        word = self._word(node)
        if word not in known:
            self._fail(node, f"unknown {what} {word!r}; known: {_listed(known)}")
        return word

    def _word(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, "a text was expected here")
        return str(node.value)

    def _mapping(
        self, node: yaml.Node, *, required: set[str] | None = None, open_ended: bool = False
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, "a mapping (key: value) was expected here")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = self._word(key)
            if word in found:
                self._fail(key, f"{word!r} stands here twice")
            if required is not None and not open_ended and word not in required:
                self._fail(key, f"unknown key {word!r}; known: {_listed(required)}")
            found[word] = value
        if missing := (required or set()) - set(found):
            self._fail(node, f"missing: {_listed(missing)}")
        return found

    def _compose(self) -> yaml.Node:
        try:
            node = yaml.compose(self._text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise TemplateSyntaxError(f"{self._origin}: no valid YAML: {error}") from error
        if node is None:
            raise TemplateSyntaxError(f"{self._origin}: the file is empty")
        return node

    def _fail(self, node: yaml.Node, why: str, *, plus: int = 0) -> NoReturn:
        raise TemplateSyntaxError(f"{self._origin}:{node.start_mark.line + 1 + plus}: {why}")


def _listed(words: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(words))
