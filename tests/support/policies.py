"""Three collection policies in plain Dutch, and how somebody builds each in the editor, by what she reads on screen.

The texts are in docs/editor.md. Nothing here knows a key, an address of a step or the language of a ladder file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

STAGES = ("Herinnering", "Contact zoeken", "Vroegsignalering", "Hulp erbij", "Overleg")


@dataclass(frozen=True)
class Writer:
    """Somebody at the editor."""

    page: Page

    def begin(self, name: str, decided_by: str) -> None:
        """Begin an empty ladder from the list of ladders."""
        self.page.get_by_role("link", name="Contactladders").first.click()
        self.page.get_by_role("link", name="Nieuwe contactladder").click()
        self.page.get_by_label("Hoe heet de ladder?").fill(name)
        self.page.get_by_label("Wie heeft hierover besloten?").fill(decided_by)
        self.page.get_by_role("button", name="Begin").click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def add(self, stage: str, what: str, days: int, after: str | None = None, name: str = "") -> Locator:
        """Add a step to a stage so many days after the due date, or after another step; return its open form."""
        self.page.get_by_role("link", name=f"Stap toevoegen aan de fase '{stage}'").click()
        new = self.page.get_by_role("form", name="Nieuwe stap")
        new.get_by_role("radio", name=what, exact=True).check()
        if after is None:
            new.get_by_role("radio", name="Een aantal dagen na de vervaldag").check()
            new.get_by_label("dagen na de vervaldag", exact=True).fill(str(days))
        else:
            new.get_by_role("radio", name="Een aantal dagen na een andere stap").check()
            new.get_by_label("dagen na", exact=True).fill(str(days))
            new.get_by_label("welke stap", exact=True).select_option(label=after)
        return self._made(new, what, name)

    def add_after_end(self, stage: str, what: str, failed: str, name: str = "") -> Locator:
        """Add a step for when another one does not work out, or after a decision; return its open form."""
        self.page.get_by_role("link", name=f"Stap toevoegen aan de fase '{stage}'").click()
        new = self.page.get_by_role("form", name="Nieuwe stap")
        new.get_by_role("radio", name=what, exact=True).check()
        new.get_by_role("radio", name="Als een andere stap niet lukt, of na een besluit").check()
        new.get_by_label("welke stap niet lukt of wat besloten wordt").select_option(label=failed)
        return self._made(new, what, name)

    def _made(self, new: Locator, what: str, name: str) -> Locator:
        if name:
            new.get_by_label("Eigen naam voor deze stap").fill(name)
        new.get_by_role("button", name="Toevoegen").click()
        form = self.form(name or what)
        expect(form).to_be_visible()
        return form

    def form(self, title: str) -> Locator:
        """Return the form of a step that is open."""
        return self.page.get_by_role("form", name=f"De stap '{title}'")

    def open(self, title: str) -> Locator:
        """Open the form of a step by its title."""
        self.page.get_by_role("link", name=title, exact=True).click()
        expect(self.form(title)).to_be_visible()
        return self.form(title)

    def done(self, form: Locator) -> None:
        """Press Klaar and wait until the form is gone."""
        form.get_by_role("button", name="Klaar").click()
        expect(form).to_have_count(0)

    def condition(self, form: Locator, part: str, words: str) -> Locator:
        """Add a condition under "Alleen als ..." or "Niet als ..." and return the part of the form."""
        place = form.get_by_role("group", name=part, exact=True)
        place.get_by_label("Nog een voorwaarde").select_option(label=words)
        place.get_by_role("button", name="Voorwaarde toevoegen").click()
        expect(place.get_by_role("button", name=f"Voorwaarde weghalen: {words}")).to_be_visible()
        return place

    def add_what_law_asks(self) -> None:
        """Add what the law asks and the ladder lacks."""
        self.page.get_by_role("button", name="Voeg toe wat de wet vraagt").click()
        expect(self.page.get_by_text("Laatst: toevoegen wat de wet vraagt")).to_be_visible()

    def agreements(self, change: Callable[[Page], None]) -> None:
        """Change what holds for the whole ladder."""
        self.page.get_by_role("link", name="Afspraken van de ladder").click()
        change(self.page)
        self.page.get_by_role("button", name="Bewaren").click()
        expect(self.page.get_by_text("De afspraken van de ladder zijn bewaard.")).to_be_visible()


def build_small(writer: Writer) -> None:
    """Build the ladder of a small landlord in the north with one worker (docs/editor.md, 1)."""
    writer.begin("Huurincasso Noorderhuis", "directeur, 12 oktober 2026")
    form = writer.add("Herinnering", "Herinnering", 8)
    form.get_by_label("Anders 2").select_option(label="Brief")
    form.get_by_label("Anders 3").select_option(label="geen")
    writer.done(form)
    writer.done(writer.add("Contact zoeken", "Brief met hulp", 14))
    form = writer.add("Contact zoeken", "Een medewerker belt", 7, after="Brief met hulp")
    form.get_by_text("Op welke dagen?").click()
    form.get_by_label("Elke poging op een andere dag van de week").check()
    writer.done(form)
    form = writer.add("Contact zoeken", "Huisbezoek", 30)
    form.get_by_text("Op welke dagen?").click()
    for day in ("maandag", "dinsdag", "woensdag", "donderdag"):
        form.get_by_label(day).check()
    writer.done(form)
    form = writer.add("Vroegsignalering", "Vroegsignaal aan de gemeente", 40)
    form.get_by_label("Een medewerker belt", exact=True).check()
    writer.done(form)
    form = writer.open("Overleg over het vervolg")
    form.get_by_label("Besluit 1").fill("Langer zoeken naar contact")
    form.get_by_label("Besluit 1").press("Tab")
    form.get_by_label("Besluit 2").fill("Naar de deurwaarder")
    form.get_by_label("Besluit 2").press("Tab")
    writer.done(form)
    form = writer.add_after_end(
        "Overleg", "Overdracht aan de deurwaarder", "Overleg over het vervolg: Naar de deurwaarder"
    )
    writer.done(form)
    writer.add_what_law_asks()


def build_city(writer: Writer) -> None:
    """Build the ladder of a landlord in a big city: many languages and a robocall (docs/editor.md, 2)."""
    writer.begin("Stadswonen 2027", "raad van bestuur, 3 november 2026")
    form = writer.add("Herinnering", "Herinnering", 4)
    form.get_by_label("Eerste keus").select_option(label="WhatsApp")
    form.get_by_label("Anders 2").select_option(label="SMS")
    form.get_by_label("Anders 3").select_option(label="E-mail")
    form.get_by_label("Anders 4").select_option(label="Brief")
    writer.done(form)
    form = writer.add("Contact zoeken", "Belcomputer", 7)
    form.get_by_label("aantal pogingen").fill("4")
    form.get_by_text("Op welke dagen?").click()
    form.get_by_label("Elke poging op een andere dag van de week").check()
    part = writer.condition(form, "Alleen als ...", "de huurder een van deze talen spreekt")
    part.get_by_label("Nederlands").check()
    part.get_by_label("Engels").check()
    writer.done(form)
    form = writer.add("Contact zoeken", "Een medewerker belt", 8, name="Een medewerker belt, met tolk")
    part = writer.condition(form, "Niet als ...", "de huurder een van deze talen spreekt")
    part.get_by_label("Nederlands").check()
    part.get_by_label("Engels").check()
    writer.done(form)
    writer.done(writer.add("Contact zoeken", "Brief met hulp", 15))
    form = writer.add("Contact zoeken", "Verzoek om contact", 22)
    form.get_by_text("Op welke dagen?").click()
    form.get_by_label("Wachten op de betaaldag").fill("5")
    writer.done(form)
    writer.done(writer.add("Contact zoeken", "Een medewerker belt", 26))
    writer.done(writer.add("Contact zoeken", "Huisbezoek", 30))
    writer.done(writer.add("Vroegsignalering", "Vroegsignaal aan de gemeente", 38))
    for partner in ("Aanmelding schuldhulp", "Aanmelding sociaal team"):
        form = writer.add("Hulp erbij", partner, 45)
        form.get_by_label("Een aantal dagen na de vervaldag").uncheck()
        form.get_by_label("Bij een aantal maanden achterstand").check()
        form.get_by_label("maanden achterstand", exact=True).fill("2")
        writer.done(form)
    form = writer.open("Overleg over het vervolg")
    form.get_by_label("Wie beslist", exact=True).select_option("commission")
    writer.done(form)

    def exclude(page: Page) -> None:
        page.get_by_label("hennep in de woning").check()
        page.get_by_label("onderhuur").check()

    writer.agreements(exclude)
    writer.add_what_law_asks()


def build_families(writer: Writer) -> None:
    """Build the ladder of a landlord that visits families within two weeks (docs/editor.md, 3)."""
    writer.begin("De Brug: eerst langs", "bestuur met de huurdersraad, 20 november 2026")
    writer.done(writer.add("Herinnering", "Herinnering", 5))
    form = writer.add("Contact zoeken", "Huisbezoek", 10, name="Huisbezoek bij een gezin")
    part = writer.condition(form, "Alleen als ...", "iets over de huurder bekend is, zoals kinderen of overlast")
    part.get_by_label("er kinderen wonen").check()
    writer.done(form)
    writer.done(writer.add("Contact zoeken", "Brief met hulp", 15))
    writer.done(writer.add("Contact zoeken", "Een medewerker belt", 18))
    form = writer.add("Hulp erbij", "Aanbod van hulp", 25)
    part = writer.condition(form, "Alleen als ...", "de achterstand minstens dit bedrag is")
    part.get_by_role("textbox", name="de achterstand minstens dit bedrag is").fill("500")
    writer.done(form)
    form = writer.add("Contact zoeken", "Huisbezoek", 30)
    part = writer.condition(form, "Alleen als ...", "dit over de huurder niet bekend is, zoals kinderen of overlast")
    part.get_by_label("er kinderen wonen").check()
    writer.done(form)
    writer.done(writer.add("Vroegsignalering", "Vroegsignaal aan de gemeente", 38))
    writer.done(writer.add("Hulp erbij", "Aanmelding sociaal team", 14, after="Vroegsignaal aan de gemeente"))
    writer.done(
        writer.add_after_end(
            "Overleg", "Overleg over het vervolg", "Aanmelding sociaal team", "Overleg met het wijkteam"
        )
    )

    def more_time(page: Page) -> None:
        page.get_by_role("button", name="Iemand meer tijd geven").click()
        page.get_by_label("dagen meer").fill("14")
        page.get_by_label("er kinderen wonen").check()
        page.get_by_label("Vroegsignalering").check()

    writer.agreements(more_time)
    writer.done(writer.add("Overleg", "Melding bij het meldpunt na de dagvaarding", 0))
