"""One frozen Settings from environment and file, checked once, naming the missing key."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from channels.settings import ChannelSettings, ChannelSettingsError
from outreach.errors import OutreachError

PREFIX = "OUTREACH_"
CHOICES = {
    "mode": ("sandbox", "trial", "live"),
    "without_provider": ("absent", "sandbox"),
    "smtp_security": ("tls", "starttls", "none"),
    "imap_security": ("tls", "starttls", "none"),
}
DATABASES = ("sqlite", "postgresql")


class ConfigError(OutreachError):
    """A setting is missing or wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings(ChannelSettings):
    """Everything that the machine (not the landlord) sets: the channels' settings and its own.

    `database_url` is an SQLAlchemy URL. `mode` is sandbox (nothing leaves the machine), trial (only
    `trial_recipients`) or live; trial and live also need `sending_enabled`.
    """

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8765
    secure_cookies: bool = False


_DEFAULTS = {item.name: item.default for item in fields(Settings) if item.default is not MISSING}


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `OUTREACH_*` variables over the file named by OUTREACH_CONFIG (TOML).

    Raises ConfigError naming the key when a value cannot be used.
    """
    source = os.environ if environ is None else environ
    values = {**_file_values(source.get(PREFIX + "CONFIG")), **_environment_values(source)}
    data_dir = Path(values.get("data_dir", "var")).absolute()
    read: dict[str, Any] = {
        "data_dir": data_dir,
        "database_url": _url(
            "database_url", values.get("database_url") or f"sqlite:///{data_dir / 'outreach.sqlite3'}"
        ),
        "secret_key": values.get("secret_key") or _kept_secret(data_dir),
    }
    read |= {key: _value(key, values[key]) for key in _DEFAULTS if key in values}
    try:
        return Settings(**read)
    except ChannelSettingsError as error:
        raise ConfigError(f"De instellingen kloppen niet: {error}.", f"The settings are wrong: {error}.") from error


def _value(key: str, written: str) -> object:
    """Read a setting as the type of its default."""
    default = _DEFAULTS[key]
    if key in CHOICES:
        return _one_of(key, written, CHOICES[key])
    if isinstance(default, bool):
        return _switch(key, written)
    if isinstance(default, int):
        return _port(key, written) if key.endswith("port") else _number(key, written, int)
    if isinstance(default, float):
        return _number(key, written, float)
    if isinstance(default, frozenset | tuple):
        parts = written.split(";" if ";" in written else ",")
        return type(default)(part.strip() for part in parts if part.strip())
    return written


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
        return "".join(f"{item};" for item in value)
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


def _number(key: str, value: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(value)
    except ValueError as error:
        raise _wrong(key, value, "een getal", "a number") from error


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
