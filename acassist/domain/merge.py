"""Three-way decision for one mapped field (sync_rules section 4); pure, depends on values and stamps only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from acassist.domain.ids import Service
from acassist.domain.mapping import ConflictRule, Direction, FieldMapping, UpdateRule
from acassist.domain.text import N_

# Stamps closer than this cannot decide a conflict (section 4, "Newest").
DECISIVE = timedelta(minutes=5)

Canonical = str | None


class Outcome(StrEnum):
    """What to do with one field."""

    NOTHING = "nothing"
    TO_ACTIVECAMPAIGN = "to_activecampaign"
    TO_SALESFORCE = "to_salesforce"
    ASK = "ask"

    @property
    def target(self) -> Service | None:
        """Name the service that is written to."""
        if self is Outcome.TO_ACTIVECAMPAIGN:
            return Service.ACTIVECAMPAIGN
        return Service.SALESFORCE if self is Outcome.TO_SALESFORCE else None


class Rule(StrEnum):
    """Why a decision fell; shown in history, preview and explain."""

    EQUAL = "equal"
    UNCHANGED = "unchanged"
    ONLY_SALESFORCE_CHANGED = "only_salesforce_changed"
    ONLY_ACTIVECAMPAIGN_CHANGED = "only_activecampaign_changed"
    SALESFORCE_NEWER = "salesforce_newer"
    ACTIVECAMPAIGN_NEWER = "activecampaign_newer"
    SALESFORCE_WINS = "salesforce_wins"
    ACTIVECAMPAIGN_WINS = "activecampaign_wins"
    CONFLICT = "conflict"
    FILLED_BLANK = "filled_blank"
    FIRST_LINK_KEPT = "first_link_kept"
    FIRST_LINK_CHOSEN = "first_link_chosen"
    BLANK_NOT_COPIED = "blank_not_copied"
    DIRECTION = "direction"
    NEVER_UPDATE = "never_update"
    NOT_BLANK = "not_blank"
    SECONDARY_TWIN = "secondary_twin"


RULE_LABELS = {
    Rule.EQUAL: N_("Both sides hold the same value."),
    Rule.UNCHANGED: N_("Nothing changed since the last sync."),
    Rule.ONLY_SALESFORCE_CHANGED: N_("Only Salesforce changed."),
    Rule.ONLY_ACTIVECAMPAIGN_CHANGED: N_("Only ActiveCampaign changed."),
    Rule.SALESFORCE_NEWER: N_("Both changed; the change in Salesforce is newer."),
    Rule.ACTIVECAMPAIGN_NEWER: N_("Both changed; the change in ActiveCampaign is newer."),
    Rule.SALESFORCE_WINS: N_("Both changed; the mapping lets Salesforce win."),
    Rule.ACTIVECAMPAIGN_WINS: N_("Both changed; the mapping lets ActiveCampaign win."),
    Rule.CONFLICT: N_("Both changed to different values; a person decides."),
    Rule.FILLED_BLANK: N_("The value was blank on this side."),
    Rule.FIRST_LINK_KEPT: N_("First link: both values are kept until someone chooses."),
    Rule.FIRST_LINK_CHOSEN: N_("First link: chosen in the preview."),
    Rule.BLANK_NOT_COPIED: N_("A filled value is not overwritten by a blank."),
    Rule.DIRECTION: N_("The mapping does not write in this direction."),
    Rule.NEVER_UPDATE: N_("The mapping never updates."),
    Rule.NOT_BLANK: N_("The mapping updates only blank values."),
    Rule.SECONDARY_TWIN: N_("The person's other record decides what goes to ActiveCampaign."),
}

OTHER_REASONS = {
    "person": N_("A person decided it."),
    "undo": N_("A person took it back."),
    "opted_out": N_("The person does not want e-mail."),
    "unsubscribed": N_("The person unsubscribed in ActiveCampaign."),
    "bounce": N_("E-mail to the address came back."),
}
"""Why something was written that no rule of the mapping decided; the history keeps these names."""


class FirstLinkChoice(StrEnum):
    """What the first-match preview may choose for one field."""

    KEEP = "keep"
    SALESFORCE = "salesforce"
    ACTIVECAMPAIGN = "activecampaign"


@dataclass(frozen=True, slots=True)
class Base:
    """Canonical values of both sides after the last successful sync; they differ only where both were kept."""

    salesforce: Canonical
    activecampaign: Canonical


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a side last changed; `precise` when the stamp belongs to the field and not to the whole record.

    `latest` when something else moved the stamp of the record too: the field may have changed long before it.
    """

    at: datetime
    precise: bool = False
    latest: bool = False


