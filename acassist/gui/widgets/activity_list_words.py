"""What an activity is called, which icon it has, and what its detail says."""

from __future__ import annotations

from dataclasses import dataclass

from acassist.domain.activity import ACTIVITY_LABELS, Activity, ActivityKind
from acassist.domain.foreign_text import one_line, shortened, wrappable
from acassist.domain.text import N_, Message
from acassist.gui.strings import ago, message, tr, tr_n, when

KIND_ICONS = {
    ActivityKind.OPENED: "mail-open",
    ActivityKind.REPLIED: "reply",
    ActivityKind.SENT: "send",
    ActivityKind.CLICKED: "pointer",
    ActivityKind.ENTERED: "enter",
    ActivityKind.COMPLETED: "flag",
    ActivityKind.TRACKING: "visit",
    ActivityKind.MACHINE_OPENED: "machine",
}
_LINK_WORDS = {
    ActivityKind.OPENED: N_("Open the web copy"),
    ActivityKind.SENT: N_("Open the web copy"),
    ActivityKind.CLICKED: N_("Open the link"),
    ActivityKind.ENTERED: N_("Open the automation"),
    ActivityKind.COMPLETED: N_("Open the automation"),
    ActivityKind.TRACKING: N_("Open the page"),
}
_TITLE_WORDS = {
    ActivityKind.OPENED: N_("Campaign"),
    ActivityKind.REPLIED: N_("Subject"),
    ActivityKind.SENT: N_("Campaign"),
    ActivityKind.CLICKED: N_("Campaign"),
    ActivityKind.ENTERED: N_("Automation"),
    ActivityKind.COMPLETED: N_("Automation"),
    ActivityKind.TRACKING: N_("Visit or event"),
    ActivityKind.MACHINE_OPENED: N_("Campaign"),
}
_DETAIL_WORDS = {ActivityKind.REPLIED: N_("Reply"), ActivityKind.TRACKING: N_("Details")}


def label(kind: ActivityKind) -> str:
    """Return the kind's name in the user's language."""
    return message(Message(ACTIVITY_LABELS[kind]))


def link_words(kind: ActivityKind) -> str:
    """Return what the link of this kind of activity leads to."""
    return message(Message(_LINK_WORDS.get(kind, N_("Open the link"))))


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line of a detail."""

    label: str
    text: str


def title_of(activity: Activity) -> str:
    """Return the name of an activity as it may be shown: on one line, nothing invisible."""
    return one_line(activity.title)


def moment(activity: Activity) -> str:
    """Return the time both ways: how long ago, and exactly."""
    return both_times(ago(activity.at), when(activity.at))


def both_times(relative: str, exact: str) -> str:
    """Join a relative and an exact time; an old one is only told exactly."""
    return exact if relative == exact else tr("{relative} ({exact})", relative=relative, exact=exact)


def _whole(text: str) -> str:
    shown, left_out = shortened(text)
    shown = wrappable(shown)
    if not left_out:
        return shown
    rest = tr_n("… {n} more character. The export holds all of it.",
                "… {n} more characters. The export holds all of it.", left_out)  # fmt: skip
    return tr("{text}\n{rest}", text=shown, rest=rest)


def facts(activity: Activity) -> list[Fact]:
    """Return the detail behind the caret, line by line (article: CXA Activities)."""
    lines = [Fact(message(Message(_TITLE_WORDS[activity.kind])), wrappable(title_of(activity)) or tr("without a name"))]
    if activity.kind is ActivityKind.REPLIED and activity.campaign and activity.campaign != activity.title:
        lines.append(Fact(tr("Campaign"), wrappable(one_line(activity.campaign))))
    if activity.detail and activity.detail not in (activity.link, activity.title):
        words = _DETAIL_WORDS.get(activity.kind, N_("Details"))
        lines.append(Fact(message(Message(words)), _whole(activity.detail)))
    lines.append(Fact(tr("Time"), moment(activity)))
    return lines


def note(kind: ActivityKind) -> str:
    """Return what must be known to read this kind rightly, else an empty text."""
    if kind is not ActivityKind.MACHINE_OPENED:
        return ""
    return tr("A mail program or a security scanner loaded this e-mail. It does not mean that a person read it.")
