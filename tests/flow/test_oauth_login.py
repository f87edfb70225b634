"""The whole login against the sandbox: browser, callback, tokens, vault, refresh."""

import asyncio
import threading

import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from acassist.sandbox.settings import Settings
from tests.flow.browser import Browser
from tests.flow.connection import ENTRY, Connection


async def refused(connection: Connection, script: object = None, **changes: object) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        await (connection.log_in(script, **changes) if script else connection.log_in(**changes))  # type: ignore[arg-type]
    return caught.value


async def test_a_person_logs_in_allows_and_the_refresh_token_is_in_the_vault() -> None:
    connection = Connection()
    result = await connection.log_in()
    org = connection.world.salesforce
    assert (result.org_id, result.user_id) == (org.org_id, org.user_id)
    assert result.instance_url == connection.world.addresses.salesforce_instance
    assert connection.vault.secrets[ENTRY] == org.auth.families[-1].current
    assert str(connection.browser.pages[-1].url).endswith("/done")


async def test_no_secret_is_in_an_address_that_a_person_sees_or_in_the_result() -> None:
    connection = Connection()
    result = await connection.log_in()
    refresh = connection.vault.secrets[ENTRY]
    shown = repr(result) + connection.urls[0] + str(connection.browser.pages[-1].url)
    assert refresh not in shown
    assert result.tokens.access_token not in shown
    assert "code=" not in str(connection.browser.pages[-1].url)


async def test_a_person_who_denies_gets_a_page_and_the_program_says_so() -> None:
    async def deny(browser: Browser, url: str) -> object:
        return await browser.log_in(url, decision="deny")

    connection = Connection()
    error = await refused(connection, deny)
    assert error.problem.code is ProblemCode.SF_LOGIN_DENIED
    assert str(connection.browser.pages[-1].url).endswith("/failed")
    assert connection.vault.secrets == {}


async def test_a_blocked_app_that_comes_back_is_told_in_the_words_of_salesforce() -> None:
    async def open_only(browser: Browser, url: str) -> object:
        return await browser.open(url)

    connection = Connection()
    connection.world.salesforce.switches.authorize_error = "OAUTH_APP_BLOCKED"
    connection.world.salesforce.switches.authorize_error_on_page = False
    error = await refused(connection, open_only)
    assert error.problem.code is ProblemCode.SF_LOGIN_FAILED
    assert "blocked" in error.problem.sentence.english()


async def test_another_org_is_refused_before_anything_is_stored() -> None:
    connection = Connection()
    error = await refused(connection, expected_org="00D000000000009EAA")
    assert error.problem.code is ProblemCode.OTHER_ORG
    assert connection.vault.secrets == {}
    assert connection.world.salesforce.auth.families[-1].revoked


async def test_giving_up_frees_the_callback_address() -> None:
    opened = asyncio.Event()

    async def stare(browser: Browser, url: str) -> object:
        opened.set()
        return await browser.open(url)

    connection = Connection()
    waiting = asyncio.create_task(connection.log_in(stare))
    await opened.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await connection.log_in()).org_id


async def test_a_browser_that_stays_open_does_not_hold_the_login_back() -> None:
    connection = Connection()
    opened: list[str] = []
    closed = threading.Event()

    def stay_open(url: str) -> bool:
        opened.append(url)
        return closed.wait(60)

    result = await connection.log_in(open_browser=stay_open)
    closed.set()
    assert result.org_id
    assert opened == connection.urls


async def test_a_new_program_goes_on_with_the_stored_token() -> None:
    connection = Connection(Settings(leads=3, contacts=3, rotate_refresh_tokens=True))
    await connection.log_in()
    first = connection.vault.secrets[ENTRY]
    assert await connection.client().count("SELECT COUNT() FROM Lead") >= 3
    assert connection.vault.secrets[ENTRY] != first


async def test_two_programs_refresh_a_hundred_times_with_rotation_and_none_is_revoked() -> None:
    connection = Connection(Settings(leads=1, contacts=1, rotate_refresh_tokens=True))
    await connection.log_in()
    programs = [connection.source(), connection.source()]

    async def fifty(index: int) -> None:
        for _ in range(50):
            await programs[index].renew(await programs[index].access_token())

    await asyncio.gather(fifty(0), fifty(1))
    family = connection.world.salesforce.auth.families[-1]
    assert len(family.past) >= 100
    assert not family.revoked
    assert connection.vault.secrets[ENTRY] == family.current


async def test_an_expired_session_is_renewed_in_the_middle_of_work() -> None:
    connection = Connection()
    await connection.log_in()
    client = connection.client()
    before = await client.count("SELECT COUNT() FROM Lead")
    connection.world.salesforce.auth.expire_sessions()
    assert await client.count("SELECT COUNT() FROM Lead") == before
    assert client.source.refreshes == 2


async def test_a_revoked_token_asks_to_reconnect() -> None:
    connection = Connection()
    await connection.log_in()
    client = connection.client()
    connection.world.salesforce.auth.revoke_all()
    with pytest.raises(ProblemError) as caught:
        await client.count("SELECT COUNT() FROM Lead")
    assert caught.value.problem.code is ProblemCode.SF_RECONNECT


@pytest.mark.parametrize("rotate", [False, True])
async def test_a_lost_refresh_answer_is_survived_without_rotation_and_told_with_it(rotate: bool) -> None:
    connection = Connection(Settings(leads=1, contacts=1, rotate_refresh_tokens=rotate))
    await connection.log_in()
    connection.world.faults.add({"path": "/services/oauth2/token", "action": {"kind": "drop_after"}})
    source = connection.source()
    if not rotate:
        assert await source.access_token()
        return
    with pytest.raises(ProblemError) as caught:
        await source.access_token()
    assert caught.value.problem.code is ProblemCode.SF_RECONNECT
