"""Every bad input and fault on the walking path ends in one clear sentence with a next step; nothing is lost."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from acassist.assistant.container import Options, open_profile
from acassist.assistant.session import REFRESH_TOKEN
from acassist.domain.ids import SObject
from acassist.domain.ledger import RunState
from acassist.domain.mapping import FieldMapping, default_mapping
from acassist.domain.problem import Problem, ProblemCode, ProblemError, exit_code_for
from acassist.domain.profile import CALLBACK_PORTS, OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.system.lock import WriterLock
from tests.engine import Engine, open_engine
from tests.sandbox import ACTIVECAMPAIGN, LOGIN

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
ALL = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_engine(tmp_path / "profile", outbound=ALL)
    yield opened
    await opened.close()


def told(error: ProblemError, code: ProblemCode, exit_code: int = 3) -> None:
    """Check the code, and that a person gets a full sentence and a next step without leftover placeholders."""
    problem = error.problem
    assert problem.code is code
    for message in (problem.title, problem.sentence, problem.next_step):
        text = message.english()
        assert text
        assert "{" not in text
    assert exit_code_for(problem) == exit_code


async def record_writes(engine: Engine) -> int:
    log = await engine.control.call("GET", "/log")
    entries = log["entries"] if isinstance(log, dict) else log
    return sum(1 for e in entries if e["kind"] == "write")


@pytest.mark.parametrize("typed", ["acme inc", "http://acme.example", "https://", "ftp://acme.example", "a@b@c"])
def test_an_impossible_account_name_is_refused_without_the_network(typed: str) -> None:
    from acassist.activecampaign.address import resolve

    with pytest.raises(ProblemError) as caught:
        resolve(typed)
    told(caught.value, ProblemCode.AC_ACCOUNT_WRONG)


async def test_a_wrong_key_is_named_as_such(engine: Engine) -> None:
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.connect_activecampaign(ACTIVECAMPAIGN, "not-the-key")
    told(caught.value, ProblemCode.AC_KEY_REFUSED)


async def test_one_spurious_403_does_not_count_as_a_wrong_key(engine: Engine) -> None:
    engine.world.faults.add(
        {"service": "activecampaign", "path": "/users/me", "action": {"kind": "status", "status": 403}}
    )
    facts = await engine.assistant.connect_activecampaign(ACTIVECAMPAIGN, engine.world.activecampaign.api_key)
    assert facts.user_email


async def test_a_key_without_rights_stops_the_run_and_names_the_right(engine: Engine) -> None:
    key = engine.world.activecampaign.limited_key
    await engine.assistant.provide_secrets(api_key=key)
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.AC_NO_RIGHTS)


class Refusing(httpx.AsyncBaseTransport):
    """A network on which every request ends in the same fault."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error


def untrusted() -> httpx.ConnectError:
    """What httpx raises for a certificate that nobody vouches for."""
    error = httpx.ConnectError("certificate verify failed")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("Network is unreachable"), ProblemCode.NO_NETWORK),
        (untrusted(), ProblemCode.TLS),
        (httpx.ProxyError("407 Proxy Authentication Required"), ProblemCode.PROXY),
        (httpx.ConnectTimeout("timed out"), ProblemCode.NO_NETWORK),
    ],
)
async def test_a_fault_of_the_network_stops_the_run_and_is_named(
    tmp_path: Path, error: Exception, code: ProblemCode
) -> None:
    engine = await open_engine(tmp_path / "profile", outbound=ALL)
    await engine.close()
    options = replace(engine.options, transport=Refusing(error))
    profile = await open_profile(options)
    engine.profile = profile
    with pytest.raises(ProblemError) as caught:
        await profile.assistant.sync_now(yes=True)
    assert caught.value.problem.code in {code, ProblemCode.TIMEOUT if code is ProblemCode.NO_NETWORK else code}
    told(caught.value, caught.value.problem.code)
    assert (await profile.assistant.runs())[0].state is RunState.STOPPED
    await engine.close()


async def test_all_five_callback_ports_taken_is_said_with_their_numbers(engine: Engine) -> None:
    taken = []
    for port in CALLBACK_PORTS:
        item = socket.socket()
        taken.append(item)
        item.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Taken by somebody else is as good.
        with contextlib.suppress(OSError):
            item.bind(("127.0.0.1", port))
            item.listen()
    try:
        with pytest.raises(ProblemError) as caught:
            await engine.assistant.connect_salesforce(LOGIN, "key", open_browser=False)
    finally:
        for item in taken:
            item.close()
    told(caught.value, ProblemCode.SF_PORTS_TAKEN)
    assert str(CALLBACK_PORTS[0]) in caught.value.problem.next_step.english()


