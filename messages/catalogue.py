"""The catalogue of texts for tenants: strict YAML files, immutable templates with a content hash.

One document per template name holds its purpose, the measures it names, and per channel and language a body
(and a subject where the channel has one). Those that ship lie as `NAME.yaml` with Dutch and English, and as
`CODE/NAME.yaml` with another language: per channel a body and a subject.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from messages.languages import LANGUAGES
from messages.template import FALLBACK_LANGUAGE, MissingTemplate, Template, TemplateSyntaxError
from messages.template_reader import join_languages, read_document


class Catalogue:
    """All templates of one moment; built by `load_catalogue` or `catalogue_from_sources`."""

    def __init__(self, templates: Mapping[tuple[str, str, str], Template], sources: Mapping[str, str]) -> None:
        self._templates = MappingProxyType(dict(templates))
        self._sources = MappingProxyType(dict(sources))

    def find(self, name: str, channel: str, language: str) -> Template | None:
        """Return the text in exactly this language, None when there is none."""
        return self._templates.get((name, channel, language))

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
    """Read every template file of a folder, or those that ship with the product. Raises TemplateSyntaxError.

    Those that ship are read once per process.
    """
    return _shipped() if folder is None else _load(folder)


@lru_cache(maxsize=1)
def _shipped() -> Catalogue:
    return _load(files("messages") / "templates")


def _load(root: Traversable) -> Catalogue:
    found = _texts_in(root)
    translations = {code: _texts_in(root / code) for code in LANGUAGES if (root / code).is_dir()}
    for code, texts in translations.items():
        if unknown := sorted(set(texts) - set(found)):
            raise TemplateSyntaxError(f"{code}/{unknown[0]}: there is no template {unknown[0]} to translate")
    sources = {name: (name, join_languages(text, _other(translations, name), name)) for name, text in found.items()}
    return _build({name.removesuffix(".yaml"): source for name, source in sources.items()})


def _texts_in(folder: Traversable) -> dict[str, str]:
    return {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}


def _other(translations: Mapping[str, Mapping[str, str]], name: str) -> dict[str, str]:
    return {code: texts[name] for code, texts in translations.items() if name in texts}


def catalogue_from_sources(sources: Mapping[str, str]) -> Catalogue:
    """Build a catalogue from stored YAML texts by template name. Raises TemplateSyntaxError."""
    return _build({name: (f"{name} (stored)", text) for name, text in sources.items()})


def _build(sources: Mapping[str, tuple[str, str]]) -> Catalogue:
    templates: dict[tuple[str, str, str], Template] = {}
    for name, (origin, text) in sorted(sources.items()):
        for template in read_document(name, origin, text):
            templates[(name, template.channel, template.language)] = template
    return Catalogue(templates, {name: text for name, (_, text) in sources.items()})
