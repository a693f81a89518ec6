"""A machine's setting that cannot be used is named, with what to give instead."""

from pathlib import Path

import pytest

from outreach.config import ConfigError, load_settings


def settings_of(tmp_path: Path, **values: str) -> object:
    return load_settings({"OUTREACH_DATA_DIR": str(tmp_path), **values})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("OUTREACH_MODE", "production"),
        ("OUTREACH_PORT", "http"),
        ("OUTREACH_PORT", "70000"),
        ("OUTREACH_PORT", "-1"),
        ("OUTREACH_SENDING_ENABLED", "maybe"),
        ("OUTREACH_DATABASE_URL", "outreach.sqlite3"),
        ("OUTREACH_DATABASE_URL", "mysql://localhost/x"),
    ],
)
def test_the_key_is_named_in_both_languages(tmp_path: Path, key: str, value: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        settings_of(tmp_path, **{key: value})
    assert key in wrong.value.text_nl
    assert key in wrong.value.text_en


def test_a_password_in_a_wrong_database_url_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as wrong:
        settings_of(tmp_path, OUTREACH_DATABASE_URL="oracle://user:geheim@host/db")
    assert "geheim" not in wrong.value.text_nl + wrong.value.text_en


def test_a_file_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outreach.toml"
    path.write_text('mode = "sandbox"\nporrt = 1\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="porrt"):
        settings_of(tmp_path, OUTREACH_CONFIG=str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nergens\.toml"):
        settings_of(tmp_path, OUTREACH_CONFIG=str(tmp_path / "nergens.toml"))


def test_the_environment_wins_over_the_file_and_lists_are_lists(tmp_path: Path) -> None:
    path = tmp_path / "outreach.toml"
    path.write_text('port = 1234\ntrial_recipients = ["+31612345678", "+31687654321"]\n', encoding="utf-8")
    settings = load_settings({"OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_CONFIG": str(path), "OUTREACH_PORT": "99"})
    assert settings.port == 99
    assert settings.trial_recipients == {"+31612345678", "+31687654321"}


def test_the_secret_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    first = load_settings({"OUTREACH_DATA_DIR": str(tmp_path)})
    assert load_settings({"OUTREACH_DATA_DIR": str(tmp_path)}).secret_key == first.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert first.secret_key not in repr(first)
