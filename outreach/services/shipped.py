"""What ships must fit together: every preset's steps name channels and texts that exist."""

from collections.abc import Iterator

from channels.registry import CHANNELS
from messages.catalogue import Catalogue
from messages.template import MissingTemplate
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.day import landlords
from outreach.services.policy import install_shipped
from schedules.ladder import Gap, Ladder, Step
from schedules.loader import load_preset, preset_names

LANGUAGES = ("nl", "en")


class ShippedError(OutreachError):
    """A preset names a channel or a text that the product does not have."""


def problems_of(ladder: Ladder, catalogue: Catalogue) -> list[str]:
    """List what a ladder names and the product does not have, as English texts for engineers."""
    return [problem for step in ladder.steps for problem in _step_problems(ladder.name, step, catalogue)]


def _step_problems(name: str, step: Step, catalogue: Catalogue) -> Iterator[str]:
    for channel in step.channels:
        if isinstance(channel, Gap):
            continue
        if channel not in CHANNELS:
            yield f"{name}: step {step.key}: no channel {channel}"
        for language in LANGUAGES if step.template else ():
            try:
                catalogue.get(step.template or "", channel, language)
            except MissingTemplate as error:
                yield f"{name}: step {step.key}: {error}"


def check_shipped(catalogue: Catalogue) -> None:
    """Raise ShippedError when a preset does not fit registry and catalogue."""
    found = [problem for name in preset_names() for problem in problems_of(load_preset(name), catalogue)]
    if found:
        raise ShippedError("De meegeleverde contactladders kloppen niet: " + "; ".join(found), "; ".join(found))


def refresh_shipped(runtime: Runtime) -> None:
    """Put this version's law rules and texts in force for every landlord; the same texts change nothing."""
    now = runtime.clock()
    with runtime.db.write() as session:
        for landlord_id in landlords(session):
            install_shipped(session, landlord_id, runtime.catalogue, now)
