"""The arrears position for the services; the statement lives with the import, a layer below."""

from outreach.imports.arrears import recompute_arrears

__all__ = ["recompute_arrears"]
