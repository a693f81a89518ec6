"""The robocall through Twilio: calls that are made once, asked after, polled, and spoken turn by turn.

Sources: Twilio's OpenAPI file twilio_api_v2010 (CreateCall, ListCall), twilio.com/docs/voice/twiml (say, gather, dial,
redirect, hangup), twilio.com/docs/voice/answering-machine-detection, and for the voices .../twiml/say/text-speech;
Amazon has none for Ukrainian, so that one is Google's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from twilio.twiml.voice_response import VoiceResponse

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.scripts import NO_SCRIPTS, Scripts
from channels.settings import ChannelSettings
from channels.twilio_calls import CHANNEL, STATUS_ROUTE, VOICE_ROUTE, CallStatusHook, VoiceHook, ended, place_fields
from channels.twilio_client import ODD_ANSWERS, TwilioAccount, utc
from channels.twilio_events import PROVIDER, millionths, priced
from channels.twilio_messages import ASK_LIMIT, CLOCK_SLACK, POLL_LIMIT, SETTLED_AFTER, TwilioMessages
from channels.voice_flow import Saying, Turn

VOICES: Mapping[str, tuple[str, str]] = {
    "nl": ("nl-NL", "Polly.Laura-Neural"),
    "en": ("en-GB", "Polly.Amy-Neural"),
    "tr": ("tr-TR", "Polly.Filiz"),
    "ar": ("ar-AE", "Polly.Hala-Neural"),
    "pl": ("pl-PL", "Polly.Ola-Neural"),
    "uk": ("uk-UA", "Google.uk-UA-Wavenet-A"),
}
"""Twilio's language and voice for each of ours."""

RING_SECONDS = 25
"""How long the tenant's phone rings: five times, mostly before a mailbox of the network takes it."""

COLLEAGUE_RINGS_SECONDS = 20
KEY_SECONDS = 8
"""How long a key is waited for: longer than Twilio's five seconds, for slow hands (our choice)."""

LONGEST_SECONDS = 1800
"""A call is cut off after half an hour, the talk with a colleague included."""


class TwilioVoice(TwilioMessages):
    """Calls through Twilio; what they say comes from `scripts`, while the tenant is on the line."""

    name = CHANNEL

    def __init__(self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS) -> None:
        super().__init__(TwilioAccount(settings))
        self._scripts = scripts

    def routes(self) -> Sequence[Route]:
        """Declare what Twilio asks during a call, and its status when it is over."""
        verify = self._account.verify
        return (
            VoiceHook(verify=verify, scripts=self._scripts, write=self._twiml, may_call=self._may_call),
            CallStatusHook(verify=verify),
        )

    def _from(self) -> Mapping[str, str]:
        return {"from_": self._settings.twilio_voice_sender}

    def _content(self, message: Outbound) -> Mapping[str, str] | Failure:
        if not self._settings.public_url:
            return Failure(
                key=message.key,
                provider=PROVIDER,
                code=FailureCode.CREDENTIALS,
                detail="without a public address Twilio cannot ask what to say",
            )
        return {"url": self._account.hook(VOICE_ROUTE, message.key)}

    def _create(self, message: Outbound, content: Mapping[str, str]) -> Any:
        made = self._client.calls.create(
            to=message.to,
            **self._from(),
            **content,
            status_callback=self._account.hook(STATUS_ROUTE, message.key),
            machine_detection="DetectMessageEnd",
            timeout=RING_SECONDS,
            time_limit=LONGEST_SECONDS,
        )
        return _Made(sid=made.sid, date_created=made.date_created)

    def _ours(self, found: Any) -> bool:
        """Take calls that were made over the API; the list is asked by our own number."""
        return bool(found.direction == "outbound-api")

    def _look_up(self, message: Outbound, since: datetime) -> Accepted | NotTaken | Unsure:
        """Search by number and moment: Twilio's list does not say which call had which address.

        Without Twilio's StartTime filter: a call that still waits has no such moment.
        """
        try:
            listed = self._client.calls.list_with_http_info(to=message.to, **self._from(), limit=ASK_LIMIT)
            provider_now = parsedate_to_datetime(dict(listed.headers)["Date"])
            recent = [each for each in listed.data if utc(each.date_created) >= since - CLOCK_SLACK]
        except ODD_ANSWERS as error:
            return Unsure(key=message.key, detail=f"Twilio cannot be asked: {type(error).__name__}", later=True)
        same = [each for each in recent if self._ours(each) and self._free(each.sid, message.key)]
        if len(same) == 1:
            at = utc(same[0].date_created)
            return Accepted(key=message.key, provider=PROVIDER, provider_ref=same[0].sid, at=at)
        if same:
            return Unsure(key=message.key, detail=f"{len(same)} calls to the same number")
        if provider_now - since < SETTLED_AFTER:
            return Unsure(key=message.key, detail="not found yet", later=True)
        if len(recent) == ASK_LIMIT:
            return Unsure(key=message.key, detail="not found among the last calls")
        return NotTaken(key=message.key)

    def _read(self, since: datetime) -> Sequence[Any]:
        found: Sequence[Any] = self._client.calls.list(
            **self._from(), start_time_after=since, limit=POLL_LIMIT, page_size=1000
        )
        return found

    def _events(self, found: Any, now: datetime) -> Iterator[Event]:
        moment = found.end_time or found.start_time
        told = ended(
            sid=found.sid,
            status=str(found.status),
            at=utc(moment) if moment else now,
            sender=self._settings.twilio_voice_sender,
            recipient=found.to or "",
            key=self._keys.owner(found.sid),
            answered_by=found.answered_by or "",
        )
        if told is not None:
            yield told
        cost = millionths(found.price)
        if told is not None and cost is not None:
            yield priced(told, cost, found.price_unit, None)

    def _may_call(self, number: str) -> bool:
        """Keep a trial to its test recipients, and a call from ringing its own number."""
        return self._settings.refusal(number) is None and number != self._settings.twilio_voice_sender

    def _twiml(self, key: str, found: Turn) -> str:
        """Write a turn: texts inside the question, so that a key cuts them short."""
        address = self._account.hook(VOICE_ROUTE, key)
        answer = VoiceResponse()
        if found.go is not None:
            answer.redirect(f"{address}&{place_fields(found.go, enters=True)}", method="POST")
        elif found.connect_to is not None and found.ask is not None:
            _speak(answer, found.says)
            answer.dial(
                action=f"{address}&{place_fields(found.ask)}",
                method="POST",
                timeout=COLLEAGUE_RINGS_SECONDS,
                caller_id=self._settings.twilio_voice_sender,
            ).number(found.connect_to)
        elif found.ask is not None:
            question = answer.gather(
                input="dtmf",
                num_digits=1,
                finish_on_key="",
                timeout=KEY_SECONDS,
                action_on_empty_result=True,
                action=f"{address}&{place_fields(found.ask)}",
                method="POST",
            )
            _speak(question, found.says)
        else:
            _speak(answer, found.says)
            answer.hangup()
        return str(answer)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """A call that Twilio took; calls have no segments."""

    sid: str
    date_created: datetime | None
    num_segments: None = None


def _speak(where: Any, says: Sequence[Saying]) -> None:
    for place, each in enumerate(says):
        if place:
            where.pause(length=1)
        language, voice = VOICES[each.language.split("-")[0]]
        where.say(each.text, language=language, voice=voice)
