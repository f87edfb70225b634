"""Texts of every kind, e-mail addresses, and the lists of values that a field may offer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from acassist.domain.email import valid_email
from acassist.domain.fields import FieldKind, kind_of, normalized_type
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values_problem import Canonical, Conversion, Pair, ValueProblem

# Neither service stores these: control characters except tab and line feed, halves of characters, non-characters.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def tidy(text: str) -> str:
    """Trim as Salesforce does and bring line ends to one form."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def salesforce_text(pair: Pair, raw: object) -> Canonical:
    """Read a JSON text of Salesforce; raises ValueProblem when it is none or holds unstorable characters."""
    if raw is None:
        return None
    if not isinstance(raw, str) or _UNSTORABLE.search(tidy(raw)):
        raise pair.sf_problem(ProblemCode.VALUE_NOT_TEXT)
    return tidy(raw) or None


def activecampaign_text(pair: Pair, raw: str | None) -> Canonical:
    """Read a text of ActiveCampaign; raises ValueProblem when it holds unstorable characters."""
    text = tidy(raw or "")
    if _UNSTORABLE.search(text):
        raise pair.ac_problem(ProblemCode.VALUE_NOT_TEXT)
    return text or None


def check_length(pair: Pair, text: str) -> None:
    """Raise ValueProblem when a text is longer than the Salesforce field; nothing is ever cut (rule 3.2)."""
    if 0 < pair.sf.length < len(text):
        raise pair.sf_problem(ProblemCode.VALUE_TOO_LONG, pair.sf.length)


def offered(pair: Pair, value: str, text: str, read: Callable[[str | None], Canonical]) -> str:
    """Return the option of a dropdown or list box that means the value; raises ValueProblem when there is none.

    `text` is what would be written without options. Fields whose options are not known take every text.
    """
    if not pair.ac.options or text in pair.ac.options:
        return text
    for option in pair.ac.options:
        try:
            if read(option) == value:
                return option
        except ValueProblem:
            continue
    raise pair.ac_problem(ProblemCode.VALUE_NOT_IN_LIST)


@dataclass(frozen=True, slots=True)
class TextConversion:
    """A text that both sides hold as it is; addresses are compared without case but written as typed."""

    pair: Pair

    @property
    def _email(self) -> bool:
        return kind_of(self.pair.sf) is FieldKind.EMAIL

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a text."""
        return salesforce_text(self.pair, raw)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read a text."""
        return activecampaign_text(self.pair, raw)

    def to_salesforce(self, value: Canonical) -> object:
        """Return the text when it fits the field."""
        if value is None:
            return None
        check_length(self.pair, value)
        if self._email and not valid_email(value):
            raise self.pair.sf_problem(ProblemCode.SF_BAD_EMAIL)
        return value

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the text."""
        return value or ""

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare texts; e-mail addresses without case (rule 2.1)."""
        if self._email and a is not None and b is not None:
            return a.casefold() == b.casefold()
        return a == b


def picklist_value(pair: Pair, text: str) -> str:
    """Return the picklist's value for what ActiveCampaign holds: the value itself, its label, or either in other case.

    A text that fits no single value is kept as it is.
    """
    values = pair.sf.picklist
    if any(item.value == text for item in values):
        return text
    folded = text.casefold()
    near = {i.value for i in values if i.active and folded in {i.value.casefold(), i.label.casefold()}}
    return near.pop() if len(near) == 1 else text


def check_picklist(pair: Pair, value: str) -> None:
    """Raise ValueProblem when a restricted picklist does not offer the value."""
    if pair.sf.restricted_picklist and not any(i.active and i.value == value for i in pair.sf.picklist):
        raise pair.sf_problem(ProblemCode.VALUE_NOT_IN_LIST)


@dataclass(frozen=True, slots=True)
class PicklistConversion:
    """One value of a picklist."""

    pair: Pair

    def from_salesforce(self, raw: object) -> Canonical:
        """Read the value."""
        return salesforce_text(self.pair, raw)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read the value, or the label of a value."""
        text = activecampaign_text(self.pair, raw)
        return None if text is None else picklist_value(self.pair, text)

    def to_salesforce(self, value: Canonical) -> object:
        """Return the value when the picklist takes it."""
        if value is None:
            return None
        check_picklist(self.pair, value)
        check_length(self.pair, value)
        return value

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the value."""
        return value or ""

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare values."""
        return a == b


@dataclass(frozen=True, slots=True)
class DropdownConversion:
    """Any single value whose ActiveCampaign side is a dropdown: only its options may be written."""

    pair: Pair
    inner: Conversion

    def from_salesforce(self, raw: object) -> Canonical:
        """Read as the inner conversion does."""
        return self.inner.from_salesforce(raw)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read as the inner conversion does; pipes around a single option are tolerated."""
        text = raw or ""
        if len(text) > 4 and text.startswith("||") and text.endswith("||") and text not in self.pair.ac.options:
            text = text[2:-2]
        return self.inner.from_activecampaign(text)

    def to_salesforce(self, value: Canonical) -> object:
        """Write as the inner conversion does."""
        return self.inner.to_salesforce(value)

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the option that means the value."""
        if value is None:
            return ""
        return offered(self.pair, value, self.inner.to_activecampaign(value), self.inner.from_activecampaign)

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare as the inner conversion does."""
        return self.inner.equal(a, b)


@dataclass(frozen=True, slots=True)
class FormulaConversion:
    """A read-only Salesforce value (rule 3.3): reading ActiveCampaign never fails, as it may be replaced anyway."""

    pair: Pair
    inner: Conversion

    def from_salesforce(self, raw: object) -> Canonical:
        """Read by the type of the formula's result."""
        return self.inner.from_salesforce(raw)

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read by the type of the result, or as plain text when it does not fit."""
        try:
            return self.inner.from_activecampaign(raw)
        except ValueProblem:
            return tidy(_UNSTORABLE.sub("", raw or "")) or None

    def to_salesforce(self, value: Canonical) -> object:
        """Return the value's JSON form; never sent, because the field cannot be written."""
        return self.inner.to_salesforce(value)

    def to_activecampaign(self, value: Canonical) -> str:
        """Write by the type of the result."""
        return self.inner.to_activecampaign(value)

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare by the type of the result."""
        return self.inner.equal(a, b)


def is_dropdown(pair: Pair) -> bool:
    """Tell whether only listed options may be written to the ActiveCampaign field."""
    return normalized_type(pair.ac) in {"dropdown", "radio"}
