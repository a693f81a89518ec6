"""Random paths of the explorer: what happens to one case, move by move, between the moments of its decisions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from schedules.facts import AttemptState
from schedules.proof.explorer import Explorer
from schedules.proof.state import Act, State

MADE = (AttemptState.DONE, AttemptState.FAILED)
SURPRISE = 0.22
"""How often a path takes a fact from outside or a failure, where it may."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What happened since the case was decided on last, up to the moment at which it is decided on again."""

    at: datetime
    acts: tuple[Act, ...]


@dataclass(frozen=True, kw_only=True)
class Path:
    """One random path: its moves, and the state in which it was left."""

    moves: tuple[Move, ...]
    end: State

    def made(self) -> list[tuple[str, str, datetime, bool]]:
        """Give (step, channel, moment, failed) of everything that went out or was done, oldest first."""
        attempts = [a for a in self.end.facts.attempts if a.state in MADE and a.channel != "office"]
        found = [(a.step, a.channel, a.at, a.state is AttemptState.FAILED) for a in attempts]
        return sorted(found, key=lambda each: (each[2], each[0]))

    def referred(self) -> list[tuple[str, datetime]]:
        """Give (step, moment) of every referral, oldest first."""
        return sorted(((r.step, r.at) for r in self.end.facts.referrals), key=lambda each: (each[1], each[0]))


def walk(
    explorer: Explorer, random: Random, most_facts: int, most_moves: int, usable: Callable[[Sequence[Act]], bool]
) -> Path:
    """Walk one random path from the opening of a case; `usable` says which surprises may be taken."""
    state = explorer.first()
    moves = [Move(at=state.now, acts=(state.act,) if state.act else ())]
    while len(moves) < most_moves:
        after = _next(explorer, random, state, most_facts, usable)
        if after is None:
            break
        moves.append(Move(at=after.now, acts=_between(state, after)))
        state = after
    return Path(moves=tuple(moves), end=state)


def _next(
    explorer: Explorer, random: Random, state: State, most_facts: int, usable: Callable[[Sequence[Act]], bool]
) -> State | None:
    if state.strikes < most_facts and random.random() < SURPRISE:
        found = explorer.successors(state, surprising=True)
        surprises = [after for after in found if usable(_between(state, after))]
        if surprises:
            return random.choice(surprises)
    plain = [after for after in explorer.successors(state, surprising=False) if usable(_between(state, after))]
    return random.choice(plain) if plain else None


def _between(before: State, after: State) -> tuple[Act, ...]:
    return tuple(reversed(list(_acts(before, after))))


def _acts(before: State, after: State) -> Iterator[Act]:
    state: State | None = after
    while state is not None and state is not before:
        if state.act is not None:
            yield state.act
        state = state.parent
