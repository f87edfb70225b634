"""Turns what was found in an org into lines with a state and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from acassist.assistant.doctor import MY_DOMAIN_STEPS
from acassist.assistant.views import CheckItem, Level
from acassist.domain.ids import PEOPLE, Service
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import OrgFacts
from acassist.domain.text import N_, Message
from acassist.salesforce.provisioning.definitions import LINK_LABEL, MANAGER, MOST_EXTERNAL_IDS
from acassist.salesforce.provisioning.inventory import FieldState, FoundField, FoundSet, Inventory
from acassist.salesforce.provisioning.surroundings import Surroundings

# Editions that have the API only as an add-on (salesforce_api 4.8).
_ADD_ON = ("Professional Edition", "Team Edition", "Base Edition", "Group Edition", "Starter")
_FEW_CALLS = 1_000


def is_production(facts: OrgFacts) -> bool:
    """Tell whether real data is at stake: neither a sandbox nor a Developer Edition."""
    return not facts.sandbox and facts.edition != "Developer Edition"


def checks(facts: OrgFacts, around: Surroundings) -> list[CheckItem]:
    """List everything that is worth knowing before anything is written."""
    return [
        _edition(facts),
        _production(facts),
        _rights(around),
        _lightning(facts),
        _my_domain(facts),
        _calls(facts),
        _package(around),
        *_rules(around),
        *_kinds(around),
    ]


def _edition(facts: OrgFacts) -> CheckItem:
    title = Message(N_("Edition and API access"))
    values = {"org": facts.name, "edition": facts.edition or "Salesforce"}
    state = Message(N_("{org} ({edition}) answers the API."), values)
    if any(name in facts.edition for name in _ADD_ON):
        remedy = Message(N_("In this edition the API is an add-on; the sync stops when it is cancelled."))
        return CheckItem(title, Level.WARN, state, remedy)
    return CheckItem(title, Level.OK, state)


def _production(facts: OrgFacts) -> CheckItem:
    title = Message(N_("Sandbox or production"))
    if is_production(facts):
        remedy = Message(N_("Apply asks once more. A Salesforce sandbox is the place to try it first."))
        return CheckItem(title, Level.WARN, Message(N_("This is a production org.")), remedy)
    text = N_("This is a sandbox.") if facts.sandbox else N_("This is a Developer Edition org.")
    return CheckItem(title, Level.OK, Message(text))


_RIGHTS_TITLE = N_("Your permissions in Salesforce")


def milder(item: CheckItem) -> CheckItem:
    """Show missing permissions as a warning where nothing is to be applied."""
    bad = item.level is Level.BAD and item.title.text == _RIGHTS_TITLE
    return replace(item, level=Level.WARN) if bad else item


def _rights(around: Surroundings) -> CheckItem:
    title = Message(_RIGHTS_TITLE)
    if around.rights is None:
        state = Message(N_("They cannot be read; Salesforce says no where one is missing."))
        return CheckItem(title, Level.IDLE, state)
    lacking = around.lacking()
    if not lacking:
        return CheckItem(title, Level.OK, Message(N_("You have every permission that is needed.")))
    remedy = Message(N_("Ask an administrator for them, or choose Skip for now: the sync works without the additions."))
    state = Message(N_("Missing: {rights}."), {"rights": ", ".join(lacking)})
    return CheckItem(title, Level.BAD, state, remedy)


def _lightning(facts: OrgFacts) -> CheckItem:
    title = Message(N_("Lightning Experience"))
    if facts.lightning is None:
        return CheckItem(title, Level.IDLE, Message(N_("Salesforce does not tell.")))
    if facts.lightning:
        return CheckItem(title, Level.OK, Message(N_("Lightning is on for your user.")))
    remedy = Message(N_("Click Switch to Lightning Experience in Salesforce."))
    return CheckItem(title, Level.WARN, Message(N_("Your user works in Classic.")), remedy)


def _my_domain(facts: OrgFacts) -> CheckItem:
    title = Message(N_("My Domain"))
    if ".my." in facts.instance_url:
        return CheckItem(title, Level.OK, Message(N_("Found: {url}"), {"url": facts.instance_url}))
    remedy = Message(N_("Six steps, about five minutes:"))
    steps = tuple(Message(step) for step in MY_DOMAIN_STEPS)
    return CheckItem(title, Level.WARN, Message(N_("This org does not seem to use My Domain.")), remedy, steps)


def _calls(facts: OrgFacts) -> CheckItem:
    title = Message(N_("Calls to the API"))
    if facts.calls_left is None or facts.calls_max is None:
        return CheckItem(title, Level.IDLE, Message(N_("Salesforce does not tell.")))
    values = {"left": facts.calls_left, "max": facts.calls_max}
    state = Message(N_("{left} of {max} calls are left today."), values)
    if facts.calls_left < _FEW_CALLS:
        remedy = Message(N_("Preparing takes about 60 calls. The first sync needs more; start it tomorrow."))
        return CheckItem(title, Level.WARN, state, remedy)
    return CheckItem(title, Level.OK, state)


PACKAGE_TITLE = N_("The ActiveCampaign package")


def _package(around: Surroundings) -> CheckItem:
    title = Message(PACKAGE_TITLE)
    if around.packages is None:
        state = Message(N_("Installed packages cannot be read."))
        remedy = Message(N_("Look under Installed Packages in Setup: two programs must not sync the same records."))
        return CheckItem(title, Level.IDLE, state, remedy)
    if not around.packages:
        return CheckItem(title, Level.OK, Message(N_("It is not installed.")))
    problem = package_problem(around.packages)
    return CheckItem(title, Level.BAD, problem.sentence, problem.next_step)


def package_problem(packages: Sequence[str]) -> Problem:
    """Say that two programs would write."""
    values = {"package": ", ".join(packages)}
    return Problem(ProblemCode.PACKAGE_PRESENT, values=values, service=Service.SALESFORCE)


def _rules(around: Surroundings) -> list[CheckItem]:
    return [
        _rule(
            N_("Duplicate rules"),
            around.duplicate_rules,
            N_("A rule that blocks makes Salesforce refuse some records; those become issues. Let it alert instead."),
        ),
        _rule(
            N_("Validation rules"),
            around.validation_rules,
            N_("Records that break a rule are refused and become issues. Check that synced values pass."),
        ),
        _rule(
            N_("Apex triggers on Lead and Contact"),
            around.triggers,
            N_("They run on every synced record. Try a few records before the first full sync."),
        ),
    ]


def _rule(title: str, found: Sequence[str] | None, remedy: str) -> CheckItem:
    if found is None:
        return CheckItem(Message(title), Level.IDLE, Message(N_("They cannot be read with your permissions.")))
    if not found:
        return CheckItem(Message(title), Level.OK, Message(N_("None is active.")))
    details = tuple(Message("{name}", {"name": name}) for name in found)
    return CheckItem(
        Message(title), Level.WARN, Message(N_("Active: {count}."), {"count": len(found)}), Message(remedy), details
    )


def _kinds(around: Surroundings) -> list[CheckItem]:
    return [
        _kind(
            N_("Several currencies"),
            around.multi_currency,
            N_("Amounts are synced as numbers; their currency is not."),
        ),
        _kind(
            N_("State and country picklists"),
            around.state_picklists,
            N_("Salesforce accepts only states and countries of its lists; others become issues."),
        ),
        _kind(
            N_("Person accounts"),
            around.person_accounts,
            N_("Some fields of their contacts change only through the account; refused changes become issues."),
        ),
    ]


def _kind(title: str, on: bool, meaning: str) -> CheckItem:
    if not on:
        return CheckItem(Message(title), Level.OK, Message(N_("Not used in this org.")))
    return CheckItem(Message(title), Level.WARN, Message(N_("Used in this org.")), Message(meaning))


# -- what would be added
def plan_items(stock: Inventory) -> list[CheckItem]:
    """List what is or would be in the org, each with its present state."""
    items = [_field_item(found, stock) for found in stock.fields]
    items += [_set_item(found) for found in stock.sets]
    items.append(_assignment(stock))
    items += _link_items(stock)
    return items


def _field_item(found: FoundField, stock: Inventory) -> CheckItem:
    title = _field_title(found, stock)
    problem = field_problem(found)
    if problem is not None:
        return CheckItem(title, Level.BAD, problem.sentence, problem.next_step)
    values = {"name": found.name}
    if found.state is FieldState.MISSING:
        return CheckItem(title, Level.IDLE, Message(N_("Not in this org yet.")), Message(N_("Apply adds it.")))
    if found.state is FieldState.READY:
        text = N_("Found as {name}, from the installed package.") if found.managed else N_("Found as {name}.")
        return CheckItem(title, Level.OK, Message(text, values))
    hidden = found.state is FieldState.HIDDEN
    text = N_("Found as {name}, but hidden from you.") if hidden else N_("Found as {name}, but you may not write it.")
    return CheckItem(title, Level.WARN, Message(text, values), Message(N_("Apply gives you access to it.")))


def _field_title(found: FoundField, stock: Inventory) -> Message:
    description = stock.descriptions.get(found.spec.sobject)
    owner = description.label if description else found.spec.sobject.value
    # `component` is not shown: it ties a refusal of the deployment to this line.
    values = {"field": found.spec.label, "object": owner, "component": found.full_name}
    return Message(N_("{field} on {object}"), values)


def field_problem(found: FoundField) -> Problem | None:
    """Say why one field can neither be used nor made."""
    owner = found.spec.sobject.value
    if found.state is FieldState.WRONG_TYPE:
        values: dict[str, object] = {"field": found.name, "object": owner, "type": found.type}
        return Problem(
            ProblemCode.FIELD_TYPE, subject=found.full_name, values=values, service=Service.SALESFORCE
        )
    if found.state is FieldState.NO_ROOM:
        values = {"object": owner, "limit": MOST_EXTERNAL_IDS}
        return Problem(ProblemCode.ID_LIMIT, subject=found.full_name, values=values, service=Service.SALESFORCE)
    return None


def field_problems(stock: Inventory) -> list[Problem]:
    """Say of every field why it can neither be used nor made."""
    return [problem for found in stock.fields if (problem := field_problem(found))]


def _set_item(found: FoundSet) -> CheckItem:
    title = Message(N_("Permission set {label}"), {"label": found.spec.label, "component": found.spec.name})
    if not found.id:
        return CheckItem(title, Level.IDLE, Message(N_("Not in this org yet.")), Message(N_("Apply adds it.")))
    if found.complete:
        return CheckItem(title, Level.OK, Message(N_("It grants what is needed.")))
    remedy = Message(N_("Apply completes it."))
    return CheckItem(title, Level.WARN, Message(N_("It does not grant everything that is needed.")), remedy)


def manager_of(stock: Inventory) -> FoundSet | None:
    """Return the set that our own user needs, as found."""
    return next((found for found in stock.sets if found.spec is MANAGER), None)


def _assignment(stock: Inventory) -> CheckItem:
    title = Message(N_("{label} assigned to you"), {"label": MANAGER.label})
    found = manager_of(stock)
    if found is not None and found.id in stock.assigned:
        return CheckItem(title, Level.OK, Message(N_("Assigned.")))
    return CheckItem(title, Level.IDLE, Message(N_("Not assigned yet.")), Message(N_("Apply assigns it.")))


def _link_items(stock: Inventory) -> Iterable[CheckItem]:
    """List the optional link only where it is: nobody misses it."""
    for sobject in PEOPLE:
        if sobject in stock.links:
            title = Message(N_("Link {label} on {object}"), {"label": LINK_LABEL, "object": sobject.value})
            yield CheckItem(title, Level.OK, Message(N_("It is there; place it with the page layouts.")))
