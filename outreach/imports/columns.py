"""Which column holds what: our fields, their Dutch names, and what other systems call them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outreach.imports.problems import BrokenFileError

ARREARS: Mapping[str, str] = {
    "tenancy_ref": "huurovereenkomst huurovereenkomstnummer huurovereenkomstnr contractnummer contractnr contract "
    "huurcontract huurcontractnummer huurcontractnr overeenkomst overeenkomstnummer overeenkomstnr contractid "
    "contractreferentie verhuurcontract tenancyref tenancy leasenumber leaseid verhuureenheid eenheidnummer vhenummer "
    "vhe",
    "item_ref": "postnummer post postnr openpostnummer openpostnr factuurnummer factuurnr factuur boekstuknummer "
    "boekstuknr boekstuk documentnummer nota notanummer vorderingnummer vordering itemref item invoicenumber",
    "due_on": "vervaldatum vervaldag vervalt vervaldt betaaldatumuiterlijk uiterstebetaaldatum duedate "
    "prolongatiedatum factuurdatum boekdatum postdatum datum",
    "open_amount": "openstaand openbedrag openstaandbedrag openstaandsaldo openamount saldo restbedrag resterend "
    "restant openbedrageur nogteontvangen achterstand achterstandbedrag",
    "amount": "bedrag factuurbedrag oorspronkelijkbedrag origineelbedrag brutobedrag postbedrag amount hoofdsom",
    "description": "omschrijving posttekst tekst description toelichting boekingsomschrijving",
    "kind": "soort postsoort type kostensoort boekingssoort kind component",
    "person_ref": "huurdernummer huurdernr persoonsnummer persoonnummer relatienummer relatienr klantnummer klantnr "
    "debiteurnummer debiteurnr debiteur personref",
    "full_name": "naam huurder huurdernaam naamhuurder volledigenaam debiteurnaam naamdebiteur relatienaam klantnaam "
    "fullname name contractant",
    "family_name": "achternaam familienaam geslachtsnaam surname lastname familyname",
    "given_name": "voornaam roepnaam voornamen givenname firstname",
    "initials": "voorletters initialen voorletter initials",
    "prefix": "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels prefix",
    "title": "aanhef titel geslacht title",
    "co_tenant": "medehuurder naammedehuurder contractant2 naam2 partner naampartner cotenant",
    "address": "adres adresregel adres1 volledigadres objectadres address",
    "street": "straat straatnaam street",
    "house_number": "huisnummer huisnr nummer nr housenumber",
    "addition": "toevoeging huisnummertoevoeging huisnrtoevoeging huisletter addition",
    "postcode": "postcode pc postkode zip postalcode zipcode",
    "city": "plaats woonplaats plaatsnaam city",
    "area": "wijk buurt gebied wijkcode buurtcode complex complexnummer complexnr rayon area neighbourhood",
    "phone": "telefoon telefoonnummer telefoonnr tel telnr mobiel mobielnummer mobieltelefoonnummer gsm telefoonmobiel "
    "telefoonvast telefoonprive telefoon1 telefoon2 telefoonwerk phone mobile phonenumber",
    "email": "email emailadres mail mailadres epost e_mail",
    "language": "taal taalcode voorkeurstaal language",
    "birth_date": "geboortedatum gebdatum geboren birthdate dateofbirth",
    "rent": "huur kalehuur huurprijs maandhuur brutohuur nettohuur huurbedrag rent",
    "as_of": "peildatum standper asof",
}
PAYMENTS: Mapping[str, str] = {
    "tenancy_ref": ARREARS["tenancy_ref"],
    "payment_ref": "betalingskenmerk betaalkenmerk transactienummer transactieid transactie kenmerk betalingnummer "
    "betaling boekstuknummer boekstuk mutatienummer paymentref reference transactionid",
    "paid_on": "betaaldatum datumbetaling ontvangen ontvangstdatum boekdatum boekingsdatum transactiedatum valutadatum "
    "rentedatum datum paidon date paymentdate",
    "amount": "bedrag betaaldbedrag betaald ontvangenbedrag transactiebedrag amount",
    "description": ARREARS["description"],
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "arrears": ("tenancy_ref", "due_on", "open_amount"),
    "payments": ("tenancy_ref", "paid_on", "amount"),
}
SEVERAL = frozenset({"phone"})
"""Fields that more than one column may fill."""
FIELDS: Mapping[str, Mapping[str, str]] = {"arrears": ARREARS, "payments": PAYMENTS}
DUTCH: Mapping[str, str] = {
    "tenancy_ref": "huurovereenkomst",
    "due_on": "vervaldatum",
    "open_amount": "openstaand bedrag",
    "paid_on": "betaaldatum",
    "amount": "bedrag",
}


@dataclass(frozen=True, kw_only=True)
class ColumnPlan:
    """Where each field is: indexes into a row; `headers` are the file's own names."""

    headers: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    ignored: tuple[str, ...]
    dropped: tuple[str, ...] = ()

    def index(self, field: str) -> int:
        """Give the index of a field, or the width of the row (where an empty cell is added) when it is absent."""
        found = self.fields.get(field)
        return found[0] if found else len(self.headers)

    def header(self, field: str) -> str:
        """Give the file's name for a field, or our Dutch one."""
        found = self.fields.get(field)
        return self.headers[found[0]] if found else DUTCH.get(field, FIELDS["arrears"].get(field, field).split()[0])


