"""The record: append-only on both databases, chained, erasable without breaking, and a cut tail is found."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from outreach.audit import audit
from outreach.db.tables import EvidenceChainRow, EvidencePayloadRow, EvidenceRow
from outreach.services.actions import log_talk
from tests.support.worlds import FIRST_DAY, World, building


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with a day of evidence, anchored."""
    with building(migrated_url, tmp_path) as build:
        made = build()
        made.owe(made.home())
        made.live(FIRST_DAY)
        yield made


def faults(world: World) -> dict[str, int]:
    return {name: kind.count for name, kind in audit(world.runtime.db.engine).integrity.items() if kind.count}


def without_triggers(world: World, statement: object) -> None:
    """Do what somebody with the database in his hands can do."""
    with world.runtime.db.write() as session:
        if world.runtime.db.is_postgresql:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in triggers:
                session.execute(text(f'DROP TRIGGER "{name}"'))
        session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("statement", [update(EvidenceRow).values(kind="other"), delete(EvidenceRow)])
def test_evidence_cannot_be_changed_or_removed(world: World, statement: object) -> None:
    with pytest.raises(DBAPIError), world.runtime.db.write() as session:
        session.execute(statement)  # type: ignore[call-overload]
    assert faults(world) == {}


def test_every_fact_links_to_the_one_before(world: World) -> None:
    log_talk(world.runtime, world.actor, world.case(world.homes[0]).id, at=None, channel="call", note="gesproken")
    rows = world.rows(EvidenceRow, EvidenceRow.case_id.is_not(None))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert {row.kind for row in rows} >= {"case_opened", "sent", "talk"}
    assert rows[-1].actor == "Anna Visser"


def test_erasing_what_is_personal_keeps_the_chain(world: World) -> None:
    with world.runtime.db.write() as session:
        erased = session.execute(delete(EvidencePayloadRow))
        assert erased.rowcount > 0  # type: ignore[attr-defined]
    assert audit(world.runtime.db.engine).integrity["chains"].count == 0


def test_a_changed_fact_is_found(world: World) -> None:
    first = world.rows(EvidenceRow)[0].id
    earlier = world.clock() - timedelta(days=1)
    without_triggers(world, update(EvidenceRow).where(EvidenceRow.id == first).values(occurred_at=earlier))
    assert "chains" in faults(world)


def test_a_cut_tail_is_found_by_the_anchor(world: World) -> None:
    case_id = world.case(world.homes[0]).id
    rows = world.rows(EvidenceRow, EvidenceRow.case_id == case_id)
    without_triggers(world, delete(EvidencePayloadRow).where(EvidencePayloadRow.evidence_id == rows[-1].id))
    without_triggers(world, delete(EvidenceRow).where(EvidenceRow.id == rows[-1].id))
    chain = EvidenceChainRow.chain == f"case:{case_id}"
    cut = {"length": rows[-2].number, "head_hash": rows[-2].hash}
    without_triggers(world, update(EvidenceChainRow).where(chain).values(**cut))
    assert "anchors" in faults(world), "the chain itself looks whole; yesterday's anchor knows better"
