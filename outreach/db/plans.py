"""Tables of what was agreed: payment plans with their instalments, and promises."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Cents, Code, Id, link


class PromiseRow(Base):
    """A promise to pay by a day. state: open, kept, broken, withdrawn."""

    __tablename__ = "promise"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    amount_cents: Mapped[Cents | None]
    promised_on: Mapped[date]
    state: Mapped[Code] = mapped_column(default="open")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    source: Mapped[Code]


class PaymentPlanRow(Base):
    """Instalments on top of the current rent; the states are those of `outreach.domain.plan_states`.

    `kind` names the type of the landlord's policy that the plan falls in, `why` the reason that a person decides.
    In the dialogue `asked` is the last question (capacity, other_debts, agree, repair, more_behind, or aside) with its
    moment, `other_debts` is yes, no or "" while not asked; `repairs` counts how often a broken plan was repaired.
    """

    __tablename__ = "payment_plan"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    state: Mapped[Code]
    total_cents: Mapped[Cents]
    month_cents: Mapped[Cents | None]
    first_on: Mapped[date | None]
    capacity_cents: Mapped[Cents | None]
    source: Mapped[Code]
    requested_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    needs_person: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[Code] = mapped_column(default="", server_default="")
    why: Mapped[Code] = mapped_column(default="", server_default="")
    asked: Mapped[Code] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime | None]
    other_debts: Mapped[Code] = mapped_column(default="", server_default="")
    repairs: Mapped[int] = mapped_column(default=0, server_default="0")
    repair_offered_at: Mapped[datetime | None]


class InstalmentRow(Base):
    """One instalment; those that were not replaced sum to the plan's total. state: open, paid, late, replaced.

    `paid_cents` is what was paid of it so far.
    """

    __tablename__ = "instalment"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    plan_id: Mapped[int] = link("payment_plan.id", index=False)
    number: Mapped[int]
    due_on: Mapped[date]
    amount_cents: Mapped[Cents]
    state: Mapped[Code] = mapped_column(default="open")
    paid_at: Mapped[datetime | None]
    paid_cents: Mapped[Cents] = mapped_column(default=0, server_default="0")
