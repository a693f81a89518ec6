"""What simulated tenants say, and what that leads to: replies, talks, keys pressed on the robocall's menu."""

from datetime import datetime, time, timedelta

from schedules.facts import PlanState
from schedules.simulation.paying import PAYDAY, agree_plan, pays, promise
from schedules.simulation.portfolio import PHONE
from schedules.simulation.stage import Case, Home, Stage

TRUE_PAYMENT_DAYS = 3
MENU = {"menu_1": "call_back", "menu_2": "plan", "menu_3": "call_back", "menu_4": "help"}
WRITES_BACK = frozenset({"sms", "whatsapp", "email"})
PHONES_FROM, PHONES_TO = time(10), 6
UNSPOKEN = frozenset({"stop", "wrong_number"})


def meaning_of(home: Home, stage: Stage, key: str) -> str:
    """Return what a reply means, by the shares of the kind of tenant."""
    left = stage.draw(100, home.key, key, "meaning")
    shares = stage.figures.replies[home.profile.kind]
    for meaning, share in shares.items():
        left -= share
        if left < 0:
            return meaning
    return next(iter(shares))


def replied(home: Home, at: datetime, stage: Stage, channel: str, key: str) -> None:
    """Take in a reply by message, or a call because of a letter or card."""
    case = home.case
    meaning = meaning_of(home, stage, key)
    if case is None or (channel not in WRITES_BACK and meaning in UNSPOKEN):
        return
    stage.work(home, at, "reply", stage.figures["work.reply"])
    if meaning == "stop":
        stage.bar(home, at, (channel,), "opted_out")
        stage.tally.add("opted_out", home.block)
        stage.look_soon(home, at)
    elif meaning == "wrong_number":
        stage.bar(home, at, (*PHONE, "whatsapp") if channel != "email" else ("email",), "wrong_number")
        stage.look_soon(home, at)
    elif channel in WRITES_BACK:
        reached(home, case, at, stage, channel)
        act_on(home, at, stage, meaning, key)
    else:
        stage.work(home, at, "talk", stage.figures["work.talk"])
        talked(home, at, stage, "phoned", key)


def pressed(home: Home, at: datetime, stage: Stage, outcome: str, key: str) -> None:
    """Take in a key pressed on the robocall's menu."""
    if home.case is not None and outcome in MENU:
        reached(home, home.case, at, stage, "robocall")
        act_on(home, at, stage, MENU[outcome], key)


def reached(home: Home, case: Case, at: datetime, stage: Stage, channel: str) -> None:
    """Note two-way contact; the first of a case is counted by channel and by day."""
    home.household.talk_at = at
    stage.note(home, at, "reached", channel)
    if case.reached_at is None:
        days = (stage.calendar.day_of(at) - case.due_on).days
        stage.tally.add("reached", home.block)
        stage.tally.counts[("reached", channel, days)] += 1
    case.reached_at = at


def act_on(home: Home, at: datetime, stage: Stage, meaning: str, key: str) -> None:
    """Let a reply do to the case what it does in the product; what needs a person waits for one."""
    if meaning == "paid":
        if stage.happens(stage.figures["arrears.paid_is_true"], home.key, key, "true"):
            days = 1 + stage.draw(TRUE_PAYMENT_DAYS, home.key, key, "true_on")
            stage.plan(stage.booked(stage.calendar.day_of(at) + timedelta(days=days)), home, pays, stage)
    elif meaning == "promise":
        promise(home, at, stage, key)
    elif meaning == "plan":
        request_plan(home, at, stage)
    else:
        stage.call_back(home, at, key, stage.figures["talk.answers_back"])
    stage.look_soon(home, at)


def request_plan(home: Home, at: datetime, stage: Stage) -> None:
    """Ask for a plan; the office agrees on it."""
    if home.plan in {PlanState.ACTIVE, PlanState.REQUESTED}:
        return
    home.plan = PlanState.REQUESTED
    done_at = stage.office(home, at, "plan", stage.figures["work.plan"])
    stage.plan(done_at, home, agree_plan, stage)


def talked(home: Home, at: datetime, stage: Stage, channel: str, key: str) -> None:
    """Hold a talk, and agree what it leads to: a plan, a promise, or nothing yet."""
    case = home.case
    if case is None:
        return
    reached(home, case, at, stage, channel)
    if not case.talked:
        case.talked = True
        stage.tally.add("talked", home.block)
        stage.tally.talk(home.block, (stage.calendar.day_of(at) - case.due_on).days)
    _note_cause(home, stage)
    _note_worry(home, stage, channel, key)
    chance, habits = stage.draw(100, home.key, key, "agreed"), home.habits
    if chance < habits.plans:
        agree_plan(home, at, stage)
    elif chance < habits.plans + habits.promises:
        promise(home, at, stage, key)
    stage.look_soon(home, at)


def _note_cause(home: Home, stage: Stage) -> None:
    """Let the first talk tell the cause of the arrears, and now and then the payday."""
    if home.cause is not None:
        return
    figures, chance = stage.figures, stage.draw(100, home.key, "cause")
    benefit = figures["talk.financial"] + figures["talk.benefit"]
    home.cause = "financial" if chance < figures["talk.financial"] else "benefit" if chance < benefit else "complex"
    if stage.happens(figures["talk.payday"], home.key, "payday"):
        home.payday = PAYDAY


def _note_worry(home: Home, stage: Stage, channel: str, key: str) -> None:
    if channel == "visit":
        note_at_the_door(home, stage, key)
    elif stage.happens(stage.figures["talk.worry"], home.key, key, "worry"):
        home.grounds |= {"multi_problem"}


def note_at_the_door(home: Home, stage: Stage, key: str) -> None:
    """Let a visitor note a worrying signal, also when nobody opened."""
    if stage.happens(stage.figures["talk.visit_worry"], home.key, key, "worry"):
        home.grounds |= {"worry"}


def call_back(home: Home, at: datetime, stage: Stage, key: str, answers: int) -> None:
    """Let a colleague call, whoever asked for it; contact by the machine waits meanwhile."""
    home.waiting_talks += 1
    answered = stage.happens(answers, home.key, key, "answers")
    minutes = stage.figures["work.talk" if answered else "work.no_answer"]
    done_at = stage.office(home, at, "call_back", minutes)
    stage.plan(done_at, home, _called_back, stage, key, answered)


def _called_back(home: Home, at: datetime, stage: Stage, key: str, answered: bool) -> None:
    home.waiting_talks -= 1
    if answered:
        talked(home, at, stage, "call_back", key)
    stage.look_soon(home, at)


def phones_at(stage: Stage, home: Home, at: datetime, key: str) -> datetime:
    """Return when a tenant phones because of a letter or card: some working days later, by day."""
    days = 2 + stage.draw(3, home.key, key, "phones")
    day = stage.calendar.add_working_days(stage.calendar.day_of(at), days)
    minutes = stage.draw(PHONES_TO * 60, home.key, key, "phones at")
    return stage.calendar.utc(day, PHONES_FROM) + timedelta(minutes=minutes)
