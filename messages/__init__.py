"""Decide WHAT we say and understand what they said: templates, rendering, checks, replies."""
