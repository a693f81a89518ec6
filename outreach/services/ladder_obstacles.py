"""What keeps a version of a ladder from being published or switched on, with the way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.services.acting import Refused
from outreach.services.ladder_proofs import KeptProof
from outreach.services.policy import Policy
from schedules.errors import LadderError
from schedules.ladder import Ladder, open_gaps
from schedules.loader import parse_ladder
from schedules.overlay import SUFFIX
from schedules.problem_words import problem_text
from schedules.reasons import day_text


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One thing in the way. code: gap, expired, refuted. `instead` names the ladder to choose instead."""

    code: str
    text_nl: str
    text_en: str
    instead: str | None = None

    def text(self, language: str) -> str:
        """Return the sentence in Dutch ("nl") or English."""
        return self.text_nl if language == "nl" else self.text_en


class InTheWay(Refused):
    """A ladder cannot be published or switched on; `obstacles` says why."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(" ".join(each.text_nl for each in obstacles), " ".join(each.text_en for each in obstacles))
        self.obstacles = obstacles


def read_ladder(text: str, name: str) -> Ladder:
    """Read a ladder that is to be published under a name; raise Refused with every fault."""
    try:
        ladder = parse_ladder(text, f"{name}.yaml")
    except LadderError as error:
        faults = {
            language: " ".join(problem_text(each, language) for each in error.problems) for language in ("nl", "en")
        }
        raise Refused(
            f"De ladder heeft fouten en kan zo niet worden gepubliceerd. {faults['nl']}",
            f"The ladder has faults and cannot be published like this. {faults['en']}",
        ) from error
    if ladder.name != name:
        raise Refused(
            f"In het bestand heet de ladder {ladder.name}; u publiceert {name}.",
            f"In the file the ladder is called {ladder.name}; you publish {name}.",
        )
    return ladder


def obstacles(policy: Policy, ladder: Ladder, today: date, proof: KeptProof | None) -> tuple[Obstacle, ...]:
    """List what is in the way of a ladder; without a proof that part is left out."""
    return tuple(_obstacles(policy, ladder, today, proof))


def _obstacles(policy: Policy, ladder: Ladder, today: date, proof: KeptProof | None) -> Iterator[Obstacle]:
    gaps = open_gaps(ladder, policy.settings.fills)
    if gaps:
        yield Obstacle(
            code="gap",
            text_nl=f"Deze ladder kan nog niet aan: vul eerst in wat niet in de bron staat ({len(gaps)}).",
            text_en=f"This ladder cannot be switched on yet: fill in what is not in the source first ({len(gaps)}).",
        )
    if ladder.valid_to is not None and ladder.valid_to < today:
        yield Obstacle(
            code="expired",
            text_nl=f"Deze ladder gold tot en met {day_text(ladder.valid_to)}. Publiceer hem met een nieuwe einddatum.",
            text_en=f"This ladder was valid up to {day_text(ladder.valid_to, True)}. Publish it with a new end date.",
        )
    if proof is not None and proof.status != "proven" and not (gaps and proof.status == "gap"):
        yield _refuted(policy, ladder, proof)


def _refuted(policy: Policy, ladder: Ladder, proof: KeptProof) -> Obstacle:
    floored = f"{ladder.name}{SUFFIX}"
    instead = floored if floored in policy.ladder_version_ids else None
    first = proof.broken[0]["title"]
    more = len(proof.broken) - 1
    also_nl, also_en = (f" en {more} meer", f" and {more} more") if more else ("", "")
    way_nl = f"Kies de variant {floored}, of pas de ladder aan." if instead else "Pas de ladder aan."
    way_en = f"Choose the variant {floored}, or change the ladder." if instead else "Change the ladder."
    return Obstacle(
        code="refuted",
        text_nl=f"Het bewijs weerlegt deze ladder: {first['nl']}{also_nl}. {way_nl}",
        text_en=f"The proof refutes this ladder: {first['en']}{also_en}. {way_en}",
        instead=instead,
    )
