"""Custom contact and account fields with their options."""

from __future__ import annotations

from acassist.activecampaign.rest import Json, RestPart, number, objects, text
from acassist.domain.fields import ActiveCampaignField


def _unique(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))


def _contact_field(row: Json, options: dict[str, list[Json]]) -> ActiveCampaignField:
    field_id = text(row.get("id"))
    ordered = sorted(options.get(field_id, []), key=lambda o: number(o.get("orderid")))
    return ActiveCampaignField(
        key=f"field:{field_id}",
        title=text(row.get("title")),
        type=text(row.get("type")).lower(),
        options=_unique([text(o.get("value")) for o in ordered]),
        required=text(row.get("isrequired")) == "1",
        perstag=text(row.get("perstag")),
    )


def _account_field(row: Json) -> ActiveCampaignField:
    options = row.get("fieldOptions")
    return ActiveCampaignField(
        key=f"accountField:{text(row.get('id'))}",
        title=text(row.get("fieldLabel")),
        type=text(row.get("fieldType")).lower(),
        options=_unique([text(o) for o in options] if isinstance(options, list) else []),
        required=text(row.get("isRequired")) == "1",
        perstag=text(row.get("personalization")),
    )


class Fields(RestPart):
    """Field definitions."""

    async def custom_fields(self) -> list[ActiveCampaignField]:
        """List custom contact fields (keys `field:<id>`); options are option values in their order (section 2)."""
        rows: dict[str, Json] = {}
        options: dict[str, list[Json]] = {}
        async for body in self._rest.pages("fields", "fields"):
            rows.update((text(row.get("id")), row) for row in objects(body, "fields"))
            for option in objects(body, "fieldOptions"):
                options.setdefault(text(option.get("field")), []).append(option)
        return [_contact_field(row, options) for row in rows.values()]

    async def account_fields(self) -> list[ActiveCampaignField]:
        """List custom account fields (keys `accountField:<id>`); raises AC_PLAN when accounts are not in the plan."""
        rows = await self._rest.rows("accountCustomFieldMeta", "accountCustomFieldMeta")
        return [_account_field(row) for row in rows]
