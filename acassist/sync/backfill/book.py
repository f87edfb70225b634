"""The backfill of a profile as it is kept: what was asked for, how far it got, what it did (rule 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from acassist.domain.backfill import BackfillCounts, BackfillPhase, BackfillRequest, BackfillState
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.selection import Criteria, Criterion, Join, Operator, Selection, SelectionKind
from acassist.storage.settings import SettingsStore

KEY = "backfill"
# While the program runs these are passing; found in the file they mean that it was ended in the middle.
_UNDER_WAY = frozenset({BackfillPhase.COUNTING, BackfillPhase.CANARY, BackfillPhase.RUNNING})


@dataclass(slots=True)
class Book:
    """One backfill; `save` belongs into the transaction that stores the work it tells of.

    `cursor` is the id of the last record before which nothing is left to do, `reached` how many records that are.
    """

    request: BackfillRequest
    started: datetime
    org: str = ""
    """The org whose records are meant; ids of another one say nothing."""
    phase: BackfillPhase = BackfillPhase.COUNTING
    total: int = 0
    cursor: str = ""
    reached: int = 0
    tried: bool = False
    """The five people were written, read back and found right."""
    counts: BackfillCounts = field(default_factory=BackfillCounts)
    run_id: int | None = None
    problem: Problem | None = None
    done: int = 0
    """Records worked through in this program's life, shown while the cursor lags behind; not stored."""

    def save(self, settings: SettingsStore) -> None:
        """Store everything."""
        settings.put(KEY, self._packed())

    @classmethod
    def load(cls, settings: SettingsStore) -> Self | None:
        """Read the stored backfill, None when there is none."""
        data = settings.get(KEY)
        return None if data is None else cls._unpacked(data)

    @staticmethod
    def forget(settings: SettingsStore) -> None:
        """Forget the backfill; what it wrote stays."""
        settings.remove(KEY)

    def state(self, *, active: bool) -> BackfillState:
        """Return it for the screens; `active` tells whether this program carries it out now."""
        phase = BackfillPhase.PAUSED if self.phase in _UNDER_WAY and not active else self.phase
        return BackfillState(
            phase=phase,
            request=self.request,
            done=max(self.reached, self.done),
            total=self.total,
            counts=self.counts,
            started=self.started,
            run_id=self.run_id,
            problem=self.problem,
            active=active,
        )

    def _packed(self) -> dict[str, Any]:
        problem = None
        if self.problem is not None:
            problem = {"code": self.problem.code, "subject": self.problem.subject, "values": dict(self.problem.values)}
        return {
            "request": _pack_request(self.request),
            "started": self.started.isoformat(),
            "org": self.org,
            "phase": self.phase,
            "total": self.total,
            "cursor": self.cursor,
            "reached": self.reached,
            "tried": self.tried,
            "counts": asdict(self.counts),
            "run_id": self.run_id,
            "problem": problem,
        }

    @classmethod
    def _unpacked(cls, data: Mapping[str, Any]) -> Self:
        trouble = data["problem"]
        problem = None
        if trouble is not None:
            problem = Problem(ProblemCode(trouble["code"]), trouble["subject"], trouble["values"])
        return cls(
            request=_unpack_request(data["request"]),
            started=datetime.fromisoformat(data["started"]),
            org=data["org"],
            phase=BackfillPhase(data["phase"]),
            total=data["total"],
            cursor=data["cursor"],
            reached=data["reached"],
            tried=data["tried"],
            counts=BackfillCounts(**data["counts"]),
            run_id=data["run_id"],
            problem=problem,
        )


def _pack_request(request: BackfillRequest) -> dict[str, Any]:
    criteria = request.selection.criteria
    return {
        "sobject": request.sobject,
        "rows": [[row.field, row.operator, row.value] for row in criteria.rows],
        "join": criteria.join,
        "run_automations": request.run_automations,
        "lists": list(request.subscribe_lists),
    }


def _unpack_request(data: Mapping[str, Any]) -> BackfillRequest:
    rows = tuple(Criterion(name, Operator(operator), value) for name, operator, value in data["rows"])
    return BackfillRequest(
        SObject(data["sobject"]),
        Selection(SelectionKind.CRITERIA, Criteria(rows, Join(data["join"]))),
        run_automations=data["run_automations"],
        subscribe_lists=tuple(data["lists"]),
    )
