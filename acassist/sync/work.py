"""What one object needs in a run: changed or due links, and selected records without a link; kept outside of memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.record import SalesforceRecord
from acassist.storage.spool import Spool
from acassist.sync.context import SyncContext

PAGE = 2_000


@dataclass(slots=True)
class Work:
    """The work on one object; records and link numbers stand in the run's spool, pages of them come back."""

    sobject: SObject
    spool: Spool
    cursors: dict[str, str] = field(default_factory=dict)

    def want(self, link_ids: Iterable[int]) -> None:
        """Have links worked through; 0 stands for the link that a dry run only planned."""
        self.spool.add_links(self.sobject, (i for i in link_ids if i))

    def see_linked(self, ctx: SyncContext, records: Sequence[SalesforceRecord]) -> None:
        """Keep records that stay linked, and have their links worked through."""
        links = ctx.stores.ledger.links_by_sf(self.sobject, [r.id for r in records])
        active = {i: link for i, link in links.items() if link.state is LinkState.ACTIVE}
        self.spool.keep(r for r in records if r.id in active)
        self.want(active[r.id].id for r in records if r.id in active)

    def select(self, ctx: SyncContext, records: Sequence[SalesforceRecord]) -> None:
        """Keep selected records: those with a link are compared, the others are candidates."""
        links = ctx.stores.ledger.links_by_sf(self.sobject, [r.id for r in records])
        self.spool.keep(records, candidates={r.id for r in records if r.id not in links})
        found = (links[r.id] for r in records if r.id in links)
        self.want(link.id for link in found if link.state is LinkState.ACTIVE)

    def one_of_each_account(self, ctx: SyncContext) -> list[SalesforceRecord]:
        """Return one linked person of each account, with nothing but the account; a dry run takes anybody."""
        found: dict[str, SalesforceRecord] = {}
        for page in self.spool.pages(self.sobject, PAGE):
            linked = ctx.stores.ledger.link_ids(self.sobject, [r.id for r in page])
            for record in page:
                account = record.fields.get("AccountId")
                if account and (record.id in linked or ctx.dry is not None):
                    found.setdefault(str(account), replace(record, fields={"AccountId": account}))
        return list(found.values())

    def link_pages(self, ctx: SyncContext, size: int) -> Iterator[list[Link]]:
        """Yield the links to work through as the ledger has them now."""
        for ids in self.spool.links(self.sobject, size):
            yield ctx.stores.ledger.links(ids)

    def read(self, links: Iterable[Link]) -> dict[str, SalesforceRecord]:
        """Return the records of these links that were read in this run."""
        return self.spool.records(self.sobject, [link.sf_id for link in links])
