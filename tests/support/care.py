"""A small ladder, route and trajectory for tests of what partners do, put in force for a world."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from outreach.db.tables import PartnerRow
from outreach.services.documents import activate
from outreach.services.policy import LADDER, ROUTE, TRAJECTORY
from tests.support.worlds import FIRST_DAY, Build, Home, World

SOURCE = "source: {document: Test, year: 2026, lines: L1, description: Voor een test.}"
LADDER_TEXT = f"""ladder: klein
title: {{nl: Klein, en: Small}}
status: own
valid_from: 2026-01-01
{SOURCE}
not_reached: {{attempts: 1}}
stages:
  - {{key: first, title: {{nl: Eerst, en: First}}}}
steps:
  - key: report
    stage: first
    kind: referral
    title: {{nl: Melding, en: Report}}
    target: meldpunt
    when: {{days_after_due: 1}}
  - key: letter
    stage: first
    kind: message
    title: {{nl: Brief, en: Letter}}
    channels: [letter]
    template: reminder
    when: {{days_after: {{step: report, days: 1}}}}
  - key: panel
    stage: first
    kind: decision
    title: {{nl: Commissie, en: Commission}}
    decided_by: commission
    options:
      - {{key: chance, title: {{nl: Laatste kans, en: Last chance}}}}
      - {{key: go_on, title: {{nl: Verder, en: Go on}}}}
    when: {{days_after: {{step: letter, days: 1}}}}
  - key: after_panel
    stage: first
    kind: message
    title: {{nl: Na het besluit, en: After the decision}}
    channels: [letter]
    template: contact_request
    when: {{after_outcome: {{step: panel, outcomes: [go_on]}}}}
"""
ROUTE_TEXT = f"""route: proef
title: {{nl: Proefroute, en: Test route}}
system: proef
status: own
valid_from: 2026-01-01
{SOURCE}
target: meldpunt
owner: worker
opens_when:
  - {{key: arrears, if: {{amount_at_least: 1}}, title: {{nl: Er is achterstand, en: There are arrears}}}}
fields:
  - {{field: name, reason: {{nl: Om te bellen, en: To call}}}}
feedback:
  - {{key: tussen, days: 14, title: {{nl: Tussenmelding, en: Interim report}}}}
  - {{key: terug, days: 28, title: {{nl: Terugmelding, en: Report}}}}
  - {{key: kwartaal, days: 91, after: accepted, title: {{nl: Na drie maanden, en: After three months}}}}
  - {{key: jaar, days: 365, after: accepted, title: {{nl: Na een jaar, en: After a year}}}}
"""
PAUSE = """pause:
  when: help_accepted
  max_months: 9
  conditions:
    - {key: rent, check: current_rent_paid, title: {nl: De huur wordt betaald, en: The rent is paid}}
    - {key: help, check: help_going_on, title: {nl: De hulp gaat door, en: The help goes on}}
    - {key: request, check: request_pending, title: {nl: Het verzoek loopt, en: The request is pending}}
"""
GROUNDS = """grounds_needed: all
grounds:
  - {key: worry, title: {nl: Zorgen, en: Worry}}
  - {key: neglect, title: {nl: Verwaarlozing, en: Neglect}}
"""
QUOTA = """quota: {per_month: 1, per_year: 3}
priority:
  - {flag: urgent, title: {nl: Urgent, en: Urgent}}
"""
TRAJECTORY_TEXT = f"""trajectory: kans
title: {{nl: Proefkans, en: Test chance}}
system: kans
status: own
valid_from: 2026-01-01
{SOURCE}
owner: worker
partner: meldpunt
decided_by: commission
opens_when:
  - {{key: judgment, if: {{date_known: [judgment]}}, title: {{nl: Er is een vonnis, en: There is a judgment}}}}
  - {{key: asked, by_person: true, title: {{nl: De huurder vraagt erom, en: The tenant asks for it}}}}
conditions:
  - key: guidance
    title: {{nl: Begeleiding aanvaard, en: Guidance accepted}}
    evidence: {{nl: Verslag, en: Report}}
agreements:
  - {{key: addendum, title: {{nl: Addendum, en: Addendum}}}}
reviews:
  - {{key: review, every_months: 3, title: {{nl: Evaluatie, en: Review}}}}
end: {{min_months: 6, max_months: 12}}
ends_when:
  - {{key: done, title: {{nl: Klaar, en: Done}}, evidence: {{nl: Verslag, en: Report}}}}
flips_when:
  - {{key: paid, to: normal_lease, title: {{nl: Ingelopen, en: Paid off}}, evidence: {{nl: Saldo, en: Balance}}}}
  - {{key: quit, to: eviction_resumes, title: {{nl: Werkt niet mee, en: Quits}}, evidence: {{nl: Verslag, en: Report}}}}
warnings:
  - {{key: leverage, months: 12, from: judgment, title: {{nl: Het vonnis verloopt, en: The judgment lapses}}}}
"""


def put_in_force(world: World, kind: str, name: str, text: str) -> None:
    """Put a text in force as a version."""
    with world.runtime.db.write() as session:
        activate(session, world.landlord_id, kind, name, text, world.clock())


def care_world(build: Build, route: str = "", **settings: Any) -> World:
    """Make a world on the small ladder whose meldpunt works by the small route, with more lines of it."""
    world = build()
    put_in_force(world, LADDER, "klein", LADDER_TEXT)
    put_in_force(world, ROUTE, "proef", ROUTE_TEXT + route)
    put_in_force(world, TRAJECTORY, "kans", TRAJECTORY_TEXT)
    world.change_settings(default_ladder="klein", **settings)
    with world.runtime.db.write() as session:
        partner = session.query(PartnerRow).filter_by(kind="meldpunt").one()
        partner.route, partner.contact_person = "proef", "Tim de Vries"
    return world


def owing(world: World, number: int = 1, due_on: date = date(2026, 9, 1)) -> list[Home]:
    """Make homes with arrears."""
    homes = [world.home() for _ in range(number)]
    for home in homes:
        world.owe(home, due_on=due_on)
    return homes


def day(ahead: int) -> date:
    """Give the day so many days after the first."""
    return FIRST_DAY + timedelta(days=ahead)


def morning(world: World, ahead: int) -> None:
    """Take in the books of a day and decide it."""
    world.deliver(day(ahead))
    world.tick(day(ahead), 10)


Kept = Mapping[str, Any]
