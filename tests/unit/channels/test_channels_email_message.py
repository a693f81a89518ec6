"""The mail that a text becomes: its headers, its HTML, and nothing that can be slipped in."""

import re
from dataclasses import replace
from email import message_from_bytes, message_from_string
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.email_html import as_html
from channels.email_message import compose, plain_address
from channels.email_reply_text import text_of_html
from channels.email_tokens import message_id, unsubscribe_url, unsubscriber
from channels.settings import ChannelSettings
from tests.contracts.test_channels_email import TO, mail

pytestmark = pytest.mark.unit
SETTINGS = ChannelSettings(
    secret_key="geheim", mail_sender="huur@wonen.example", public_url="https://huur.wonen.example"
)
NAMES = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "X-Outreach-Key",
    "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
}  # fmt: skip
EVIL = st.text(st.sampled_from('ab\r\n:;,<>@"\\=?\x00\x0b\x0c\x1c\x85\u2028é😀ع\u202e\t '), max_size=60) | st.text(
    max_size=60
)


def arrived(made: EmailMessage) -> EmailMessage:
    return message_from_bytes(made.as_bytes(), policy=default)


def test_the_headers_of_a_well_behaved_machine() -> None:
    found = arrived(compose(mail(name="Mevrouw De Vries", language="nl-je"), SETTINGS))
    assert set(found.keys()) == NAMES
    assert found["To"] == f"Mevrouw De Vries <{TO}>"
    assert (found["Auto-Submitted"], found["Content-Language"]) == ("auto-generated", "nl")
    assert found["Date"].datetime == mail().at
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<https://huur\.wonen\.example/hooks/email/unsubscribe\?t=[\w-]+>, <mailto:huur@wonen\.example\?subject=STOP>",
        found["List-Unsubscribe"],
    )
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


def test_without_a_public_address_stopping_goes_by_mail() -> None:
    found = arrived(compose(mail(), replace(SETTINGS, public_url="")))
    assert found["List-Unsubscribe"] == "<mailto:huur@wonen.example?subject=STOP>"
    assert found["List-Unsubscribe-Post"] is None


def test_the_name_of_the_sender_comes_from_the_message_else_from_the_setting() -> None:
    named = replace(SETTINGS, mail_sender="Incasso <huur@wonen.example>")
    assert compose(mail(), named)["From"] == "Wonen Voorbeeld <huur@wonen.example>"
    assert compose(mail(sender_name=""), named)["From"] == "Incasso <huur@wonen.example>"
    assert compose(mail(sender="0101234567"), SETTINGS)["Reply-To"] is None


@settings(max_examples=50, deadline=None)
@given(EVIL, EVIL, EVIL, EVIL, EVIL)
def test_no_header_can_be_slipped_in(name: str, subject: str, sender: str, sender_name: str, text: str) -> None:
    made = compose(
        mail(name=name, subject=subject, sender=sender, sender_name=sender_name, text=text, key=f"k{text}"), SETTINGS
    )
    raw = made.as_bytes()
    found = message_from_bytes(raw, policy=default)
    assert set(found.keys()) <= NAMES
    assert len(found.keys()) == len(set(found.keys()))
    assert [each.addr_spec for each in found["To"].addresses] == [TO]
    assert [each.addr_spec for each in found["From"].addresses] == ["huur@wonen.example"]
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


@settings(max_examples=50, deadline=None)
@given(EVIL | st.emails() | st.from_regex(r"[^ ]{1,10}@[a-z.é-]{1,20}", fullmatch=True))
def test_every_address_is_refused_or_stays_one_address(to: str) -> None:
    plain = plain_address(to)
    if plain is not None:
        raw = compose(mail(to=to), SETTINGS).as_bytes().decode()
        found = message_from_string(raw, policy=default)
        assert [each.addr_spec for each in found["To"].addresses] == [plain]
        assert not set(plain) & set(" <>,;\r\n\0")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_the_text_arrives_as_it_was(text: str) -> None:
    plain, page = arrived(compose(mail(text=text), SETTINGS)).iter_parts()
    shown = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", " ", text.replace("\r\n", "\n").replace("\r", "\n")
    )
    assert plain.get_content().rstrip("\n").split() == shown.split()
    assert page.get_content().replace("\r\n", "\n").strip() == as_html(mail(text=text)).strip()


class Page(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("<>&\"'/=:.- \n0123456789abhreftpsjvic*€?+"), max_size=120))
def test_a_text_brings_no_tags_and_nothing_from_elsewhere(text: str) -> None:
    plain = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "div",
        "p",
        "bdi",
        "br",
        "ul",
        "ol",
        "li",
        "h2",
        "a",
    }
    page = Page(as_html(mail(text=text, subject=text, sender_name=text)))
    assert {tag for tag, _ in page.tags} <= plain
    names = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in ("src", "background")}
    assert all(re.match(r"tel:\+?\d+$|https://", link["href"] or "") for link in page.of("a"))


def test_paragraphs_headings_lists_and_telephone_numbers() -> None:
    text = (
        "Beste huurder,\n\nEr is hulp\nDe gemeente helpt. Bel 0800 8115 of 010 123 4567.\n\n"
        "U kunt:\n- bellen\n- mailen\n\n1. eerst dit\n2. dan dat\n\nIBAN NL91 ABNA 0417 1643 00, € 1.250,00.\n\n"
        "Karin Bos\nWonen Voorbeeld\n\nZie https://wonen.example/hulp."
    )
    made = as_html(mail(text=text))
    page = Page(made)
    assert [link["href"] for link in page.of("a")] == ["tel:08008115", "tel:+31101234567", "https://wonen.example/hulp"]
    assert (len(page.of("h2")), len(page.of("ul")), len(page.of("ol")), len(page.of("li"))) == (1, 1, 1, 4)
    assert "Karin Bos<br>Wonen Voorbeeld" in made
    assert text_of_html(made).split() == ["Wonen", "Voorbeeld", *re.sub(r"(?m)^(?:-|\d\.) ", "", text).split()]


@pytest.mark.parametrize(("language", "direction"), [("nl", "ltr"), ("nl-je", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(language: str, direction: str) -> None:
    [page] = Page(as_html(mail(language=language))).of("html")
    assert page == {"lang": language.partition("-")[0], "dir": direction}


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=40), st.emails())
def test_a_link_tells_us_who_and_others_nothing(key: str, address: str) -> None:
    url = unsubscribe_url(key, address, SETTINGS)
    found = unsubscriber(url, SETTINGS)
    assert found is not None
    assert (found.address, found.message_id) == (address, message_id(key, SETTINGS))
    assert address not in url
    assert unsubscriber(url, replace(SETTINGS, secret_key="ander")) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.characters(codec="ascii"))
def test_a_changed_link_is_no_link(place: int, sign: str) -> None:
    start, _, token = unsubscribe_url("k", TO, SETTINGS).partition("?t=")
    place %= len(token)
    changed = f"{token[:place]}{sign}{token[place + 1 :]}"
    found = unsubscriber(f"{start}?t={changed}", SETTINGS)
    assert found is None or found.address == TO


def test_a_message_id_is_always_the_same_and_needs_the_secret() -> None:
    assert message_id("a", SETTINGS) == message_id("a", SETTINGS)
    others = {message_id("a", SETTINGS), message_id("b", SETTINGS), message_id("a", replace(SETTINGS, secret_key="x"))}
    assert len(others) == 3