async def test_an_expired_session_is_renewed_without_anybody_noticing(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    await engine.control.call("POST", "/salesforce/expire-sessions")
    summary = await engine.assistant.sync_now()
    assert summary.state in {RunState.DONE, RunState.PARTIAL}


async def test_a_revoked_connection_asks_for_a_new_login_and_writes_nothing(engine: Engine) -> None:
    await engine.control.call("POST", "/salesforce/revoke-tokens")
    await engine.control.call("DELETE", "/log")
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.SF_RECONNECT)
    assert await record_writes(engine) == 0


async def test_an_org_without_api_says_so(engine: Engine) -> None:
    await engine.control.call("PATCH", "/salesforce/settings", {"api_enabled": False})
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.SF_NO_API)


async def test_a_mapped_field_that_is_hidden_stops_the_run_before_any_write(engine: Engine) -> None:
    await engine.control.call("PATCH", "/salesforce/settings", {"fls_hidden": ["Lead.Phone"]})
    await engine.control.call("DELETE", "/log")
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.SF_FIELD_HIDDEN)
    assert await record_writes(engine) == 0


async def test_a_mapping_to_a_vanished_activecampaign_field_stops_the_run(tmp_path: Path) -> None:
    mapping = default_mapping()
    mapping = mapping.with_rows(SObject.LEAD, (*mapping.lead, FieldMapping("field:999", "Nickname__c")))
    engine = await open_engine(tmp_path / "profile", outbound=ALL, mapping=mapping)
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.MAPPING_INVALID)
    await engine.close()


async def test_a_record_refused_by_a_validation_rule_becomes_an_issue_and_the_rest_goes_on(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    links = [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary][:2]
    message = "This name is not allowed."
    rule = {"sobject": "Contact", "field": "FirstName", "pattern": "^Forbidden$", "message": message}
    await engine.control.call("PATCH", "/salesforce/settings", {"validation_rules": [rule]})
    for link, name in zip(links, ("Forbidden", "Allowed"), strict=True):
        await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"firstName": name})
    summary = await engine.assistant.sync_now()
    found = {i.sf_id: i for i in await engine.assistant.issues() if i.code is ProblemCode.SF_VALIDATION}
    assert set(found) == {links[0].sf_id}
    assert message in Problem(ProblemCode.SF_VALIDATION, values=found[links[0].sf_id].values).sentence.english()
    assert summary.counters.updated_sf == 1


async def test_a_second_instance_on_the_profile_is_refused_and_names_the_first(engine: Engine) -> None:
    with pytest.raises(ProblemError) as caught:
        await open_profile(engine.options)
    told(caught.value, ProblemCode.PROFILE_BUSY, exit_code=6)


async def test_a_stale_lock_of_a_dead_process_does_not_keep_anybody_out(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "profile", outbound=ALL)
    await engine.close()
    lock = WriterLock(engine.profile.assistant.session.machine.paths.lock, clock=engine.options.clock)
    with lock:
        assert lock.held


async def test_a_missing_secret_names_what_is_missing(engine: Engine) -> None:
    await engine.options.vault.remove(REFRESH_TOKEN)
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    told(caught.value, ProblemCode.SECRET_MISSING)


async def test_the_first_run_stops_for_the_preview_with_exit_code_5(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path / "profile", outbound=ALL)
    session = engine.assistant.session
    session.store(replace(session.setup, started=False), what="test")
    await engine.control.call("DELETE", "/log")
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now()
    told(caught.value, ProblemCode.PREVIEW_NEEDED, exit_code=5)
    assert caught.value.problem.values["creates_ac"] > 0
    assert await record_writes(engine) == 0
    await engine.close()


async def test_maintenance_is_said_and_the_next_run_goes_on(engine: Engine) -> None:
    await engine.control.call("PATCH", "/salesforce/settings", {"maintenance": True})
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.sync_now(yes=True)
    assert caught.value.problem.code is ProblemCode.SF_MAINTENANCE
    await engine.control.call("PATCH", "/salesforce/settings", {"maintenance": False})
    assert (await engine.assistant.sync_now(yes=True)).counters.created_ac > 0


def test_options_have_no_place_for_a_secret() -> None:
    assert not [name for name in Options.__dataclass_fields__ if "key" in name or "token" in name]
