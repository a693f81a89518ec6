"""The print house as staff work with it: what waits, batches, what was posted and what came back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from channels.print_folder import Batch, Mark, PrintFolderError
from channels.print_house import Noted, PrintHouse
from channels.print_letters import references_in
from outreach.errors import OutreachError
from outreach.runtime import Runtime

POSTED_AT = timedelta(hours=17)
"""When post of a day is on its way, from the start of the civil day."""

MOST_REFERENCES = 20_000


class PrintError(OutreachError):
    """What was asked of the print house cannot be done."""


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """A batch with what the post did: the day on which it was handed over, and how many letters came back."""

    batch: Batch
    posted_on: date | None
    returned: int


@dataclass(frozen=True, kw_only=True)
class PrintRoom:
    """How many letters wait, and the batches, the newest first."""

    waiting: int
    batches: tuple[BatchView, ...]


def print_house(runtime: Runtime) -> PrintHouse | None:
    """Return the print house of this system; None where letters go another way, as in the sandbox."""
    found = runtime.channels.get("letter")
    return found if isinstance(found, PrintHouse) else None


def read_print_room(runtime: Runtime, landlord_id: int) -> PrintRoom | None:
    """Return what waits and the batches of a landlord; None without a print house."""
    house = print_house(runtime)
    if house is None:
        return None
    owner = str(landlord_id)
    returned = {mark.subject for mark in house.folder.all_marks() if mark.mark == "returned"}
    views = [_view(runtime, house, batch, returned) for batch in house.folder.all_batches(owner)]
    return PrintRoom(waiting=len(house.folder.waiting_letters(owner)), batches=tuple(views))


def read_batch(runtime: Runtime, landlord_id: int, batch_id: str) -> BatchView | None:
    """Return one batch of a landlord, or None."""
    house = print_house(runtime)
    batch = house.folder.batch(batch_id) if house else None
    if house is None or batch is None or batch.owner != str(landlord_id):
        return None
    returned = {mark.subject for mark in house.folder.all_marks() if mark.mark == "returned"}
    return _view(runtime, house, batch, returned)


def batch_file(runtime: Runtime, landlord_id: int, batch_id: str, name: str) -> bytes | None:
    """Return a PDF or the list (manifest.csv) of a batch; None when there is no such file."""
    found, house = read_batch(runtime, landlord_id, batch_id), print_house(runtime)
    if found is None or house is None or name not in (*found.batch.files, "manifest.csv"):
        return None
    return (house.folder.batches / batch_id / name).read_bytes()


def make_batch(runtime: Runtime, landlord_id: int, now: datetime) -> Batch:
    """Make a batch of all that waits. Raises PrintError when nothing waits, sending is off or the disk is full."""
    house = _house(runtime)
    try:
        batch = house.make_batch(now, runtime.calendar.day_of(now), str(landlord_id))
    except PrintFolderError as error:
        raise PrintError("Versturen staat uit.", "Sending is switched off.") from error
    except OSError as error:
        raise PrintError(
            f"De map voor drukwerk doet het niet: {error.strerror}. Alle brieven wachten nog.",
            f"The print folder does not work: {error.strerror}. All letters still wait.",
        ) from error
    if batch is None:
        raise PrintError("Er wacht geen brief die gedrukt kan worden.", "No letter waits that can be printed.")
    return batch


def mark_posted(runtime: Runtime, landlord_id: int, batch_id: str, on: date, now: datetime) -> bool:
    """Note on which day a batch was handed to the post; False when that was noted before. Raises PrintError."""
    found = read_batch(runtime, landlord_id, batch_id)
    if found is None:
        raise PrintError("Deze partij bestaat niet.", "There is no such batch.")
    made_on = runtime.calendar.day_of(found.batch.made_at)
    if not made_on <= on <= runtime.calendar.day_of(now):
        raise PrintError(
            f"Kies een dag vanaf {made_on:%d-%m-%Y} tot en met vandaag.",
            f"Choose a day from {made_on:%d-%m-%Y} up to today.",
        )
    at = max(found.batch.made_at, min(now, runtime.calendar.utc(on) + POSTED_AT))
    return _house(runtime).mark_batch(batch_id, at, now, str(landlord_id))


def mark_letters(runtime: Runtime, landlord_id: int, references: tuple[str, ...], mark: Mark, now: datetime) -> Noted:
    """Note for letters that they were posted or came back, by the reference on them. Raises PrintError."""
    return _house(runtime).mark_letters(references, mark, now, now, str(landlord_id))


def read_references(content: bytes) -> tuple[str, ...]:
    """Return the references in a list of the print house. Raises PrintError when it has none or too many."""
    found = references_in(content)
    if not 1 <= len(found) <= MOST_REFERENCES:
        raise PrintError(
            f"Dit bestand heeft geen kenmerken, of meer dan {MOST_REFERENCES}. Geef een CSV met één per regel.",
            f"This file has no references, or more than {MOST_REFERENCES}. It must be a CSV with one on each line.",
        )
    return found


def _house(runtime: Runtime) -> PrintHouse:
    house = print_house(runtime)
    if house is None:
        raise PrintError(
            "Er is geen map voor drukwerk ingesteld (print_dir).", "No print folder has been set (print_dir)."
        )
    return house


def _view(runtime: Runtime, house: PrintHouse, batch: Batch, returned: set[str]) -> BatchView:
    mark = house.folder.marked(batch.id, "posted")
    return BatchView(
        batch=batch,
        posted_on=runtime.calendar.day_of(mark.at) if mark else None,
        returned=sum(each.letter in returned for each in batch.letters),
    )
