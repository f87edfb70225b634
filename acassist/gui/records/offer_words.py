"""What the dialog of CX Automation says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from acassist.assistant.views import Passages
from acassist.gui.strings import ago, tr, tr_n


class OfferKind(StrEnum):
    """What the dialog does."""

    CAMPAIGN = "campaign"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class Texts:
    """Every sentence that differs between the two actions."""

    title: str
    choose: str
    warning: str
    press: str
    busy: str
    nothing: str
    hint: str


def texts(kind: OfferKind, person: str) -> Texts:
    """Return the sentences for one person."""
    if kind is OfferKind.CAMPAIGN:
        return Texts(
            tr("Send a campaign"),
            tr("Which campaign should {name} get?", name=person),
            tr("The e-mail goes out at once. It cannot be called back."),
            tr("Send"),
            tr("Sending…"),
            tr("No campaign is offered"),
            tr("Give a campaign the label Salesforce in ActiveCampaign, or tick it in step 4 of Setup."),
        )
    return Texts(
        tr("Add to an automation"),
        tr("Which automation should {name} enter?", name=person),
        tr("The automation starts at once and may send e-mail."),
        tr("Add"),
        tr("Adding…"),
        tr("No automation is offered"),
        tr("Give an automation the label Salesforce in ActiveCampaign, or tick it in step 4 of Setup."),
    )


def question(kind: OfferKind, offer: str, person: str) -> str:
    """Ask for the confirmation, naming both."""
    if kind is OfferKind.CAMPAIGN:
        return tr("Send the campaign “{offer}” to {name}?", offer=offer, name=person)
    return tr("Add {name} to the automation “{offer}”?", offer=offer, name=person)


def passage_words(found: Passages) -> tuple[str, bool]:
    """Say whether the person is in the automation or was, and whether that keeps the person out."""
    if found.inside:
        return tr("The person is in this automation already, since {time}.", time=ago(found.last)), True
    if not found.times:
        return tr("The person has not been in this automation yet."), False
    been = tr_n(
        "The person went through it {n} time, last {time}.",
        "The person went through it {n} times, last {time}.",
        found.times,
        time=ago(found.last),
    )
    if found.again:
        return tr("{been} It lets people enter again.", been=been), False
    return tr("{been} It lets people enter only once.", been=been), True
