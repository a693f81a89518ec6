"""A tenant who asks for help goes to the partner, with his consent on record (rules.md 11, 28; S000 L863-866)."""

from outreach.services.facts import load_cases
from outreach.services.policy import ladder_of
from outreach.services.referrals import Referring, make_referral, partner_for
from outreach.services.reply import Reply
from schedules.decisions import PlannedStep
from schedules.purposes import Purpose

HELPERS = ("debt_help", "social_team")
"""The kinds of partner that help with debts: the first that the municipality has."""
STEP = "help_asked"


def refer_for_help(reply: Reply) -> str:
    """Refer the case to the partner who helps; say what came of it: sent, queued, held, known, or "" without a partner.

    The partner's route decides on grounds and room; what it does not let through becomes a task for a person.
    """
    case = reply.known_case
    if case.state != "open":
        return ""
    loaded = load_cases(reply.session, [case], reply.runtime.calendar.day_of(reply.now), reply.now)[0]
    place = loaded.area.municipality
    landlord_id = reply.policy.landlord_id
    kind = next((each for each in HELPERS if partner_for(reply.session, landlord_id, place, each)), None)
    if kind is None:
        return ""
    referring = Referring(
        session=reply.session,
        book=reply.book,
        policy=reply.policy,
        ladder=ladder_of(reply.session, reply.policy, case.ladder_version_id),
        calendar=reply.runtime.calendar,
        now=reply.now,
    )
    step = PlannedStep(
        step=STEP,
        attempt=1,
        kind="referral",
        channel=None,
        target=kind,
        template=None,
        purpose=Purpose.CARE,
        due_at=reply.now,
        expires_at=None,
        why=(),
    )
    return make_referral(referring, loaded, step)
