"""Drafts of ladders over real rows: kept at once, undone to the letter, and never lost between two writers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from outreach.db.tables import CaseRow, EvidenceRow, LadderDraftEditRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.draft_rows import KEPT_EDITS, Data, Done, Draft
from outreach.services.ladder_drafts import (
    StaleDraft,
    UnreadableLadder,
    change_draft,
    discard,
    draft_or_active,
    list_drafts,
    new_draft,
    read_draft,
    redo,
    save_draft,
    undo,
)
from schedules.draft_days import shift_step
from schedules.draft_start import Beginning, empty_ladder
from schedules.drafting import change_step
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import preset_text
from tests.support.builders import Builder
from tests.support.console import console_runtime, install

pytestmark = pytest.mark.integration

MOVED = Done(what="moved", params={"title": "Herinnering"})


@dataclass(frozen=True)
class World:
    """A landlord with two policy officers and one running case."""

    runtime: Runtime
    landlord_id: int
    sanne: Actor
    bas: Actor

    def read(self, name: str = "standaard") -> Draft | None:
        """Return the draft as it is kept."""
        with self.runtime.db.read() as session:
            return read_draft(session, self.landlord_id, name)

    def shift(self, actor: Actor, revision: int, days: int = 1) -> Draft:
        """Move the reminder some days."""

        def later(data: Data) -> Data:
            return shift_step(data, "reminder", days, {})

        return change_draft(self.runtime, actor, self.landlord_id, "standaard", revision, later, MOVED)


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a landlord with two policy officers."""
    runtime = console_runtime(tmp_path, url=migrated_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        users = [builder.make_user(username=name, role="policy", name=name.title()) for name in ("sanne", "bas")]
        builder.make_case()
        actors = [Actor(label=user.name, user_id=user.id) for user in users]
        landlord_id = builder.landlord.id
    yield World(runtime, landlord_id, *actors)
    runtime.db.dispose()


def test_looking_begins_no_draft_and_the_first_change_does(world: World) -> None:
    with world.runtime.db.read() as session:
        seen = draft_or_active(session, world.landlord_id, "standaard")
    assert seen is not None and (seen.is_kept, seen.revision) == (False, 0)
    assert world.read() is None
    assert world.shift(world.sanne, 0).revision == 1
    kept = world.read()
    assert kept is not None and kept.undo is not None
    assert (kept.by, kept.undo.what, kept.undo.by) == ("Sanne", "moved", "Sanne")


def test_undo_gives_the_text_back_to_the_letter(world: World) -> None:
    first = world.shift(world.sanne, 0)
    second = world.shift(world.sanne, first.revision, days=2)
    back = undo(world.runtime, world.sanne, world.landlord_id, "standaard", second.revision)
    assert back.body == first.body
    back = undo(world.runtime, world.sanne, world.landlord_id, "standaard", back.revision)
    assert (back.body, back.undo) == (preset_text("standaard"), None)
    again = redo(world.runtime, world.sanne, world.landlord_id, "standaard", back.revision)
    again = redo(world.runtime, world.sanne, world.landlord_id, "standaard", again.revision)
    assert (again.body, again.redo) == (second.body, None)


def test_a_new_edit_after_undo_takes_the_place_of_what_was_undone(world: World) -> None:
    first = world.shift(world.sanne, 0)
    back = undo(world.runtime, world.sanne, world.landlord_id, "standaard", first.revision)
    other = world.shift(world.sanne, back.revision, days=9)
    assert other.redo is None
    assert redo(world.runtime, world.sanne, world.landlord_id, "standaard", other.revision).body == other.body


def test_who_saves_an_old_view_is_told_who_changed_it_and_nothing_is_lost(world: World) -> None:
    kept = world.shift(world.sanne, 0)
    with pytest.raises(StaleDraft) as stale:
        world.shift(world.bas, 0, days=5)
    assert "Sanne" in stale.value.text_nl
    assert stale.value.draft.body == kept.body
    assert world.shift(world.bas, stale.value.draft.revision, days=5).revision == 2


def test_what_cannot_be_read_is_not_kept(world: World) -> None:
    def break_it(data: Data) -> Data:
        return change_step(data, "visit", {"when": {"days_after": {"step": "card", "days": 1}}})

    with pytest.raises(UnreadableLadder) as wrong:
        change_draft(world.runtime, world.sanne, world.landlord_id, "standaard", 0, break_it, MOVED)
    assert "kring" in wrong.value.text_nl
    assert world.read() is None


def test_a_file_takes_the_place_of_the_draft_under_its_own_name(world: World) -> None:
    saved = save_draft(
        world.runtime,
        world.sanne,
        world.landlord_id,
        "standaard",
        0,
        preset_text("woongoed_zeist"),
        Done(what="import"),
    )
    assert saved.data["ladder"] == "standaard"
    assert undo(world.runtime, world.sanne, world.landlord_id, "standaard", 1).body == preset_text("standaard")
    with pytest.raises(UnreadableLadder) as wrong:
        save_draft(world.runtime, world.sanne, world.landlord_id, "standaard", 2, "ladder: x", Done(what="import"))
    assert wrong.value.problems_nl[0].startswith("Regel 1")


def test_a_new_ladder_needs_a_free_name_and_leaves_evidence(world: World) -> None:
    text = write_ladder({**_data("woongoed_zeist"), "ladder": "eigen"})
    new_draft(world.runtime, world.sanne, world.landlord_id, text, Done(what="copy"))
    with pytest.raises(Refused):
        new_draft(world.runtime, world.bas, world.landlord_id, text, Done(what="copy"))
    with pytest.raises(Refused):
        new_draft(world.runtime, world.bas, world.landlord_id, preset_text("standaard"), Done(what="copy"))
    with world.runtime.db.read() as session:
        assert [draft.name for draft in list_drafts(session, world.landlord_id)] == ["eigen"]
    discard(world.runtime, world.sanne, world.landlord_id, "eigen")
    assert world.read("eigen") is None
    with world.runtime.db.read() as session:
        kinds = set(session.scalars(select(EvidenceRow.kind)))
    assert {"ladder_draft_begun", "ladder_draft_dropped"} <= kinds


def test_only_the_last_edits_can_be_undone(world: World) -> None:
    title = {"nl": "Eigen", "en": "Own"}
    about = Beginning(name="eigen", title=title, decided_by="Bestuur", description="Besluit", on=date(2026, 12, 1))
    text = write_ladder(empty_ladder(about))
    draft = new_draft(world.runtime, world.sanne, world.landlord_id, text, Done(what="empty"))
    for number in range(KEPT_EDITS + 3):

        def later(data: Data, days: int = number) -> Data:
            return change_step(data, "overleg", {"when": {"days_after_due": days}})

        draft = change_draft(world.runtime, world.sanne, world.landlord_id, "eigen", draft.revision, later, MOVED)
    with world.runtime.db.read() as session:
        assert session.scalar(select(func.count()).select_from(LadderDraftEditRow)) == KEPT_EDITS + 1


def test_running_cases_do_not_notice(world: World) -> None:
    with world.runtime.db.read() as session:
        before = session.execute(select(CaseRow.id, CaseRow.ladder_version_id, CaseRow.ladder_name)).all()
    world.shift(world.sanne, 0)
    with world.runtime.db.read() as session:
        after = session.execute(select(CaseRow.id, CaseRow.ladder_version_id, CaseRow.ladder_name)).all()
        active = draft_or_active(session, world.landlord_id, "standaard")
    assert before == after
    assert active is not None and active.is_kept


def _data(name: str) -> Data:
    return ladder_data(preset_text(name))
