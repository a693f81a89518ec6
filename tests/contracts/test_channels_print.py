"""The print house: letters that are kept once, batches that are whole or not there, and what the post brings back."""

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from channels.contract import Accepted, Channel, Failure, FailureCode, NotTaken, Outbound
from channels.print_folder import PrintFolderError
from channels.print_house import Noted, PrintHouse
from channels.print_letters import address_lines, letter_id, plain_reference, reference_of, references_in
from channels.registry import CHANNELS, build_channels, describe
from channels.sandbox import MemorySandboxStore, silent
from channels.settings import ChannelSettings

pytestmark = pytest.mark.contracts
NOON = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
DAY = date(2026, 9, 1)
TO = "Kastanjelaan 1, 3011AB Voorbeeldstad"


def message(key: str, **changes: object) -> Outbound:
    base = Outbound(
        key=key, channel="letter", to=TO, sender="010 123 4567", name="J. de Vries", text=f"Bericht {key}", at=NOON
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def house(folder: Path, **changes: object) -> PrintHouse:
    values = {"mode": "live", "sending_enabled": True, "print_dir": str(folder), **changes}
    return PrintHouse(settings=ChannelSettings(**values))  # type: ignore[arg-type]


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


@contextmanager
def full_disk() -> Iterator[None]:
    """Let this process write no byte to any file, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_it_is_the_letter_channel_of_a_live_system(tmp_path: Path) -> None:
    settings_ = ChannelSettings(mode="live", sending_enabled=True, print_dir=str(tmp_path))
    built = build_channels(settings_, MemorySandboxStore(), silent)["letter"]
    assert isinstance(built, Channel) and isinstance(built, PrintHouse)
    (absent,) = [each for each in describe(replace(settings_, print_dir="")) if each.name == "letter"]
    assert (absent.state, absent.missing) == ("absent", ("print_dir",))


def test_a_letter_is_kept_once_and_found_again_by_another_process(tmp_path: Path) -> None:
    first = house(tmp_path).send([message("a"), message("b"), message("a")])
    again = house(tmp_path).send([message("a")])
    assert [type(each) for each in (*first, *again)] == [Accepted] * 4
    assert first[0] == first[2] == again[0] == house(tmp_path).ask(message("a"))
    assert house(tmp_path).ask(message("never")) == NotTaken(key="never")
    assert len(list((tmp_path / "waiting").iterdir())) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in left_behind(tmp_path))


def test_nothing_is_kept_while_sending_is_off_or_for_nobody_of_the_trial(tmp_path: Path) -> None:
    trial = house(tmp_path, mode="trial", trial_recipients=frozenset({TO}))
    allowed, refused = trial.send([message("a"), message("b", to="Kastanjelaan 2, 3011 AB Voorbeeldstad")])
    (off,) = house(tmp_path, sending_enabled=False).send([message("c")])
    assert isinstance(allowed, Accepted)
    for each in (refused, off):
        assert isinstance(each, Failure) and each.code is FailureCode.NOT_ALLOWED
    with pytest.raises(PrintFolderError, match="off"):
        house(tmp_path, sending_enabled=False).make_batch(NOON, DAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, FailureCode.INVALID_RECIPIENT),
        ({"to": "Kastanjelaan 1"}, FailureCode.INVALID_RECIPIENT),
        ({"to": "3011 AB Voorbeeldstad"}, FailureCode.INVALID_RECIPIENT),
        ({"text": "Beste 陳"}, FailureCode.CONTENT_REFUSED),
        ({"language": "zh"}, FailureCode.CONTENT_REFUSED),
        ({"name": "W" * 80}, FailureCode.CONTENT_REFUSED),
    ],
)
def test_what_cannot_be_printed_is_refused_beside_letters_that_can(
    tmp_path: Path, changes: dict[str, object], code: FailureCode
) -> None:
    good, bad, other = house(tmp_path).send([message("a"), message("b", **changes), message("c")])
    assert isinstance(good, Accepted) and isinstance(other, Accepted)
    assert isinstance(bad, Failure) and bad.code is code and not bad.retryable
    assert not any(part in bad.detail for part in ("Kastanjelaan", "3011", "陳", "WWW"))
    assert house(tmp_path).ask(message("b")) == NotTaken(key="b")


def test_a_full_disk_leaves_nothing_behind_and_may_be_tried_again(tmp_path: Path) -> None:
    channel = house(tmp_path)
    channel.send([message("before")])
    before = left_behind(tmp_path)
    with full_disk():
        answers = channel.send([message("a"), message("b")])
        with pytest.raises(OSError):
            channel.make_batch(NOON, DAY)
    assert {each.code for each in answers if isinstance(each, Failure)} == {FailureCode.PROVIDER_DOWN}
    assert left_behind(tmp_path) == before
    assert isinstance(channel.send([message("a")])[0], Accepted)
    batch = channel.make_batch(NOON, DAY)
    assert batch and batch.id == "2026-09-01-1" and len(batch.letters) == 2


def test_a_folder_that_is_not_there_is_a_provider_that_does_not_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (answer,) = house(tmp_path / "file").send([message("a")])
    assert isinstance(answer, Failure) and answer.code is FailureCode.PROVIDER_DOWN


def test_a_batch_is_the_letters_with_a_manifest(tmp_path: Path) -> None:
    channel = house(tmp_path)
    long = "\n\n".join("Dit is een zin die wat ruimte vraagt. " * 8 for _ in range(22))
    channel.send([message("a"), message("b", text=long, name="=1+1"), message("c", extra={"large_print": "yes"})])
    batch = channel.make_batch(NOON, DAY)
    assert batch is not None and batch.files == ("letters-001.pdf",)
    where = tmp_path / "batches" / batch.id
    pages = [page.extract_text() for page in PdfReader(where / "letters-001.pdf").pages]
    assert len(pages) == batch.pages
    for each in batch.letters:
        assert each.reference in pages[each.first_page - 1]
        assert each.sheets == -(-each.pages // 2)
    rows = list(csv.DictReader(io.StringIO((where / "manifest.csv").read_text("utf-8-sig")), delimiter=";"))
    assert [row["reference"] for row in rows] == [each.reference for each in batch.letters]
    assert {row["address"] for row in rows} >= {"'=1+1, Kastanjelaan 1, 3011 AB  VOORBEELDSTAD"}
    assert list((tmp_path / "waiting").iterdir()) == []
    assert channel.make_batch(NOON, DAY) is None
    assert isinstance(house(tmp_path).ask(message("b")), Accepted)


def test_a_letter_that_can_be_printed_no_more_holds_up_no_other(tmp_path: Path) -> None:
    channel = house(tmp_path)
    channel.send([message(key) for key in "abc"])
    spoiled = tmp_path / "waiting" / f"{letter_id('b')}.json"
    spoiled.write_text(spoiled.read_text().replace("Bericht b", "陳"))
    batch = channel.make_batch(NOON, DAY)
    assert batch and [each.key for each in batch.letters] == ["a", "c"]
    assert list(channel.folder.waiting_letters("")) == [letter_id("b")]
    assert channel.make_batch(NOON, DAY) is None


def test_what_is_in_a_batch_comes_in_no_other(tmp_path: Path) -> None:
    channel, other = house(tmp_path), house(tmp_path)
    channel.send([message("a")])
    kept = (tmp_path / "waiting" / f"{letter_id('a')}.json").read_bytes()
    channel.make_batch(NOON, DAY)
    (tmp_path / "waiting" / f"{letter_id('a')}.json").write_bytes(kept)
    other.send([message("a"), message("b")])
    batch = other.make_batch(NOON, DAY)
    assert batch and batch.id == "2026-09-01-2" and [each.key for each in batch.letters] == ["b"]
    assert list((tmp_path / "waiting").iterdir()) == []


def test_each_owner_has_his_own_batches(tmp_path: Path) -> None:
    channel = house(tmp_path)
    channel.send([message("a", extra={"owner": "1"}), message("b", extra={"owner": "2"})])
    batch = channel.make_batch(NOON, DAY, "1")
    assert batch and [each.key for each in batch.letters] == ["a"]
    assert channel.folder.all_batches("2") == [] and list(channel.folder.waiting_letters("2")) == [letter_id("b")]
    with pytest.raises(PrintFolderError):
        channel.mark_batch(batch.id, NOON, NOON, "2")
    assert channel.mark_letters([reference_of("a")], "returned", NOON, NOON, "2").unknown
    assert channel.mark_letters([reference_of("a")], "returned", NOON, NOON, "1").now == 1


KILLED = """
import json, os, shutil, signal, sys, tempfile
from datetime import UTC, date, datetime
from pathlib import Path
import tests.contracts.test_channels_print as given

EVENTS = ("open", "os.rename", "os.mkdir", "os.remove", "shutil.rmtree")
left = None

def count(event, args):
    global left
    if left is not None and event in EVENTS:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
base, kept = Path(sys.argv[1]), Path(sys.argv[2])
found = []
for point in range(1, 200):
    root = base / str(point)
    shutil.copytree(kept, root)
    child = os.fork()
    if child == 0:
        left = point
        given.house(root).make_batch(given.NOON, given.DAY)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    found.append(os.WIFSIGNALED(status))
    if not os.WIFSIGNALED(status):
        break
print(json.dumps(found))
"""


def test_a_batch_that_is_killed_at_any_point_is_whole_or_not_there(tmp_path: Path) -> None:
    keys = [f"k{number}" for number in range(3)]
    house(tmp_path / "kept").send([message(key) for key in keys])
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(tmp_path / "kept")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    killed = json.loads(done.stdout)
    assert killed[-1] is False and len(killed) > 10
    seen = set()
    for point in range(1, len(killed) + 1):
        channel = house(tmp_path / str(point))
        batches = channel.folder.all_batches("")
        waits = channel.folder.waiting_letters("")
        assert all(isinstance(channel.ask(message(key)), Accepted) for key in keys)
        assert (len(batches), len(waits)) in {(0, 3), (1, 0)}
        seen.add(len(batches))
        channel.make_batch(NOON, DAY)
        printed = [each.key for batch in channel.folder.all_batches("") for each in batch.letters]
        assert sorted(printed) == keys
        for batch in channel.folder.all_batches(""):
            for file in batch.files:
                assert (tmp_path / str(point) / "batches" / batch.id / file).read_bytes().startswith(b"%PDF")
        assert not list((tmp_path / str(point)).rglob(".making*"))
    assert seen == {0, 1}


def test_marks_become_events_that_keep_their_id(tmp_path: Path) -> None:
    channel = house(tmp_path)
    channel.send([message("a"), message("b")])
    batch = channel.make_batch(NOON, DAY)
    assert batch is not None and channel.poll(NOON) == []
    posted, noted = NOON + timedelta(hours=6), NOON + timedelta(hours=7)
    assert channel.mark_batch(batch.id, posted, noted)
    assert not channel.mark_batch(batch.id, posted + timedelta(days=1), noted)
    events = list(channel.poll(noted))
    assert [(each.key, each.outcome, each.at) for each in events] == [("a", "posted", posted), ("b", "posted", posted)]
    assert list(channel.poll(noted + timedelta(minutes=30))) == events
    back = noted + timedelta(days=5)
    typed = reference_of("b").lower().replace("-", " ")
    assert channel.mark_letters([typed, "ZZZZZ-ZZZZZ"], "returned", back, back) == Noted(
        now=1, before=0, unknown=("ZZZZZ-ZZZZZ",)
    )
    assert channel.mark_letters([typed], "returned", back, back) == Noted(now=0, before=1, unknown=())
    (returned,) = [each for each in channel.poll(back) if each not in events]
    assert (returned.key, returned.outcome, returned.provider_ref) == ("b", "returned", letter_id("b"))
    assert {each.event_id for each in house(tmp_path).poll(back)} == {*(e.event_id for e in events), returned.event_id}
    assert {each.outcome for each in (*events, returned)} <= CHANNELS["letter"].outcomes


def test_marks_of_what_was_not_printed_are_refused(tmp_path: Path) -> None:
    channel = house(tmp_path)
    channel.send([message("a")])
    for refused in (
        lambda: channel.mark_batch("2026-09-01-9", NOON, NOON),
        lambda: channel.mark_batch("../a", NOON, NOON),
    ):
        with pytest.raises(PrintFolderError):
            refused()
    assert channel.mark_letters([reference_of("a")], "returned", NOON, NOON).unknown == (reference_of("a"),)


@pytest.mark.parametrize(
    "content",
    [
        b"kenmerk;op\nAAAAA-00001;1-9\nBBBBB-00002;1-9\n",
        b"AAAAA-00001\r\n\r\nBBBBB-00002\r\n",
        b"\xef\xbb\xbfop,Reference\n1,AAAAA-00001\n2, BBBBB-00002\n",
    ],
)
def test_a_list_of_the_print_house_is_read(content: bytes) -> None:
    assert references_in(content) == ("AAAAA-00001", "BBBBB-00002")


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_references_are_stable_and_survive_typing(key: str, other: str) -> None:
    reference = reference_of(key)
    assert len(reference) == 11
    assert plain_reference(reference.lower().replace("0", "o").replace("1", "l")) == plain_reference(reference)
    assert key == other or reference != reference_of(other)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["send a", "send b", "send c", "batch", "restart"]), max_size=10))
def test_each_letter_is_printed_once_whatever_the_order(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        channel = house(Path(folder))
        for step in (*steps, "batch"):
            if step == "batch":
                channel.make_batch(NOON, DAY)
            elif step == "restart":
                channel = house(Path(folder))
            else:
                assert isinstance(channel.send([message(step[-1])])[0], Accepted)
        printed = [each.key for batch in channel.folder.all_batches("") for each in batch.letters]
        assert sorted(printed) == sorted({step[-1] for step in steps if step.startswith("send")})


def test_an_address_is_written_as_the_post_wants_it() -> None:
    assert address_lines("J. de Vries", TO) == ("J. de Vries", "Kastanjelaan 1", "3011 AB  VOORBEELDSTAD")
    assert address_lines("A", "Plein 1-a, 1234 XX 's-Gravenhage") == ("A", "Plein 1-a", "1234 XX  'S-GRAVENHAGE")
