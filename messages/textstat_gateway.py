"""The only module that knows textstat.

textstat's `set_lang` is global to the process, and a language it does not know ("nl-NL") silently becomes English.
So the functions behind it are called with the explicit root language, and an unknown language is refused here.
"""

from collections.abc import Sequence

from textstat.backend.metrics import flesch_reading_ease
from textstat.backend.utils.constants import LANG_CONFIGS

_DUTCH = "nl"
_DOUMA_SYLLABLES = 77


def flesch_douma(sentences: Sequence[Sequence[str]]) -> float:
    """Return the Flesch-Douma score of sentences given as words: 0 is very hard, 100 very easy.

    textstat cuts sentences at every dot, so words come in clean and each sentence gets one full stop.
    """
    if LANG_CONFIGS.get(_DUTCH, {}).get("fre_syll_per_word") != _DOUMA_SYLLABLES:
        raise RuntimeError("this textstat has no Dutch Flesch-Douma formula")
    text = " ".join(" ".join(words) + "." for words in sentences if words)
    return float(flesch_reading_ease.__wrapped__(text, _DUTCH)) if text else 0.0


def flesch_douma_of_text(text: str) -> float:
    """Return the Flesch-Douma score as textstat itself computes it, with its own sentences; for comparison."""
    return float(flesch_reading_ease.__wrapped__(text, _DUTCH))
