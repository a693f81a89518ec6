"""The folder of the print house: what waits, batches, and marks of what was posted or came back.

    waiting/<letter>.json             one letter each, whole or not there
    batches/<day>-<number>/           a batch: its PDFs, manifest.json and manifest.csv; never changed again
    marks/<letter or batch>.<what>    when somebody said that it was posted or came back

Every file and every batch is written beside its place, put on disk (fsync) and then renamed: whatever moment the
process ends, it is there as a whole or not at all. Files are for this user alone: they hold names and addresses.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

Mark = Literal["posted", "returned"]
MARKS: tuple[Mark, ...] = ("posted", "returned")
_MAKING = ".making-"


class PrintFolderError(Exception):
    """What was asked of the folder cannot be done; the text says why and holds nothing of a tenant."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A letter in the manifest of a batch: pages count from 1 in its PDF, sheets are printed on both sides."""

    letter: str
    key: str
    reference: str
    file: str
    first_page: int
    last_page: int
    pages: int
    sheets: int
    address: tuple[str, ...]
    language: str
    sha256: str
    """Of the content of the letter, so that a changed one is seen."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A batch as its manifest has it, of one owner: the landlord, as the application names him."""

    id: str
    owner: str
    made_at: datetime
    files: tuple[str, ...]
    letters: tuple[Listed, ...]

    @property
    def pages(self) -> int:
        """Return the pages of all letters."""
        return sum(each.pages for each in self.letters)

    @property
    def sheets(self) -> int:
        """Return the sheets of all letters, printed on both sides."""
        return sum(each.sheets for each in self.letters)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A mark: `at` is when it happened, `noted_at` when it was said; `subject` is a letter or a batch."""

    subject: str
    mark: Mark
    at: datetime
    noted_at: datetime


class PrintFolder:
    """Reads and writes the folder; safe over processes of one machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.waiting = root / "waiting"
        self.batches = root / "batches"
        self.marks = root / "marks"
        self._known: dict[str, Batch] = {}
        self._batch_of: dict[str, str] = {}

    def put(self, letter: str, content: Mapping[str, Any]) -> None:
        """Write a letter that waits. Raises OSError, with nothing left behind."""
        self._write(self.waiting / f"{letter}.json", content)

    def settle(self) -> None:
        """Make the names of the letters that were put survive a power cut. Raises OSError."""
        _sync(self.waiting)

    def get(self, letter: str) -> dict[str, Any] | None:
        """Return a letter that waits, or None."""
        with suppress(FileNotFoundError):
            found: dict[str, Any] = json.loads((self.waiting / f"{letter}.json").read_bytes())
            return found
        return None

    def has(self, letter: str) -> bool:
        """Say whether a letter waits or is in a batch."""
        return (self.waiting / f"{letter}.json").is_file() or self.batch_of(letter) is not None

    def waiting_letters(self, owner: str) -> dict[str, dict[str, Any]]:
        """Return what waits of an owner, the oldest first; what is in a batch does not wait."""
        self._learn()
        paths = [path for path in self.waiting.glob("*.json") if path.stem not in self._batch_of]
        paths.sort(key=lambda path: (_age(path), path.stem))
        found = {path.stem: self.get(path.stem) for path in paths}
        return {letter: content for letter, content in found.items() if content and content["owner"] == owner}

    def batch_of(self, letter: str) -> str | None:
        """Return the batch of a letter, or None."""
        if letter not in self._batch_of:
            self._learn()
        return self._batch_of.get(letter)

    def batch(self, batch_id: str) -> Batch | None:
        """Return a batch, or None when there is none of that name."""
        self._learn()
        return self._known.get(batch_id)

    def all_batches(self, owner: str) -> list[Batch]:
        """Return every batch of an owner, the newest first."""
        self._learn()
        found = [batch for batch in self._known.values() if batch.owner == owner]
        return sorted(found, key=lambda batch: (batch.made_at, _number(batch.id)), reverse=True)

    @contextmanager
    def making(self, day: date) -> Iterator[tuple[str, Path]]:
        """Give the name of the next batch and a folder to make it in; one process at a time.

        Without an error the folder becomes the batch when it has a manifest.json. What an interrupted
        one left is removed.
        """
        self.batches.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in self.batches.glob(f"{_MAKING}*"):
                shutil.rmtree(left)
            self._remove_batched()
            numbers = [_number(path.name) for path in self.batches.glob(f"{day.isoformat()}-*")]
            batch_id = f"{day.isoformat()}-{max(numbers, default=0) + 1}"
            made = self.batches / f"{_MAKING}{batch_id}"
            made.mkdir(mode=0o700)
            try:
                yield batch_id, made
                if (made / "manifest.json").is_file():
                    self._publish(made, batch_id)
            finally:
                shutil.rmtree(made, ignore_errors=True)

    def _publish(self, made: Path, batch_id: str) -> None:
        for path in made.iterdir():
            _sync(path)
        _sync(made)
        made.rename(self.batches / batch_id)
        _sync(self.batches)
        self._remove_batched()

    def _remove_batched(self) -> None:
        self._learn()
        for path in self.waiting.glob("*.json"):
            if path.stem in self._batch_of:
                path.unlink(missing_ok=True)

    def mark(self, subject: str, mark: Mark, at: datetime, noted_at: datetime) -> bool:
        """Note that a batch or a letter was posted or came back; False when that was noted before."""
        path = self.marks / f"{subject}.{mark}"
        if path.is_file():
            return False
        self._write(path, {"at": at.isoformat(), "noted_at": noted_at.isoformat()})
        _sync(self.marks)
        return True

    def marked(self, subject: str, mark: Mark) -> Marked | None:
        """Return a mark, or None."""
        path = self.marks / f"{subject}.{mark}"
        return _read_mark(path) if path.is_file() else None

    def all_marks(self) -> list[Marked]:
        """Return every mark in the order in which they were noted."""
        found = [_read_mark(path) for mark in MARKS for path in self.marks.glob(f"*.{mark}")]
        return sorted(found, key=lambda each: (each.noted_at, each.subject, each.mark))

    def _write(self, path: Path, content: Mapping[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f".{path.name}-{uuid4().hex}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(json.dumps(content, ensure_ascii=False).encode())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise

    def _learn(self) -> None:
        """Read the manifests that were not read before: a batch never changes."""
        for path in self.batches.glob("[!.]*/manifest.json"):
            name = path.parent.name
            if name not in self._known:
                batch = read_manifest(path.read_bytes())
                self._batch_of.update({each.letter: name for each in batch.letters})
                self._known[name] = batch


def write_manifest(batch: Batch) -> bytes:
    """Return the manifest as JSON."""
    content = {**asdict(batch), "made_at": batch.made_at.isoformat()}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read_manifest(content: bytes) -> Batch:
    """Return the batch of a manifest."""
    found = json.loads(content)
    letters = tuple(Listed(**{**each, "address": tuple(each["address"])}) for each in found["letters"])
    return Batch(
        id=found["id"],
        owner=found["owner"],
        made_at=datetime.fromisoformat(found["made_at"]),
        files=tuple(found["files"]),
        letters=letters,
    )


def _read_mark(path: Path) -> Marked:
    found = json.loads(path.read_bytes())
    subject, _, name = path.name.rpartition(".")
    mark: Mark = "returned" if name == "returned" else "posted"
    at, noted_at = (datetime.fromisoformat(found[key]) for key in ("at", "noted_at"))
    return Marked(subject=subject, mark=mark, at=at, noted_at=noted_at)


def _number(batch_id: str) -> int:
    last = batch_id.rpartition("-")[2]
    return int(last) if last.isdigit() else 0


def _age(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
