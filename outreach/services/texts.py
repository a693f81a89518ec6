"""Choose and fill a text for one attempt and check it: the same checks as at publishing, on the filled-in text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from channels.phone_numbers import readable_phone
from messages.checks import Verdict, check, without
from messages.collection_costs import collection_costs
from messages.examined import LetterFacts
from messages.formats import euro, spoken_date
from messages.languages import DUTCH, DUTCH_INFORMAL, base_language
from messages.rendering import Rendered, own_names, render
from messages.template import FALLBACK_LANGUAGE, Template
from outreach.db.tables import AttemptRow, PersonRow
from outreach.services.addressees import full_name, salutation
from outreach.services.facts import LoadedCase
from outreach.services.policy import Policy
from outreach.services.tenant_page_messages import with_link
from outreach.services.text_use import HEAVY
from outreach.services.written_values import Fact, written
from schedules.ladder import Ladder

STAFF_CHANNELS = frozenset({"call", "visit"})
EASY = "A2"
EASY_READERS = frozenset({"low_literacy", "lvb"})
"""Needs of tenants whose texts are held against profile A2."""


@dataclass(frozen=True, kw_only=True)
class FilledText:
    """A text as the tenant gets it, with the verdict of the checks, and the template and values that it came from."""

    template: Template
    values: Mapping[str, object]
    rendered: Rendered
    verdict: Verdict


def text_values(
    policy: Policy, loaded: LoadedCase, row: AttemptRow, language: str, extra: Mapping[str, Fact], day: date
) -> dict[str, object]:
    """Gather the values that any text may use, in its language; `extra` holds those of a plan or a promise."""
    facts, settings = loaded.facts, policy.settings
    person = loaded.addressees.people.get(row.addressee_id, loaded.addressees.primary)
    return {
        "name": _greeted(loaded, person, language),
        "amount": euro(facts.amount_cents, language),
        "since": spoken_date(facts.oldest_due_on, language) if facts.oldest_due_on else None,
        "landlord": settings.sender_name or policy.landlord_name,
        "contact_name": settings.contact_name,
        "contact_phone": readable_phone(settings.sender_phone),
        "municipality": loaded.area.municipality,
        "address": loaded.addressees.address,
        "reference": loaded.tenancy.external_ref,
        "debt_help_phone": settings.debt_help_phone,
        "iban": settings.iban or None,
        **{name: euro(cents, language) for name, cents in _costs(policy, facts.amount_cents, day).items()},
        **written(extra, language),
    }


def _costs(policy: Policy, amount_cents: int, day: date) -> dict[str, int]:
    """Give what a landlord who asks collection costs may ask, and the sum with the debt; nothing for others."""
    if policy.settings.collection_costs == "none" or amount_cents <= 0:
        return {}
    costs = collection_costs(amount_cents, day, vat=policy.settings.costs_with_vat)
    return {"costs": costs, "total_with_costs": amount_cents + costs}


ON_BEHALF: Mapping[str, str] = {
    "nl": "{} (voor {})",
    "en": "{} (for {})",
    "tr": "{} ({} adına)",
    "ar": "{} (عن {})",
    "pl": "{} (w imieniu: {})",
    "uk": "{} (від імені: {})",
}
"""How who acts for a tenant is greeted: his own name, and that of the tenant."""


def _greeted(loaded: LoadedCase, person: PersonRow, language: str) -> str:
    """Greet the addressee; who acts for a tenant hears for whom."""
    name = salutation(person, language)
    if not loaded.addressees.represented or person.id != loaded.addressees.primary.id:
        return name
    return ON_BEHALF[base_language(language)].format(name, full_name(loaded.addressees.tenant))


def choose(policy: Policy, name: str, channel: str, language: str) -> Template:
    """Return the text for a tenant's language: Dutch with u or je as the landlord says.

    Talking points are for staff, so in Dutch. A language whose text nobody has approved gets the Dutch one. Raises
    MissingTemplate.
    """
    if channel in STAFF_CHANNELS:
        language = DUTCH
    wanted = DUTCH_INFORMAL if language == DUTCH and policy.settings.address_form == "je" else language
    found = policy.catalogue.find(name, channel, wanted)
    if found is not None and policy.approvals.may_go(found):
        return found
    return policy.catalogue.get(name, channel, FALLBACK_LANGUAGE)


def fill(
    policy: Policy,
    loaded: LoadedCase,
    row: AttemptRow,
    ladder: Ladder,
    extra: Mapping[str, Fact],
    day: date,
    link: str = "",
) -> FilledText:
    """Render and check the text of an attempt. Raises the catalogue's errors when a value is missing.

    `link` is the address of the tenant's page that stands in it, "" for none.

    It may name what is possible at its step of `ladder`; an answer or a text of a plan never what is heavy.
    """
    assert row.template is not None
    template = choose(policy, row.template, row.channel, row.language)
    values = text_values(policy, loaded, row, template.language, extra, day)
    rendered = with_link(render(template, values), template, link) if link else render(template, values)
    person = loaded.addressees.people.get(row.addressee_id, loaded.addressees.primary)
    settings = policy.settings
    step = ladder.step(row.step)
    measures = policy.measures_at(row.ladder_version_id, ladder, step) if step else template.mentions - HEAVY
    verdict = check(
        rendered.text,
        channel=row.channel,
        language=template.language,
        subject=rendered.subject,
        purpose=template.purpose,
        profile=EASY if EASY_READERS & frozenset(person.needs) else "B1",
        allowed_measures=measures,
        parts=rendered.parts or None,
        own_names=own_names(values, template),
        facts=LetterFacts(
            amount_cents=loaded.facts.amount_cents,
            costs_cents=_costs(policy, loaded.facts.amount_cents, day).get("costs"),
            costs_vat=settings.costs_with_vat,
            since=loaded.facts.oldest_due_on,
        ),
    )
    return FilledText(
        template=template,
        values=values,
        rendered=rendered,
        verdict=without(verdict, policy.approvals.rules_set_aside(template)),
    )
