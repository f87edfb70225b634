"""Finds the person that a command is about: by e-mail address, id or address of a page."""

from __future__ import annotations

from acassist.assistant.assistant import Assistant
from acassist.assistant.person_search import pasted
from acassist.assistant.views import RecordRef, SearchHit
from acassist.cli.exits import Exit, Refusal
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.record import normalize_email
from acassist.domain.text import N_, Message

_GONE = {ProblemCode.SF_GONE, ProblemCode.AC_GONE}


async def find_by_email(assistant: Assistant, email: str) -> SearchHit:
    """Find the person with exactly this address; one that is known on both sides comes first."""
    wanted = normalize_email(email)
    hits = [hit for hit in await assistant.search(email) if normalize_email(hit.email) == wanted]
    if not hits:
        raise _nobody(N_("Nobody with the address {email} was found."), email)
    return max(hits, key=lambda hit: (hit.linked, hit.ref.ac_id is not None))


async def find(assistant: Assistant, text: str) -> RecordRef:
    """Find a person by address, by a Salesforce id, by the number of an ActiveCampaign contact, or by a page's link."""
    text = text.strip()
    if text.isdecimal():
        return RecordRef(ac_id=text)
    return pasted(text) or (await find_by_email(assistant, text)).ref


def not_there(error: ProblemError, text: str) -> Exception:
    """Return why somebody named by an id is not found; any other problem stays what it is."""
    return _nobody(N_("Nobody with the ID {email} was found."), text) if error.problem.code in _GONE else error


def _nobody(sentence: str, text: str) -> Refusal:
    next_step = Message(N_("Check the address, or search for the name in the window."))
    return Refusal("not_found", Message(sentence, {"email": text}), next_step, Exit.RECORDS)
