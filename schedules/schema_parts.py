"""The parts of which the published JSON Schemas are built: texts, keys, numbers with gaps, titles, sources."""

from typing import Any

Schema = dict[str, Any]

GAP_PATTERN = "^~[a-z][a-z0-9_]*$"
KEY_PATTERN = "^[a-z][a-z0-9_]*$"
DATE_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def text(**more: Any) -> Schema:
    """Return the schema of a text that is not empty."""
    return {"type": "string", "minLength": 1, **more}


def key() -> Schema:
    """Return the schema of a key: small letters, digits and underscores."""
    return {"type": "string", "pattern": KEY_PATTERN}


def day() -> Schema:
    """Return the schema of a civil day, yyyy-mm-dd."""
    return {"type": "string", "pattern": DATE_PATTERN}


def choice(values: tuple[str, ...]) -> Schema:
    """Return the schema of one word out of a list."""
    return {"type": "string", "enum": [str(value) for value in values]}


def choice_or_gap(values: tuple[str, ...]) -> Schema:
    """Return the schema of one word out of a list, or a gap of the source (~name)."""
    return {"type": "string", "anyOf": [{"enum": [str(value) for value in values]}, {"pattern": GAP_PATTERN}]}


def number(minimum: int = 0) -> Schema:
    """Return the schema of a whole number, or a gap of the source (~name)."""
    return {"type": ["integer", "string"], "minimum": minimum, "pattern": GAP_PATTERN}


def array(items: Schema) -> Schema:
    """Return the schema of a list that is not empty."""
    return {"type": "array", "items": items, "minItems": 1}


def mapping(required: tuple[str, ...], **properties: Schema) -> Schema:
    """Return the schema of a mapping that has no other keys than these."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def title() -> Schema:
    """Return the schema of a text in Dutch with English beside it."""
    return mapping(("nl", "en"), nl=text(), en=text())


def source() -> Schema:
    """Return the schema of where a preset comes from: document, year, lines."""
    return mapping(
        ("document", "year", "lines", "description"),
        document=text(),
        year={"type": "integer", "minimum": 1900},
        lines=text(),
        description=text(),
    )


def gap() -> Schema:
    """Return the schema of a described gap with its marked example."""
    return mapping(("name", "title", "example"), name=key(), title=title(), example={"type": ["integer", "string"]})
