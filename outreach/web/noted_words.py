"""What staff recorded of a case, as the title of its entry in the timeline."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Flask

from outreach.web.formats import full_day, money
from outreach.web.labels import label
from outreach.web.translation import _, language

Values = Mapping[str, Any]


def init_app(app: Flask) -> None:
    """Give templates `noted_title(kind, values)`."""
    app.jinja_env.globals["noted_title"] = noted_title


def noted_title(kind: str, values: Values) -> str:
    """Say what was recorded, in the language of the screen; `values` is the payload of its evidence."""
    return TITLES[kind](values)


def _date(values: Values) -> str:
    return _("%(what)s: %(day)s", what=label("date", values["name"]), day=_day(values["on"]))


def _date_off(values: Values) -> str:
    return _("%(what)s vervalt, was %(day)s", what=label("date", values["name"]), day=_day(values["was"]))


def _children(values: Values) -> str:
    said = {True: _("ja"), False: _("nee"), "yes": _("ja"), "no": _("nee")}.get(values["children"], _("onbekend"))
    source = values.get("source")
    return _("Kinderen: %(said)s", said=said) + (f" ({source})" if source and source != "staff" else "")


def _features(values: Values) -> str:
    known = [label("feature", code) for code in values["features"]]
    if values.get("payday"):
        known.append(_("betaaldag %(day)s", day=values["payday"]))
    return _("Kenmerken: %(known)s", known=", ".join(known) or _("geen"))


def _condition(values: Values) -> str:
    title = values.get("title", {}).get(language(), values["condition"])
    return f"{title}: {label('condition', 'holds' if values['holds'] == 'yes' else 'failed')}"


def _signals(values: Values) -> str:
    return _("Gezien: %(what)s", what=", ".join(label("signal", code) for code in values["signals"]))


def _plan_dates(values: Values) -> str:
    made = values["instalments"]
    return _(
        "Regeling: nog %(count)s keer %(amount)s, vanaf %(day)s",
        count=len(made),
        amount=money(made[0]["cents"]),
        day=_day(made[0]["due_on"]),
    )


def _day(text: str) -> str:
    return full_day(date.fromisoformat(text))


TITLES: Mapping[str, Callable[[Values], str]] = {
    "cause": lambda values: _("Oorzaak: %(cause)s", cause=label("cause", values["cause"])),
    "children": _children,
    "date": _date,
    "date_off": _date_off,
    "features": _features,
    "ground": lambda values: _("Grond: %(ground)s", ground=label("ground", values["ground"])),
    "help_refused": lambda _values: _("De huurder wil nu geen hulp"),
    "household": _children,
    "pause_condition": _condition,
    "plan_caught_up": lambda _values: _("Gemiste termijn alsnog betaald"),
    "plan_changed": _plan_dates,
    "plan_ended": lambda _values: _("Waarom de regeling is gestopt"),
    "plan_missed": lambda values: _(
        "Termijn gemist: %(amount)s op %(day)s", amount=money(values["cents"]), day=_day(values["due_on"])
    ),
    "plan_refused": lambda _values: _("Waarom de regeling is geweigerd"),
    "plan_repair_offered": lambda _values: _("Herstel van de regeling aangeboden"),
    "plan_repaired": _plan_dates,
    "signals": _signals,
}
