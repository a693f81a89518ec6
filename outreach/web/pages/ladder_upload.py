"""A ladder file that somebody brings: read and checked, every fault in words with its line."""

from flask import request

from outreach.services.acting import Refused
from outreach.services.ladder_drafts import UnreadableLadder
from schedules.drafting import Data
from schedules.errors import LadderError
from schedules.ladder_file import ladder_data
from schedules.loader import parse_ladder

LARGEST = 512 * 1024


def read_upload() -> Data:
    """Return the data of the file that came along; raise Refused with what is wrong."""
    found = request.files.get("file")
    if found is None or not found.filename:
        raise Refused("Kies een bestand.", "Choose a file.")
    content = found.stream.read(LARGEST + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(content) > LARGEST:
        raise Refused(
            "Dit is geen bestand van een contactladder. Gebruik een bestand dat u hier hebt opgeslagen.",
            "This is not the file of a contact ladder. Use a file that you saved here.",
        )
    try:
        parse_ladder(text)
    except LadderError as error:
        raise UnreadableLadder(error) from error
    return ladder_data(text)
