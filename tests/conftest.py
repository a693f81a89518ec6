"""Fixtures for every test: a database on each engine and pages in a real browser."""

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.browser",
    "tests.support.sampling",
]
