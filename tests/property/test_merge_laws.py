"""Laws of the three-way decision for every state and every mapping."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from acassist.domain.mapping import ConflictRule, Direction, FieldMapping, UpdateRule
from acassist.domain.merge import DECISIVE, Base, FieldState, FirstLinkChoice, Outcome, Rule, Stamp, decide

values = st.none() | st.sampled_from(["a", "b", "c"])
stamps = st.none() | st.builds(
    Stamp,
    st.integers(0, 1200).map(lambda s: datetime.fromtimestamp(1_770_000_000 + s, UTC)),
    st.booleans(),
    st.booleans(),
)
bases = st.none() | st.builds(Base, values, values)
states = st.builds(FieldState, values, values, bases, stamps, stamps, primary=st.booleans())
mappings = st.builds(
    FieldMapping,
    st.just("field:1"),
    st.just("X__c"),
    st.sampled_from(Direction),
    st.sampled_from(UpdateRule),
    st.sampled_from(ConflictRule),
    st.booleans(),
)
choices = st.sampled_from(FirstLinkChoice)
WRITES = {Outcome.TO_ACTIVECAMPAIGN, Outcome.TO_SALESFORCE}

MIRROR = {
    Outcome.TO_ACTIVECAMPAIGN: Outcome.TO_SALESFORCE,
    Outcome.TO_SALESFORCE: Outcome.TO_ACTIVECAMPAIGN,
    Direction.TO_ACTIVECAMPAIGN: Direction.TO_SALESFORCE,
    Direction.TO_SALESFORCE: Direction.TO_ACTIVECAMPAIGN,
    ConflictRule.SALESFORCE: ConflictRule.ACTIVECAMPAIGN,
    ConflictRule.ACTIVECAMPAIGN: ConflictRule.SALESFORCE,
    FirstLinkChoice.SALESFORCE: FirstLinkChoice.ACTIVECAMPAIGN,
    FirstLinkChoice.ACTIVECAMPAIGN: FirstLinkChoice.SALESFORCE,
}
# Enum members that are equal as texts would collide in one table, so the mirrored rules have their own.
MIRROR_RULE = {
    Rule.ONLY_SALESFORCE_CHANGED: Rule.ONLY_ACTIVECAMPAIGN_CHANGED,
    Rule.ONLY_ACTIVECAMPAIGN_CHANGED: Rule.ONLY_SALESFORCE_CHANGED,
    Rule.SALESFORCE_NEWER: Rule.ACTIVECAMPAIGN_NEWER,
    Rule.ACTIVECAMPAIGN_NEWER: Rule.SALESFORCE_NEWER,
    Rule.SALESFORCE_WINS: Rule.ACTIVECAMPAIGN_WINS,
    Rule.ACTIVECAMPAIGN_WINS: Rule.SALESFORCE_WINS,
}


def swap_state(state: FieldState) -> FieldState:
    base = state.base and Base(state.base.activecampaign, state.base.salesforce)
    return FieldState(
        state.activecampaign, state.salesforce, base, state.activecampaign_stamp, state.salesforce_stamp,
        state.equal, state.primary,
    )  # fmt: skip


def swap_mapping(mapping: FieldMapping) -> FieldMapping:
    direction = Direction(MIRROR.get(mapping.direction, mapping.direction).value)
    conflict = ConflictRule(MIRROR.get(mapping.conflict, mapping.conflict).value)
    return replace(mapping, direction=direction, conflict=conflict)


def applied(state: FieldState, outcome: Outcome) -> FieldState:
    """What both sides and the base hold after the decision was carried out."""
    if outcome is Outcome.TO_ACTIVECAMPAIGN:
        return replace(state, activecampaign=state.salesforce, base=Base(state.salesforce, state.salesforce))
    if outcome is Outcome.TO_SALESFORCE:
        return replace(state, salesforce=state.activecampaign, base=Base(state.activecampaign, state.activecampaign))
    return state


def changed(state: FieldState) -> tuple[bool, bool]:
    assert state.base is not None
    return state.salesforce != state.base.salesforce, state.activecampaign != state.base.activecampaign


@given(mappings, states, choices)
def test_an_edit_of_one_side_is_never_overwritten(m: FieldMapping, s: FieldState, choice: FirstLinkChoice) -> None:
    if s.base is None:
        return
    outcome = decide(m, s, choice=choice).outcome
    match changed(s):
        case (True, False):
            assert outcome is not Outcome.TO_SALESFORCE
        case (False, True):
            assert outcome is not Outcome.TO_ACTIVECAMPAIGN
        case (False, False):
            assert outcome is Outcome.NOTHING


@given(mappings, states, choices)
def test_when_both_changed_the_loser_loses_by_a_rule_that_says_so(
    m: FieldMapping, s: FieldState, choice: FirstLinkChoice
) -> None:
    if s.base is None or changed(s) != (True, True):
        return
    decision = decide(m, s, choice=choice)
    allowed = {
        Outcome.TO_ACTIVECAMPAIGN: {Rule.SALESFORCE_NEWER, Rule.SALESFORCE_WINS},
        Outcome.TO_SALESFORCE: {Rule.ACTIVECAMPAIGN_NEWER, Rule.ACTIVECAMPAIGN_WINS},
    }
    if decision.outcome in WRITES:
        assert decision.rule in allowed[decision.outcome]


@given(mappings, states)
def test_the_newest_wins_only_with_stamps_that_can_decide(m: FieldMapping, s: FieldState) -> None:
    decision = decide(replace(m, direction=Direction.BOTH, conflict=ConflictRule.NEWEST), s)
    if decision.rule not in {Rule.SALESFORCE_NEWER, Rule.ACTIVECAMPAIGN_NEWER}:
        return
    sf, ac = s.salesforce_stamp, s.activecampaign_stamp
    assert sf is not None
    assert ac is not None
    assert sf.precise or ac.precise
    assert abs(sf.at - ac.at) >= DECISIVE
    assert (sf.at > ac.at) is (decision.rule is Rule.SALESFORCE_NEWER)
    # Who won did not only change at the latest at that moment.
    assert not (sf if decision.rule is Rule.SALESFORCE_NEWER else ac).latest


@given(mappings, states, choices)
def test_swapping_the_sides_swaps_the_decision(m: FieldMapping, s: FieldState, choice: FirstLinkChoice) -> None:
    s = replace(s, primary=True)
    here = decide(m, s, choice=choice)
    mirrored = FirstLinkChoice(MIRROR.get(choice, choice).value)
    there = decide(swap_mapping(m), swap_state(s), choice=mirrored)
    assert there.outcome.value == MIRROR.get(here.outcome, here.outcome).value
    assert there.rule is MIRROR_RULE.get(here.rule, here.rule)


@given(mappings, states, choices)
def test_a_decision_that_was_carried_out_leaves_nothing_to_do(
    m: FieldMapping, s: FieldState, choice: FirstLinkChoice
) -> None:
    decision = decide(m, s, choice=choice)
    again = decide(m, applied(s, decision.outcome), choice=choice)
    if decision.outcome in WRITES:
        assert again.outcome is Outcome.NOTHING
        assert again.rule is Rule.EQUAL
    else:
        assert again == decision


@given(mappings, states, choices)
def test_a_one_way_mapping_never_writes_the_other_way(m: FieldMapping, s: FieldState, choice: FirstLinkChoice) -> None:
    barred = {
        Direction.TO_ACTIVECAMPAIGN: Outcome.TO_SALESFORCE,
        Direction.TO_SALESFORCE: Outcome.TO_ACTIVECAMPAIGN,
        Direction.BOTH: None,
    }[m.direction]
    assert decide(m, s, choice=choice).outcome is not barred


@given(mappings, states, choices)
def test_never_writes_nothing_and_asks_nobody(m: FieldMapping, s: FieldState, choice: FirstLinkChoice) -> None:
    decision = decide(replace(m, update=UpdateRule.NEVER), s, choice=choice)
    assert decision.outcome is Outcome.NOTHING


@given(mappings, states, choices)
def test_if_blank_writes_only_over_a_blank(m: FieldMapping, s: FieldState, choice: FirstLinkChoice) -> None:
    outcome = decide(replace(m, update=UpdateRule.IF_BLANK), s, choice=choice).outcome
    if outcome in WRITES:
        assert (s.activecampaign if outcome is Outcome.TO_ACTIVECAMPAIGN else s.salesforce) is None
    if outcome is Outcome.ASK:
        assert s.activecampaign is None or s.salesforce is None


@given(mappings, states, choices)
def test_a_blank_overwrites_only_when_blanks_are_copied(
    m: FieldMapping, s: FieldState, choice: FirstLinkChoice
) -> None:
    outcome = decide(m, s, choice=choice).outcome
    if outcome in WRITES and (s.salesforce if outcome is Outcome.TO_ACTIVECAMPAIGN else s.activecampaign) is None:
        assert m.copy_blanks


@given(mappings, states, choices)
def test_a_secondary_record_never_writes_to_activecampaign(
    m: FieldMapping, s: FieldState, choice: FirstLinkChoice
) -> None:
    assert decide(m, replace(s, primary=False), choice=choice).outcome is not Outcome.TO_ACTIVECAMPAIGN


@given(mappings, values, values)
def test_without_a_base_and_a_choice_only_blanks_are_filled(m: FieldMapping, sf: str | None, ac: str | None) -> None:
    outcome = decide(m, FieldState(sf, ac)).outcome
    assert outcome is not Outcome.ASK
    if sf is not None and ac is not None:
        assert outcome is Outcome.NOTHING


@given(mappings, states, choices)
def test_values_that_mean_the_same_are_left_as_they_were_typed(
    m: FieldMapping, s: FieldState, choice: FirstLinkChoice
) -> None:
    assert decide(m, replace(s, equal=True), choice=choice).rule is Rule.EQUAL


@given(states)
def test_the_default_mapping_carries_a_single_edit_across(s: FieldState) -> None:
    if s.base is None or s.salesforce == s.activecampaign or None in {s.salesforce, s.activecampaign} or not s.primary:
        return
    outcome = decide(FieldMapping("field:1", "X__c"), s).outcome
    match changed(s):
        case (True, False):
            assert outcome is Outcome.TO_ACTIVECAMPAIGN
        case (False, True):
            assert outcome is Outcome.TO_SALESFORCE


@given(mappings, st.sampled_from(["a", "b", "c"]), st.booleans(), choices)
def test_emptying_one_side_empties_the_other_only_when_blanks_are_copied(
    m: FieldMapping, value: str, here: bool, choice: FirstLinkChoice
) -> None:
    agreed = Base(value, value)
    s = FieldState(None, value, agreed) if here else FieldState(value, None, agreed)
    emptied = decide(m, s, choice=choice).outcome in WRITES
    assert emptied <= m.copy_blanks
    free = replace(m, direction=Direction.BOTH, update=UpdateRule.ALWAYS)
    assert decide(free, s, choice=choice).outcome in WRITES or not m.copy_blanks
