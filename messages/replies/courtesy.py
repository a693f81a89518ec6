"""Tell a courtesy from a reply that wants something: thanks, a greeting, a thumb up."""

from messages.replies.text import plain, words_of
from messages.wordlists import read_words

_WORDS = frozenset(word for words in read_words("replies/courtesy.yaml").values() for word in words)
_MOST_WORDS = 6
_YES = "ja"
"""What a thumb up is read as; the word itself may be an answer."""


def is_courtesy(text: str) -> bool:
    """Say whether a reply is nothing but thanks, a greeting or an acknowledgement; nobody needs to answer it."""
    words = words_of(plain(text))
    if words == (_YES,) and any(sign.isalpha() for sign in text):
        return False
    return bool(words) and len(words) <= _MOST_WORDS and set(words) <= _WORDS
