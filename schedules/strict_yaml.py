"""Read YAML with the line of every value, and check it against a JSON Schema with errors people can use.

Understands the part of JSON Schema that `schedules.schema` uses; dates stay text.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from schedules.errors import Problem

Path = tuple[str | int, ...]

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """Plain data with the line (from 1) of every path in it, and the faults found while reading."""

    data: Any
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...]

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest place above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def path_text(path: Path) -> str:
    """Write a path as people read it: steps[2].when.days."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.lstrip(".") or "document"


def read_document(text: str) -> Document:
    """Read one YAML document; a syntax error or a double key becomes a problem with its line."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = f"not readable as YAML: {error.problem or error}"
        return Document(data=None, lines={}, problems=(Problem(line=line, path="document", message=message),))
    except yaml.YAMLError as error:
        problem = Problem(line=1, path="document", message=f"not readable as YAML: {error}")
        return Document(data=None, lines={}, problems=(problem,))
    reader = _Reader()
    data = reader.value(node, ()) if node is not None else None
    return Document(data=data, lines=reader.lines, problems=tuple(reader.problems))


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            self.lines[(*path, key)] = line
            if key in found:
                self._add(line, (*path, key), f"the key {key!r} is given twice", "keep one of the two")
            found[key] = self.value(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        kind = node.tag.rpartition(":")[2]
        if kind == "int" and re.fullmatch(r"-?\d+", str(node.value)):
            return int(str(node.value))
        if kind == "bool":
            return str(node.value).lower() in {"true", "yes", "on"}
        if kind == "null":
            hint = "write ~name and describe the name under gaps"
            self._add(node.start_mark.line + 1, path, "a value is missing here", hint)
        return str(node.value)

    def _add(self, line: int, path: Path, message: str, hint: str) -> None:
        self.problems.append(Problem(line=line, path=path_text(path), message=message, suggestion=hint))


def check(document: Document, schema: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return every place where a document breaks a schema, each with its line."""
    return tuple(_check(document, document.data, schema, ()))


def _check(document: Document, value: Any, schema: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    kinds = schema.get("type", [])
    names = [kinds] if isinstance(kinds, str) else kinds
    if names and not _is_one_of(value, names):
        yield _problem(document, path, f"{_shown(value)} is not {' or '.join(names)}")
    elif isinstance(value, dict):
        yield from _check_object(document, value, schema, path)
    elif isinstance(value, list):
        yield from _check_array(document, value, schema, path)
    else:
        yield from _check_scalar(document, value, schema, path)


def _is_one_of(value: Any, names: list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _check_object(
    document: Document, value: dict[str, Any], schema: Mapping[str, Any], path: Path
) -> Iterator[Problem]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield _problem(document, path, f"{name!r} is missing")
    if len(value) < schema.get("minProperties", 0):
        yield _problem(document, path, f"give at least one of {', '.join(known)}")
    for name, item in value.items():
        if name in known or others is not False:
            yield from _check(
                document, item, known.get(name, others if isinstance(others, dict) else {}), (*path, name)
            )
        else:
            yield _problem(document, (*path, name), f"unknown key {name!r}", nearest(name, list(known)))


def _check_array(document: Document, value: list[Any], schema: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if len(value) < schema.get("minItems", 0):
        yield _problem(document, path, "the list is empty")
    for number, item in enumerate(value):
        yield from _check(document, item, schema.get("items", {}), (*path, number))


def _check_scalar(document: Document, value: Any, schema: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    options = _options(schema)
    if options and value not in options and not _fits_a_pattern(value, schema):
        yield _problem(document, path, f"{_shown(value)} is not known here", nearest(str(value), options))
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield _problem(document, path, f"{value} is below {schema['minimum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield _problem(document, path, f"{_shown(value)} is not written as {schema['pattern']}")
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield _problem(document, path, "the text is empty")


def _options(schema: Mapping[str, Any]) -> list[str]:
    alternatives = [option for part in schema.get("anyOf", []) for option in part.get("enum", [])]
    return [*schema.get("enum", []), *alternatives]


def _fits_a_pattern(value: Any, schema: Mapping[str, Any]) -> bool:
    patterns = [part["pattern"] for part in schema.get("anyOf", []) if "pattern" in part]
    return any(re.search(pattern, str(value)) for pattern in patterns)


def _shown(value: Any) -> str:
    return f"a {'list' if isinstance(value, list) else 'mapping'}" if isinstance(value, list | dict) else repr(value)


def nearest(word: str, options: list[str]) -> str:
    """Suggest the option nearest to a word, or list them all."""
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(options)}"


def _problem(document: Document, path: Path, message: str, suggestion: str | None = None) -> Problem:
    return Problem(line=document.line(path), path=path_text(path), message=message, suggestion=suggestion)
