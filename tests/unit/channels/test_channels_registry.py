"""The table of channels, and what the settings make of it."""

from dataclasses import replace

import pytest

from channels.contract import RETRYABLE, Failure, FailureCode
from channels.registry import CHANNELS, ChannelStatus, build_channels, describe
from channels.sandbox import MemorySandboxStore, silent
from channels.settings import ChannelSettings, ChannelSettingsError
from channels.twilio_errors import ERRORS, failure_of, receipt_failure

pytestmark = pytest.mark.unit
WITH_TWILIO = ChannelSettings(
    mode="trial",
    sending_enabled=True,
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token="1" * 32,
    twilio_sender="+3197010000000",
)


def statuses(settings: ChannelSettings) -> dict[str, ChannelStatus]:
    return {status.name: status for status in describe(settings)}


def built(settings: ChannelSettings) -> dict[str, str]:
    channels = build_channels(settings, MemorySandboxStore(), silent)
    return {name: channel.provider for name, channel in channels.items()}


def test_every_channel_is_described_under_its_own_name() -> None:
    assert [status.name for status in describe(ChannelSettings())] == list(CHANNELS)
    assert all(spec.name == name for name, spec in CHANNELS.items())
    assert all(status.text_nl and status.text_en for status in describe(ChannelSettings()))


def test_staff_channels_are_never_built() -> None:
    staff = {name for name, spec in CHANNELS.items() if spec.staff}
    assert staff == {"card", "call", "visit"}
    assert {statuses(WITH_TWILIO)[name].state for name in staff} == {"staff"}
    assert not staff & set(built(ChannelSettings()))


def test_by_default_every_machine_channel_is_a_sandbox() -> None:
    assert built(ChannelSettings()) == dict.fromkeys(["sms", "whatsapp", "email", "letter", "robocall"], "sandbox")


def test_credentials_alone_do_not_leave_the_sandbox() -> None:
    assert set(built(replace(WITH_TWILIO, mode="sandbox")).values()) == {"sandbox"}


def test_a_trial_has_sms_and_says_what_is_absent() -> None:
    assert built(WITH_TWILIO) == {"sms": "twilio"}
    assert statuses(WITH_TWILIO)["sms"].state == "trial"
    assert statuses(WITH_TWILIO)["letter"].state == "absent"


def test_a_trial_may_simulate_the_rest() -> None:
    assert built(replace(WITH_TWILIO, without_provider="sandbox")) == {
        "sms": "twilio",
        "whatsapp": "sandbox",
        "email": "sandbox",
        "letter": "sandbox",
        "robocall": "sandbox",
    }


@pytest.mark.parametrize(
    ("empty", "missing"),
    [
        ("twilio_auth_token", "twilio_auth_token"),
        ("twilio_account_sid", "twilio_account_sid"),
        ("twilio_sender", "twilio_messaging_service|twilio_sender"),
    ],
)
def test_a_missing_credential_makes_sms_absent_and_is_named(empty: str, missing: str) -> None:
    settings = replace(WITH_TWILIO, **{empty: ""})
    status = statuses(settings)["sms"]
    assert (status.state, status.missing) == ("absent", (missing,))
    assert missing in status.text_nl and missing in status.text_en
    assert built(settings) == {}


def test_without_the_switch_sms_is_off() -> None:
    assert statuses(replace(WITH_TWILIO, sending_enabled=False))["sms"].state == "off"
    assert statuses(replace(WITH_TWILIO, mode="live"))["sms"].state == "live"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"mode": "live", "without_provider": "sandbox"}, "without_provider"),
        ({"mode": "test"}, "mode"),
        ({"timeout": 0}, "timeout"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ChannelSettingsError, match=named):
        ChannelSettings(**changes)  # type: ignore[arg-type]


def test_the_token_is_not_shown() -> None:
    assert "1111" not in repr(WITH_TWILIO)


@pytest.mark.parametrize("code", FailureCode)
def test_only_failures_that_pass_may_be_tried_again(code: FailureCode) -> None:
    failure = Failure(key="k", provider="sandbox", code=code, detail="")
    assert failure.retryable == (code in RETRYABLE)


def test_every_error_of_twilio_has_its_source() -> None:
    assert all(error.source.endswith(str(code)) and error.meaning for code, error in ERRORS.items())


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 21610, FailureCode.OPTED_OUT),
        (429, None, FailureCode.RATE_LIMITED),
        (418, None, FailureCode.NOT_ALLOWED),
        (599, None, FailureCode.UNCERTAIN),
    ],
)
def test_the_code_goes_before_the_status(status: int, code: int | None, expected: FailureCode) -> None:
    assert failure_of(status, code)[0] is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (30003, FailureCode.UNREACHABLE),
        (30005, FailureCode.INVALID_RECIPIENT),
        (30006, FailureCode.LANDLINE),
        (None, FailureCode.UNREACHABLE),
    ],
)
def test_a_negative_receipt_has_our_word(code: int | None, expected: FailureCode) -> None:
    assert receipt_failure(code) is expected


WITH_BOTH = replace(
    WITH_TWILIO,
    sms_gateways=("smpp", "twilio"),
    smpp_host="smpp.example",
    smpp_system_id="huis",
    smpp_password="geheim",
    smpp_sender="Huis",
)


def test_two_gateways_are_one_channel_in_the_order_of_the_settings() -> None:
    assert built(WITH_BOTH) == {"sms": "smpp"}
    assert built(replace(WITH_BOTH, sms_gateways=("twilio", "smpp"))) == {"sms": "twilio"}
    assert built(replace(WITH_BOTH, sms_gateways=("smpp",))) == {"sms": "smpp"}


@pytest.mark.parametrize("empty", ["smpp_host", "smpp_system_id", "smpp_password", "smpp_sender", "twilio_auth_token"])
def test_with_two_gateways_the_settings_of_both_are_needed(empty: str) -> None:
    status = statuses(replace(WITH_BOTH, **{empty: ""}))["sms"]
    assert (status.state, status.missing) == ("absent", (empty,))
