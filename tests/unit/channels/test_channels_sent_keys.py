"""What a process remembers of the keys that it offered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Accepted, Failure, FailureCode, Outbound
from channels.sent_keys import Doubt, SentKeys

pytestmark = pytest.mark.unit
NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


def sms(key: str, at: datetime = NOON) -> Outbound:
    return Outbound(key=key, channel="sms", to="+31600000001", sender="Huis", text="Belt u ons?", at=at)


def taken(key: str) -> Accepted:
    return Accepted(key=key, provider="twilio", provider_ref=f"ref-{key}", at=NOON)


def test_one_of_many_threads_gets_the_key() -> None:
    keys = SentKeys("twilio")
    with ThreadPoolExecutor(max_workers=8) as pool:
        claims = list(pool.map(keys.claim, [sms("k")] * 100))
    assert claims.count(None) == 1
    assert all(isinstance(claim, Doubt) for claim in claims if claim is not None)


def test_a_doubt_keeps_its_first_moment() -> None:
    keys = SentKeys("twilio")
    keys.claim(sms("k"))
    failure = Failure(key="k", provider="twilio", code=FailureCode.UNCERTAIN, detail="")
    keys.doubt(sms("k", NOON + timedelta(days=1)), failure)
    assert keys.known("k") == Doubt(failure=failure, at=NOON)


def test_a_released_key_is_free_again() -> None:
    keys = SentKeys("twilio")
    keys.claim(sms("k"))
    keys.release("k")
    assert keys.claim(sms("k")) is None


def test_the_oldest_keys_are_forgotten() -> None:
    keys = SentKeys("twilio", size=2)
    for key in "abc":
        keys.accept(taken(key))
    assert keys.known("a") is None
    assert keys.owner("ref-a") is None
    assert keys.owner("ref-c") == "c"