def plain(header: str) -> str:
    """Reduce a header to lower case letters and digits."""
    folded = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^a-z0-9]", "", folded)


def recognised(kind: str, header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> set[str]:
    """Give the fields that a row of header cells names."""
    wanted = _wanted(kind, columns)
    names = {plain(cell) for cell in header}
    return {field for field, words in wanted.items() if names & set(words)}


def plan_columns(kind: str, header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> ColumnPlan:
    """Find the column of every field; `columns` maps our fields to the file's names and goes first.

    Raises BrokenFileError: missing_columns, duplicate_column, mapped_column_absent.
    """
    names = [plain(cell) for cell in header]
    _refuse_absent(columns, names)
    found: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for field, words in sorted(_wanted(kind, columns).items(), key=lambda item: item[0] not in columns):
        at = _positions(names, words, taken)
        if not at:
            continue
        if field not in SEVERAL:
            _refuse_twice(header, names, at)
            at = at[:1]
        found[field] = tuple(at)
        taken.update(at)
    missing = [DUTCH[field] for field in REQUIRED[kind] if field not in found and not _replaced(field, found)]
    if missing:
        raise BrokenFileError("missing_columns", ", ".join(missing))
    ignored = tuple(cell for at, cell in enumerate(header) if at not in taken and cell.strip())
    return ColumnPlan(headers=tuple(header), fields=found, ignored=ignored)


def _replaced(field: str, found: Mapping[str, object]) -> bool:
    """An arrears file with one amount column has the open amounts there."""
    return field == "open_amount" and "amount" in found


def _wanted(kind: str, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    known = {field: list(dict.fromkeys((plain(field), *words.split()))) for field, words in FIELDS[kind].items()}
    return {**known, **{field: list(dict.fromkeys(plain(name) for name in names)) for field, names in columns.items()}}


def _positions(names: Sequence[str], words: Iterable[str], taken: set[int]) -> list[int]:
    return [at for word in words for at, name in enumerate(names) if name == word and at not in taken]


def _refuse_twice(header: Sequence[str], names: Sequence[str], at: Sequence[int]) -> None:
    same = [index for index in at if names[index] == names[at[0]]]
    if len(same) > 1:
        raise BrokenFileError("duplicate_column", header[same[0]])


def _refuse_absent(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    for field, wanted in columns.items():
        for name in wanted:
            if plain(name) not in names:
                raise BrokenFileError("mapped_column_absent", f"{field}: {name}")
