"""`outreach message`: the checks of texts on the command line, and the texts and rules that ship."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.languages import LANGUAGES
from messages.readability import PROFILES
from messages.rules import RULES
from messages.samples import SIZES
from messages.template import CHANNELS, PURPOSES, Template
from outreach.cli.frame import json_option, print_json
from outreach.errors import OutreachError
from outreach.services.text_checking import TextReport, examine_template
from schedules.possible_measures import measures_of_stage, possible_measures
from schedules.shipped import load_shipped, shipped_names

DEFAULT_LADDER = "standaard"


class Unjudged(OutreachError):
    """There is no text to judge: it cannot be read, or its ladder, stage or name does not exist."""

    exit_code = 2


@click.group("message")
def message_group() -> None:
    """Teksten voor huurders."""


@message_group.command("check")
@click.argument("file", default="-")
@click.option("--channel", type=click.Choice(sorted(CHANNELS)), default="sms", show_default=True)
@click.option("--lang", type=click.Choice(tuple(LANGUAGES)), default="nl", show_default=True)
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="B1", show_default=True)
@click.option(
    "--purpose", type=click.Choice(sorted(PURPOSES)), help="Toets ook of alles erin staat wat zo'n bericht nodig heeft."
)
@click.option("--subject", help="De onderwerpregel van een e-mail of brief.")
@click.option("--stage", help="Fase of stap van de ladder: wat daar echt kan, mag genoemd worden.")
@click.option(
    "--ladder", default=DEFAULT_LADDER, show_default=True, help="De meegeleverde ladder waarin --stage staat."
)
@click.option("--lines", is_flag=True, help="Lees één tekst per regel, schrijf één JSON per regel.")
@json_option
def check_command(
    file: str,
    channel: str,
    lang: str,
    profile: str,
    purpose: str | None,
    subject: str | None,
    stage: str | None,
    ladder: str,
    lines: bool,
    as_json: bool,
) -> None:
    """Toets een tekst op B1, toon, stap, privacy en wet. FILE is een bestand, of - voor de standaardinvoer.

    Exitcode 1 als de tekst niet mag, 2 als hij niet te lezen is; met --lines 0 als elke regel beoordeeld is.
    """
    measures = _measures(ladder, stage)
    text = _read(file)

    def judged(each: str) -> Verdict:
        return check(
            each,
            channel=channel,
            language=lang,
            subject=subject,
            profile=profile,
            purpose=purpose,
            allowed_measures=measures,
        )

    if lines:
        for line in text.removesuffix("\n").split("\n"):
            click.echo(json.dumps(verdict_data(judged(line.removesuffix("\r")))))
        return
    if not text.strip():
        raise Unjudged("De tekst is leeg.", "The text is empty.")
    verdict = judged(text.strip())
    if as_json:
        print_json(verdict_data(verdict))
    else:
        _tell(verdict)
    raise SystemExit(0 if verdict.passed else 1)


def _measures(ladder_name: str, stage: str | None) -> frozenset[str]:
    if stage is None:
        return frozenset()
    ladder_name, stage = stage.split(":", 1) if ":" in stage else (ladder_name, stage)
    if ladder_name not in shipped_names():
        known = ", ".join(shipped_names())
        raise Unjudged(f"Er is geen ladder {ladder_name}. Er zijn: {known}.", f"No ladder {ladder_name}: {known}.")
    ladder = load_shipped(ladder_name)
    step = ladder.step(stage)
    if stage in {each.key for each in ladder.stages}:
        return measures_of_stage(ladder, stage)
    if step is not None:
        return possible_measures(ladder, step)
    stages = ", ".join(each.key for each in ladder.stages)
    raise Unjudged(
        f"De ladder {ladder_name} heeft geen fase of stap {stage}. Fasen: {stages}.",
        f"The ladder {ladder_name} has no stage or step {stage}. Stages: {stages}.",
    )


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise Unjudged(f"{file} kan niet gelezen worden: {why}.", f"{file} cannot be read: {why}.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unjudged(
            f"{file} is geen UTF-8 (byte {error.start}). Bewaar het als UTF-8.",
            f"{file} is not UTF-8 (byte {error.start}). Save it as UTF-8.",
        ) from error
    if "\x00" in text:
        raise Unjudged(f"{file} is geen tekst: er staan nulbytes in.", f"{file} is no text: it holds null bytes.")
    return text


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Give a verdict as plain data (docs/cli.md)."""
    return {
        "level": verdict.level,
        "score": verdict.score,
        "pass": verdict.passed,
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity,
                "start": each.start,
                "end": each.end,
                "text": each.text,
                "advice": each.advice,
                "source": each.source,
                "alternatives": list(each.alternatives),
            }
            for each in verdict.findings
        ],
        "short": verdict.short,
        "indicative": verdict.indicative,
        "lint": verdict.lint,
        "douma": verdict.douma,
    }


