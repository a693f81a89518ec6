"""SMS and WhatsApp through Twilio.

SMS: the sender is the messaging service, or else the sender, of the settings; the sender of a message is a name on
paper only. WhatsApp: a text of one's own within 24 hours of what the tenant wrote last, an approved template at any
time; without either the message is not offered, so that it can go by SMS.
Sources: twilio.com/docs/whatsapp/api, twilio.com/docs/content/using-variables-with-content-api.
"""

import json
from collections.abc import Mapping
from typing import Any

from channels.contract import Failure, Outbound
from channels.scripts import NO_SCRIPTS, Scripts
from channels.settings import ChannelSettings
from channels.twilio_client import TwilioAccount
from channels.twilio_contents import ApprovedContents
from channels.twilio_events import PROVIDER, WHATSAPP_PREFIX, channel_of
from channels.twilio_messages import TwilioMessages


class TwilioSms(TwilioMessages):
    """SMS."""

    name = "sms"

    def __init__(self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS) -> None:
        super().__init__(TwilioAccount(settings))

    def _from(self) -> Mapping[str, str]:
        service = self._settings.twilio_messaging_service
        return {"messaging_service_sid": service} if service else {"from_": self._settings.twilio_sender}

    def _ours(self, found: Any) -> bool:
        if channel_of(found.to) != self.name or channel_of(found.from_ or "") != self.name:
            return False
        service, inbound = self._settings.twilio_messaging_service, found.direction == "inbound"
        if service:
            return found.messaging_service_sid == service or (inbound and not found.messaging_service_sid)
        return bool((found.to if inbound else found.from_) == self._settings.twilio_sender)


class TwilioWhatsApp(TwilioMessages):
    """WhatsApp."""

    name = "whatsapp"

    def __init__(self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS) -> None:
        super().__init__(TwilioAccount(settings))
        self._contents = ApprovedContents(self._account)

    def _address(self, number_or_sender: str) -> str:
        return f"{WHATSAPP_PREFIX}{number_or_sender}"

    def _from(self) -> Mapping[str, str]:
        return {"from_": self._address(self._settings.twilio_whatsapp_sender)}

    def _content(self, message: Outbound) -> Mapping[str, str] | Failure:
        if message.free_until is not None and message.at < message.free_until:
            return {"body": message.text}
        found = self._contents.find(message.template, message.language, message.at)
        if isinstance(found, str):
            return {"content_sid": found, "content_variables": json.dumps(dict(message.variables), ensure_ascii=False)}
        code, detail = found
        return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail)

    def _ours(self, found: Any) -> bool:
        ours = found.to if found.direction == "inbound" else found.from_
        return bool(ours == self._address(self._settings.twilio_whatsapp_sender))
