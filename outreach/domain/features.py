"""Features of a case that staff record and that ladders and routes branch on (rules.md 4, 12, 19, 24)."""

FEATURES = (
    "personally_known",
    "care_avoiding",
    "single_older_man",
    "nuisance",
    "cannabis",
    "sublet",
    "reach_morning",
    "reach_afternoon",
    "reach_evening",
)
"""Flags of a case that a person may set and take away; other flags follow from what happened."""
