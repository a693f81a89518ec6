"""What can be wrong with a file or a row: one table of codes with what to say and how to mend it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from outreach.errors import OutreachError

SHOWN = 40
"""So many characters of a wrong value are shown and stored."""

WARNINGS = frozenset(
    {"phone", "phone_not_usable", "email", "birth_date", "language", "name_differs", "address_differs", "rent"}
)
"""A row with only these goes in, without the value concerned."""

ROW_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("Verplicht veld is leeg. Vul het in.", "A required field is empty. Fill it in."),
        "cell_count": (
            "Deze rij heeft niet evenveel velden als de kop. Kijk naar het scheidingsteken en naar aanhalingstekens.",
            "This row has another number of fields than the header. Look at the delimiter and at quotes.",
        ),
        "field_too_long": (
            "Deze regel is te lang om een rij te zijn. Haal de overbodige tekst weg.",
            "This line is too long to be a row. Remove the superfluous text.",
        ),
        "text_too_long": ("Deze tekst is te lang. Maak hem korter.", "This text is too long. Shorten it."),
        "control_character": (
            "Er staat een onzichtbaar teken in. Haal het weg.",
            "There is an invisible character in it. Remove it.",
        ),
        "date": (
            "Dit is geen bestaande datum. Schrijf bijvoorbeeld 01-03-2026.",
            "This is no existing date. Write for example 01-03-2026.",
        ),
        "date_range": ("Dit jaar kan niet kloppen. Kijk de datum na.", "This year cannot be right. Check the date."),
        "amount": (
            "Dit is geen bedrag. Schrijf bijvoorbeeld 1.234,56.",
            "This is no amount. Write for example 1.234,56.",
        ),
        "amount_decimals": (
            "Een bedrag heeft hoogstens twee cijfers achter de komma. Kijk het na.",
            "An amount has two decimals at most. Check it.",
        ),
        "amount_range": ("Dit bedrag is te groot. Kijk het na.", "This amount is too large. Check it."),
        "negative_amount": (
            "Een negatieve post. Is het een tegoed, zet dan negative_items: credit in de koppeling.",
            "A negative item. If it is a credit, put negative_items: credit in the mapping.",
        ),
        "negative_payment": (
            "Een betaling kan niet nul of negatief zijn. Een storno komt als open post in de achterstanden.",
            "A payment cannot be zero or negative. A reversal comes as an open item in the arrears.",
        ),
        "duplicate_item": (
            "Deze post staat al eerder in dit bestand. Laat er één staan.",
            "This item stands earlier in this file. Keep one.",
        ),
        "duplicate_payment": (
            "Deze betaling staat al eerder in dit bestand. Geef elke betaling een eigen kenmerk.",
            "This payment stands earlier in this file. Give each payment its own reference.",
        ),
        "postcode": (
            "Dit is geen postcode. Schrijf bijvoorbeeld 1234 AB.",
            "This is no postcode. Write for example 1234 AB.",
        ),
        "house_number": (
            "Hier staat geen huisnummer. Vul een nummer in, de toevoeging mag erachter.",
            "There is no house number. Fill in a number; the addition may follow it.",
        ),
        "unknown_tenancy": (
            "Deze huurovereenkomst is niet bekend. Lever eerst de achterstanden aan, met naam en adres.",
            "This tenancy is not known. Deliver the arrears first, with name and address.",
        ),
        "as_of_differs": (
            "De peildatum is anders dan in de eerste rij. Maak er één bestand per peildatum van.",
            "The as-of date differs from the first row. Make one file for each as-of date.",
        ),
        "payment_in_future": (
            "Deze betaling ligt na vandaag. Kijk de datum na.",
            "This payment lies after today. Check the date.",
        ),
        "phone": ("Telefoonnummer overgeslagen. {hint_nl}", "Phone number skipped. {hint_en}"),
        "phone_not_usable": (
            "Dit nummer bellen of sms'en wij niet (betaalnummer of apparaat); overgeslagen.",
            "We do not call or text this number (premium or machine); skipped.",
        ),
        "email": ("Dit is geen e-mailadres; overgeslagen.", "This is no e-mail address; skipped."),
        "birth_date": ("Geboortedatum onleesbaar; overgeslagen.", "Unreadable birth date; skipped."),
        "language": ("Deze taal kennen wij niet; overgeslagen.", "We do not know this language; skipped."),
        "rent": ("Huurbedrag onleesbaar; overgeslagen.", "Unreadable rent; skipped."),
        "name_differs": (
            "Er is een andere huurder bekend op deze huurovereenkomst. Niet gewijzigd; pas het aan in het scherm.",
            "Another tenant is known on this tenancy. Not changed; change it on the screen.",
        ),
        "address_differs": (
            "Er is een ander adres bekend bij deze huurovereenkomst. Niet gewijzigd; pas het aan in het scherm.",
            "Another address is known for this tenancy. Not changed; change it on the screen.",
        ),
    }
)

FILE_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "empty": ("Het bestand is leeg.", "The file is empty."),
        "header_only": ("Er staan geen rijen onder de kop.", "There are no rows below the header."),
        "no_header": (
            "Geen kopregel gevonden met de verplichte kolommen: {detail}. Zet de namen in de eerste regel, of maak een "
            "koppeling.",
            "No header found with the required columns: {detail}. Put the names in the first line, or make a mapping.",
        ),
        "missing_columns": (
            "Verplichte kolommen ontbreken: {detail}. Voeg ze toe, of noem ze in de koppeling.",
            "Required columns are missing: {detail}. Add them, or name them in the mapping.",
        ),
        "mapped_column_absent": (
            "De koppeling noemt een kolom die er niet is: {detail}.",
            "The mapping names a column that is not there: {detail}.",
        ),
        "duplicate_column": (
            "De kolom {detail} staat twee keer in de kop. Geef ze verschillende namen.",
            "The column {detail} stands twice in the header. Give them different names.",
        ),
        "encoding": (
            "Het bestand is niet te lezen als tekst: {detail}. Sla het op als CSV UTF-8.",
            "The file cannot be read as text: {detail}. Save it as CSV UTF-8.",
        ),
        "nul_bytes": (
            "Er staan nul-bytes in het bestand, vanaf regel {detail}; het is beschadigd. Maak de export opnieuw.",
            "The file has NUL bytes, from line {detail}; it is damaged. Make the export again.",
        ),
        "unclosed_quote": (
            "Bij regel {detail} staat een aanhalingsteken dat niet wordt gesloten; de regels erna vallen weg. Herstel "
            "het.",
            "At line {detail} a quote is not closed; the lines after it are swallowed. Mend it.",
        ),
        "old_xls": (
            "Dit is een oud Excel-bestand (.xls). Sla het op als .xlsx of CSV.",
            "This is an old Excel file (.xls). Save it as .xlsx or CSV.",
        ),
        "password": (
            "Het bestand heeft een wachtwoord. Sla het op zonder wachtwoord.",
            "The file has a password. Save it without one.",
        ),
        "html": (
            "Dit is een webpagina of XML, geen CSV of XLSX. Open het in Excel en sla het op als .xlsx.",
            "This is a web page or XML, no CSV or XLSX. Open it in Excel and save it as .xlsx.",
        ),
        "pdf": ("Dit is een PDF. Maak een export als CSV of XLSX.", "This is a PDF. Export as CSV or XLSX."),
        "not_xlsx": (
            "Dit is een zip-bestand, geen werkmap van Excel. Sla het op als .xlsx of CSV.",
            "This is a zip file, no Excel workbook. Save it as .xlsx or CSV.",
        ),
        "damaged_xlsx": (
            "De werkmap is beschadigd of niet compleet: {detail}. Maak de export opnieuw.",
            "The workbook is damaged or incomplete: {detail}. Make the export again.",
        ),
        "too_large": ("Het bestand is te groot: {detail}.", "The file is too large: {detail}."),
        "zip_bomb": (
            "De werkmap wordt uitgepakt te groot ({detail}); dat is niet te vertrouwen. Lever CSV aan.",
            "Unpacked the workbook is too large ({detail}); that cannot be trusted. Deliver CSV.",
        ),
        "sheet": ("Dit werkblad is er niet: {detail}.", "There is no such sheet: {detail}."),
        "bsn_as_reference": (
            "De kolom {detail} lijkt BSN's te bevatten. Gebruik het nummer van de huurovereenkomst.",
            "The column {detail} seems to hold BSNs. Use the number of the tenancy.",
        ),
        "as_of": ("De peildatum is onleesbaar: {detail}.", "The as-of date cannot be read: {detail}."),
        "as_of_in_future": (
            "De peildatum {detail} ligt na vandaag. Kijk hem na.",
            "The as-of date {detail} lies after today. Check it.",
        ),
        "csv": ("Het bestand is geen goede CSV: {detail}.", "The file is no proper CSV: {detail}."),
    }
)


class RowProblem(NamedTuple):
    """What is wrong in one cell; `column` is the file's own name, `value` is shortened."""

    line: int
    column: str
    value: str
    code: str
    text_nl: str
    text_en: str

    @property
    def is_warning(self) -> bool:
        """Whether the row goes in all the same."""
        return self.code in WARNINGS

    def to_json(self) -> dict[str, str | int]:
        """Give plain data."""
        return {**self._asdict(), "severity": "warning" if self.is_warning else "error"}


class BrokenFileError(OutreachError):
    """The file as a whole cannot be used; nothing of it is loaded."""

    def __init__(self, code: str, detail: object = "") -> None:
        nl, en = FILE_TEXTS[code]
        super().__init__(nl.format(detail=detail), en.format(detail=detail))
        self.code = code


def row_problem(line: int, column: str, value: str, code: str, hint_nl: str = "", hint_en: str = "") -> RowProblem:
    """Make a problem with its texts; the value is shortened and its control characters made visible."""
    nl, en = ROW_TEXTS[code]
    return RowProblem(line, column, shorten(value), code, nl.format(hint_nl=hint_nl), en.format(hint_en=hint_en))


def shorten(value: str) -> str:
    """Shorten a value for a report."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in value[: SHOWN + 1])
    return plain if len(value) <= SHOWN else plain[:SHOWN] + "…"
