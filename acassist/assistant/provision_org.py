"""One org while it is being prepared: its client, the journal, and deployments that a later Apply can go on with."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from acassist.assistant.provision_views import Progress
from acassist.assistant.session import Session
from acassist.assistant.steps import Steps
from acassist.domain.ids import to18
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import OrgFacts, Step
from acassist.domain.record import RowError
from acassist.domain.text import N_, Message
from acassist.salesforce.provisioning import assignments, deploy
from acassist.salesforce.provisioning.package import Contents, Package, Templates, build, build_removal
from acassist.salesforce.rest import SalesforceClient
from acassist.storage.provisioning_journal import Entry, EntryKind, EntryState, ProvisioningJournal
from acassist.system.paths import resource

_SLOW = (EntryKind.DEPLOY, EntryKind.REMOVE)
_Answers = dict[str, RowError | None]


@dataclass(frozen=True, slots=True)
class PreparedOrg:
    """What every part of preparing and leaving works on."""

    id: str
    client: SalesforceClient
    journal: ProvisioningJournal
    templates: Templates
    clock: Clock

    async def facts(self) -> OrgFacts:
        """Read who and where we are."""
        return await self.client.org_facts()

    async def deploy(self, contents: Contents, progress: Progress) -> tuple[Problem, ...]:
        """Add what is missing in one deployment that is all or nothing; return why nothing was added."""
        package = build(self.templates, contents, await self.client.version())
        return await self._carry_out(EntryKind.DEPLOY, package, progress)

    async def remove(self, members: Mapping[str, Sequence[str]], progress: Progress) -> tuple[Problem, ...]:
        """Remove components in one deployment that is all or nothing; return why nothing was removed."""
        package = build_removal(self.templates, members, await self.client.version())
        return await self._carry_out(EntryKind.REMOVE, package, progress)

    async def _carry_out(self, kind: EntryKind, package: Package, progress: Progress) -> tuple[Problem, ...]:
        members = {name: list(items) for name, items in package.members.items()}
        entry = self.journal.open(Entry(self.id, kind, "set-up", payload=members))
        try:
            deploy_id = await deploy.submit(self.client, package)
        except ProblemError as error:
            if not error.problem.ambiguous:
                self.journal.close(entry, EntryState.FAILED, error.problem.code.value)
            raise
        return await self._follow(self.journal.name(entry, deploy_id), progress)

    async def _follow(self, entry: Entry, progress: Progress) -> tuple[Problem, ...]:
        """Wait for a deployment; whatever interrupts the waiting leaves the entry open for the next Apply."""
        removing = Message(N_("Salesforce is removing the additions"))
        phase = removing if entry.kind is EntryKind.REMOVE else Message(N_("Salesforce is making the additions"))

        def watch(done: int, total: int) -> None:
            progress(phase, done, total or None)

        outcome = await deploy.wait(self.client, entry.remote_id, clock=self.clock, watch=watch)
        state = EntryState.DONE if outcome.success else EntryState.FAILED
        self.journal.close(entry, state, outcome.message or outcome.status)
        return outcome.problems()

    async def resume(self, progress: Progress) -> bool:
        """Settle what an earlier Apply left open; True when one of its deployments turned out to be made."""
        made = False
        for entry in self.journal.pending(self.id):
            if entry.kind not in _SLOW or not entry.remote_id:
                # Not to be asked for by name: the look at the org that follows takes its place.
                self.journal.close(entry, EntryState.OVERTAKEN)
                continue
            try:
                made = not await self._follow(entry, progress) or made
            except ProblemError as error:
                if error.problem.code is not ProblemCode.SF_GONE:
                    raise
                self.journal.close(entry, EntryState.OVERTAKEN, "no longer known")
        return made

    async def assign(self, set_id: str, user_ids: Sequence[str]) -> dict[str, Problem | None]:
        """Assign a permission set, journaled before; None for each user who has it now."""
        entry = self.journal.open(Entry(self.id, EntryKind.ASSIGN, set_id, payload=list(user_ids)))
        answers = await self._assigning(entry, assignments.assign(self.client, set_id, user_ids))
        return await self._named(answers)

    async def unassign(self, found: Sequence[assignments.Assignment]) -> dict[str, Problem | None]:
        """Take assignments away, journaled before; None for each user whose assignment is gone."""
        payload = [[item.set_id, item.user_id] for item in found]
        entry = self.journal.open(Entry(self.id, EntryKind.UNASSIGN, "", payload=payload))
        answers = await self._assigning(entry, assignments.remove(self.client, found))
        return await self._named({item.user_id: answers[item.id] for item in found})

    async def _assigning(self, entry: Entry, call: Awaitable[_Answers]) -> _Answers:
        try:
            answers = await call
        except ProblemError as error:
            if not error.problem.ambiguous:
                self.journal.close(entry, EntryState.FAILED, error.problem.code.value)
            raise ProblemError(deploy.refused(error.problem, "Assign Permission Sets")) from None
        good = all(error is None for error in answers.values())
        self.journal.close(entry, EntryState.DONE if good else EntryState.FAILED)
        return answers

    async def _named(self, answers: _Answers) -> dict[str, Problem | None]:
        refused = [key for key, error in answers.items() if error is not None]
        names = await assignments.names(self.client, refused) if refused else {}
        return {k: None if e is None else assignments.refusal(e, names[k]) for k, e in answers.items()}


async def open_org(session: Session, steps: Steps) -> PreparedOrg:
    """Return the connected org; raises OTHER_ORG when it is not the one that this profile knows, and VIEWER_ONLY."""
    session.require_manager()
    client = await steps.salesforce_now()
    await client.source.access_token()
    draft = session.draft(Step.CONNECTIONS) or session.setup
    known = draft.salesforce or session.setup.salesforce
    if known is not None and known.org_id and to18(known.org_id) != to18(client.source.org_id):
        raise ProblemError(Problem(ProblemCode.OTHER_ORG))
    return PreparedOrg(
        to18(client.source.org_id),
        client,
        ProvisioningJournal(session.stores.db),
        Templates(resource("salesforce")),
        session.machine.clock,
    )


async def forget_descriptions(session: Session, org: PreparedOrg) -> None:
    """Let the next sync see new fields and rights at once."""
    org.client.forget_descriptions()
    if session.setup.salesforce is not None:
        (await session.salesforce()).forget_descriptions()
