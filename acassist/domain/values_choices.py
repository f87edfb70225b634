"""Check boxes and multi-select lists: how both services spell a set of options."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values_problem import Canonical, Pair
from acassist.domain.values_text import (
    activecampaign_text,
    check_length,
    check_picklist,
    offered,
    picklist_value,
    salesforce_text,
)

PIPES = "||"


def split_options(text: str) -> list[str]:
    """List the chosen options of `||a||b||`, with or without outer pipes, or of an account field's JSON array."""
    if text.startswith("[") and text.endswith("]"):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError):
            items = None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return [item.strip() for item in items if item.strip()]
    return [part.strip() for part in text.split(PIPES) if part.strip()]


def join_options(options: list[str]) -> str:
    """Spell chosen options as ActiveCampaign stores them, outer pipes included (activecampaign_api 3)."""
    return f"{PIPES}{PIPES.join(options)}{PIPES}" if options else ""


@dataclass(frozen=True, slots=True)
class CheckboxConversion:
    """A yes or no; the ActiveCampaign option has the value `true` (integration_behaviour A4).

    A field that ActiveCampaign never stored (None) is blank; an unticked one (empty text) is false.
    """

    pair: Pair

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a JSON boolean; a formula may also spell it."""
        if raw is None or raw == "":
            return None
        word = raw.strip().casefold() if isinstance(raw, str) else str(raw).casefold()
        if not isinstance(raw, bool | str) or word not in {"true", "false"}:
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_BOOLEAN)
        return word

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read the chosen options."""
        if raw is None:
            return None
        chosen = {option.casefold() for option in split_options(raw.strip())}
        if not chosen <= {"true"} and chosen != {"false"}:
            raise self.pair.ac_problem(ProblemCode.VALUE_NOT_BOOLEAN)
        return "true" if chosen == {"true"} else "false"

    def to_salesforce(self, value: Canonical) -> object:
        """Return a boolean; Salesforce refuses null in a check box (salesforce_api 2.3)."""
        return self._true(value, salesforce=True)

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the ticked option, or an empty text."""
        return join_options(["true"] if self._true(value, salesforce=False) else [])

    def _true(self, value: Canonical, *, salesforce: bool) -> bool:
        if value not in {None, "true", "false"}:
            problem = self.pair.sf_problem if salesforce else self.pair.ac_problem
            raise problem(ProblemCode.VALUE_NOT_BOOLEAN)
        return value == "true"

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare; blank equals false."""
        return (a or "false") == (b or "false")


@dataclass(frozen=True, slots=True)
class MultiConversion:
    """Several values: `a;b` in Salesforce, `||a||b||` in ActiveCampaign; their order means nothing."""

    pair: Pair

    def from_salesforce(self, raw: object) -> Canonical:
        """Read the chosen values."""
        text = salesforce_text(self.pair, raw)
        return _joined(part.strip() for part in (text or "").split(";"))

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read the chosen options."""
        text = activecampaign_text(self.pair, raw)
        options = split_options(text or "")
        if any(";" in option for option in options):
            raise self.pair.ac_problem(ProblemCode.VALUE_NOT_TEXT)
        return _joined(picklist_value(self.pair, option) for option in options)

    def to_salesforce(self, value: Canonical) -> object:
        """Return the values when the picklist takes them all."""
        if value is None:
            return None
        for part in value.split(";"):
            check_picklist(self.pair, part)
        check_length(self.pair, value)
        return value

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the options that mean the values."""
        if value is None:
            return ""
        return join_options([self._option(part) for part in value.split(";")])

    def _option(self, part: str) -> str:
        option = offered(self.pair, part, part, self.from_activecampaign)
        # A value that itself holds pipes would be read back as several.
        if PIPES in option or option.startswith("|") or option.endswith("|"):
            raise self.pair.ac_problem(ProblemCode.VALUE_NOT_TEXT)
        return option

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare sets of values."""
        return a == b


def _joined(parts: Iterable[str]) -> Canonical:
    return ";".join(sorted({part for part in parts if part})) or None
