"""Bring in arrears and payments, as files or as a feed: `preview`, `apply` and `apply_items`."""

from outreach.imports.options import ImportOptions, MappingError, load_mapping
from outreach.imports.report import ImportReport
from outreach.imports.service import ItemRow, apply, apply_items, preview

__all__ = [
    "ImportOptions",
    "ImportReport",
    "ItemRow",
    "MappingError",
    "apply",
    "apply_items",
    "load_mapping",
    "preview",
]
