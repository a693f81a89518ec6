"""The sentence with the link: every text that carries it still passes its checks, in every language."""

from collections.abc import Mapping

import pytest

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.rendering import own_names, render
from messages.samples import sample_values
from messages.template import Template
from outreach.services.tenant_page_messages import (
    ABOUT_ANSWERING,
    NEVER,
    NO_PURPOSE,
    SENTENCES,
    with_link,
)

LINK = "https://huur.voorbeeld.example/r/JEF2PTZJYAE1"


def carrying() -> list[Template]:
    """List every text that may carry the link."""
    return [
        each
        for each in load_catalogue()
        if each.channel in SENTENCES
        and each.name not in NEVER
        and each.purpose not in NO_PURPOSE
        and (each.channel in ("email", "letter") or each.name in ABOUT_ANSWERING)
    ]


@pytest.mark.parametrize("language", ["nl", "nl-je", "en", "tr", "ar", "pl", "uk"])
def test_a_text_with_the_link_passes_as_it_did_without(language: str) -> None:
    found = [each for each in carrying() if each.language == language]
    assert len(found) > 20
    for template in found:
        values = sample_values("typical", language)
        bare = render(template, values)
        linked = with_link(bare, template, LINK)
        assert "hoeft nu niets te doen" not in bare.text, f"{template.name} asks nothing, so it carries no link"
        assert f"\n{LINK}" in linked.text and linked.text.count(LINK) == 1, template.name
        stops = [
            [(each.rule, each.text) for each in verdict.findings if each.severity == "stop"]
            for verdict in (_checked(template, bare.text, values), _checked(template, linked.text, values))
        ]
        assert stops[1] == stops[0], (template.name, template.channel, stops)
        if template.channel == "sms":
            assert linked.segments is not None and bare.segments is not None
            assert linked.segments <= bare.segments + 2, (template.name, language)


def _checked(template: Template, text: str, values: Mapping[str, str]) -> Verdict:
    return check(
        text,
        channel=template.channel,
        language=template.language,
        subject=template.subject,
        purpose=template.purpose,
        allowed_measures=template.mentions,
        own_names=own_names(values, template),
    )


def test_a_letter_keeps_its_greeting_below_the_link() -> None:
    [template] = [
        each for each in carrying() if (each.name, each.channel, each.language) == ("reminder", "email", "nl")
    ]
    text = with_link(render(template, sample_values("typical", "nl")), template, LINK).text
    assert text.index(LINK) < text.index("Met vriendelijke groet,") < text.rindex("\n")
    assert "zonder wachtwoord:\n" + LINK + "\n\nMet vriendelijke groet," in text
