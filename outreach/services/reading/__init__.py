"""Read models for the screens: plain frozen dataclasses, queries through a Scope, no words and no formatting."""
