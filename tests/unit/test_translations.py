"""Every text that a person may read has its Spanish, with the same placeholders, compiled."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from acassist.system.paths import resource
from acassist.system.translate import Translator

SCRIPT = Path(__file__).parents[2] / "packaging" / "i18n.py"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("i18n_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


i18n = load_script()


@pytest.fixture(scope="module")
def texts():
    return i18n.texts_by_area()


@pytest.mark.parametrize("area", i18n.AREAS)
def test_an_area_is_wholly_in_spanish(area, texts):
    assert i18n.faults(area, texts[area]) == []


def test_every_package_with_texts_is_an_area():
    packages = {path.parent.name for path in i18n.SOURCES.glob("*/__init__.py")}
    assert packages - {"sandbox"} == {area.partition("_")[0] for area in i18n.AREAS}


@pytest.fixture(scope="module")
def spanish() -> Translator:
    return Translator.load("es", resource("i18n"))


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_can_be_shown_in_spanish(code, spanish):
    problem = Problem(code)
    for message in (problem.title, problem.sentence, problem.next_step):
        assert spanish.text(message.text) != message.text


def test_values_are_filled_into_the_spanish_sentence(spanish):
    problem = Problem(ProblemCode.DUPLICATE, values={"count": 1234567, "object": SObject.CONTACT})
    assert spanish.message(problem.sentence).startswith("1.234.567 registros de Contact comparten")


@pytest.mark.parametrize(
    ("source", "translated", "fault"),
    [
        ("{a} and {b}", "{b} y {a}", None),
        ("{a} and {b}", "{a} y", "placeholders differ"),
        ("{a}", "{A}", "placeholders differ"),
        ("Done", "Hecho ", "a blank too many"),
        ("Done", "¡Hecho", "an exclamation mark"),
        (("{n} lead", "{n} leads"), ("un lead", "{n} leads"), None),
        (("{n} of {name}", "{n} of {name}"), ("uno", "{n} de {name}"), "placeholders differ"),
    ],
)
def test_the_check_notices_wording_faults(source, translated, fault):
    assert i18n.wording_faults(source, translated) == ([fault] if fault else [])
