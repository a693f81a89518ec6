"""Decide WHEN the next contact is, and which: ladders, calendar, windows, pressure, engine."""
