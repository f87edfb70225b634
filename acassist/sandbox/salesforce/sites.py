"""Which page or OAuth endpoint answers which path outside the REST services."""

from __future__ import annotations

import re
from collections.abc import Callable

from acassist.sandbox import pages
from acassist.sandbox.salesforce import authorize, identity, token_endpoint
from acassist.sandbox.salesforce.call import Reply
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.web import Visit, html

ROUTES: dict[tuple[str, str], Callable[[Visit], Reply]] = {
    ("GET", "/services/oauth2/authorize"): authorize.start,
    ("POST", "/login"): authorize.log_in,
    ("POST", "/consent"): authorize.decide,
    ("GET", authorize.ERROR_PAGE): authorize.error_page,
    ("GET", authorize.INSTALL_ERROR_PAGE): authorize.error_page,
    ("POST", "/services/oauth2/token"): token_endpoint.token,
    ("POST", "/services/oauth2/revoke"): token_endpoint.revoke,
    ("GET", "/services/oauth2/revoke"): token_endpoint.revoke,
    ("POST", "/services/oauth2/introspect"): token_endpoint.introspect,
    ("GET", "/services/oauth2/userinfo"): identity.userinfo,
    ("POST", "/services/oauth2/userinfo"): identity.userinfo,
    ("GET", "/.well-known/openid-configuration"): identity.configuration,
}
IDENTITY = re.compile(r"/id/(\w+)/(\w+)")
RECORD = re.compile(r"(?:/lightning/r/\w+)?/(\w{15}|\w{18})(?:/view)?")


def answer(visit: Visit, *, data: bool) -> Reply:
    """Answer a visit; `data` says that this is the instance host, which has record pages."""
    known = ROUTES.get((visit.method, visit.path))
    if known is not None:
        return known(visit)
    match = IDENTITY.fullmatch(visit.path)
    if match and visit.method == "GET":
        return identity.identity(visit, match[1], match[2])
    record = RECORD.fullmatch(visit.path) if data else None
    if record and visit.method == "GET":
        return _record(visit, record[1])
    if not visit.path:
        return html(pages.home(visit.addresses.salesforce_instance if data else visit.addresses.salesforce_login))
    return html(pages.page("Page not found", "<p>There is no such page.</p>"), 404)


def _record(visit: Visit, text: str) -> Reply:
    found = visit.org.locate(canonical(text) or "")
    if found is None or not found[0].business:
        return html(pages.page("Record not found", "<p>There is no such record.</p>"), 404)
    item, row = found
    visible = visit.org.security.visible(visit.org.api_actor, item).values()
    shown = {f.label: row[f.name] for f in visible if row.get(f.name) is not None and f.mask_char is None}
    return html(pages.record(f"{item.label}: {row.get('Name', '')}", shown))
