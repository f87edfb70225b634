"""What can go wrong with one record: what its people type, and what either service refuses of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from acassist.domain.ledger import Intent, IntentKind
from acassist.sandbox.activecampaign.companies import add_company
from tests.gui.every_problem import Stage


class Cast:
    """People who are on both sides and in sync; each story takes one."""

    def __init__(self, stage: Stage, names: list[str]) -> None:
        self.stage = stage
        self.ids: dict[str, tuple[str, str]] = {}
        leads = {name: stage.do(lambda s, n=name: s.lead(_address(n), LastName=n)) for name in names}
        stage.sync()
        stage.sync()
        links = {link.sf_id: link.ac_id for link in stage.do(_links)}
        self.ids = {name: (sf_id, links[sf_id]) for name, sf_id in leads.items()}

    def ac(self, name: str, **changes: Any) -> str:
        """Change somebody in ActiveCampaign; custom values by title."""
        self.stage.do(lambda s: s.change(self.ids[name][1], **changes))
        return name

    def sf(self, name: str, **fields: Any) -> str:
        """Change somebody in Salesforce."""
        self.stage.do(lambda s: s.edit("Lead", self.ids[name][0], **fields))
        return name


async def _links(scene: Any) -> Any:
    return scene.links()


def _address(name: str) -> str:
    return f"{name.replace(' ', '.').lower()}@x.example"


def without_address(cast: Cast) -> str:
    cast.stage.do(lambda s: s.lead(None, LastName="Nomail"))
    return "Nomail"


def triggered(**fields: Any) -> Callable[[Cast], str]:
    """Let a contact ask for a lead by its tag."""

    def produce(cast: Cast) -> str:
        given = {"tags_add": ["create-salesforce-lead"], **fields}
        email = given.pop("email")
        cast.stage.do(lambda s: s.person(email, **given))
        return " ".join(str(given[k]) for k in ("firstName", "lastName") if k in given)

    return produce


def two_with_one_address(cast: Cast) -> str:
    for name in ("Double One", "Double Two"):
        cast.stage.do(lambda s, n=name: s.lead("double@x.example", LastName=n))
    return "Double One"


def both_changed(cast: Cast) -> str:
    cast.ac("Conflict", values={"Nickname": "Theirs"})
    return cast.sf("Conflict", Nickname__c="Ours")


def twin(cast: Cast) -> str:
    cast.stage.do(lambda s: s.contact(_address("Twin"), LastName="Twin"))
    cast.stage.sync()
    return cast.sf("Twin", Nickname__c="From the lead")


def value(name: str, title: str, text: str) -> Callable[[Cast], str]:
    """Let somebody type a value in ActiveCampaign."""
    return lambda cast: cast.ac(name, values={title: text})


def refused(name: str, status: str, message: str, *fields: str) -> Callable[[Cast], str]:
    """Let Salesforce refuse the next update of somebody."""

    def produce(cast: Cast) -> str:
        cast.stage.refuse_row(status, message, sf_id=cast.ids[name][0], fields=fields)
        return cast.ac(name, values={"Nickname": "New"})

    return produce


def picklist(cast: Cast) -> str:
    cast.stage.refuse_row(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value", sf_id=cast.ids["Listed"][0], fields=("Segment__c",)
    )
    return cast.ac("Listed", values={"Segment": "Enterprise"})


def rule_of_the_org(cast: Cast) -> str:
    rule = {"sobject": "Lead", "field": "Nickname__c", "pattern": "^bad", "message": "No bad nicknames."}
    cast.stage.do(lambda s: s.org(validation_rules=[rule]))
    return value("Ruled", "Nickname", "bad one")(cast)


def converted(cast: Cast) -> str:
    return refused("Converted", "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")(cast)


def record_deleted(cast: Cast) -> str:
    cast.stage.do(lambda s: s.delete("Lead", cast.ids["Deleted"][0]))
    cast.stage.do(lambda s: s.lead(None, LastName="Reborn"))
    return "Deleted"


def contact_deleted(cast: Cast) -> str:
    cast.stage.do(lambda s: s.drop(cast.ids["Bereft"][1]))
    cast.stage.do(lambda s: s.person("moved@x.example", firstName="Moved"))
    return cast.sf("Bereft", FirstName="Ann")


def contact_refused(name: str, status: int, body: Any, times: int = 1) -> Callable[[Cast], str]:
    """Let ActiveCampaign refuse the next update of somebody."""

    def produce(cast: Cast) -> str:
        path = f"/contacts/{cast.ids[name][1]}$"
        action = {"kind": "status", "status": status, "body": body}
        cast.stage.fault(service="activecampaign", method="PUT", path=path, times=times, action=action)
        cast.sf(name, Nickname__c="Changed")
        return name

    return produce


def answer_lost(cast: Cast) -> str:
    async def late(request: httpx.Request) -> None:
        if request.method == "PUT" and request.url.path.endswith(f"/contacts/{cast.ids['Late'][1]}"):
            raise httpx.ReadTimeout("late", request=request)

    cast.stage.wire.trouble = late
    return cast.sf("Late", Nickname__c="Changed")


def address_taken(cast: Cast) -> str:
    cast.stage.do(lambda s: s.person("owned@x.example"))
    return cast.sf("Taken", Email="owned@x.example")


def left_out(cast: Cast) -> str:
    cast.stage.do(lambda s: s.account(excluded=["crowd3@x.example"]))
    for number in range(12):
        cast.stage.do(lambda s, n=number: s.lead(f"crowd{n}@x.example", LastName=f"Crowd {n}"))
    return "Crowd 3"


def no_accounts(cast: Cast) -> str:
    action = {"kind": "status", "status": 403, "body": {"message": "Please upgrade your plan to enable Accounts."}}
    cast.stage.fault(service="activecampaign", method="POST", path="/accountContacts$", times=2, action=action)
    cast.stage.do(lambda s: s.lead("planned@x.example", LastName="Planned", Company="Planned Ltd"))
    return "Planned"


def of_another_account(cast: Cast) -> str:
    cast.stage.do(lambda s: s.person("mover@x.example", firstName="Mover", account="Elsewhere Ltd"))
    cast.stage.do(lambda s: s.lead("mover@x.example", LastName="Mover", Company="Here Ltd"))
    return "Mover"


def two_accounts(cast: Cast) -> str:
    async def make(scene: Any) -> None:
        account = scene.world.activecampaign
        for number in range(2):
            add_company(account, f"Twice {number}")["name"] = "Twice Ltd"
        company = await scene.create("Account", Name="Twice Ltd")
        await scene.contact("worker@x.example", LastName="Worker", AccountId=company)

    cast.stage.do(make)
    return "Twice Ltd"


def subscribed_again(cast: Cast) -> str:
    cast.ac("Outed", lists={"1": 2})
    cast.stage.sync()
    return cast.ac("Outed", lists={"1": 1})


def status_refused(cast: Cast) -> str:
    cast.stage.do(lambda s: s.lead("statusless@x.example", LastName="Statusless"))
    cast.stage.refuse_row("FIELD_INTEGRITY_EXCEPTION", "no", sf_id="ActiveCampaign_Sync_Status__c")
    return "Statusless"


def unknown(kind: IntentKind, name: str) -> Callable[[Cast], str]:
    """Leave an action behind whose answer was lost, as a crash would."""

    def produce(cast: Cast) -> str:
        payload = {"ac_id": cast.ids[name][1], "item": "1", "name": name, "title": "Spring"}

        async def leave(scene: Any) -> None:
            scene.engine.stores.intents.open(Intent(kind, cast.ids[name][1], payload))

        cast.stage.do(leave)
        return name

    return produce