@dataclass(frozen=True, slots=True)
class FieldState:
    """Everything a decision may depend on. `primary` is False for the secondary record of a twin."""

    salesforce: Canonical
    activecampaign: Canonical
    base: Base | None = None
    salesforce_stamp: Stamp | None = None
    activecampaign_stamp: Stamp | None = None
    equal: bool = False
    primary: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one field and the rule that led to it."""

    outcome: Outcome
    rule: Rule


def _write(mapping: FieldMapping, state: FieldState, outcome: Outcome, rule: Rule) -> Decision:
    """Pass a wanted write through direction, twin, blank and update rules."""
    to_ac = outcome is Outcome.TO_ACTIVECAMPAIGN
    barred = Direction.TO_SALESFORCE if to_ac else Direction.TO_ACTIVECAMPAIGN
    source = state.salesforce if to_ac else state.activecampaign
    target = state.activecampaign if to_ac else state.salesforce
    if mapping.direction is barred:
        return Decision(Outcome.NOTHING, Rule.DIRECTION)
    if mapping.update is UpdateRule.NEVER:
        return Decision(Outcome.NOTHING, Rule.NEVER_UPDATE)
    if mapping.update is UpdateRule.IF_BLANK and target is not None:
        return Decision(Outcome.NOTHING, Rule.NOT_BLANK)
    if source is None and target is not None and not mapping.copy_blanks:
        return Decision(Outcome.NOTHING, Rule.BLANK_NOT_COPIED)
    if to_ac and not state.primary:
        return Decision(Outcome.ASK, Rule.SECONDARY_TWIN)
    return Decision(outcome, rule)


def _first_link(mapping: FieldMapping, state: FieldState, choice: FirstLinkChoice) -> Decision:
    """Decide without a base: blanks are filled, nothing else unless a person chose (section 4)."""
    if state.activecampaign is None:
        return _write(mapping, state, Outcome.TO_ACTIVECAMPAIGN, Rule.FILLED_BLANK)
    if state.salesforce is None:
        return _write(mapping, state, Outcome.TO_SALESFORCE, Rule.FILLED_BLANK)
    if choice is FirstLinkChoice.SALESFORCE:
        return _write(mapping, state, Outcome.TO_ACTIVECAMPAIGN, Rule.FIRST_LINK_CHOSEN)
    if choice is FirstLinkChoice.ACTIVECAMPAIGN:
        return _write(mapping, state, Outcome.TO_SALESFORCE, Rule.FIRST_LINK_CHOSEN)
    return Decision(Outcome.NOTHING, Rule.FIRST_LINK_KEPT)


def _newest(state: FieldState) -> Rule:
    """Compare stamps; undecided unless one belongs to the field and they lie far enough apart.

    A stamp that is only the latest possible one can lose, but not win.
    """
    sf, ac = state.salesforce_stamp, state.activecampaign_stamp
    if sf is None or ac is None or not (sf.precise or ac.precise) or abs(sf.at - ac.at) < DECISIVE:
        return Rule.CONFLICT
    if (sf if sf.at > ac.at else ac).latest:
        return Rule.CONFLICT
    return Rule.SALESFORCE_NEWER if sf.at > ac.at else Rule.ACTIVECAMPAIGN_NEWER


def _closed(mapping: FieldMapping, state: FieldState) -> Rule | None:
    """Name the update rule that bars every write, so that nobody is asked about a conflict without consequence."""
    if mapping.update is UpdateRule.NEVER:
        return Rule.NEVER_UPDATE
    both_filled = state.salesforce is not None and state.activecampaign is not None
    return Rule.NOT_BLANK if mapping.update is UpdateRule.IF_BLANK and both_filled else None


def _both_changed(mapping: FieldMapping, state: FieldState) -> Decision:
    if closed := _closed(mapping, state):
        return Decision(Outcome.NOTHING, closed)
    rules = {
        ConflictRule.SALESFORCE: Rule.SALESFORCE_WINS,
        ConflictRule.ACTIVECAMPAIGN: Rule.ACTIVECAMPAIGN_WINS,
        ConflictRule.ASK: Rule.CONFLICT,
    }
    if mapping.direction is not Direction.BOTH:
        to_ac = mapping.direction is Direction.TO_ACTIVECAMPAIGN
        outcome = Outcome.TO_ACTIVECAMPAIGN if to_ac else Outcome.TO_SALESFORCE
        return _write(mapping, state, outcome, Rule.SALESFORCE_WINS if to_ac else Rule.ACTIVECAMPAIGN_WINS)
    rule = _newest(state) if mapping.conflict is ConflictRule.NEWEST else rules[mapping.conflict]
    if rule is Rule.CONFLICT:
        return Decision(Outcome.ASK, rule)
    wins_sf = rule in {Rule.SALESFORCE_NEWER, Rule.SALESFORCE_WINS}
    return _write(mapping, state, Outcome.TO_ACTIVECAMPAIGN if wins_sf else Outcome.TO_SALESFORCE, rule)


def decide(
    mapping: FieldMapping, state: FieldState, *, choice: FirstLinkChoice = FirstLinkChoice.KEEP
) -> Decision:
    """Decide one field from base, both sides now, stamps and the mapping's rules (section 4)."""
    if state.equal or state.salesforce == state.activecampaign:
        return Decision(Outcome.NOTHING, Rule.EQUAL)
    if state.base is None:
        return _first_link(mapping, state, choice)
    sf_changed = state.salesforce != state.base.salesforce
    ac_changed = state.activecampaign != state.base.activecampaign
    if sf_changed and ac_changed:
        return _both_changed(mapping, state)
    if sf_changed:
        return _write(mapping, state, Outcome.TO_ACTIVECAMPAIGN, Rule.ONLY_SALESFORCE_CHANGED)
    if ac_changed:
        return _write(mapping, state, Outcome.TO_SALESFORCE, Rule.ONLY_ACTIVECAMPAIGN_CHANGED)
    return Decision(Outcome.NOTHING, Rule.UNCHANGED)
