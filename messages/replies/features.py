"""What the learned part looks at in a reply: pieces of words, words, and what the words speak of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from messages.replies.amounts import Amount
from messages.replies.concepts import Mention, marks_of

PIECES, WORDS, MARKS = "c", "w", "m"
"""The groups of features: pieces of two to four signs, words and pairs of words, and marks of what is spoken of."""
_SHORTEST, _LONGEST = 2, 4
_MOST_WORDS = 150
_LENGTHS = ((4, "1-3"), (8, "4-7"), (16, "8-15"))


def spelled(words: Sequence[str]) -> dict[str, Counter[str]]:
    """Return the pieces and words of a reply, counted per group; a number counts as 0."""
    read = ["0" if word.isdigit() else word for word in words[:_MOST_WORDS]]
    pairs = (f"{first} {second}" for first, second in pairwise(read))
    return {PIECES: Counter(_pieces(read)), WORDS: Counter([*read, *pairs])}


def _pieces(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        edged = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            if size >= len(edged):
                yield edged
                break
            for start in range(len(edged) - size + 1):
                yield edged[start : start + size]


def marked(
    plain_text: str,
    words: Sequence[str],
    mentions: Sequence[Mention],
    amount: Amount | None,
    day: date | None,
    today: date,
) -> Counter[str]:
    """Return the marks of a reply: what it speaks of, whether it names an amount or a day, asks, and how long it is."""
    return Counter([*marks_of(mentions), *_facts(plain_text, words, amount, day, today)])


def _facts(text: str, words: Sequence[str], amount: Amount | None, day: date | None, today: date) -> Iterator[str]:
    if amount is not None:
        yield from ("amount", f"amount:{amount.per or 'once'}", f"amount:{'sure' if amount.sure else 'loose'}")
    if day is not None:
        yield from ("day", "day:past" if day < today else "day:ahead")
        if amount is not None:
            yield "amount+day"
    if "?" in text:
        yield "asks"
    yield f"words:{next((name for limit, name in _LENGTHS if len(words) < limit), '16+')}"
