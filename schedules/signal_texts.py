"""Which texts are evidence for an early signal (Besluit gemeentelijke schuldhulpverlening, article 2 paragraph 1).

A text counts for what it says in so many words, no more: a reminder that names free help in passing offers nothing.
"""

HELP_TEXTS = frozenset({"reminder_help", "help_offer", "arrears_report_notice"})
"""They point the tenant to debt help (b)."""

REMINDER_TEXTS = frozenset({"reminder", "second_reminder", "third_reminder", "reminder_help", "fourteen_day_letter"})
"""They are a reminder, on paper or by e-mail (c)."""

OFFER_TEXTS = frozenset({"reminder_help"})
"""They are a reminder that offers to pass on the contact details and says how to refuse (d)."""
