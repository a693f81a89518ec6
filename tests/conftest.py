"""Fixtures for every test: a database on each engine and pages in a real browser."""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=40)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile(os.environ.get("OUTREACH_PROPERTIES", "quick"))

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.browser",
    "tests.support.sampling",
]
