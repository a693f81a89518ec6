"""The texts of the small Twilio, as its Content API has them (twilio.com/docs/content/content-api-resources)."""

from collections.abc import Callable, Sequence
from typing import Any

META = {"page": 0, "page_size": 50, "key": "contents", "next_page_url": None}


def content(known: dict[str, str]) -> dict[str, object]:
    """Write a text with its approval as the Content API does."""
    return {
        "sid": known["sid"],
        "account_sid": "AC" + "0" * 32,
        "friendly_name": known["friendly_name"],
        "language": known["language"],
        "variables": {},
        "types": {"twilio/text": {"body": known["body"]}},
        "approval_requests": {"status": known["status"], "name": known["friendly_name"], "category": "UTILITY"},
        "date_created": "2026-03-10T11:00:00Z",
        "date_updated": "2026-03-10T11:00:00Z",
    }


def take_content(
    contents: Sequence[dict[str, str]], path: str, given: dict[str, Any], know: Callable[[str, str, str, str], str]
) -> dict[str, object]:
    """Keep a new text by `know`, or the request to approve one that is kept; return the answer."""
    sid = path.removesuffix("/ApprovalRequests/whatsapp").rpartition("/")[2]
    if sid == "Content":
        [kind] = given["types"].values()
        know(given["friendly_name"], given["language"], kind["body"], "unsubmitted")
        return content(contents[-1])
    [known] = [each for each in contents if each["sid"] == sid]
    known["status"] = "received"
    return {"name": given["name"], "category": given["category"], "status": "received"}
