"""Accounts (companies), who belongs to them and their custom fields (section 5)."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import affiliation_row, table_row
from acassist.sandbox.activecampaign.state import Affiliation
from acassist.sandbox.activecampaign.wire import ApiError, Json, Reply, central, invalid, missing, text


def same_name(account: Account, name: str) -> Json | None:
    """Return the company with this name, whatever its case."""
    key = name.strip().lower()
    index = account.cached("company names", lambda: {r["name"].lower(): r for r in account.tables["accounts"]})
    found: Json | None = index.get(key)
    return found


def add_company(account: Account, name: str, url: str = "") -> Json:
    """Create a company. Raises ApiError 422 for a missing name and one that exists."""
    pointer = "/data/attributes/name"
    if not name.strip():
        raise invalid("The account name was not provided.", "field_missing", pointer)
    if same_name(account, name) is not None:
        title = f'An account named "{name}" already exists. Please choose a new name.'
        raise invalid(title, "duplicate", pointer)
    now = account.now()
    row = {"name": name.strip(), "accountUrl": url, "createdTimestamp": now, "updatedTimestamp": now, "owner": "1"}
    kept = account.tables["accounts"].add(row)
    account.note_write("account", account=kept["id"])
    return kept


def company_row(account: Account, row: Json) -> Json:
    """Return one company; the deal count is "0" unless asked for (section 5)."""
    count = len(account.by_account.get(int(row["id"]), ()))
    return table_row(account, "accounts", {**row, "contactCount": str(count), "dealCount": "0", "id": row["id"]})


def set_data(account: Account, company: Json, field_id: object, value: Any, currency: str = "") -> Json:
    """Write one custom field of a company; multiselect and checkbox hold lists, currency whole cents."""
    meta = account.tables["accountCustomFieldMeta"].get(field_id)
    table, now = account.tables["accountCustomFieldData"], account.now()
    for row in table:
        if row["accountId"] == company["id"] and row["customFieldId"] == meta["id"]:
            break
    else:
        fresh = {
            "accountCustomFieldMetumId": meta["id"],
            "accountId": company["id"],
            "customFieldId": meta["id"],
            "createdTimestamp": now,
        }
        row = table.add(fresh)
    row["fieldValue"] = value if isinstance(value, list) else text(value)
    if meta["fieldType"] == "currency":
        row["fieldCurrency"] = currency or row.get("fieldCurrency") or meta["fieldDefaultCurrency"] or "USD"
    row["updatedTimestamp"] = company["updatedTimestamp"] = now
    account.note_write("accountCustomFieldDatum", account=company["id"], field=meta["id"])
    return row


def list_companies(call: Call) -> Reply:
    """Answer `GET /accounts` with `search` (contains)."""
    part = call.query.get("search").lower()
    rows = [row for row in call.account.tables["accounts"] if part in row["name"].lower()]
    return call.page("accounts", rows, lambda row: company_row(call.account, row))


def _write_fields(account: Account, company: Json, given: Any) -> list[Json]:
    written = []
    for item in given if isinstance(given, list) else []:
        row = set_data(
            account, company, item.get("customFieldId"), item.get("fieldValue"), text(item.get("fieldCurrency"))
        )
        written.append({"customFieldId": int(row["customFieldId"]), "fieldValue": row["fieldValue"]})
    return written


def _saved(account: Account, company: Json, fields: Any) -> Json:
    shown = company_row(account, company)
    if fields:
        shown["fields"] = _write_fields(account, company, fields)
        return {"account": shown, "customFieldSaveStatus": {"status": "success"}}
    return {"account": shown}


def create_company(call: Call) -> Reply:
    """Answer `POST /accounts`."""
    account, given = call.account, call.wrapped("account")
    company = add_company(account, text(given.get("name")), text(given.get("accountUrl")))
    return Reply(_saved(account, company, given.get("fields")), 201)


def get_company(call: Call) -> Reply:
    """Answer `GET /accounts/{id}`."""
    return Reply({"account": company_row(call.account, call.account.tables["accounts"].get(call.args[0]))})


def update_company(call: Call) -> Reply:
    """Answer `PUT` and `PATCH /accounts/{id}`."""
    account, given = call.account, call.wrapped("account")
    company = account.tables["accounts"].get(call.args[0])
    name = text(given.get("name", company["name"])).strip()
    other = same_name(account, name)
    if other is not None and other is not company:
        title = f'An account named "{name}" already exists. Please choose a new name.'
        raise invalid(title, "duplicate", "/data/attributes/name")
    company["name"] = name
    company["accountUrl"] = text(given.get("accountUrl", company["accountUrl"]))
    company["updatedTimestamp"] = account.now()
    account.note_write("account", account=company["id"])
    return Reply(_saved(account, company, given.get("fields")))


def drop_company(account: Account, key: object) -> None:
    """Delete a company; its people stay."""
    company = account.tables["accounts"].drop(key)
    for contact in sorted(account.by_account.get(int(company["id"]), ())):
        if (row := account.contacts[contact].affiliation) is not None:
            account.part(row)
    data = account.tables["accountCustomFieldData"]
    for item in [row["id"] for row in data if row["accountId"] == company["id"]]:
        data.drop(item)
    account.note_write("account", account=company["id"], action="delete")


def delete_company(call: Call) -> Reply:
    """Answer `DELETE /accounts/{id}`."""
    drop_company(call.account, call.args[0])
    return Reply({})


def delete_companies(call: Call) -> Reply:
    """Answer `DELETE /accounts/bulk_delete?ids[]=`."""
    for key in call.query.every("ids"):
        drop_company(call.account, key)
    return Reply({"meta": {"success": True}})


def company_data(call: Call) -> Reply:
    """Answer `GET /accounts/{id}/accountCustomFieldData`."""
    company = call.account.tables["accounts"].get(call.args[0])
    rows = [row for row in call.account.tables["accountCustomFieldData"] if row["accountId"] == company["id"]]
    shown = [table_row(call.account, "accountCustomFieldData", row) for row in rows]
    return Reply({"customerAccountCustomFieldData": shown})


def list_affiliations(call: Call) -> Reply:
    """Answer `GET /accountContacts` with `filters[contact]` and `filters[account]`."""
    account = call.account
    contact, company = call.query.get("filters[contact]"), call.query.get("filters[account]")
    rows = [
        row
        for row in account.affiliations.values()
        if contact in ("", str(row.contact)) and company in ("", str(row.account))
    ]
    return call.page("accountContacts", rows, lambda row: affiliation_row(account, row))


def create_affiliation(call: Call) -> Reply:
    """Answer `POST /accountContacts`: one account a person, else 422; the row shows the account as a number."""
    account, given = call.account, call.wrapped("accountContact")
    contact = account.contact(given.get("contact"))
    company = account.tables["accounts"].get(given.get("account"))
    if contact.affiliation is not None:
        title = "This contact is already associated with an account. "
        title += "We currently do not support contacts on multiple accounts."
        raise invalid(title, "field_invalid", "/data/attributes/account,contact")
    row = account.affiliate(contact, int(company["id"]), text(given.get("jobTitle")))
    return Reply({"accountContact": {**affiliation_row(account, row), "account": row.account}}, 201)


def _affiliation(call: Call) -> Affiliation:
    row = call.account.affiliations.get(call.number())
    if row is None:
        raise missing("CustomerAccountSubscriber", call.args[0])
    return row


def get_affiliation(call: Call) -> Reply:
    """Answer `GET /accountContacts/{id}`."""
    return Reply({"accountContact": affiliation_row(call.account, _affiliation(call))})


def update_affiliation(call: Call) -> Reply:
    """Answer `PUT /accountContacts/{id}`, which moves a person to another account."""
    account, row, given = call.account, _affiliation(call), call.wrapped("accountContact")
    company = account.tables["accounts"].get(given.get("account", row.account))
    moved = account.affiliate(account.contacts[row.contact], int(company["id"]), text(given.get("jobTitle")))
    return Reply({"accountContact": affiliation_row(account, moved)})


def delete_affiliation(call: Call) -> Reply:
    """Answer `DELETE /accountContacts/{id}`."""
    call.account.part(_affiliation(call))
    return Reply({})


def list_meta(call: Call) -> Reply:
    """Answer `GET /accountCustomFieldMeta`."""
    rows = list(call.account.tables["accountCustomFieldMeta"])
    return call.page("accountCustomFieldMeta", rows, lambda row: table_row(call.account, "accountCustomFieldMeta", row))


def add_meta(account: Account, given: Json) -> Json:
    """Create a custom field of companies."""
    now = account.now()
    label = text(given.get("fieldLabel"))
    row = {
        "fieldLabel": label,
        "fieldType": text(given.get("fieldType")),
        "fieldOptions": given.get("fieldOptions"),
        "fieldDefault": given.get("fieldDefault"),
        "fieldDefaultCurrency": given.get("fieldDefaultCurrency"),
        "isFormVisible": text(given.get("isFormVisible", 1)),
        "isRequired": text(given.get("isRequired", 0)),
        "displayOrder": text(given.get("displayOrder", 1)),
        "personalization": label.upper().replace(" ", "_"),
        "knownFieldId": None,
        "hideFieldFlag": "0",
        "createdTimestamp": now,
        "updatedTimestamp": now,
    }
    kept = account.tables["accountCustomFieldMeta"].add(row)
    account.note_write("accountCustomFieldMetum", field=kept["id"])
    return kept


def create_meta(call: Call) -> Reply:
    """Answer `POST /accountCustomFieldMeta`."""
    kept = add_meta(call.account, call.wrapped("accountCustomFieldMetum"))
    return Reply({"accountCustomFieldMetum": table_row(call.account, "accountCustomFieldMeta", kept)})


def delete_meta(call: Call) -> Reply:
    """Answer `DELETE /accountCustomFieldMeta/{id}`."""
    call.account.tables["accountCustomFieldMeta"].drop(call.args[0])
    call.account.note_write("accountCustomFieldMetum", action="delete", field=call.args[0])
    return Reply({"message": "AccountCustomFieldMeta deleted."})


def list_data(call: Call) -> Reply:
    """Answer `GET /accountCustomFieldData` with `filters[customerAccountId]`."""
    wanted = call.query.get("filters[customerAccountId]")
    rows = [row for row in call.account.tables["accountCustomFieldData"] if wanted in ("", row["accountId"])]
    return call.page("accountCustomFieldData", rows, lambda row: table_row(call.account, "accountCustomFieldData", row))


def create_data(call: Call) -> Reply:
    """Answer `POST /accountCustomFieldData`."""
    account, given = call.account, call.wrapped("accountCustomFieldDatum")
    company = account.tables["accounts"].get(given.get("customerAccountId"))
    currency = text(given.get("fieldCurrency"))
    row = set_data(account, company, given.get("customFieldId"), given.get("fieldValue"), currency)
    return Reply({"accountCustomFieldDatum": table_row(account, "accountCustomFieldData", row)})


def _overwrite(account: Account, key: object, given: Json) -> Json:
    row = account.tables["accountCustomFieldData"].get(key)
    company = account.tables["accounts"].get(row["accountId"])
    return set_data(account, company, row["customFieldId"], given.get("fieldValue"), text(given.get("fieldCurrency")))


def update_data(call: Call) -> Reply:
    """Answer `PUT /accountCustomFieldData/{id}`."""
    row = _overwrite(call.account, call.args[0], call.wrapped("accountCustomFieldDatum"))
    return Reply({"accountCustomFieldDatum": table_row(call.account, "accountCustomFieldData", row)})


def delete_data(call: Call) -> Reply:
    """Answer `DELETE /accountCustomFieldData/{id}`."""
    row = call.account.tables["accountCustomFieldData"].drop(call.args[0])
    call.account.note_write("accountCustomFieldDatum", account=row["accountId"], action="delete")
    return Reply({})


def create_data_bulk(call: Call) -> Reply:
    """Answer `POST /accountCustomFieldData/bulkCreate`: a bare list; which key names the company is a setting."""
    account, wanted = call.account, call.account.settings.account_data_key
    keys = ("customerAccountId", "accountId") if wanted == "both" else (wanted,)
    body = call.json()
    if not isinstance(body, list):
        raise ApiError(400, {"message": "The request body must be a list."})
    for item in body:
        key = next((item[name] for name in keys if name in item), "")
        company = account.tables["accounts"].get(key)
        set_data(account, company, item.get("customFieldId"), item.get("fieldValue"), text(item.get("fieldCurrency")))
    return Reply({"message": "the bulk insert was successful"})


def update_data_bulk(call: Call) -> Reply:
    """Answer `PATCH /accountCustomFieldData/bulkUpdate`."""
    for item in call.json():
        _overwrite(call.account, item.get("id"), item)
    return Reply({"message": "the bulk update was successful"})


def create_note(call: Call) -> Reply:
    """Answer `POST /accounts/{id}/notes`."""
    account = call.account
    company = account.tables["accounts"].get(call.args[0])
    note = text(call.wrapped("note").get("note"))
    row = {"reltype": "CustomerAccount", "relid": company["id"], "userid": account.user, "note": note}
    now = account.now()
    kept = account.tables["notes"].add({**row, "is_draft": "0", "cdate": now, "mdate": now, "user": account.user})
    account.note_write("note", account=company["id"])
    return Reply({"note": {"id": int(kept["id"]), "note": note, "createdTimestamp": central(now)}}, 201)


def no_deals(_call: Call) -> Reply:
    """Answer `GET /deals` of an account with the CRM and no deal in it."""
    return Reply({"deals": [], "meta": {"total": "0", "currencies": []}})


ROUTES: tuple[Route, ...] = (
    ("GET", "accounts", list_companies),
    ("POST", "accounts", create_company),
    ("DELETE", "accounts/bulk_delete", delete_companies),
    ("GET", "accounts/{}", get_company),
    ("PUT", "accounts/{}", update_company),
    ("PATCH", "accounts/{}", update_company),
    ("DELETE", "accounts/{}", delete_company),
    ("POST", "accounts/{}/notes", create_note),
    ("GET", "accounts/{}/accountCustomFieldData", company_data),
    ("GET", "accountContacts", list_affiliations),
    ("POST", "accountContacts", create_affiliation),
    ("GET", "accountContacts/{}", get_affiliation),
    ("PUT", "accountContacts/{}", update_affiliation),
    ("DELETE", "accountContacts/{}", delete_affiliation),
    ("GET", "accountCustomFieldMeta", list_meta),
    ("POST", "accountCustomFieldMeta", create_meta),
    ("DELETE", "accountCustomFieldMeta/{}", delete_meta),
    ("GET", "accountCustomFieldData", list_data),
    ("POST", "accountCustomFieldData", create_data),
    ("POST", "accountCustomFieldData/bulkCreate", create_data_bulk),
    ("PATCH", "accountCustomFieldData/bulkUpdate", update_data_bulk),
    ("PUT", "accountCustomFieldData/{}", update_data),
    ("DELETE", "accountCustomFieldData/{}", delete_data),
    ("GET", "deals", no_deals),
)
