"""How a landlord's files must be read: a mapping file (YAML or TOML) with exact errors, and what a user adds to it."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, cast

import yaml

from outreach.errors import OutreachError
from outreach.imports.amounts import Decimal
from outreach.imports.columns import ARREARS, PAYMENTS
from outreach.imports.dates import DateError, DateOrder, parse_date

MONTHS = ("due_dates_passed", "amount_over_rent")
MonthDefinition = Literal["due_dates_passed", "amount_over_rent", ""]


class MappingError(OutreachError):
    """A mapping file says something that cannot be."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How to read a file.

    `columns` maps our field to the file's column names. `complete` says that what is absent is paid. `as_of` is the
    day that the books speak of (None: the day of the import). `postcode_areas` maps the start of a postcode to an area
    code. `municipality` is for areas that are made; without it the city. `month_definition` is the landlord's own when
    it is empty. `made_up_phones` is for sample data.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decimal: Decimal = ""
    date_order: DateOrder = ""
    negative_items: Literal["error", "credit"] = "error"
    complete: bool = False
    as_of: date | None = None
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    postcode_areas: Mapping[str, str] = field(default_factory=dict)
    municipality: str = ""
    month_definition: MonthDefinition = ""
    made_up_phones: bool = False

    def fingerprint(self) -> str:
        """Give a text that differs when the same bytes would be read otherwise; `as_of` is kept apart."""
        plain = {**asdict(self), "as_of": None, "month_definition": None}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def load_mapping(text: str, name: str, base: ImportOptions | None = None) -> ImportOptions:
    """Read a mapping; `name` ends in .toml for TOML, else it is YAML. Raises MappingError naming the key."""
    values = _parsed(text, name)
    options = base or ImportOptions()
    for key, value in values.items():
        reader = _READERS.get(key)
        if reader is None:
            raise _wrong(name, key, f"onbekend; kies uit {', '.join(_READERS)}", f"unknown; use {', '.join(_READERS)}")
        found = reader(name, key, value)
        if "columns" in found:
            found["columns"] = {**options.columns, **found["columns"]}
        options = replace(options, **found)
    return options


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        values = tomllib.loads(text) if name.lower().endswith(".toml") else yaml.safe_load(text)
    except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        raise MappingError(f"{name}: niet te lezen: {error}", f"{name}: cannot be read: {error}") from error
    if values is None:
        return {}
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise MappingError(f"{name}: verwacht sleutels met waarden.", f"{name}: expected keys with values.")
    return cast("dict[str, Any]", values)


def _wrong(name: str, key: str, nl: str, en: str) -> MappingError:
    return MappingError(f"{name}: {key}: {nl}.", f"{name}: {key}: {en}.")


def _columns(name: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, key, "geef veld: kolomnaam", "give field: column name")
    known = {**ARREARS, **PAYMENTS}
    found: dict[str, tuple[str, ...]] = {}
    for field_name, columns in value.items():
        if field_name not in known:
            raise _wrong(name, f"{key}.{field_name}", f"onbekend veld; kies uit {', '.join(known)}", "unknown field")
        listed = columns if isinstance(columns, list) else [columns]
        if not listed or not all(isinstance(column, str) and column.strip() for column in listed):
            raise _wrong(name, f"{key}.{field_name}", "geef een kolomnaam", "give a column name")
        found[field_name] = tuple(listed)
    return {"columns": found}


def _one_of(values: Mapping[str, str]) -> Any:
    def read(name: str, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, str) or value not in values:
            shown = ", ".join(repr(each) for each in values)
            raise _wrong(name, key, f"{value!r} kan niet; kies uit {shown}", f"{value!r} cannot be; use {shown}")
        return {key: values[value]}

    return read


def _switch(name: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, bool):
        raise _wrong(name, key, f"{value!r} kan niet; kies true of false", f"{value!r} cannot be; use true or false")
    return {key: value}


def _text(name: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        raise _wrong(name, key, "geef een tekst", "give a text")
    return {key: value}


def _encoding(name: str, key: str, value: Any) -> dict[str, Any]:
    try:
        "".encode(value)
    except (LookupError, TypeError) as error:
        raise _wrong(name, key, f"{value!r} is geen codering", f"{value!r} is no encoding") from error
    return {key: value}


def _as_of(name: str, key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and set(value) == {"column"} and isinstance(value["column"], str):
        return {"columns": {"as_of": (value["column"],)}}
    try:
        return {key: parse_date(str(value))}
    except DateError as error:
        raise _wrong(
            name, key, f"{value!r} is geen datum en geen column: naam", f"{value!r} is no date and no column: name"
        ) from error


def _areas(name: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(area, str) for area in value.values()):
        raise _wrong(name, key, "geef begin van postcode: wijkcode", "give start of postcode: area code")
    return {key: {str(start).replace(" ", "").upper(): area for start, area in value.items()}}


_READERS: Mapping[str, Any] = {
    "columns": _columns,
    "decimal": _one_of({",": ",", ".": ".", "comma": ",", "point": ".", "auto": ""}),
    "date_order": _one_of({"dmy": "dmy", "mdy": "mdy", "auto": ""}),
    "negative_items": _one_of({"error": "error", "credit": "credit"}),
    "complete": _switch,
    "as_of": _as_of,
    "encoding": _encoding,
    "delimiter": _one_of({";": ";", ",": ",", "\t": "\t", "tab": "\t", "|": "|"}),
    "sheet": _text,
    "postcode_areas": _areas,
    "municipality": _text,
    "month_definition": _one_of({value: value for value in MONTHS}),
}
