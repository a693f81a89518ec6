"""Real parts that the tests run on: a PostgreSQL cluster and a Chromium."""
