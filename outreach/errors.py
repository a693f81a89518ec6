"""The base of all errors that a user may see; a refusal by a rule is data and no exception."""


class OutreachError(Exception):
    """Something is broken or wrongly asked; the text says what, where, and what to do."""

    exit_code = 1
    """With what the command line ends."""

    def __init__(self, text_nl: str, text_en: str) -> None:
        super().__init__(text_nl)
        self.text_nl = text_nl
        self.text_en = text_en

    def text(self, language: str) -> str:
        """Give the text in Dutch (`nl`) or English (any other language)."""
        return self.text_nl if language == "nl" else self.text_en
