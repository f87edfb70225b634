"""The failure of one value conversion and what every conversion must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from acassist.domain.fields import ActiveCampaignField, SalesforceField
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.problem_codes import ProblemCode

Canonical = str | None


class ValueProblem(ProblemError):
    """A value that does not fit; names the field and the limit, never the value itself (rule 3.2)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two fields of one mapping; `locale` is the number and date format of the ActiveCampaign side."""

    sf: SalesforceField
    ac: ActiveCampaignField
    locale: str = "en_US"

    def sf_problem(self, code: ProblemCode, limit: int | None = None) -> ValueProblem:
        """Name a value that does not fit the Salesforce field."""
        return _problem(code, self.sf.label, limit)

    def ac_problem(self, code: ProblemCode, limit: int | None = None) -> ValueProblem:
        """Name a value that does not fit the ActiveCampaign field."""
        return _problem(code, self.ac.title, limit)


def _problem(code: ProblemCode, label: str, limit: int | None) -> ValueProblem:
    values: dict[str, object] = {"field": label}
    if limit is not None:
        values["limit"] = limit
    return ValueProblem(Problem(code, subject=label, values=values))


class Conversion(Protocol):
    """One way to convert between the two services; every method raises ValueProblem when a value does not fit."""

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a JSON value of Salesforce."""

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read a value of ActiveCampaign."""

    def to_salesforce(self, value: Canonical) -> object:
        """Return the JSON value to write; None clears."""

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the text to write; an empty text clears."""

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Tell whether two canonical values mean the same."""
