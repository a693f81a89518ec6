"""One frozen Settings from environment and file, checked once, naming the missing key."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from outreach.errors import OutreachError

PREFIX = "OUTREACH_"
MODES = ("sandbox", "trial", "live")
DATABASES = ("sqlite", "postgresql")


class ConfigError(OutreachError):
    """A setting is missing or wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that the machine (not the landlord) sets.

    `database_url` is an SQLAlchemy URL. `mode` is sandbox (nothing leaves the machine), trial (only
    `trial_recipients`) or live; trial and live also need `sending_enabled`. `public_url` is where
    providers reach the webhooks.
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8765
    mode: str = "sandbox"
    sending_enabled: bool = False
    trial_recipients: frozenset[str] = frozenset()
    public_url: str = ""
    twilio_account_sid: str = ""
    twilio_auth_token: str = field(default="", repr=False)
    twilio_messaging_service: str = ""
    twilio_sender: str = ""
    twilio_base_url: str = ""
    secure_cookies: bool = False


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `OUTREACH_*` variables over the file named by OUTREACH_CONFIG (TOML).

    Raises ConfigError naming the key when a value cannot be used.
    """
    source = os.environ if environ is None else environ
    values = {**_file_values(source.get(PREFIX + "CONFIG")), **_environment_values(source)}
    data_dir = Path(values.get("data_dir", "var")).absolute()
    return Settings(
        data_dir=data_dir,
        database_url=_url("database_url", values.get("database_url") or f"sqlite:///{data_dir / 'outreach.sqlite3'}"),
        secret_key=values.get("secret_key") or _kept_secret(data_dir),
        host=values.get("host", "127.0.0.1"),
        port=_port("port", values.get("port", "8765")),
        mode=_one_of("mode", values.get("mode", "sandbox"), MODES),
        sending_enabled=_switch("sending_enabled", values.get("sending_enabled", "no")),
        trial_recipients=frozenset(part.strip() for part in values.get("trial_recipients", "").split(",") if part),
        public_url=values.get("public_url", ""),
        twilio_account_sid=values.get("twilio_account_sid", ""),
        twilio_auth_token=values.get("twilio_auth_token", ""),
        twilio_messaging_service=values.get("twilio_messaging_service", ""),
        twilio_sender=values.get("twilio_sender", ""),
        twilio_base_url=values.get("twilio_base_url", ""),
        secure_cookies=_switch("secure_cookies", values.get("secure_cookies", "no")),
    )


def _environment_values(source: Mapping[str, str]) -> dict[str, str]:
    return {key[len(PREFIX) :].lower(): value for key, value in source.items() if key.startswith(PREFIX)}


def _file_values(name: str | None) -> dict[str, str]:
    if not name:
        return {}
    try:
        raw = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"OUTREACH_CONFIG: het bestand {name} is niet te lezen: {error}",
            f"OUTREACH_CONFIG: cannot read {name}: {error}",
        ) from error
    unknown = sorted(set(raw) - {item.name for item in fields(Settings)})
    if unknown:
        raise ConfigError(
            f"OUTREACH_CONFIG: {name} heeft een onbekende instelling: {unknown[0]}.",
            f"OUTREACH_CONFIG: {name} has an unknown setting: {unknown[0]}.",
        )
    return {key: _text(value) for key, value in raw.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value)


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret-key"
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    data_dir.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(48)
    path.touch(mode=0o600)
    path.write_text(value, encoding="utf-8")
    return value


def _port(key: str, value: str) -> int:
    if not value.isdecimal() or not 0 <= int(value) <= 65535:
        raise _wrong(key, value, "een getal van 0 tot en met 65535", "a number from 0 to 65535")
    return int(value)


def _url(key: str, value: str) -> str:
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in DATABASES:
        name = PREFIX + key.upper()
        raise ConfigError(
            f"{name} is geen adres van een database; geef sqlite:///... of postgresql+psycopg://...",
            f"{name} is no address of a database; give sqlite:///... or postgresql+psycopg://...",
        )
    return value


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _wrong(key, value, " of ".join(allowed), " or ".join(allowed))
    return value


def _switch(key: str, value: str) -> bool:
    lowered = value.strip().lower()
    if lowered not in {"yes", "true", "1", "on", "ja", "no", "false", "0", "off", "nee", ""}:
        raise _wrong(key, value, "ja of nee", "yes or no")
    return lowered in {"yes", "true", "1", "on", "ja"}


def _wrong(key: str, value: str, nl: str, en: str) -> ConfigError:
    name = PREFIX + key.upper()
    return ConfigError(f"{name}={value!r} kan niet; geef {nl}.", f"{name}={value!r} cannot be used; give {en}.")
