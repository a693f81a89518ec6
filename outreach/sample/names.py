"""Made-up names, streets and places of the sample; no address, number or person exists."""

from collections.abc import Mapping
from dataclasses import dataclass

LANDLORD = "Woonstichting De Linde"
CONTACT_NAME = "Anouk Brandsma"
CONTACT_PHONE = "+31300000100"
CONTACT_EMAIL = "hulp@delinde.example.org"


@dataclass(frozen=True, kw_only=True)
class SampleArea:
    """A neighbourhood of the sample; `ladder` is None where the default ladder holds."""

    code: str
    name: str
    municipality: str
    city: str
    team: str
    postcode: int
    share: int
    ladder: str | None = None


LARGE, SMALL = "Waterlinde", "Heuvelbroek"
AREAS = (
    SampleArea(
        code="binnenstad", name="Binnenstad", municipality=LARGE, city=LARGE, team="midden", postcode=3901, share=26,
    ),
    SampleArea(
        code="molenveld", name="Molenveld", municipality=LARGE, city=LARGE, team="midden", postcode=3903, share=22,
    ),
    SampleArea(
        code="vogelbuurt", name="Vogelbuurt", municipality=LARGE, city=LARGE, team="noord", postcode=3905, share=18,
        ladder="sociaal_incasso_met_bodem",
    ),
    SampleArea(
        code="havenkwartier", name="Havenkwartier", municipality=LARGE, city=LARGE, team="noord", postcode=3907,
        share=12, ladder="woongoed_zeist_met_bodem",
    ),
    SampleArea(
        code="heuvelbroek_dorp", name="Heuvelbroek Dorp", municipality=SMALL, city=SMALL, team="heuvelbroek",
        postcode=3921, share=12,
    ),
    SampleArea(
        code="zonnehof", name="Zonnehof", municipality=SMALL, city=SMALL, team="heuvelbroek", postcode=3923, share=10,
        ladder="de_alliantie_met_bodem",
    ),
)  # fmt: skip

TEAMS: Mapping[str, tuple[str, int, int]] = {
    "midden": ("Wijkteam Midden", 30, 10),
    "noord": ("Wijkteam Noord", 24, 8),
    "heuvelbroek": ("Wijkteam Heuvelbroek", 16, 6),
}
"""Name, calls a day, visits a day."""

STREETS: Mapping[str, tuple[str, ...]] = {
    "binnenstad": ("Korte Lindestraat", "Turfkade", "Oude Waagplein", "Kloosterhof", "Vispoort"),
    "molenveld": ("Molenveldlaan", "Korenbloemstraat", "Wiekslag", "Meelzolder", "Roggeakker"),
    "vogelbuurt": ("Wielewaallaan", "Koekoekstraat", "Roodborsthof", "Kievitweg", "Zwaluwplein"),
    "havenkwartier": ("Loodsboot", "Sleephelling", "Kraanspoor", "Zeilmakerij", "Touwbaan"),
    "heuvelbroek_dorp": ("Brinkweg", "Schaapsdrift", "Kerkebosch", "Beukenwal"),
    "zonnehof": ("Zonnewijzer", "Dageraad", "Middagpad", "Lentehof"),
}

PREFIXES = ("", "", "", "", "", "de", "van", "van der", "van den", "el", "ten")
FAMILY_NAMES = (
    "Aarden", "Achtkarspel", "Amrani", "Appelhof", "Aslan", "Bakkeren", "Baltus", "Beekveld", "Benali", "Berkhof",
    "Bloemers", "Boomstra", "Bosveld", "Brouwhuis", "Celik", "Daalder", "Demirci", "Dijkema", "Doornveld", "Duinhof",
    "Eekhout", "Elzenaar", "Fikse", "Gelderblom", "Groenhart", "Haagsma", "Hamidi", "Havinga", "Heidema", "Hofland",
    "Hoogveld", "Idrissi", "Jonkman", "Kalkman", "Kaya", "Klaverveld", "Kooistra", "Kowalczyk", "Kruidhof", "Kuiperij",
    "Landzaat", "Lelieveld", "Lindhout", "Loman", "Maasdijk", "Martina", "Meerhof", "Molenkamp", "Nowicki", "Oldehof",
    "Osman", "Ouwehand", "Paardekop", "Pinas", "Polderman", "Postuma", "Rietveldt", "Roemer", "Rozema", "Sahin",
    "Schaapman", "Schuitema", "Slagveld", "Sluiter", "Steenbeek", "Tahiri", "Terpstra", "Tesfay", "Tuinman", "Uitslag",
    "Veenhof", "Veldkamp", "Vlietstra", "Vogelaar", "Waaijer", "Wagenveld", "Weidema", "Wijnhout", "Yildiz", "Zandstra",
    "Zeegers", "Zomerdijk", "Zuidhof", "Zwartveld",
)  # fmt: skip
GIVEN_NAMES = {
    "mevrouw": (
        "Ada", "Aicha", "Bianca", "Carla", "Dewi", "Elif", "Esther", "Fatma", "Gerda", "Hanneke", "Ilse", "Jolanda",
        "Katarzyna", "Lotte", "Mila", "Naima", "Olga", "Petra", "Ria", "Samira", "Tineke", "Yvonne",
    ),
    "heer": (
        "Adil", "Bart", "Cor", "Daan", "Emre", "Fred", "Gijs", "Hassan", "Ivo", "Jeroen", "Kees", "Lars", "Mehmet",
        "Nico", "Omar", "Piotr", "Ruud", "Sem", "Ties", "Victor", "Wim", "Yusuf",
    ),
    "": ("Alex", "Bo", "Chris", "Jip", "Kim", "Robin", "Sam"),
}  # fmt: skip
REPRESENTATIVES = ("Bewindkantoor De Balans", "Bewind & Rust", "Inkomensbeheer Midden")
