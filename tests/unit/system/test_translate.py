from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from acassist.domain.text import Message
from acassist.system.translate import Translator, available_languages, detect_language


def compile_catalogue(folder, area: str, texts: dict[object, object], language: str = "es") -> None:
    catalogue = Catalog(locale=language)
    for source, translated in texts.items():
        catalogue.add(source, translated)
    path = folder / language / "LC_MESSAGES" / f"{area}.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


@pytest.fixture
def spanish(tmp_path) -> Translator:
    compile_catalogue(tmp_path, "a", {"Contact": "Contacto", ("{n} lead", "{n} leads"): ("{n} lead.", "{n} leads.")})
    compile_catalogue(tmp_path, "b", {"{what} of {name}: {n}": "{name}, {what}: {n}"})
    return Translator.load("es", tmp_path, zone=ZoneInfo("Europe/Madrid"))


def test_texts_of_all_catalogues_are_found_and_others_stay_english(spanish):
    assert spanish.text("Contact") == "Contacto"
    assert spanish.text("Unknown") == "Unknown"
    assert spanish.text("") == ""


def test_a_message_translates_its_parts_and_writes_numbers_as_people_do(spanish):
    message = Message("{what} of {name}: {n}", {"what": Message("Contact"), "name": "Ana {x}", "n": 1234567})
    assert spanish.message(message) == "Ana {x}, Contacto: 1.234.567"


def test_a_missing_value_stays_visible(spanish):
    assert spanish.message(Message("Hello {name}")) == "Hello {name}"


@pytest.mark.parametrize(("n", "text"), [(1, "1 lead."), (0, "0 leads."), (12345, "12.345 leads.")])
def test_plurals_follow_the_language(spanish, n, text):
    assert spanish.plural("{n} lead", "{n} leads", n) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 jul 2026, 0:30:00"),
        (date(2026, 7, 1), "1 jul 2026"),
        (Decimal("12345.5"), "12.345,5"),
        (True, "True"),
        (None, ""),
        ([1, "x"], "1, x"),
    ],
)
def test_values_are_written_in_the_language_and_the_local_zone(spanish, value, text):
    assert spanish.value(value) == text


def test_a_territory_takes_the_catalogues_of_its_language(spanish, tmp_path):
    mexican = Translator.load("es_MX", tmp_path)
    assert (mexican.text("Contact"), mexican.value(1234567.5)) == ("Contacto", "1,234,567.5")


@pytest.mark.parametrize("language", ["en", "xx", "", "not a language"])
def test_other_languages_are_english(tmp_path, language):
    translator = Translator.load(language, tmp_path)
    assert (translator.text("Contact"), translator.value(1234)) == ("Contact", "1,234")


@pytest.mark.parametrize(
    ("environ", "system", "language"),
    [
        ({"LANG": "es_ES.UTF-8"}, "", "es_ES"),
        ({"LANGUAGE": "fr:es", "LANG": "en_US.UTF-8"}, "", "es"),
        ({"LC_ALL": "C", "LANG": "es_ES"}, "", "es_ES"),
        ({"LC_ALL": "de_DE"}, "", "en"),
        ({}, "es-MX", "es_MX"),
        ({}, "", "en"),
    ],
)
def test_the_language_is_taken_from_the_environment(environ, system, language):
    assert detect_language(environ, ["en", "es"], system=system) == language


def test_languages_with_a_catalogue_can_be_chosen(spanish, tmp_path):
    assert available_languages(tmp_path) == ["en", "es"]
