"""Plain words for what stops a backfill of existing records."""

from __future__ import annotations

from acassist.domain.problem_codes import ProblemCode, ProblemText
from acassist.domain.text import N_

BACKFILL_TEXTS: dict[ProblemCode, ProblemText] = {
    ProblemCode.CANARY_DIFFERS: ProblemText(
        "stop",
        N_("What arrived is not what was sent"),
        N_("{field} of {name} was sent as “{sent}” and is “{found}” in ActiveCampaign. Nobody else was sent."),
        N_("Look at this person in both services, mend the mapping of the field, then go on with the backfill."),
    ),
    ProblemCode.BACKFILL_UNFINISHED: ProblemText(
        "stop",
        N_("Another backfill is not finished"),
        N_("A backfill was started and is not finished. Only one can be kept at a time."),
        N_("Go on with it, or abandon it. What it has written stays."),
    ),
    ProblemCode.BACKFILL_NONE: ProblemText(
        "stop",
        N_("There is no backfill to go on with"),
        N_("No backfill was started, or it is finished."),
        N_("Start one."),
    ),
}
