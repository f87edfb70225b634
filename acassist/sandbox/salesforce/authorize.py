"""The browser's half of OAuth: the authorise request, the log-in page, the consent page and the way back."""

from __future__ import annotations

from acassist.sandbox import pages
from acassist.sandbox.salesforce.auth import Authorization
from acassist.sandbox.salesforce.call import Reply
from acassist.sandbox.salesforce.table import Row
from acassist.sandbox.salesforce.web import Visit, html, redirect

ERROR_PAGE = "/setup/secur/RemoteAccessErrorPage.apexp"
INSTALL_ERROR_PAGE = "/identity/app/AppInstallErrorPage.apexp"
SCOPES = frozenset({"api", "refresh_token", "offline_access", "id", "openid", "profile", "email", "web", "full"})


def start(visit: Visit) -> Reply:
    """Answer `GET /services/oauth2/authorize`. Some refusals stay on a page of this host (section 1.2)."""
    asked = visit.query
    auth = visit.org.auth
    if asked.get("client_id") != auth.client_id:
        return _stays("invalid_client_id", "client identifier invalid")
    if asked.get("redirect_uri") not in auth.callbacks:
        return _stays("redirect_uri_mismatch", "redirect_uri must match configuration")
    refused = visit.org.switches.authorize_error
    if refused and visit.org.switches.authorize_error_on_page:
        return redirect(INSTALL_ERROR_PAGE, {"error_code": refused})
    problem = (refused, "this app is blocked by admin") if refused else _problem(asked)
    if problem:
        return _back(asked["redirect_uri"], problem[0], problem[1], asked.get("state"))
    request = Authorization(
        session=auth.random(40),
        client_id=asked["client_id"],
        redirect_uri=asked["redirect_uri"],
        state=asked.get("state"),
        scope=asked.get("scope", "api refresh_token"),
        challenge=asked.get("code_challenge"),
    )
    auth.pending[request.session] = request
    return html(pages.login(request.session, username=asked.get("login_hint", ""), hint=_hint(visit)))


def _hint(visit: Visit) -> tuple[str, str] | None:
    """Return user name and password where the page may tell them."""
    auth = visit.org.auth
    return (auth.username, auth.password) if visit.org.settings.show_login else None


def log_in(visit: Visit) -> Reply:
    """Answer the log-in form."""
    request = visit.org.auth.pending.get(visit.form.get("session", ""))
    if request is None:
        return html(pages.expired(), 400)
    username = visit.form.get("username", "").strip()
    auth = visit.org.auth
    user = _user(visit, username)
    if user is None or visit.form.get("password") != auth.password:
        problem = "Please check your username and password."
        return html(pages.login(request.session, username=username, problem=problem, hint=_hint(visit)))
    request.user_id = user["Id"]
    return html(pages.consent(request.session, username=user["Username"], scopes=request.scope.split()))


def _user(visit: Visit, username: str) -> Row | None:
    """Find an active user; all have the same password here."""
    users = visit.org.rows_of("User").rows.values()
    return next((u for u in users if u["IsActive"] and str(u["Username"]).lower() == username.lower()), None)


def decide(visit: Visit) -> Reply:
    """Answer the consent form: back to the program with a code, or with `access_denied`."""
    request = visit.org.auth.pending.get(visit.form.get("session", ""))
    if request is None or request.user_id is None:
        return html(pages.expired(), 400)
    decision = visit.form.get("decision")
    if decision not in ("allow", "deny"):
        scopes = request.scope.split()
        return html(pages.consent(request.session, username=visit.org.auth.username, scopes=scopes), 400)
    del visit.org.auth.pending[request.session]
    if decision == "deny":
        return _back(request.redirect_uri, "access_denied", "end-user denied authorization", request.state)
    code = visit.org.auth.new_code(request, visit.now)
    state = {"state": request.state} if request.state is not None else {}
    return redirect(request.redirect_uri, {"code": code, **state})


def error_page(visit: Visit) -> Reply:
    """Answer the page to which a refused authorise request leads."""
    code = visit.query.get("error_code") or visit.query.get("error") or "unknown_error"
    return html(pages.oauth_error(code, visit.query.get("error_description", "The app was refused.")), 400)


def _stays(code: str, description: str) -> Reply:
    return redirect(ERROR_PAGE, {"error": code, "error_description": description})


def _back(url: str, error: str, description: str, state: str | None) -> Reply:
    more = {"state": state} if state is not None else {}
    return redirect(url, {"error": error, "error_description": description, **more})


def _problem(asked: dict[str, str]) -> tuple[str, str] | None:
    if asked.get("response_type") != "code":
        return "unsupported_response_type", "response type not supported"
    if asked.get("code_challenge_method", "S256") != "S256":
        return "invalid_request", "code challenge method must be S256"
    if not asked.get("code_challenge"):
        return "invalid_request", "missing required code challenge"
    if set(asked.get("scope", "").split()) - SCOPES:
        return "invalid_scope", "the requested scope is not allowed"
    return None
