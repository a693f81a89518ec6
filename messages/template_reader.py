"""Read and write a template's document: strict YAML, each complaint with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from messages.languages import LANGUAGES
from messages.template import (
    BRACE,
    CHANNELS,
    MEASURES,
    PLACEHOLDERS,
    PURPOSES,
    REQUIRED_LANGUAGES,
    WITH_SUBJECT,
    Template,
    TemplateSyntaxError,
    split_parts,
    spoken_parts,
    text_version,
)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_document(name: str, origin: str, text: str) -> list[Template]:
    """Return every text of a template's document; `origin` names it in complaints. Raises TemplateSyntaxError."""
    return list(_Reader(name, origin, text).templates())


def join_languages(text: str, translations: Mapping[str, str], origin: str) -> str:
    """Join a template's document with its translations (language code -> YAML per channel) into one document.

    Without translations the text stays as it is. Raises TemplateSyntaxError for a channel that the template lacks.
    """
    if not translations:
        return text
    document = _plain(text, origin)
    for code, source in sorted(translations.items()):
        for channel, texts in _plain(source, f"{code}/{origin}").items():
            if channel not in document.get("channels", {}):
                raise TemplateSyntaxError(f"{code}/{origin}: the template has no channel {channel!r}")
            document["channels"][channel][code] = texts
    return write_document(document)


def replace_text(
    source: str | None, head: Mapping[str, Any], channel: str, language: str, text: Mapping[str, str | None]
) -> str:
    """Return a template's document with the text of one channel and language replaced or added.

    Without a `source` the document begins with `head` (name, purpose, mentions, title).
    """
    document = _plain(source, str(head["name"])) if source is not None else dict(head)
    channels = document.setdefault("channels", {})
    channels.setdefault(channel, {})[language] = dict(text)
    return write_document(document)


def write_document(document: Mapping[str, Any]) -> str:
    """Write a template's document as YAML text, the form that is kept as a version."""
    return yaml.dump(document, Dumper=_Document, allow_unicode=True, sort_keys=False, width=110)


class _Document(yaml.SafeDumper):
    """Writes texts of several lines as blocks, and repeats a text instead of pointing at it."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never write an alias."""
        return True


def _write_text(dumper: _Document, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Document.add_representer(str, _write_text)


def _plain(text: str, origin: str) -> dict[str, Any]:
    try:
        found = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise TemplateSyntaxError(f"{origin}: no valid YAML: {error}") from error
    if not isinstance(found, dict):
        raise TemplateSyntaxError(f"{origin}: a mapping (key: value) was expected here")
    return found


@dataclass(frozen=True)
class _Head:
    """What all texts of one document share."""

    name: str
    purpose: str
    mentions: frozenset[str]
    title: str | None


class _Reader:
    """Reads one file over YAML nodes, so that each complaint can name its line."""

    def __init__(self, name: str, origin: str, text: str) -> None:
        self._name, self._origin, self._text = name, origin, text

    def templates(self) -> Iterator[Template]:
        """Yield every text of the file."""
        top = self._mapping(
            self._compose(), required={"name", "purpose", "mentions", "channels"}, optional=frozenset({"title"})
        )
        if self._word(top["name"]) != self._name:
            self._fail(top["name"], f"name must be {self._name!r}, like the file")
        purpose = self._one_of(top["purpose"], PURPOSES, "purpose")
        mentions = self._mentions(top["mentions"])
        title = self._filled(top["title"]) if "title" in top else None
        channels = self._mapping(top["channels"])
        if not channels:
            self._fail(top["channels"], "no channel; give at least one")
        for channel, node in channels.items():
            if channel not in CHANNELS:
                self._fail(node, f"unknown channel {channel!r}; known: {', '.join(sorted(CHANNELS))}")
            yield from self._languages(channel, node, _Head(self._name, purpose, mentions, title))

    def _languages(self, channel: str, node: yaml.Node, head: _Head) -> Iterator[Template]:
        for language, text in self._mapping(node, required=set(REQUIRED_LANGUAGES), open_ended=True).items():
            if language not in LANGUAGES:
                self._fail(text, f"unknown language {language!r}; known: {', '.join(LANGUAGES)}")
            yield self._template(channel, language, text, head)

    def _template(self, channel: str, language: str, node: yaml.Node, head: _Head) -> Template:
        wanted = {"subject", "body"} if channel in WITH_SUBJECT else {"body"}
        fields = self._mapping(node, required=wanted)
        subject = self._filled(fields["subject"]) if "subject" in fields else None
        body = self._filled(fields["body"])
        if channel == "robocall":
            self._check_parts(fields["body"], body)
        return Template(
            name=head.name,
            channel=channel,
            language=language,
            subject=subject,
            body=body,
            purpose=head.purpose,
            mentions=head.mentions,
            title=head.title,
            version=text_version(head.name, channel, language, subject, body, head.purpose, head.mentions),
        )

    def _check_parts(self, node: yaml.Node, body: str) -> None:
        if missing := [part for part in spoken_parts(self._name) if not split_parts(body).get(part)]:
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
        for match in BRACE.finditer(text):
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
        self,
        node: yaml.Node,
        *,
        required: set[str] | None = None,
        open_ended: bool = False,
        optional: frozenset[str] = frozenset(),
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fail(node, "a mapping (key: value) was expected here")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = self._word(key)
            if word in found:
                self._fail(key, f"{word!r} stands here twice")
            if required is not None and not open_ended and word not in required | optional:
                self._fail(key, f"unknown key {word!r}; known: {_listed(required | optional)}")
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
