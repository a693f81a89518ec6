"""How people are spoken to in every language that texts have."""

import pytest

from messages.languages import LANGUAGES
from outreach.db.tables import PersonRow
from outreach.services.addressees import salutation

pytestmark = pytest.mark.unit


def person(title: str, prefix: str = "de") -> PersonRow:
    return PersonRow(title=title, initials="A.", given_name="", prefix=prefix, family_name="Vries")


@pytest.mark.parametrize(
    ("language", "woman", "man"),
    [
        ("nl", "mevrouw De Vries", "meneer De Vries"),
        ("nl-je", "mevrouw De Vries", "meneer De Vries"),
        ("en", "Ms De Vries", "Mr De Vries"),
        ("tr", "Sayın De Vries", "Sayın De Vries"),
        ("ar", "السيدة De Vries", "السيد De Vries"),
        ("pl", "Pani De Vries", "Panie De Vries"),
        ("uk", "пані De Vries", "пане De Vries"),
    ],
)
def test_a_person_is_greeted_by_title_and_family_name(language: str, woman: str, man: str) -> None:
    assert (salutation(person("mevrouw"), language), salutation(person("heer"), language)) == (woman, man)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_title_the_full_name_says_no_gender(language: str) -> None:
    assert salutation(person(""), language) == "A. de Vries"
    assert salutation(person("", prefix=""), language) == "A. Vries"
