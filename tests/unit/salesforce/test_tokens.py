"""Token refresh: one at a time, stored before use, tokens never thrown away for passing trouble."""

import asyncio

import httpx
import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from tests.unit.salesforce.fakes import KeyringClosed, Scene, oauth_error


async def code_of(awaitable: object) -> ProblemCode:
    with pytest.raises(ProblemError) as caught:
        await awaitable  # type: ignore[misc]
    return caught.value.problem.code


async def test_two_programs_share_a_vault_over_a_hundred_refreshes_with_rotation() -> None:
    scene = Scene()
    sources = [scene.source(), scene.source()]

    async def expire_fifty_times(index: int) -> None:
        for _ in range(50):
            await sources[index].renew(await sources[index].access_token())

    await asyncio.gather(expire_fifty_times(0), expire_fifty_times(1))
    assert scene.login.count >= 100
    assert not scene.login.revoked
    assert scene.vault.secrets["sf"] == scene.login.current


async def test_callers_that_meet_the_same_expired_token_share_one_refresh() -> None:
    scene = Scene()
    source = scene.source()
    old = await source.access_token()
    fresh = await asyncio.gather(*(source.renew(old) for _ in range(20)))
    assert set(fresh) == {"access-2"}
    assert scene.login.count == 2


async def test_a_rotated_token_is_stored_before_the_access_token_is_used() -> None:
    scene = Scene()
    assert await scene.source().access_token() == "access-1"
    assert scene.vault.steps == ["stored refresh-1"]


async def test_a_token_that_could_not_be_stored_is_kept_and_stored_the_next_time() -> None:
    scene = Scene()
    scene.vault.broken = 1
    source = scene.source()
    with pytest.raises(KeyringClosed):
        await source.access_token()
    assert await source.access_token() == "access-1"
    assert scene.vault.secrets["sf"] == "refresh-1"
    assert scene.login.count == 1


async def test_a_cancelled_caller_does_not_lose_the_rotated_token() -> None:
    scene = Scene()
    source = scene.source()
    task = asyncio.create_task(source.access_token())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await source.access_token() == "access-1"
    assert scene.vault.secrets["sf"] == scene.login.current


async def test_a_lost_answer_is_asked_for_once_more_when_tokens_do_not_rotate() -> None:
    scene = Scene(rotate=False)
    scene.login.lose = [True]
    assert await scene.source().access_token() == "access-2"


async def test_a_lost_answer_with_rotation_ends_in_reconnect_after_one_more_try() -> None:
    scene = Scene()
    scene.login.lose = [True]
    source = scene.source()
    assert await code_of(source.access_token()) is ProblemCode.SF_RECONNECT
    assert len(scene.asked("/token")) == 2


async def test_a_refused_token_is_not_sent_again_until_another_is_stored() -> None:
    scene = Scene()
    scene.login.revoked = True
    source = scene.source()
    assert await code_of(source.access_token()) is ProblemCode.SF_RECONNECT
    assert await code_of(source.access_token()) is ProblemCode.SF_RECONNECT
    assert len(scene.asked("/token")) == 1
    scene.login.revoked, scene.login.current = False, "refresh-new"
    scene.vault.secrets["sf"] = "refresh-new"
    assert await source.access_token() == "access-1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(503, html="<html>maintenance</html>"), ProblemCode.SF_MAINTENANCE),
        (oauth_error("rate_limit_exceeded", "login rate exceeded"), ProblemCode.SF_BUSY),
        (oauth_error("server_error", "x"), ProblemCode.SF_MAINTENANCE),
        (oauth_error("inactive_org", "org is locked"), ProblemCode.SF_LOGIN_FAILED),
    ],
)
async def test_passing_trouble_never_throws_tokens_away(answer: httpx.Response, code: ProblemCode) -> None:
    scene = Scene()
    scene.login.refuse = answer
    source = scene.source()
    assert await code_of(source.access_token()) is code
    scene.login.refuse = None
    assert await source.access_token() == "access-1"


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "invalid_client_id", "OAUTH_APP_BLOCKED"])
async def test_only_these_errors_mean_that_a_person_must_reconnect(error: str) -> None:
    scene = Scene()
    scene.login.refuse = oauth_error(error, "why")
    assert await code_of(scene.source().access_token()) is ProblemCode.SF_RECONNECT


async def test_an_empty_vault_is_a_missing_secret() -> None:
    scene = Scene()
    scene.vault.secrets.clear()
    assert await code_of(scene.source().access_token()) is ProblemCode.SECRET_MISSING


async def test_another_instance_replaces_the_old_one() -> None:
    scene = Scene()
    source = scene.source()
    await source.access_token()
    scene.login.instance = "https://renamed.my.salesforce.com"
    await source.renew("access-1")
    assert source.origin() == "https://renamed.my.salesforce.com"


async def test_an_instance_on_plain_http_is_refused() -> None:
    scene = Scene()
    scene.login.instance = "http://acme.my.salesforce.com"
    assert await code_of(scene.source().access_token()) is ProblemCode.HOST_REFUSED
