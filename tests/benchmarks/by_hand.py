"""What one would write instead: simple-salesforce and one ActiveCampaign call for each thing, one after the other."""

from __future__ import annotations

from typing import Any

import requests
from simple_salesforce import Salesforce

from tests.contract.salesforce.test_foreign_client import PlainHttp

FIELDS = {"FirstName": "firstName", "LastName": "lastName", "Phone": "phone"}
CUSTOM = {"Nickname__c": "Nickname", "Annual_Budget__c": "Annual budget"}


def send_leads(info: dict[str, Any], count: int) -> int:
    """Create the first leads as contacts, tag them and tell Salesforce; return how many were sent."""
    with requests.Session() as session:
        session.mount("https://", PlainHttp())
        address = info["salesforce_instance"].replace("http://", "https://")
        salesforce = Salesforce(instance_url=address, session_id=info["session"], session=session, version="66.0")
        account = _Account(info)
        wanted = ", ".join(["Id", "Email", *FIELDS, *CUSTOM])
        rows = salesforce.query(f"SELECT {wanted} FROM Lead WHERE IsConverted = false ORDER BY Id LIMIT {count}")
        for row in rows["records"]:
            contact = account.send(row)
            status = {"ActiveCampaign_Sync_Status__c": "Synced successfully", "ActiveCampaign_ID__c": contact}
            salesforce.Lead.update(row["Id"], status)
        return len(rows["records"])


class _Account:
    """The ActiveCampaign side."""

    def __init__(self, info: dict[str, Any]) -> None:
        self._url = f"{info['activecampaign']}/api/3"
        self._http = requests.Session()
        self._http.headers["Api-Token"] = info["api_key"]
        fields = self._http.get(f"{self._url}/fields", params={"limit": 100}).json()["fields"]
        self._fields = {row["title"]: row["id"] for row in fields}
        tag = {"tag": {"tag": "created-from-salesforce-lead", "tagType": "contact", "description": ""}}
        self._tag = self._post("tags", tag)["tag"]["id"]

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(f"{self._url}/{path}", json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def send(self, row: dict[str, Any]) -> str:
        contact = {ours: row[theirs] for theirs, ours in FIELDS.items() if row[theirs]}
        values = [{"field": self._fields[title], "value": row[name]} for name, title in CUSTOM.items() if row[name]]
        made = self._post("contact/sync", {"contact": {"email": row["Email"], **contact, "fieldValues": values}})
        contact_id = str(made["contact"]["id"])
        self._post("contactTags", {"contactTag": {"contact": contact_id, "tag": self._tag}})
        return contact_id
