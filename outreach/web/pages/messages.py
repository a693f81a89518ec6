"""The texts for tenants with their verdict, each as the tenant sees it."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from messages.checks import Verdict
from messages.languages import LANGUAGES, TENANT_LANGUAGES
from messages.template import Template
from outreach.db.tables import TextDraftRow
from outreach.services.policy import Policy
from outreach.services.text_checking import TextReport, examine_template, with_rules_set_aside
from outreach.services.text_drafts import list_text_drafts
from outreach.services.text_use import allowed_for, unread_texts, where_used
from outreach.services.text_versions import waiting_texts
from outreach.services.written_text import written_text
from outreach.web.context import runtime, scope
from outreach.web.labels import label
from outreach.web.pages.text_checks import marked
from outreach.web.pages.text_frame import (
    SIZE_NAMES,
    TEXT_CHANNELS,
    Shown,
    language_title,
    policy,
    sample_view,
    shared,
)
from outreach.web.pages.text_names import NAMES
from outreach.web.security import for_roles

blueprint = Blueprint("messages", __name__)


@dataclass(frozen=True, kw_only=True)
class TextHead:
    """One template in the list: the worst verdict over its Dutch texts, and what must change in any of them."""

    name: str
    title: str | None
    purpose: str
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    worst: Verdict
    passed: bool
    remarks: int
    used: int


@blueprint.get("/teksten")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show every text with its verdict, the drafts, and what waits for somebody."""
    channel, purpose = request.args.get("channel"), request.args.get("purpose")
    found = policy()
    with runtime().db.read() as session:
        drafts = list_text_drafts(session, found.landlord_id)
        waiting = waiting_texts(session, found.landlord_id)
    heads = [
        head
        for head in (_head(found, name) for name in found.catalogue.names())
        if (not channel or channel in head.channels) and (not purpose or purpose == head.purpose)
    ]
    return render_template(
        "messages/index.html",
        heads=heads,
        names=NAMES,
        channel=channel,
        purpose=purpose,
        channels=[(code, label("channel", code)) for code in TEXT_CHANNELS],
        drafts=[(draft, _draft_title(found, draft)) for draft in drafts],
        waiting=waiting,
        unread={language_title(code): (code, len(each)) for code, each in unread_texts(found).items()},
        **shared(),
    )


def _draft_title(found: Policy, draft: TextDraftRow) -> str:
    own = next((each.title for each in found.catalogue if each.name == draft.name), None)
    return own or draft.head.get("title") or NAMES.get(draft.name, draft.name)


def _head(found: Policy, name: str) -> TextHead:
    texts = [each for each in found.catalogue if each.name == name]
    reports = {each: _report(found, each) for each in texts}
    dutch = [report.worst for each, report in reports.items() if each.language == "nl" and report.worst]
    return TextHead(
        name=name,
        title=texts[0].title,
        purpose=texts[0].purpose,
        channels=found.catalogue.channels(name),
        languages=tuple(code for code in TENANT_LANGUAGES if any(each.language == code for each in texts)),
        worst=min(dutch, key=lambda verdict: verdict.score),
        passed=all(report.passed for report in reports.values()),
        remarks=sum(mark.severity in ("stop", "warn") for report in reports.values() for mark in report.marks),
        used=len(where_used(found, name)),
    )


def _report(found: Policy, template: Template) -> TextReport:
    allowed = allowed_for(found, template.name, template.mentions)
    report = examine_template(template, allowed, found.settings.costs_with_vat)
    return with_rules_set_aside(report, found.approvals.rules_set_aside(template))


@blueprint.get("/teksten/<name>")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show one text over one channel as the tenant sees it, with what the check found."""
    found = policy()
    texts = {(each.channel, each.language): each for each in found.catalogue if each.name == name}
    if not texts:
        abort(404)
    channels = found.catalogue.channels(name)
    channel = _one_of(request.args.get("channel"), channels)
    codes = tuple(code for code in LANGUAGES if (channel, code) in texts)
    template = texts[channel, _one_of(request.args.get("language"), codes)]
    size = _one_of(request.args.get("size"), tuple(SIZE_NAMES))
    report = _report(found, template)
    shown = Shown(written=written_text(template), report=report, rules=found.approvals.rules_set_aside(template))
    view = sample_view(shown, size)
    assert report.verdicts is not None
    assert view is not None
    return render_template(
        "messages/show.html",
        name=name,
        title=template.title or NAMES.get(name, name),
        template=template,
        verdict=report.verdicts[size],
        marked=marked(view.text, report.verdicts[size].findings),
        shown=shown,
        view=view,
        channels=channels,
        languages=codes,
        size=size,
        other=[(each, _report(found, each)) for _place, each in sorted(texts.items())],
        may_go=found.approvals.may_go(template),
        scope=scope(),
        **shared(),
    )


def _one_of(asked: str | None, known: tuple[str, ...]) -> str:
    return asked if asked in known else known[0]
