"""The table of simulations: what was asked, how far it is, and the result, to open and print it again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, link


class SimulationRunRow(Base):
    """One simulation. state: waiting, running, done or failed; `done` of `size` tenancies are worked out.

    `asked` holds the parameters, `versions` the content hashes of ladders and figures, `texts` the ladders as they
    were. `seen_at` is the last sign of life of who works on it.
    """

    __tablename__ = "simulation_run"
    __table_args__ = (Index("ix_simulation_run_ladder", "landlord_id", "ladder_name", "created_at"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    ladder_name: Mapped[Code]
    state: Mapped[Code] = mapped_column(default="waiting")
    asked: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    size: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
