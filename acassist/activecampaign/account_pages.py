"""Accounts page by page and by id, for a sweep that reads a little every day (activecampaign_api 5)."""

from __future__ import annotations

import asyncio

from acassist.activecampaign.account_values import from_wire
from acassist.activecampaign.accounts import Accounts
from acassist.activecampaign.rest import PAGE, Json, objects, text, total_of
from acassist.domain.problem import ProblemCode, ProblemError

# Up to this many are asked one by one, above it the whole list is read.
_ONE_BY_ONE = 20


class AccountPages(Accounts):
    """Parts of the list of accounts; every call raises AC_PLAN when the plan has none."""

    async def accounts_page(self, offset: int) -> tuple[list[tuple[str, str]], int | None]:
        """Read 100 accounts as (id, name) from an offset on, and the offset of the next page, None behind the last."""
        rows, following = await self._page_at("accounts", offset)
        return [(text(row.get("id")), text(row.get("name"))) for row in rows], following

    async def account_values_page(self, offset: int) -> tuple[list[tuple[str, str, str]], int | None]:
        """Read 100 custom values as (account id, key, value) from an offset on, and the offset of the next page."""
        rows, following = await self._page_at("accountCustomFieldData", offset)
        meta = await self._field_meta()
        values = []
        for row in rows:
            owner, key = text(row.get("accountId") or row.get("customerAccountId")), text(row.get("customFieldId"))
            values.append((owner, f"accountField:{key}", from_wire(row.get("fieldValue"), meta.get(key, {}))))
        return values, following

    async def accounts_by_ids(self, account_ids: list[str]) -> dict[str, str]:
        """Return the names of these accounts by id; deleted ones are absent."""
        if len(account_ids) > _ONE_BY_ONE:
            names = dict(await self.accounts())
            return {key: names[key] for key in account_ids if key in names}
        found = await asyncio.gather(*(self._name_of(key) for key in account_ids))
        return {key: name for key, name in zip(account_ids, found, strict=True) if name is not None}

    async def _name_of(self, account_id: str) -> str | None:
        try:
            row = (await self._rest.get(f"accounts/{account_id}")).get("account")
        except ProblemError as error:
            if error.problem.code is ProblemCode.AC_GONE:
                return None
            raise
        return text(row.get("name")) if isinstance(row, dict) else None

    async def _page_at(self, path: str, offset: int) -> tuple[list[Json], int | None]:
        body = await self._rest.get(path, {"limit": PAGE, "offset": offset})
        rows, total = objects(body, path), total_of(body)
        behind = offset + len(rows)
        # The total is trusted before the length of a page, which a service may cut (activecampaign_api 10).
        more = bool(rows) and (behind < total if total is not None else len(rows) >= PAGE)
        return rows, behind if more else None
