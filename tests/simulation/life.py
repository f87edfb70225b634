"""What else happens on both sides: deletes, merges, conversions, accounts, bounces, opt-outs, mass edits, swaps."""

from __future__ import annotations

from collections.abc import Callable

from acassist.sandbox.activecampaign.companies import add_company, same_name
from acassist.sandbox.activecampaign.wire import ApiError as ActiveCampaignRefusal
from acassist.sandbox.salesforce import lifecycle
from acassist.sandbox.salesforce.errors import ApiError as SalesforceRefusal
from acassist.sandbox.salesforce.save import Writer
from tests.simulation.people_edits import CUSTOM, SYNC_TAGS, Others
from tests.simulation.scene import field_key


class Life(Others):
    """Everybody but the program, and all that they may do."""

    def act(self) -> None:
        """Do something, whatever is possible; a refusal by the service is part of life."""
        [deed] = self.dice.choices([d for _, d in self.deeds()], [w for w, _ in self.deeds()])
        self.do(deed)

    def do(self, deed: Callable[[], None]) -> None:
        """Do one thing."""
        try:
            deed()
        except (SalesforceRefusal, ActiveCampaignRefusal, ValueError) as error:
            self.note(f"refused: {type(error).__name__}")
        finally:
            self.world.salesforce.written.clear()
            self.world.activecampaign.take_writes()

    def deeds(self) -> list[tuple[int, Callable[[], None]]]:
        """Return what may be done, with weights."""
        return [
            (24, self.edit_salesforce),
            (24, self.edit_activecampaign),
            (42, self.edit_both),
            (9, self.empty_one),
            (6, self.create_lead),
            (4, self.create_contact),
            (6, self.create_person),
            (3, self.meet),
            (4, self.wish),
            (3, self.rename_salesforce),
            (3, self.rename_activecampaign),
            (2, self.swap),
            (3, self.delete_salesforce),
            (2, self.undelete),
            (2, self.delete_person),
            (2, self.merge),
            (4, self.convert),
            (2, self.untag),
            (2, self.retag),
            (5, self.opt_out),
            (5, self.unsubscribe),
            (4, self.bounce),
            (2, self.integrate),
            (26, self.rename_account),
            (8, self.join_account),
            (6, self.empty_many),
        ]

    def delete_salesforce(self) -> None:
        """Delete a row."""
        if found := self.row():
            org = self.world.salesforce
            Writer(org, org.other_actor).delete(org.schema.find(found[0]), found[1]["Id"])
            self.touched.records.add(found[1]["Id"])
            self.note(f"delete {found[0]} {found[1]['Id']}")

    def undelete(self) -> None:
        """Bring a row back from the recycle bin."""
        org = self.world.salesforce
        name = self.dice.choice(["Lead", "Contact"])
        rows = org.table(org.schema.find(name)).rows
        gone = [k for k in sorted(rows) if rows[k].get("IsDeleted") and not rows[k].get("MasterRecordId")]
        if gone:
            chosen = self.dice.choice(gone)
            lifecycle.undelete(org, org.other_actor, org.schema.find(name), chosen)
            self.touched.records.add(chosen)
            self.moved.add(chosen)
            self.note(f"undelete {name} {chosen}")

    def delete_person(self) -> None:
        """Delete a contact in ActiveCampaign."""
        contact = self.person()
        if contact is not None:
            self.world.activecampaign.delete(contact)
            self.touched.records.add(f"ac:{contact.id}")
            self.note(f"delete contact {contact.id}")

    def merge(self) -> None:
        """Merge two rows of one object."""
        org, name = self.world.salesforce, self.dice.choice(["Lead", "Contact"])
        rows = self.live(name)
        if len(rows) > 1:
            master, loser = self.dice.sample([r["Id"] for r in rows], 2)
            lifecycle.merge(org, org.other_actor, org.schema.find(name), master, [loser])
            self.touched.records |= {master, loser}
            self.moved.add(master)
            self.note(f"merge {name} {loser} into {master}")

    def convert(self) -> None:
        """Convert a lead, sometimes into a contact that exists."""
        org, leads, contacts = self.world.salesforce, self.live("Lead"), self.live("Contact")
        if leads:
            lead = self.dice.choice(leads)
            same = [c["Id"] for c in contacts if c.get("Email") and c.get("Email") == lead.get("Email")]
            into = self.dice.choice(same) if same and self.dice.random() < 0.7 else None
            made = lifecycle.convert(org, org.other_actor, lead["Id"], into)
            self.touched.records |= {lead["Id"], made["contact"], made["account"]}
            self.moved.add(made["contact"])
            self.note(f"convert {made}")

    def untag(self) -> None:
        """Take a sync tag away."""
        contact = self.person()
        if contact is not None:
            self.change(contact, {"tags_remove": SYNC_TAGS})

    def retag(self) -> None:
        """Give a sync tag."""
        contact = self.person()
        if contact is not None:
            self.change(contact, {"tags_add": [self.dice.choice(SYNC_TAGS)]})

    def opt_out(self) -> None:
        """Opt somebody out in Salesforce who, as a rule, is on a list."""
        if found := self.row():
            contact = self.world.activecampaign.find(found[1].get("Email") or "")
            if contact is not None and self.dice.random() < 0.7:
                self.change(contact, {"lists": {"1": 1}})
            self.update(found[0], found[1]["Id"], {"HasOptedOutOfEmail": True})

    def unsubscribe(self) -> None:
        """Put somebody on a list or off it."""
        contact = self.person()
        if contact is not None:
            self.change(contact, {"lists": {"1": self.dice.choice([1, 2])}})

    def integrate(self) -> None:
        """Let another integration write the same value again, or an automation tag somebody."""
        contact = self.person()
        if contact is not None:
            self.change(contact, {"firstName": contact.first, "tags_add": ["from-a-webinar"]})

    def bounce(self) -> None:
        """Let mail to somebody bounce for good."""
        contact = self.person()
        if contact is not None:
            contact.bounced_hard += 1
            self.change(contact, {"lastName": contact.last})
            self.note(f"hard bounce of contact {contact.id}")

    # -- first links with both sides filled
    def meet(self) -> None:
        """Create the same person on both sides, with values that differ."""
        email, dice = self.email(), self.dice
        name, title, kind = dice.choice(CUSTOM[:4])
        here, there = self.values(kind)[0], self.values(kind)[1]
        given = {"FirstName": dice.choice(["Al", "Bo"]), "LastName": "Doe", "Email": email, name: here}
        sobject = dice.choice(["Lead", "Contact"])
        more = {"Company": "Company 1", "Status": "Open - Not Contacted"} if sobject == "Lead" else {}
        self.create(sobject, {**{k: v for k, v in given.items() if v is not None}, **more})
        contact = self.world.activecampaign.create(email, {"firstName": "Cy", "lastName": "Roe"})
        self.touched.records.add(f"ac:{contact.id}")
        self.change(contact, {"fieldValues": {field_key(self.world, title).removeprefix("field:"): there}})

    # -- emptying
    def filled(self, name: str) -> list[tuple[str, str]]:
        """Return rows (object, id) with a value in a field, and a contact of the same address."""
        found = self.world.activecampaign.find
        rows = [(n, r) for n in ("Lead", "Contact") for r in self.live(n) if r.get(name)]
        return [(n, r["Id"]) for n, r in rows if r.get("Email") and found(r["Email"])]

    def empty_one(self) -> None:
        """Empty a field that is filled, on one side."""
        name, title, kind = self.dice.choice(CUSTOM)
        rows = self.filled(name)
        if not rows or kind == "bool":
            return
        sobject, sf_id = self.dice.choice(rows)
        if self.dice.random() < 0.7:
            self.update(sobject, sf_id, {name: None})
            return
        row = next(r for r in self.live(sobject) if r["Id"] == sf_id)
        contact = self.world.activecampaign.find(row["Email"])
        self.change(contact, {"fieldValues": {field_key(self.world, title).removeprefix("field:"): ""}})

    def empty_many(self) -> None:
        """Empty one field of many records, as a wrong mass edit would."""
        name = self.dice.choice(["Nickname__c", "Annual_Budget__c"])
        for sobject, sf_id in self.filled(name)[:8]:
            self.update(sobject, sf_id, {name: None})

    # -- addresses
    def swap(self) -> None:
        """Let two people exchange their addresses, on one side."""
        if self.dice.random() < 0.5:
            name = self.dice.choice(["Lead", "Contact"])
            rows = [r for r in self.live(name) if r.get("Email")]
            if len(rows) > 1:
                one, two = self.dice.sample(rows, 2)
                self.update(name, one["Id"], {"Email": two["Email"]})
                self.update(name, two["Id"], {"Email": one["Email"]})
            return
        people = [c for _, c in sorted(self.world.activecampaign.contacts.items())]
        if len(people) > 1:
            first, second = self.dice.sample(people, 2)
            mine, theirs = first.email, second.email
            self.change(first, {"email": self.email()})
            self.change(second, {"email": mine})
            self.change(first, {"email": theirs})

    # -- accounts
    def rename_account(self) -> None:
        """Rename an account on one side, now and then on both."""
        org, account = self.world.salesforce, self.world.activecampaign
        rows = org.table(org.schema.find("Account")).rows
        live = [r for _, r in sorted(rows.items()) if not r.get("IsDeleted")]
        chance = self.dice.random()
        if live and chance < 0.75:
            self.update("Account", self.dice.choice(live)["Id"], {"Name": self._company()})
        companies = list(account.tables["accounts"])
        if companies and chance > 0.65:
            row, name = self.dice.choice(companies), self._company()
            if same_name(account, name) is None:
                row |= {"name": name, "updatedTimestamp": account.now()}
                account.note_write("account", account=row["id"])
                self.touched.fields.add((f"account:{row['id']}", "name"))
                self.touched.records.add(f"account:{row['id']}")
                self.note(f"activecampaign account {row['id']} is now {name}")

    def _company(self) -> str:
        self._serial += 1
        return f"Renamed {self._serial}"

    def join_account(self) -> None:
        """Put a Salesforce contact into an account that exists on both sides, or move it there."""
        org, account = self.world.salesforce, self.world.activecampaign
        rows = org.table(org.schema.find("Account")).rows
        live = [r for _, r in sorted(rows.items()) if not r.get("IsDeleted")]
        contacts = self.live("Contact")
        if not contacts:
            return
        if not live or self.dice.random() < 0.4:
            name = f"Company {self.dice.randint(1, 5)}"
            self.create("Account", {"Name": name})
            if same_name(account, name) is None and self.dice.random() < 0.7:
                add_company(account, name)
            live = [r for _, r in sorted(rows.items()) if not r.get("IsDeleted")]
        chosen = self.dice.choice(contacts)["Id"]
        self.update("Contact", chosen, {"AccountId": self.dice.choice(live)["Id"]})
