"""How the program starts itself a second time."""

from acassist.system.launch import own_command


def test_a_checkout_starts_the_module_with_the_same_python() -> None:
    found = own_command(["demo"], frozen=False, executable="/opt/venv/bin/python")
    assert found == ["/opt/venv/bin/python", "-m", "acassist", "demo"]


def test_the_frozen_program_starts_itself() -> None:
    assert own_command(["demo"], frozen=True, executable="/opt/acassist/acassist") == ["/opt/acassist/acassist", "demo"]
