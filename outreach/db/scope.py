"""The one scoping function: every query of a landlord's rows goes through a Scope."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select, select

from outreach.db.base import Base

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose rows may be seen: one landlord, and all areas (None) or the named ones."""

    landlord_id: int
    area_ids: frozenset[int] | None = None

    def select(self, table: type[Row]) -> "Select[Row]":
        """Select rows of `table` that this scope may see."""
        return self.narrow(select(table), table)

    def narrow(self, statement: "Select[Any]", table: type[Base]) -> "Select[Any]":
        """Narrow a statement that already selects from `table`."""
        columns = table.__table__.columns
        narrowed = statement.where(columns["landlord_id"] == self.landlord_id)
        if self.area_ids is not None and "area_id" in columns:
            narrowed = narrowed.where(columns["area_id"].in_(self.area_ids))
        return narrowed
