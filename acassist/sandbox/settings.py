"""Everything that can be set about a sandbox; each undocumented point of the real services has a switch here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one sandbox; every value is JSON-able. Times are in seconds unless the name says otherwise."""

    seed: int = 7
    leads: int = 60
    contacts: int = 40

    # Salesforce
    custom_fields: bool = True
    """The org has the three ActiveCampaign fields (status, id, last sync) on Lead and Contact."""
    rotate_refresh_tokens: bool = False
    access_token_seconds: int = 7200
    commit_delay_seconds: float = 0.0
    daily_api_requests: int = 100_000
    api_enabled: bool = True
    query_page_size: int = 2000
    show_login: bool = False
    """The log-in page says which user name and password it takes, for people who try the program."""

    # ActiveCampaign
    account_name: str = "acct"
    accounts_plan: bool = True
    """Accounts are in the plan; otherwise they answer 403."""
    accounts_403_message: str = "Please upgrade your plan to enable Accounts."
    rate_limit: bool = False
    rate_per_second: int = 5
    rate_status: int = 429
    retry_after: int = 1
    spurious_403_every: int = 0
    """Every n-th authenticated request answers 403 without cause; 0 = never."""
    labels: bool = False
    """Automations and campaigns carry a `labels` list."""
    labels_as_objects: bool = False
    """Labels are objects with id and label, else texts."""
    list_includes_field_values: bool = True
    """`include=fieldValues` works on the contact list."""
    field_value_moves_contact: bool = True
    """Writing a field value alone moves the contact's `udate`."""
    naive_filter_is_central: bool = True
    """A filter time without offset is read as US Central, else as UTC."""
    sync_create_status: int = 201
    lower_case_emails: bool = True
    blank_overwrites: bool = True
    """An empty string for a standard key clears it; otherwise it is ignored."""
    unknown_field_is_error: bool = False
    """A value for a field that does not exist is refused; otherwise it is passed over in silence."""
    duplicate_tag_status: int = 422
    exclude_automations_at: str = "both"
    """Where bulk import reads `exclude_automations`: "top", "contact" or "both"."""
    bulk_seconds: float = 0.3
    bulk_false_seconds: float = 0.1
    """For so long after submission `import/info` answers a bare `false`."""
    bulk_per_minute_many: int = 100
    bulk_per_minute_single: int = 20
    account_data_key: str = "both"
    """Which key bulkCreate accepts: "customerAccountId", "accountId" or "both"."""
    isread_present: bool = True
    """`linkData` rows carry `isread`."""
    series_model_name: str = "subscriber-series"
    """`referenceModelName` of automation activities."""
    page_visits_in_log: bool = True
    """Page visits show as tracking logs of type `__pagevisit`."""
    send_needs_contact: bool = True
    send_message_zero: bool = True
    """v1 `campaign_send` takes `messageid=0` for the first message."""
    automation_rewrites: bool = False
    """Automations with a rewrite action change another field of the person after a write."""
    bulk_runs_automations: bool = True
    activities_need_view: bool = False
    """The activity stream of a person is brought up to date only by `GET /contacts/{id}`."""
    denied_resources: tuple[str, ...] = ()
    """First path segments that answer 403 although the key is right."""
    wrong_key_body: str = "json"
    """The body with which a wrong key is refused: "json", "html" or "empty"."""
    list_lag_seconds: float = 0.0
    """New people show in lists only so long after they were made."""
    reply_has_text: bool = True
    """Replies in the stream carry subject and message."""
    campaign_pictures: bool = True
    """A campaign tells the address of its picture in `screenshot`; otherwise the text is empty."""
    email_activities_hold_sends: bool = False
    """`emailActivities` lists campaign sends besides one-to-one mails."""

    def changed(self, changes: dict[str, Any]) -> Settings:
        """Return a copy with `changes`. Raises ValueError for an unknown name or a value of the wrong type."""
        known = {item.name for item in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting: {name}")
            present = getattr(self, name)
            value = tuple(value) if isinstance(present, tuple) and isinstance(value, list) else value
            changes = {**changes, name: value}
            fits = isinstance(value, (int, float)) if isinstance(present, float) else isinstance(value, type(present))
            if not fits or (isinstance(value, bool) and not isinstance(present, bool)):
                raise ValueError(f"setting {name} takes a {type(present).__name__}")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """Return all settings as JSON-able values."""
        return asdict(self)