def _tell(verdict: Verdict) -> None:
    kind = "indicatie" if verdict.indicative else f"niveau {verdict.level}"
    click.echo(f"{kind[0].upper()}{kind[1:]}, score {verdict.score}: {'mag' if verdict.passed else 'mag niet'}.")
    for each in verdict.findings:
        shown = each.text if len(each.text) <= 60 else f"{each.text[:57]}..."
        instead = f" ({' / '.join(each.alternatives)})" if each.alternatives else ""
        click.echo(f"  {each.severity:4} {each.rule}: {shown!r}. {each.advice}{instead}")


@message_group.command("rules")
@json_option
def rules_command(as_json: bool) -> None:
    """Noem elke regel met zijn bron."""
    found = [
        {
            "rule": rule.id,
            "group": rule.group,
            "title": rule.title_nl,
            "source": rule.source,
            "overridable": rule.overridable,
        }
        for rule in RULES.values()
    ]
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo(f"{each['rule']:24} {each['group']:12} {each['title']} ({each['source']})")


@message_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Noem de meegeleverde teksten met doel, kanalen en talen."""
    catalogue = load_catalogue()
    found = [
        {
            "name": name,
            "purpose": next(each.purpose for each in catalogue if each.name == name),
            "channels": list(catalogue.channels(name)),
            "languages": list(catalogue.languages(name)),
        }
        for name in catalogue.names()
    ]
    if as_json:
        print_json(found)
        return
    for each in found:
        click.echo(
            f"{each['name']:26} {each['purpose']:11} {', '.join(each['channels'])} ({', '.join(each['languages'])})"
        )


@message_group.command("show")
@click.argument("name")
@click.option("--channel", type=click.Choice(sorted(CHANNELS)), required=True)
@click.option("--lang", type=click.Choice(tuple(LANGUAGES)), default="nl", show_default=True)
@click.option("--size", type=click.Choice(SIZES), default="typical", show_default=True)
@json_option
def show_command(name: str, channel: str, lang: str, size: str, as_json: bool) -> None:
    """Toon een meegeleverde tekst, ingevuld met verzonnen waarden."""
    template = load_catalogue().find(name, channel, lang)
    if template is None:
        raise Unjudged(
            f"Er is geen tekst {name} voor {channel} in {lang}. Zie: outreach message list",
            f"There is no text {name} for {channel} in {lang}. See: outreach message list",
        )
    report = examine_template(template, template.mentions)
    assert report.previews is not None
    rendered = report.previews[size]
    if as_json:
        print_json(
            {
                "name": name,
                "channel": channel,
                "language": lang,
                "subject": rendered.subject,
                "text": rendered.text,
                "parts": dict(rendered.parts),
                "segments": rendered.segments,
                "encoding": rendered.encoding,
                "version": template.version,
            }
        )
        return
    click.echo(f"{rendered.subject}\n" if rendered.subject else "", nl=False)
    click.echo(rendered.text)


@message_group.command("check-all")
@json_option
def check_all_command(as_json: bool) -> None:
    """Toets elke meegeleverde tekst, met de langste, kortste en gewone waarden, bij elke stap die hem gebruikt."""
    catalogue = load_catalogue()
    allowed = _allowed_by_name()
    found = [
        (template, examine_template(template, allowed.get(template.name, template.mentions)))
        for template in sorted(catalogue, key=lambda each: (each.name, each.channel, each.language))
    ]
    failed = [template for template, report in found if not report.passed]
    if as_json:
        print_json([_report_data(template, report) for template, report in found])
    else:
        for template, report in found:
            for mark in report.marks:
                if mark.severity in ("stop", "warn"):
                    place = f"{template.name} {template.channel} {template.language}"
                    click.echo(f"{mark.severity:4} {place}: {mark.rule}: {mark.text[:60]!r}. {mark.advice}")
        click.echo(f"{len(found)} teksten, {len(failed)} mogen niet weg.")
    raise SystemExit(1 if failed else 0)


def _allowed_by_name() -> dict[str, frozenset[str]]:
    """Give the measures that each text may name at every step of every ladder that a landlord can use."""
    ladders = [load_shipped(name) for name in shipped_names() if name == DEFAULT_LADDER or name.endswith("_met_bodem")]
    found: dict[str, frozenset[str]] = {}
    for ladder, step in ((each, step) for each in ladders for step in each.steps if step.template):
        measures = possible_measures(ladder, step)
        name = step.template or ""
        found[name] = found[name] & measures if name in found else measures
    return found


def _report_data(template: Template, report: TextReport) -> dict[str, Any]:
    worst = report.worst
    return {
        "name": template.name,
        "channel": template.channel,
        "language": template.language,
        "version": template.version,
        "level": worst.level if worst else None,
        "score": worst.score if worst else None,
        "pass": report.passed,
        "findings": [
            {"rule": mark.rule, "severity": mark.severity, "start": mark.start, "end": mark.end, "text": mark.text}
            for mark in report.marks
        ],
    }
