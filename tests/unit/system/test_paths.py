from __future__ import annotations

import os
from pathlib import Path

import pytest

from acassist.system.paths import ProfilePaths, data_dir, profile_paths, resource


def test_the_argument_wins_over_the_environment(tmp_path):
    assert data_dir(tmp_path / "a", {"ACASSIST_DATA_DIR": str(tmp_path / "b")}) == tmp_path / "a"


def test_the_environment_wins_over_the_systems_place(tmp_path):
    assert data_dir(None, {"ACASSIST_DATA_DIR": str(tmp_path / "b")}) == tmp_path / "b"


@pytest.mark.parametrize("environ", [{}, {"ACASSIST_DATA_DIR": " "}])
def test_without_both_the_operating_system_decides(environ):
    assert data_dir(None, environ).name == "acassist"


def test_a_relative_folder_becomes_absolute():
    assert data_dir(Path("x"), {}) == Path.cwd() / "x"


def test_further_profiles_have_folders_of_their_own(tmp_path):
    assert profile_paths(tmp_path).db == tmp_path / "profile.db"
    assert profile_paths(tmp_path, "second").db == tmp_path / "profiles" / "second" / "profile.db"


@pytest.mark.parametrize("name", ["..", "a/b", "a\\b", ".hidden", "C:"])
def test_a_profile_name_cannot_leave_the_data_folder(tmp_path, name):
    with pytest.raises(ValueError):
        profile_paths(tmp_path, name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_only_the_owner_may_enter_the_folders(tmp_path):
    paths = ProfilePaths(tmp_path / "p")
    paths.root.mkdir(mode=0o755)
    paths.prepare()
    assert {folder.stat().st_mode & 0o777 for folder in (paths.root, paths.logs, paths.backups)} == {0o700}


def put(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "x.txt").write_text("x")
    return folder / "x.txt"


def test_resources_are_found_in_a_checkout_a_wheel_and_a_frozen_program(tmp_path):
    package = tmp_path / "site" / "acassist"
    checkout = put(tmp_path / "site" / "resources")
    assert resource("x.txt", package=package) == checkout
    wheel = put(package / "_resources")
    assert resource("x.txt", package=package) == wheel
    frozen = put(tmp_path / "bundle" / "resources")
    assert resource("x.txt", package=package, frozen=tmp_path / "bundle") == frozen


def test_a_missing_resource_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        resource("x.txt", package=tmp_path / "a" / "b")
