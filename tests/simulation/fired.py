"""Counts which rules fired: those of the merge field by field, and those of the life of links as history tells them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryAction
from acassist.domain.merge import Rule
from acassist.domain.problem import ProblemCode
from acassist.sync import plan
from tests.simulation.scene import Scene

LIFE = {
    "2.1 linked by e-mail or created": "link",
    "2.4 and 2.5 moved to another record": "moved",
    "2.5 an end is gone": ProblemCode.SF_GONE.value,
    "2.2 a duplicate is asked about": ProblemCode.DUPLICATE.value,
    "2.2 a twin edit is asked about": ProblemCode.TWIN_EDIT.value,
    "4 a conflict is asked about": ProblemCode.CONFLICT.value,
    "1.2 created in ActiveCampaign": "create activecampaign",
    "1.5 created in Salesforce": "create salesforce",
    "1.5 trigger tag taken off": "untag activecampaign",
    "5.2 tagged": "tag activecampaign",
    "5.4 status written": "status salesforce",
    "5.7 accounts linked by name": "account link",
    "5.7 an account follows a name": "account update",
    "5.8 unsubscribed, opted out in Salesforce": "opt_out salesforce unsubscribed",
    "5.8 bounced, opted out in Salesforce": "opt_out salesforce bounce",
    "5.8 opted out, unsubscribed": "opt_out activecampaign opted_out",
    "6.1 a changed mapping stops": "stopped mapping_changed",
    "6.1 a brake stops": "stopped brake",
    "6.3 a killed program recovers": "killed",
    "6.5 a value is taken back": "undo",
    "a campaign is sent": "send",
    "an automation is entered": "enter",
}
"""Rules outside the merge, by the name under which they are counted."""
WANTED = {**{f"4 {rule.value}": rule.value for rule in Rule}, **LIFE}


@contextmanager
def merge_rules(rules: Counter[str]) -> Iterator[None]:
    """Count which rule of the merge decided, field by field."""
    decide = plan.decide

    def counting(*args: Any, **options: Any) -> Any:
        decision = decide(*args, **options)
        rules[decision.rule.value] += 1
        return decision

    plan.decide = counting
    try:
        yield
    finally:
        plan.decide = decide


class Watch:
    """Follows history and issues of a scene from where it last looked."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.item, self.issue = scene, 0, 0
        self._accounts: set[str] = set()

    def look(self, rules: Counter[str]) -> None:
        """Count what is new."""
        stores = self.scene.engine.stores
        rows = stores.db.rows(
            "SELECT id, action, target, rule, before, sobject FROM history WHERE id > :id ORDER BY id",
            {"id": self.item},
        )
        for row in rows:
            self.item = row["id"]
            rules.update(_names(row))
        linked = {link.sf_id for link in stores.ledger.iter_links(sobject=SObject.ACCOUNT, limit=100_000)}
        rules["account link"] += len(linked - self._accounts)
        self._accounts |= linked
        for issue in stores.issues.list(state=None, limit=100_000):
            if issue.id > self.issue:
                rules[issue.code.value] += 1
        self.issue = max([self.issue, *(i.id for i in stores.issues.list(state=None, limit=100_000))])


def _names(row: Mapping[str, Any]) -> Iterator[str]:
    action, target, rule = row["action"], row["target"], row["rule"]
    if row["sobject"] == "Account":
        yield f"account {action}"
    elif action == HistoryAction.LINK:
        yield "moved" if row["before"] else "link"
    elif action == HistoryAction.OPT_OUT:
        yield f"opt_out {target} {rule}"
    elif action in (HistoryAction.SEND, HistoryAction.ENTER):
        yield action
    elif action == HistoryAction.UPDATE:
        yield "undo" if rule == "undo" else "update"
    else:
        yield f"{action} {target}"


def table(rules: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return every rule with how often it fired, rarest first."""
    return sorted(((title, rules.get(name, 0)) for title, name in WANTED.items()), key=lambda row: row[1])
