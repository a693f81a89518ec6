"""Files between looking and confirming: kept beside the data under a random name, for one user, for one day."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=1)
LARGEST = 50 * 1024 * 1024
_TOKEN = re.compile(r"[a-f0-9]{32}")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One uploaded file with what the user chose for it; `created_at` is ISO 8601 in UTC."""

    token: str
    user_id: int
    filename: str
    kind: str
    choices: Mapping[str, str]
    created_at: str


def keep(
    folder: Path, data: bytes, *, user_id: int, filename: str, kind: str, choices: Mapping[str, str], now: datetime
) -> str:
    """Keep a file and return its token; files older than a day are removed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder, now)
    token = secrets.token_hex(16)
    about = Upload(
        token=token, user_id=user_id, filename=filename, kind=kind, choices=dict(choices), created_at=now.isoformat()
    )
    data_file, about_file = _paths(folder, token)
    for path, content in ((data_file, data), (about_file, json.dumps(asdict(about)).encode())):
        path.touch(mode=0o600)
        path.write_bytes(content)
    return token


def find(folder: Path, token: str, user_id: int, now: datetime) -> tuple[Upload, bytes] | None:
    """Return a kept file of this user; None when it is another's, too old or gone."""
    if not _TOKEN.fullmatch(token):
        return None
    data_file, about_file = _paths(folder, token)
    if not data_file.is_file() or not about_file.is_file():
        return None
    upload = _read(about_file)
    if upload.user_id != user_id or _is_old(upload, now):
        return None
    return upload, data_file.read_bytes()


def forget(folder: Path, token: str) -> None:
    """Remove a kept file."""
    if _TOKEN.fullmatch(token):
        for path in _paths(folder, token):
            path.unlink(missing_ok=True)


def sweep(folder: Path, now: datetime) -> None:
    """Remove the files that were kept for longer than a day."""
    for about_file in folder.glob("*.json"):
        if _is_old(_read(about_file), now):
            forget(folder, about_file.stem)


def _paths(folder: Path, token: str) -> tuple[Path, Path]:
    return folder / f"{token}.bin", folder / f"{token}.json"


def _read(path: Path) -> Upload:
    return Upload(**json.loads(path.read_text("utf-8")))


def _is_old(upload: Upload, now: datetime) -> bool:
    return datetime.fromisoformat(upload.created_at) < now - KEPT_FOR
