"""Every Dutch text of the console has its English."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import outreach.web
from messages.languages import TENANT_LANGUAGES
from messages.replies import INTENTS as UNDERSTOOD
from messages.rules import RULES
from messages.wordlists import read_words
from outreach.web.reply_labels import INTENTS, SUGGESTIONS
from outreach.web.translation import FOLDER

WEB = Path(outreach.web.__file__).parent
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "counted": (1, 2)}
OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false", "trim_blocks": "true"}

Found = tuple[str, str]


def texts() -> Iterator[Found]:
    """Yield every (place, msgid) of templates and code."""
    for path in sorted(WEB.rglob("*.html")):
        yield from _extracted(path, babel_extract)
    for path in sorted(WEB.rglob("*.py")):
        yield from _extracted(path, extract_python)


def _extracted(path: Path, method: object) -> Iterator[Found]:
    for line, message, *_rest in extract_from_file(method, path, KEYWORDS, options=OPTIONS):  # type: ignore[arg-type]
        msgid = message if isinstance(message, str) else message[0]
        yield f"{path.relative_to(WEB)}:{line}", msgid


def translated() -> dict[str, str | tuple[str, ...]]:
    """Return the English of every msgid."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in FOLDER.glob("en/*.po"):
        with path.open("rb") as source:
            found.update(_entries(source))
    return found


def _entries(source: BinaryIO) -> dict[str, str | tuple[str, ...]]:
    return {
        entry.id if isinstance(entry.id, str) else entry.id[0]: entry.string
        for entry in read_po(source)
        if entry.id and not entry.fuzzy
    }


@pytest.mark.integration
def test_every_text_has_its_english() -> None:
    english = translated()
    all_texts = list(texts())
    missing = [f"{place}: {msgid}" for place, msgid in all_texts if not english.get(msgid)]
    assert len(all_texts) > 200
    assert not missing, "without English:\n" + "\n".join(missing)


@pytest.mark.integration
def test_every_source_of_a_finding_has_its_english() -> None:
    sources = {rule.source for rule in RULES.values()}
    for language in TENANT_LANGUAGES:
        sources |= {group["source"] for group in read_words(f"{language}_tone.yaml").values()}
    assert len(sources) > 10
    assert sources <= translated().keys()


def test_all_that_a_reply_can_say_has_words_and_advice() -> None:
    assert INTENTS.keys() == SUGGESTIONS.keys() >= set(UNDERSTOOD)
