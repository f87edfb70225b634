"""What can be changed about the running org: rights, rules, limits and outages."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from acassist.sandbox.settings import Settings


@dataclass
class Switches:
    """Mutable settings of the org; `PATCH /salesforce/settings` of the control app changes them."""

    api_enabled: bool = True
    user_api_enabled: bool = True
    """The session is good for the REST services; otherwise 401 with the text of the wrong kind of session."""
    maintenance: bool = False
    system_disabled: bool = False
    rotate: bool = False
    secret_required: bool = False
    session_seconds: float = 7200.0
    refresh_idle_days: float = 0.0
    """Refresh tokens idle for longer are refused; 0 = never."""
    max_refresh_tokens: int = 5
    authorize_error: str = ""
    """Refuse every authorisation with this OAuth error."""
    authorize_error_on_page: bool = True
    """The refusal stays on a page of the login host instead of coming back to the program."""
    daily_api_requests: int = 100_000
    daily_api_used: int = 0
    limits_allowed: bool = True
    """The user may see Setup; otherwise `/limits` answers 403 (section 2.1)."""
    concurrent_refusals: int = 0
    """So many next requests are refused with ConcurrentPerOrgLongTxn."""
    commit_delay: float = 0.0
    """Seconds after its stamp at which a row written by somebody else becomes visible."""
    query_page_size: int = 2000
    fls_hidden: list[str] = field(default_factory=list)
    """Fields (`Lead.Title`) that the user cannot see."""
    fls_read_only: list[str] = field(default_factory=list)
    objects_hidden: list[str] = field(default_factory=list)
    objects_read_only: list[str] = field(default_factory=list)
    validation_rules: list[dict[str, Any]] = field(default_factory=list)
    duplicate_rules: dict[str, str] = field(default_factory=dict)
    """sObject → "alert" or "block"."""
    duplicate_result_in_rows: bool = True
    """Collections errors carry `duplicateResult` (section 4.4, UNVERIFIED)."""
    trigger_failures: list[dict[str, Any]] = field(default_factory=list)
    """{sobject, field, pattern, message}: one matching row makes its whole chunk of 200 fail."""
    locked_rows: list[str] = field(default_factory=list)
    lock_times: int = -1
    """How often a locked row is refused; -1 = always."""
    assignment_rule_active: bool = True
    edit_converted_leads: bool = False
    collections_honour_auto_assign: bool = True
    """`Sforce-Auto-Assign` counts for Collections too (section 4.5, UNVERIFIED)."""
    failed_update_row_has_id: bool = True
    """Failed Collections rows carry the id (section 4.1, UNVERIFIED)."""
    refusal_status: int = 400
    """Status of INSUFFICIENT_ACCESS_OR_READONLY and CANNOT_UPDATE_CONVERTED_LEAD (UNVERIFIED: 400 or 403)."""
    conditional_in_composite: bool = True
    """`If-Unmodified-Since` counts in Composite `httpHeaders` (section 4.6, UNVERIFIED)."""
    locator_seconds: float = 172_800.0
    instance_url: str = ""
    """Where tokens say that the org lives, when it is not the address of the sandbox's instance host."""
    newest_version: int = 67
    deploy_polls: int = 2
    """How many status requests find a deployment still under way."""
    bulk_polls: int = 1
    app_installed: bool = True
    person_accounts: bool = False
    multi_currency: bool = False
    state_country_picklists: bool = False
    record_types: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Switches:
        """Return the switches that a sandbox starts with."""
        return cls(
            api_enabled=settings.api_enabled,
            rotate=settings.rotate_refresh_tokens,
            session_seconds=float(settings.access_token_seconds),
            commit_delay=float(settings.commit_delay_seconds),
            daily_api_requests=settings.daily_api_requests,
            query_page_size=settings.query_page_size,
        )

    def change(self, changes: dict[str, Any]) -> None:
        """Apply `changes`. Raises ValueError for an unknown name or a value of the wrong type, changing nothing."""
        known = {item.name for item in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting: {name}")
            present = getattr(self, name)
            kinds: tuple[type, ...] = (int, float) if isinstance(present, float) else (type(present),)
            if not isinstance(value, kinds) or (isinstance(value, bool) and not isinstance(present, bool)):
                raise ValueError(f"setting {name} takes a {type(present).__name__}")
        for name, value in changes.items():
            setattr(self, name, value)
