"""Links of the form `acassist://record/<id>`, which open a record in this program and never act."""

from __future__ import annotations

import re

from acassist.domain.ids import PEOPLE, SObject, sobject_of, to18

SCHEME = "acassist"
_LONGEST = 200
_FORM = re.compile(r"acassist:/{0,2}record/([a-z0-9]{18}|[a-z0-9]{15})/?", re.IGNORECASE | re.ASCII)


def is_link(text: str) -> bool:
    """Tell whether a word of the command line is meant as a link to this program."""
    return text.lower().startswith(f"{SCHEME}:")


def linked_record(text: str) -> tuple[SObject, str] | None:
    """Return object and 18-character id of a lead or contact; None for everything else, however it is dressed up."""
    found = _FORM.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    record_id = to18(found.group(1))
    sobject = sobject_of(record_id)
    return (sobject, record_id) if sobject in PEOPLE else None
