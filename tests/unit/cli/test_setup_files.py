import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from acassist.system.paths import resource
from tests.unit.cli.terminal import Terminal


def schema() -> Any:
    return json.loads(resource("setup.schema.json").read_text(encoding="utf-8"))


def published_schema_script() -> Any:
    import importlib.util

    path = Path(__file__).parents[3] / "packaging" / "setup_schema.py"
    spec = importlib.util.spec_from_file_location("setup_schema", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_schema_is_current() -> None:
    script = published_schema_script()
    assert script.FILE.read_text(encoding="utf-8") == script.text()


def test_the_published_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_an_exported_set_up_meets_the_published_schema(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "setup.json"
    assert terminal.run("setup", "export", str(file)).code == 0
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), schema())


def test_what_is_no_set_up_does_not_meet_the_published_schema() -> None:
    good = {"format": "acassist-setup", "version": 1, "setup": {"mapping": {"lead": [{"ac_key": "email"}]}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good, schema())


def test_a_dash_is_the_standard_stream(terminal: Terminal) -> None:
    exported = terminal.run("setup", "export", "-")
    assert exported.data == terminal.run("setup", "show", "--json").data


@pytest.mark.parametrize("content", ["no json", "[1]", ""])
def test_a_file_that_is_no_json_object_is_usage_and_is_named(terminal: Terminal, tmp_path: Path, content: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)
    result = terminal.run("setup", "import", str(file))
    assert result.code == 2
    assert str(file) in result.err


def test_a_missing_file_and_an_unwritable_one_are_usage(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.run("setup", "import", str(tmp_path / "none.json")).code == 2
    assert terminal.run("setup", "export", str(tmp_path / "none" / "setup.json")).code == 2


def test_the_set_up_is_shown_in_words(terminal: Terminal) -> None:
    result = terminal.run("setup", "show")
    assert result.code == 0
    for words in ("System connections", "firstName", "FirstName", "Both directions", "No job is scheduled."):
        assert words in result.out
