"""Whatever a tenant writes, in any order: no plan without a yes to a proposal, no cent more than said, one plan."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.db.tables import EvidenceRow, InstalmentRow, PaymentPlanRow
from outreach.domain.landlord_settings import PlanPolicy
from tests.support.first_day import copy_of, live_first_day
from tests.support.worlds import FIRST_DAY, World

NEXT = FIRST_DAY + timedelta(days=1)
DEBT = 63000
SAID = (
    *("regeling", "50", "60 per maand", "25 per week", "nee", "ja", "JA", "5", "0", "100000", "ik kan niks missen"),
    *(
        "ja, vanaf de 28e",
        "geen andere schulden",
        "betaald",
        "bel mij",
        "hulp",
        "wat?",
        "\u202e50\x00",
        "{amount}",
        "😀",
    ),
)


@pytest.fixture(scope="module")
def first_day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A landlord that allows 13 months, with one tenant in arrears who was reminded."""
    folder = tmp_path_factory.mktemp("first_day")
    return live_first_day(sqlite_template, folder, DEBT, plan=PlanPolicy(max_months=13)), folder


@given(said=st.lists(st.sampled_from(SAID), min_size=3, max_size=8))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_words_makes_a_plan_that_was_not_said_yes_to(
    first_day: tuple[World, Path], said: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        world = copy_of(*first_day, Path(folder))
        world.deliver(NEXT)
        for number, text in enumerate(["regeling", *said]):
            world.at(NEXT, 9 + number, 0)
            world.reply(world.homes[0].phone, text)
            world.tick(NEXT, 9 + number, 1)
        holds(world, said)
        world.runtime.db.dispose()


def holds(world: World, said: list[str]) -> None:
    """Check what must hold after any talk."""
    plans, rows = world.rows(PaymentPlanRow), world.rows(InstalmentRow)
    assert len([plan for plan in plans if plan.state not in ("ended", "lapsed", "refused")]) <= 1
    agreed = [plan for plan in plans if plan.agreed_at is not None]
    assert len(agreed) <= 1
    if not agreed:
        assert rows == []
        return
    [plan] = agreed
    assert any(text.lower().startswith("ja") for text in said)
    assert "answer_plan_proposed" in world.templates()
    assert "plan_confirmed" in world.templates()
    assert sum(row.amount_cents for row in rows) == DEBT
    assert max(row.amount_cents for row in rows) <= (plan.capacity_cents or 0)
    assert len([row for row in world.rows(EvidenceRow) if row.kind == "plan_agreed"]) == 1
