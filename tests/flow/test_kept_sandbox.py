"""A sandbox that is kept goes on where it stopped: same data, same addresses."""

from __future__ import annotations

from pathlib import Path

from acassist.assistant.container import Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, guided_setup, keep_sandbox, start_sandbox
from acassist.domain.text import Message
from acassist.sandbox.settings import Settings

SMALL = Settings(leads=3, contacts=2, labels=True)


def quiet(_message: Message) -> None:
    """Say nothing."""


async def test_a_demo_that_was_kept_goes_on_with_the_same_data_at_the_same_addresses(tmp_path: Path) -> None:
    with start_sandbox(SMALL, kept=tmp_path) as running:
        first = running.info
        options = Options(data_dir=tmp_path, in_memory_secrets=True, browser=demo_browser(first), pace=50)
        profile = await open_profile(options)
        await guided_setup(profile.assistant, first, quiet)
        await profile.assistant.start()
        links = profile.assistant.session.stores.ledger.count_links()
        await close_profile(profile)
        people = len(running.world.activecampaign.contacts)
        keep_sandbox(running, tmp_path)
    with start_sandbox(SMALL, kept=tmp_path) as again:
        assert again.info == first
        assert len(again.world.activecampaign.contacts) == people
        profile = await open_profile(options)
        await guided_setup(profile.assistant, first, quiet)
        summary = await profile.assistant.sync_now()
        assert profile.assistant.session.stores.ledger.count_links() == links
        assert summary.counters.created_ac == 0
        await close_profile(profile)
