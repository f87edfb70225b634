"""A connected profile on a loopback sandbox; its secrets stand in the desktop's keyring, so that processes share it."""

from __future__ import annotations

from pathlib import Path

from acassist.assistant.container import Options, close_profile, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN
from acassist.sandbox.salesforce.auth import Family
from acassist.sandbox.server import Running
from tests.e2e.run_sync import finished_setup


def login(running: Running) -> Family:
    """Log a program in without a browser; returns its family of refresh tokens."""
    org = running.world.salesforce
    return org.auth.new_family(user_id=org.user_id, scope="api refresh_token", now=0.0, cap=5)


async def connect(folder: Path, running: Running, token: str) -> None:
    """Make the profile and put both secrets into the keyring."""
    profile = await open_profile(Options(data_dir=folder, language="en"))
    await profile.assistant.session.vault.put(API_KEY, running.info["api_key"])
    await profile.assistant.session.vault.put(REFRESH_TOKEN, token)
    profile.assistant.session.store(finished_setup(running.info, "1"), what="test")
    await close_profile(profile)


async def stored_token(folder: Path) -> str | None:
    """Read the refresh token that stands in the keyring."""
    profile = await open_profile(Options(data_dir=folder, writer=False, language="en"))
    found = await profile.assistant.session.vault.get(REFRESH_TOKEN)
    await close_profile(profile)
    return found
