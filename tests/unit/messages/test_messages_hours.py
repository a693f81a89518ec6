"""The hour at which a tenant wants to be called is read from his words."""

from datetime import time

import pytest

from messages.replies.hours import LAST, PARTS, Hours, find_hour


def at(hour: int, minute: int = 0) -> Hours:
    return Hours(begins=time(hour, minute), ends=time(hour, minute))


def after(hour: int, minute: int = 0) -> Hours:
    return Hours(begins=time(hour, minute), ends=LAST)


def before(hour: int) -> Hours:
    return Hours(ends=time(hour))


def between(first: int, last: int) -> Hours:
    return Hours(begins=time(first), ends=time(last))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("kunt u mij donderdag om 15.00 bellen", at(15)),
        ("bel me morgen om 10 uur", at(10)),
        ("bel me om 3 uur", at(15)),
        ("bel om half 3", at(14, 30)),
        ("kwart over 9 kan", at(9, 15)),
        ("15u30 graag", at(15, 30)),
        ("om drie uur", at(15)),
        ("bel mij na 17 uur", after(17)),
        ("niet voor 10 uur bellen", after(10)),
        ("graag voor 12 uur", before(12)),
        ("tussen 10 en 12", between(10, 12)),
        ("donderdag 10-12 uur", between(10, 12)),
        ("morgen om 8 uur 's avonds", at(20)),
        ("bel me vanmiddag", PARTS["afternoon"]),
        ("'s ochtends graag", PARTS["morning"]),
        ("morgenochtend om 9", at(9)),
        ("vanavond na 7 uur", after(19)),
        ("niet 's ochtends", None),
        ("call me after 5 pm", after(17)),
        ("call at 10:30 am please", at(10, 30)),
        ("between 2 and 4 o'clock", between(14, 16)),
        ("tomorrow morning", PARTS["morning"]),
        ("saat 5", at(17)),
        ("saat 17'den sonra arayin", after(17)),
        ("yarın saat 14:30'da arayın", at(14, 30)),
        ("öğleden sonra arayın", PARTS["afternoon"]),
        ("proszę zadzwonić po 17", after(17)),
        ("o 10", at(10)),
        ("o godzinie 15.30", at(15, 30)),
        ("jutro rano", PARTS["morning"]),
        ("o piętnastej", at(15)),
        ("зателефонуйте після 18", after(18)),
        ("о 15:00 завтра", at(15)),
        ("о п'ятій", at(17)),
        ("вранці", PARTS["morning"]),
        ("الساعة 5", at(17)),
        ("اتصلوا بي الساعة ١٠ صباحا", at(10)),
        ("بعد الساعة 5", after(17)),
        ("بعد الظهر", PARTS["afternoon"]),
    ],
)
def test_the_hour_of_a_call_is_read(text: str, hours: Hours | None) -> None:
    assert find_hour(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "bel me", "bel me na 3 december", "ik kan na 5 dagen 15.00 euro betalen", "€ 12.30", "bel 06 12345678",
        "bel me voor 3 weken", "morgen", "po 3 dniach", "o 5 grudnia", "بعد 3 ايام", "до 10 грудня", "om 25 uur",
        "wij zijn met 4 kinderen", "call in 5 minutes", "50 per maand", "bel over 2 uur", "za 2 godziny",
    ],
)  # fmt: skip
def test_money_days_and_counts_are_no_hours(text: str) -> None:
    assert find_hour(text) is None
