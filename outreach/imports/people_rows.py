"""Check who rents what: the part of a row that is looked at once per tenancy."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from outreach.domain.spoken_languages import language_code
from outreach.imports.batches import ContactTuple, PartyTuple, TenancyTuple
from outreach.imports.columns import ARREARS
from outreach.imports.contacts import Contact, Fault, read_email, read_phones
from outreach.imports.layout import Layout
from outreach.imports.names import Name, read_title, split_address, split_house_number, split_name
from outreach.imports.options import ImportOptions
from outreach.imports.problems import RowProblem, row_problem
from outreach.imports.rejected import unguard
from outreach.imports.values import read_postcode

DEFAULT_AREA = "algemeen"
NAME_LIMIT = 200
CODE_LIMIT = 64


class Tenant(NamedTuple):
    """What a row says of a tenancy and its people; `problems` may hold warnings only, or errors."""

    tenancy: TenancyTuple | None
    parties: list[PartyTuple]
    contacts: list[ContactTuple]
    problems: list[RowProblem]


class Address(NamedTuple):
    """An address in parts."""

    street: str
    house_number: int | None
    addition: str
    postcode: str
    city: str


class TenantReader:
    """Read the people and the dwelling of a row."""

    def __init__(self, layout: Layout, options: ImportOptions) -> None:
        self._layout = layout
        self._options = options
        self._places = {field: layout.plan.index(field) for field in ARREARS}
        self._phones = layout.plan.fields.get("phone", ())
        self._areas = sorted(options.postcode_areas.items(), key=lambda item: -len(item[0]))

    def read(self, line: int, cells: list[str], ref: str, is_known: bool) -> Tenant:
        """Read a row; an unknown tenancy needs a name and a full address, else the problems say what is missing."""
        problems: list[RowProblem] = []

        def fault(field: str, value: str, code: str, hint_nl: str = "", hint_en: str = "") -> None:
            problems.append(row_problem(line, self._layout.plan.header(field), value, code, hint_nl, hint_en))

        address = self._address(cells, is_known, fault)
        name = self._name(cells)
        if not name.family and not is_known:
            fault("full_name" if "full_name" in self._layout.plan.fields else "family_name", "", "missing")
        self._check_texts(name, address, fault)
        parties = list(self._parties(line, cells, ref, name, fault))
        contacts = list(self._contacts(cells, ref, fault)) if name.family or is_known else []
        rent = self._rent(cells, fault)
        tenancy = (line, ref, *address, self._area(cells, address.postcode), rent)
        return Tenant(tenancy, parties, contacts, problems)

    def _cell(self, cells: list[str], field: str) -> str:
        value = cells[self._places[field]].strip()
        return unguard(value) if value[:1] == "'" else value

    def _address(self, cells: list[str], is_known: bool, fault: Callable[..., None]) -> Address:
        street, number_text = self._cell(cells, "street"), self._cell(cells, "house_number")
        if not number_text:
            found = split_address(self._cell(cells, "address") or street)
            street, number_text = found if found else (street or self._cell(cells, "address"), "")
        number = split_house_number(number_text, self._cell(cells, "addition"))
        postcode_text, city = self._cell(cells, "postcode"), self._cell(cells, "city")
        postcode = read_postcode(postcode_text)
        if not is_known:
            for field, value in (("street", street), ("postcode", postcode_text), ("city", city)):
                if not value:
                    fault(field, "", "missing")
            if number is None:
                fault("house_number", number_text, "house_number")
            if postcode_text and not postcode:
                fault("postcode", postcode_text, "postcode")
        return Address(street, number[0] if number else None, number[1] if number else "", postcode, city)

    def _name(self, cells: list[str]) -> Name:
        cell = self._cell
        family = cell(cells, "family_name")
        full = split_name(cell(cells, "full_name")) if not family else Name()
        return Name(
            title=read_title(cell(cells, "title")) or full.title,
            initials=(cell(cells, "initials") or full.initials)[:20],
            given=cell(cells, "given_name") or full.given,
            prefix=(cell(cells, "prefix") or full.prefix)[:CODE_LIMIT],
            family=family or full.family,
        )

    def _check_texts(self, name: Name, address: Address, fault: Callable[..., None]) -> None:
        together = name.family + name.given + address.street + address.city
        if len(together) <= NAME_LIMIT and together.isprintable():
            return
        for field, value in (
            ("family_name", name.family),
            ("given_name", name.given),
            ("street", address.street),
            ("city", address.city),
        ):
            if len(value) > NAME_LIMIT:
                fault(field, value, "text_too_long")
            if not value.isprintable():
                fault(field, value, "control_character")

    def _parties(
        self, line: int, cells: list[str], ref: str, name: Name, fault: Callable[..., None]
    ) -> Iterator[PartyTuple]:
        if not name.family:
            return
        person_ref = self._cell(cells, "person_ref")[:CODE_LIMIT] or None
        born = self._born(cells, fault)
        language_text = self._cell(cells, "language")
        language = language_code(language_text)
        if language_text and not language:
            fault("language", language_text, "language")
        key = _person_key(ref, "tenant", person_ref, name, born)
        yield (line, ref, "tenant", key, person_ref, *name, born, language)
        other_text = self._cell(cells, "co_tenant")
        other = split_name(other_text) if other_text else Name()
        if other.family:
            yield (line, ref, "co_tenant", _person_key(ref, "co_tenant", None, other, None), None, *other, None, "")

    def _born(self, cells: list[str], fault: Callable[..., None]) -> str | None:
        text = self._cell(cells, "birth_date")
        if not text:
            return None
        found = self._layout.read_birth(text)
        if found.code:
            fault("birth_date", text, "birth_date")
        return found.value or None

    def _contacts(self, cells: list[str], ref: str, fault: Callable[..., None]) -> Iterator[ContactTuple]:
        found: dict[str, str] = {}
        for at in self._phones:
            text = cells[at].strip()
            for answer in read_phones(text, self._options.made_up_phones) if text else ():
                self._take(answer, "phone", text, found, fault)
        text = self._cell(cells, "email")
        if text:
            self._take(read_email(text), "email", text, found, fault)
        for rank, (value, kind) in enumerate(found.items(), start=1):
            yield (ref, "tenant", kind, value, rank)

    def _take(
        self, answer: Contact | Fault, field: str, text: str, found: dict[str, str], fault: Callable[..., None]
    ) -> None:
        if isinstance(answer, Contact):
            found[answer.value] = answer.kind
        else:
            fault(field, text, answer.code, answer.hint_nl, answer.hint_en)

    def _rent(self, cells: list[str], fault: Callable[..., None]) -> int | None:
        text = self._cell(cells, "rent")
        if not text:
            return None
        found = self._layout.read_amount(text)
        if found.code or found.value < 0:
            fault("rent", text, "rent")
            return None
        return found.value or None

    def _area(self, cells: list[str], postcode: str) -> str:
        named = self._cell(cells, "area")[:CODE_LIMIT]
        return named or next((area for start, area in self._areas if postcode.startswith(start)), "")


def _person_key(ref: str, role: str, person_ref: str | None, name: Name, born: str | None) -> str:
    """The same person in one file: by the landlord's number, else by full name and birth date; never by name alone."""
    if person_ref:
        return f"ref:{person_ref}"
    if born:
        return f"born:{born}:{name.initials}:{name.given}:{name.prefix}:{name.family}".casefold()
    return f"tenancy:{role}:{ref}"
