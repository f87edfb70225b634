"""Accounts (companies): who belongs to which, and their custom values (activecampaign_api 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from acassist.activecampaign.account_values import from_wire, to_wire
from acassist.activecampaign.errors import RefusedError
from acassist.activecampaign.rest import Json, Rest, RestPart, objects, reference, text
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message

# Up to this many are asked one by one, above it the whole list is read.
_ONE_BY_ONE = 20
_ACCOUNT_FIELD = "accountField:"


def _same(left: object, right: object) -> bool:
    return text(left).strip().casefold() == text(right).strip().casefold()


class Accounts(RestPart):
    """Accounts; every call raises AC_PLAN when the plan has none."""

    def __init__(self, rest: Rest) -> None:
        super().__init__(rest)
        self._meta: dict[str, Json] | None = None

    async def accounts(self, search: str = "") -> list[tuple[str, str]]:
        """List accounts as (id, name); `search` keeps those whose name contains it."""
        rows = await self._rest.rows("accounts", "accounts", {"search": search.strip()} if search.strip() else None)
        return [(text(row.get("id")), text(row.get("name"))) for row in rows]

    async def create_account(self, name: str) -> str:
        """Create an account and return its id; the existing id when the name is taken."""
        try:
            body = await self._rest.write("POST", "accounts", {"account": {"name": name.strip()}})
        except RefusedError as error:
            found = await self._account_named(name) if error.refusal.duplicate else None
            if found is None:
                raise
            return found
        made = body.get("account")
        return text(made.get("id")) if isinstance(made, dict) else ""

    async def _account_named(self, name: str) -> str | None:
        return next((key for key, found in await self.accounts(name) if _same(found, name)), None)

    async def update_account(self, account_id: str, name: str | None, values: Mapping[str, str]) -> None:
        """Rename an account (None keeps the name) and write custom values by key (`accountField:<id>`).

        Values are texts: lists as `||a||b||`, currency as a plain decimal in the field's own currency. Raises
        ProblemError VALUE_NOT_NUMBER for a text that is no amount in whole cents, AC_GONE and AC_REJECTED.
        """
        account: Json = {} if name is None else {"name": name}
        if values:
            meta = await self._field_meta()
            pairs = ((key.removeprefix(_ACCOUNT_FIELD), value) for key, value in values.items())
            account["fields"] = [to_wire(key, value, meta.get(key, {})) for key, value in pairs]
        await self._rest.write("PUT", f"accounts/{account_id}", {"account": account})

    async def _field_meta(self) -> dict[str, Json]:
        if self._meta is None:
            rows = await self._rest.rows("accountCustomFieldMeta", "accountCustomFieldMeta")
            self._meta = {text(row.get("id")): row for row in rows}
        return self._meta

    async def link_account(self, contact_id: str, account_id: str) -> None:
        """Associate a contact that has no account with one; harmless when it belongs there already.

        A contact has one account at most: raises ProblemError ACCOUNT_MOVE when it belongs to another one.
        """
        pair = {"contact": reference(contact_id), "account": reference(account_id)}
        try:
            await self._rest.write("POST", "accountContacts", {"accountContact": pair})
        except RefusedError as error:
            if not error.refusal.says("already associated"):
                raise
            if (await self._account_ids(contact_id)).get(contact_id) == account_id:
                return
            raise ProblemError(_would_move(contact_id, error.problem.detail)) from error

    async def move_to_account(self, contact_id: str, account_id: str) -> None:
        """Let a contact belong to this account; an association with another one is changed (PUT accountContacts)."""
        rows = await self._rest.rows("accountContacts", "accountContacts", {"filters[contact]": contact_id})
        mine = next((r for r in rows if text(r.get("contact")) == contact_id), None)
        if mine is None:
            await self.link_account(contact_id, account_id)
        elif text(mine.get("account")) != account_id:
            pair = {"contact": reference(contact_id), "account": reference(account_id)}
            await self._rest.write("PUT", f"accountContacts/{text(mine.get('id'))}", {"accountContact": pair})

    async def account_of(self, contact_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return contact id to (account id, account name) for those contacts that belong to an account."""
        if len(contact_ids) <= _ONE_BY_ONE:
            found = await asyncio.gather(*(self._account_ids(contact_id) for contact_id in contact_ids))
            linked = {contact: account for part in found for contact, account in part.items()}
        else:
            everybody = await self.affiliations()
            return {i: everybody[i] for i in contact_ids if i in everybody}
        names = await self._account_names(set(linked.values()))
        return {contact: (account, names.get(account, "")) for contact, account in linked.items()}

    async def affiliations(self) -> dict[str, tuple[str, str]]:
        """Return (account id, account name) of every contact that belongs to an account: a call per 100 of each."""
        rows = await self._rest.rows("accountContacts", "accountContacts")
        names = dict(await self.accounts())
        return {
            text(r.get("contact")): (text(r.get("account")), names.get(text(r.get("account")), "")) for r in rows
        }

    async def _account_ids(self, contact_id: str) -> dict[str, str]:
        rows = await self._rest.rows("accountContacts", "accountContacts", {"filters[contact]": contact_id})
        # The filter is not trusted: a service that ignores it answers with everybody.
        return {text(r.get("contact")): text(r.get("account")) for r in rows if text(r.get("contact")) == contact_id}

    async def _account_names(self, account_ids: set[str]) -> dict[str, str]:
        if len(account_ids) > _ONE_BY_ONE:
            return dict(await self.accounts())
        ordered = sorted(account_ids)
        bodies = await asyncio.gather(*(self._rest.get(f"accounts/{key}") for key in ordered))
        rows = ((key, body.get("account")) for key, body in zip(ordered, bodies, strict=True))
        return {key: text(row.get("name")) for key, row in rows if isinstance(row, dict)}

    async def accounts_custom_values(self, account_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return account id to values by key (`accountField:<id>`) for those accounts that have any.

        Values are texts as `update_account` takes them.
        """
        if len(account_ids) <= _ONE_BY_ONE:
            parts = await asyncio.gather(*(self._data({"filters[customerAccountId]": key}) for key in account_ids))
            rows = [row for part in parts for row in part]
        else:
            rows = await self._data({})
        meta, wanted = await self._field_meta(), set(account_ids)
        found: dict[str, dict[str, str]] = {}
        for row in rows:
            owner, key = text(row.get("accountId") or row.get("customerAccountId")), text(row.get("customFieldId"))
            if owner in wanted:
                value = from_wire(row.get("fieldValue"), meta.get(key, {}))
                found.setdefault(owner, {})[f"{_ACCOUNT_FIELD}{key}"] = value
        return found

    async def _data(self, params: Mapping[str, str]) -> list[Json]:
        found: dict[str, Json] = {}
        async for body in self._rest.pages("accountCustomFieldData", "accountCustomFieldData", params):
            found.update((text(row.get("id")), row) for row in objects(body, "accountCustomFieldData"))
        return list(found.values())


def _would_move(contact_id: str, detail: str) -> Problem:
    return Problem(
        ProblemCode.ACCOUNT_MOVE,
        subject=contact_id,
        values={"field": Message(N_("Account"))},
        detail=detail,
        service=Service.ACTIVECAMPAIGN,
    )
