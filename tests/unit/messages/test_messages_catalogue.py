from pathlib import Path

import pytest

from messages.catalogue import catalogue_from_sources, load_catalogue
from messages.template import CatalogueError, MissingTemplate, TemplateSyntaxError

GOOD = """\
name: hello
purpose: care
mentions: []
channels:
  sms:
    nl:
      body: Dag {name}
    en:
      body: Hello {name}
    tr:
      body: Merhaba {name}
  email:
    nl:
      subject: Dag
      body: Dag {name}
    en:
      subject: Hello
      body: Hello {name}
"""

WRONG = [
    ("channels:\n", "chanels:\n", "hello.yaml:4: unknown key 'chanels'"),
    ("purpose: care\n", "", "missing: purpose"),
    ("purpose: care", "purpose: sales", "hello.yaml:2: unknown purpose 'sales'"),
    ("mentions: []", "mentions: [prison]", "hello.yaml:3: unknown measure 'prison'"),
    ("  sms:", "  fax:", "unknown channel 'fax'"),
    ("    nl:\n      body: Dag {name}\n    en", "    en", "missing: nl"),
    ("Dag {name}", "Dag {naam}", "hello.yaml:7: unknown placeholder {naam}"),
    ("Dag {name}", "Dag {name", "hello.yaml:7: unknown placeholder {"),
    ("      subject: Dag\n", "", "missing: subject"),
    ("      body: Merhaba {name}", "      body: Merhaba\n      subject: no", "hello.yaml:12: unknown key 'subject'"),
    ("      body: Merhaba {name}", "      body: ''", "hello.yaml:11: empty text"),
    ("  email:", "  sms:", "'sms' stands here twice"),
    ("name: hello", "name: other", "hello.yaml:1: name must be 'hello'"),
    ("  sms:", "  robocall:", "robocall text lacks [greeting]"),
    ("name: hello", "name: [", "no valid YAML"),
]


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "hello.yaml").write_text(text, "utf-8")
    return tmp_path


def test_a_text_is_found_and_an_absent_language_falls_back_to_dutch(tmp_path: Path) -> None:
    catalogue = load_catalogue(folder_with(tmp_path, GOOD))
    assert catalogue.get("hello", "sms", "tr").body == "Merhaba {name}"
    assert catalogue.get("hello", "email", "tr").language == "nl"
    assert catalogue.names() == ("hello",)
    assert catalogue.channels("hello") == ("email", "sms")
    assert catalogue.languages("hello") == ("en", "nl")


@pytest.mark.parametrize(("name", "channel"), [("hello", "letter"), ("goodbye", "sms")])
def test_what_is_not_there_is_missing(tmp_path: Path, name: str, channel: str) -> None:
    catalogue = load_catalogue(folder_with(tmp_path, GOOD))
    with pytest.raises(MissingTemplate, match=name):
        catalogue.get(name, channel, "nl")
    with pytest.raises(MissingTemplate):
        catalogue.source("goodbye")


@pytest.mark.parametrize(("old", "new", "complaint"), WRONG)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(TemplateSyntaxError) as caught:
        load_catalogue(folder_with(tmp_path, GOOD.replace(old, new, 1)))
    assert complaint in str(caught.value)


def test_the_line_of_a_wrong_placeholder_in_a_block_is_named(tmp_path: Path) -> None:
    text = GOOD.replace("body: Merhaba {name}", "body: |\n        Merhaba\n        {oops}")
    with pytest.raises(TemplateSyntaxError, match=r"hello\.yaml:13: unknown placeholder \{oops\}"):
        load_catalogue(folder_with(tmp_path, text))


def test_a_stored_source_gives_the_same_versions() -> None:
    shipped = load_catalogue()
    again = catalogue_from_sources({name: shipped.source(name) for name in shipped.names()})
    assert {t.version for t in again} == {t.version for t in shipped}


def test_another_word_is_another_version(tmp_path: Path) -> None:
    first = load_catalogue(folder_with(tmp_path, GOOD)).get("hello", "sms", "nl")
    second = catalogue_from_sources({"hello": GOOD.replace("Dag {name}", "Hoi {name}", 1)}).get("hello", "sms", "nl")
    assert first.version != second.version


def test_an_empty_stored_source_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"hello \(stored\): the file is empty"):
        catalogue_from_sources({"hello": ""})
