"""What may be asked for collecting a claim from a consumer: the legal scale, in integer cents.

Source: Besluit vergoeding voor buitengerechtelijke incassokosten, article 2. Article 2a (since 2024-10-01) limits
stacking on small instalments of one agreement. It is not computed, and the settings page says so: to be verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from messages.wordlists import read_words

WHOLE = 10_000
"""A rate of one, in hundredths of a percent."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """A part of the scale: `rate` in hundredths of a percent over the principal up to `up_to` cents (None: no end)."""

    up_to: int | None
    rate: int


@dataclass(frozen=True, kw_only=True)
class CostScale:
    """The scale from a day on; amounts in cents, rates in hundredths of a percent."""

    valid_from: date
    source: str
    bands: tuple[Band, ...]
    minimum: int
    maximum: int
    vat: int

    def costs(self, principal_cents: int) -> int:
        """Return the costs without VAT over a principal; half a cent goes down, in favour of the tenant."""
        total, below = 0, 0
        for band in self.bands:
            top = principal_cents if band.up_to is None else min(principal_cents, band.up_to)
            total += max(0, top - below) * band.rate
            below = top if band.up_to is None else band.up_to
        return min(self.maximum, max(self.minimum, _whole_cents(total)))


def collection_costs(principal_cents: int, on: date, *, vat: bool = False) -> int:
    """Return what may be asked in cents for collecting a principal of integer cents, by the scale of a day.

    With `vat` the creditor cannot deduct the VAT and declares so; it is then added. Raises ValueError for a principal
    that is not above nothing, and for a day before the first scale.
    """
    if principal_cents <= 0:
        raise ValueError(f"no costs over {principal_cents} cents")
    scale = scale_on(on)
    costs = scale.costs(principal_cents)
    return costs + _whole_cents(costs * scale.vat) if vat else costs


def scale_on(day: date) -> CostScale:
    """Return the scale in force on a day; raise ValueError for a day before the first."""
    known = [scale for scale in scales() if scale.valid_from <= day]
    if not known:
        raise ValueError(f"no scale of collection costs on {day}")
    return max(known, key=lambda scale: scale.valid_from)


@lru_cache(maxsize=1)
def scales() -> tuple[CostScale, ...]:
    """Return every scale that we know."""
    return tuple(_scale(raw) for raw in read_words("collection_costs.yaml"))


def _scale(raw: Mapping[str, Any]) -> CostScale:
    return CostScale(
        valid_from=raw["valid_from"],
        source=raw["source"],
        bands=tuple(Band(up_to=band.get("up_to"), rate=band["rate"]) for band in raw["bands"]),
        minimum=raw["minimum"],
        maximum=raw["maximum"],
        vat=raw["vat"],
    )


def _whole_cents(hundredths_of_percent: int) -> int:
    """Divide by a whole and round; exactly half a cent goes down."""
    return -((-2 * hundredths_of_percent + WHOLE) // (2 * WHOLE))
