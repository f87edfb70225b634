"""Reads the login address that a person types, and makes the address of a record's page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from acassist.domain.ids import SObject
from acassist.http import check_address

PRODUCTION = "https://login.salesforce.com"
SANDBOX = "https://test.salesforce.com"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


def login_address(text: str) -> str:
    """Return the login address for a full address, a host, a My Domain name, `login` or `test` (salesforce_api 1.1).

    A pasted Lightning or Setup address becomes the My Domain of the same org. Raises ProblemError HOST_REFUSED for
    plain http away from this computer and for anything that is no address.
    """
    bare = text.strip().rstrip("/")
    known = {"": PRODUCTION, "login": PRODUCTION, "production": PRODUCTION, "test": SANDBOX, "sandbox": SANDBOX}
    if bare.casefold() in known:
        return known[bare.casefold()]
    if _NAME.fullmatch(bare):
        bare = f"{bare}.my.salesforce.com" if "--" not in bare else f"{bare}.sandbox.my.salesforce.com"
    if "://" not in bare:
        bare = f"https://{bare}"
    check_address(bare)
    parts = urlsplit(bare)
    return f"{parts.scheme.casefold()}://{_my_domain(parts.netloc.casefold())}"


def _my_domain(netloc: str) -> str:
    """Turn the host of a page into the host that serves logins."""
    for page in (".lightning.force.com", ".my.salesforce-setup.com"):
        if netloc.endswith(page):
            return netloc.removesuffix(page) + ".my.salesforce.com"
    return netloc


def record_url(instance_url: str, record_id: str, sobject: SObject | None = None) -> str:
    """Return the address of a record's page (salesforce_api 6.5); without a My Domain the short form redirects."""
    parts = urlsplit(instance_url)
    if sobject is None or not parts.netloc.endswith(".my.salesforce.com"):
        return f"{instance_url.rstrip('/')}/{record_id}"
    host = parts.netloc.removesuffix(".my.salesforce.com") + ".lightning.force.com"
    return f"https://{host}/lightning/r/{sobject.value}/{record_id}/view"
