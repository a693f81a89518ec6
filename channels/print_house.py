"""Letters for a print house: each waits as a file, batches become PDFs with a manifest, a person says what was posted.

The print house fetches a batch from the folder or gets it from a person; it tells nothing back by itself. What is known
of the post comes by marks: a batch or a letter was posted, a letter came back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.paper_data import RIGHT_WINDOW, Letter, LetterPaper, TypesettingError
from channels.print_folder import Batch, Listed, Mark, Marked, PrintFolder, PrintFolderError, write_manifest
from channels.print_letters import (
    address_lines,
    letter_from,
    letter_id,
    letter_of,
    listed,
    manifest_csv,
    plain_reference,
    unprintable,
)
from channels.scripts import Scripts
from channels.settings import ChannelSettings
from channels.typesetting import MOST_LETTERS, Typeset, typeset_letters

PROVIDER = "print"
CHANNEL = "letter"
LOOK_BACK = timedelta(hours=2)
FIRST_LOOK_BACK = timedelta(days=60)
"""How far back a poll repeats, and how far back the first poll of a process looks, by when a mark was noted."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What a list of references did: noted now, noted before, and references that no printed letter has."""

    now: int
    before: int
    unknown: tuple[str, ...]


class PrintHouse:
    """The channel "letter" by way of a folder. `scripts` is for robocalls and is not used."""

    name = CHANNEL
    provider = PROVIDER

    def __init__(
        self, *, settings: ChannelSettings, scripts: Scripts | None = None, paper: LetterPaper = RIGHT_WINDOW
    ) -> None:
        self.settings = settings
        self.paper = paper
        self.folder = PrintFolder(Path(settings.print_dir))
        self._polled_at: datetime | None = None

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Put each letter in the folder; what cannot be printed as it should is refused at once."""
        refused = self._refused(messages)
        answers = [refused.get(message.key) or self._put(message) for message in messages]
        if not any(isinstance(each, Accepted) for each in answers):
            return answers
        try:
            self.folder.settle()
        except OSError as error:
            return [self._doubt(each, error) if isinstance(each, Accepted) else each for each in answers]
        return answers

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Say whether the letter waits or is in a batch; the folder is always certain."""
        try:
            return _accepted(message) if self.folder.has(letter_id(message.key)) else NotTaken(key=message.key)
        except OSError as error:
            return Unsure(key=message.key, detail=f"the print folder cannot be read: {error.strerror}")

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return what was noted of the post until `now`; repeats what was noted shortly before the last poll."""
        since = now - FIRST_LOOK_BACK if self._polled_at is None else self._polled_at - LOOK_BACK
        marks = [mark for mark in self.folder.all_marks() if since <= mark.noted_at <= now]
        self._polled_at = now
        return [event for mark in marks for event in self._events(mark)]

    def routes(self) -> Sequence[Route]:
        """Declare no webhooks: a print house calls nobody."""
        return ()

    def make_batch(self, now: datetime, day: date, owner: str = "") -> Batch | None:
        """Make a batch of all that waits of an owner, named after the civil day; None when nothing waits.

        A letter that can no longer be typeset keeps waiting. Raises PrintFolderError while sending is off, OSError when
        the folder cannot be written; then everything still waits.
        """
        if not self.settings.sending_enabled or self.settings.mode == "sandbox":
            raise PrintFolderError("sending is switched off")
        with self.folder.making(day) as (batch_id, into):
            waiting = self.folder.waiting_letters(owner)
            letters = list(waiting)
            lines: list[Listed] = []
            for start in range(0, len(letters), MOST_LETTERS):
                file = f"letters-{start // MOST_LETTERS + 1:03d}.pdf"
                chunk = {letter: waiting[letter] for letter in letters[start : start + MOST_LETTERS]}
                lines += self._chunk(chunk, f"Brieven {batch_id}", into / file)
            if not lines:
                return None
            files = tuple(dict.fromkeys(each.file for each in lines))
            batch = Batch(id=batch_id, owner=owner, made_at=now, files=files, letters=tuple(lines))
            (into / "manifest.csv").write_bytes(manifest_csv(batch))
            (into / "manifest.json").write_bytes(write_manifest(batch))
        return batch

    def mark_batch(self, batch_id: str, at: datetime, now: datetime, owner: str = "") -> bool:
        """Note that a batch was handed to the post; False when that was noted before. Raises PrintFolderError."""
        batch = self.folder.batch(batch_id)
        if batch is None or batch.owner != owner:
            raise PrintFolderError("there is no batch of this name")
        return self.folder.mark(batch_id, "posted", at, now)

    def mark_letters(
        self, references: Sequence[str], mark: Mark, at: datetime, now: datetime, owner: str = ""
    ) -> Noted:
        """Note that printed letters were posted or came back, by the references on them as somebody typed them."""
        known: dict[str, str] = {
            plain_reference(each.reference): each.letter
            for batch in self.folder.all_batches(owner)
            for each in batch.letters
        }
        noted: list[bool] = []
        unknown: list[str] = []
        for reference in dict.fromkeys(references):
            letter = known.get(plain_reference(reference))
            if letter is None:
                unknown.append(reference)
            else:
                noted.append(self.folder.mark(letter, mark, at, now))
        return Noted(now=sum(noted), before=len(noted) - sum(noted), unknown=tuple(unknown))

    def _refused(self, messages: Sequence[Outbound]) -> dict[str, Failure]:
        found: dict[str, Failure] = {}
        letters: dict[str, Letter] = {}
        for message in messages:
            reason = self.settings.refusal(message.to)
            address = address_lines(message.name, message.to)
            if reason is not None:
                found[message.key] = _failure(message, FailureCode.NOT_ALLOWED, reason)
            elif address is None:
                found[message.key] = _failure(message, FailureCode.INVALID_RECIPIENT, "no name, street or postcode")
            else:
                letters[message.key] = letter_of(message, address)
        known = {message.key: message for message in messages}
        codes = unprintable(letters, self.paper)
        return found | {key: _failure(known[key], FailureCode.CONTENT_REFUSED, code) for key, code in codes.items()}

    def _put(self, message: Outbound) -> Accepted | Failure:
        name = letter_id(message.key)
        address = address_lines(message.name, message.to)
        assert address is not None
        try:
            if not self.folder.has(name):
                letter = asdict(letter_of(message, address))
                self.folder.put(name, {"key": message.key, "owner": message.extra.get("owner", ""), "letter": letter})
        except OSError as error:
            return _failure(message, FailureCode.PROVIDER_DOWN, f"the print folder cannot be written: {error.strerror}")
        return _accepted(message)

    def _doubt(self, answer: Accepted, error: OSError) -> Failure:
        detail = f"the print folder cannot be written: {error.strerror}"
        return Failure(key=answer.key, provider=PROVIDER, code=FailureCode.UNCERTAIN, detail=detail)

    def _chunk(self, found: Mapping[str, Mapping[str, Any]], title: str, into: Path) -> list[Listed]:
        letters = {letter: letter_from(content["letter"]) for letter, content in found.items()}
        made = self._made(letters, title)
        if made is None:
            wrong = unprintable(letters, self.paper)
            letters = {name: each for name, each in letters.items() if name not in wrong}
            made = self._made(letters, title)
        if made is None:
            return []
        into.write_bytes(made.pdf)
        return [
            listed(found[name]["key"], letter, span, into.name)
            for (name, letter), span in zip(letters.items(), made.pages, strict=True)
        ]

    def _made(self, letters: Mapping[str, Letter], title: str) -> Typeset | None:
        try:
            return typeset_letters(list(letters.values()), title, self.paper) if letters else None
        except TypesettingError:
            return None

    def _events(self, mark: Marked) -> list[Event]:
        batch = self.folder.batch(mark.subject)
        if batch is not None:
            return [_event(each, mark) for each in batch.letters]
        batch_id = self.folder.batch_of(mark.subject)
        batch = self.folder.batch(batch_id) if batch_id else None
        return [_event(each, mark) for each in batch.letters if each.letter == mark.subject] if batch else []


def _accepted(message: Outbound) -> Accepted:
    return Accepted(key=message.key, provider=PROVIDER, provider_ref=letter_id(message.key), at=message.at)


def _failure(message: Outbound, code: FailureCode, detail: str) -> Failure:
    return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail)


def _event(letter: Listed, mark: Marked) -> Event:
    return Event(
        event_id=f"{letter.letter}:{mark.mark}",
        provider=PROVIDER,
        channel=CHANNEL,
        kind="receipt",
        at=mark.at,
        provider_ref=letter.letter,
        outcome=mark.mark,
        key=letter.key,
    )
