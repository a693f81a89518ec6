"""Carry a message to a person: one adapter per channel behind one contract."""
