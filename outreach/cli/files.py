"""Files of ladders as somebody gives them: what cannot be read, or is another kind, is said in one clear text."""

from pathlib import Path

from outreach.errors import OutreachError
from schedules.errors import LadderError
from schedules.problem_words import problem_text
from schedules.shipped import shipped_names
from schedules.strict_yaml import read_document

OTHER_KINDS = {"route": ("een route", "a route"), "trajectory": ("een traject", "a trajectory")}


def file_text(path: Path) -> str:
    """Read a text file in UTF-8; raises OutreachError when it is none."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise OutreachError(
            f"{path} is geen tekst in UTF-8. Sla het bestand op als UTF-8 en probeer het opnieuw.",
            f"{path} is no text in UTF-8. Save the file as UTF-8 and try again.",
        ) from error


def ladder_text(path: Path) -> str:
    """Read the file of a ladder; raises OutreachError when it says that it is a route or a trajectory."""
    text = file_text(path)
    data = read_document(text).data
    for kind, (dutch, english) in OTHER_KINDS.items():
        if isinstance(data, dict) and kind in data and "ladder" not in data:
            raise OutreachError(
                f"{path} is {dutch}. Hier is een contactladder nodig. Nakijken kan met: outreach ladder check {path}",
                f"{path} is {english}. A ladder is needed here. Check it with: outreach ladder check {path}",
            )
    return text


def faulty(error: LadderError) -> OutreachError:
    """Give the faults of a ladder file as one text in both languages."""
    dutch = " ".join(problem_text(each) for each in error.problems)
    return OutreachError(f"De ladder heeft fouten. {dutch}", f"The ladder has faults. {error}")


def known_ladder(name: str) -> str:
    """Return the name of a ladder that ships; raises OutreachError naming what there is."""
    if name not in shipped_names():
        names = ", ".join(shipped_names())
        raise OutreachError(
            f"Er is geen contactladder {name}. Kies uit: {names}.", f"There is no ladder {name}. Choose from: {names}."
        )
    return name
