"""Pages of the sandbox's login host: log-in, consent, errors, maintenance, and a plain record page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1c2530;--paper:#f4f6f8;--card:#fff;--line:#ccd4dc;--accent:#0b5cab;--warn:#a4262c}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#141a21;--card:#1e2731;--line:#3a4653;
--accent:#6db3ff;--warn:#ff9a9a}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:8vh auto;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
h1{font-size:1.35rem;margin:0 0 .75rem}p{margin:.5rem 0}
.mark{display:inline-block;margin-bottom:1rem;padding:.1rem .6rem;border:1px solid var(--accent);border-radius:1rem;
color:var(--accent);font-size:.8rem}
label{display:block;margin:.9rem 0 .25rem;font-weight:600}
input[type=text],input[type=password]{box-sizing:border-box;width:100%;padding:.55rem;border:1px solid var(--line);
border-radius:4px;background:var(--paper);color:var(--ink);font:inherit}
button{margin:1.2rem .5rem 0 0;padding:.6rem 1.4rem;border:1px solid var(--accent);border-radius:4px;
background:var(--accent);color:var(--card);font:inherit;cursor:pointer}
button.plain{background:none;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.problem{color:var(--warn)}code{word-break:break-all}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:600;padding-right:1rem;vertical-align:top}
td{word-break:break-word}
"""
SCOPES = {
    "api": "Read and change your Salesforce data",
    "refresh_token": "Stay connected until you withdraw access",
    "offline_access": "Stay connected until you withdraw access",
    "id": "See who you are",
    "openid": "See who you are",
    "web": "Open Salesforce in the browser",
}


def page(title: str, body: str) -> str:
    """Return a whole page around `body`, which is already HTML."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style></head><body><main>"
        f'<span class="mark">Sandbox, not Salesforce</span><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def login(session: str, *, username: str = "", problem: str = "", hint: tuple[str, str] | None = None) -> str:
    """Return the log-in form: POST /login with session, username and password; `hint` says what it takes."""
    known = ""
    if hint is not None:
        known = f"<p>For practice: <code>{escape(hint[0])}</code> with the password <code>{escape(hint[1])}</code></p>"
        username = username or hint[0]
    shown = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return page(
        "Log in to your organisation",
        f'{shown}{known}<form method="post" action="/login">'
        f'<input type="hidden" name="session" value="{escape(session)}">'
        '<label for="username">Username</label>'
        f'<input id="username" type="text" name="username" value="{escape(username)}" autocomplete="username" '
        "autofocus>"
        '<label for="password">Password</label>'
        '<input id="password" type="password" name="password" autocomplete="current-password">'
        '<button type="submit" id="login">Log in</button></form>',
    )


def consent(session: str, *, username: str, scopes: Iterable[str]) -> str:
    """Return the consent form: POST /consent with session and decision=allow|deny."""
    wants = "".join(f"<li>{escape(text)}</li>" for text in dict.fromkeys(SCOPES.get(scope, scope) for scope in scopes))
    return page(
        "Allow access?",
        f"<p>ActiveCampaign Setup Assistant asks for access as <strong>{escape(username)}</strong>:</p><ul>{wants}</ul>"
        f'<form method="post" action="/consent"><input type="hidden" name="session" value="{escape(session)}">'
        '<button type="submit" id="allow" name="decision" value="allow">Allow</button>'
        '<button type="submit" id="deny" class="plain" name="decision" value="deny">Deny</button></form>',
    )


def oauth_error(code: str, description: str) -> str:
    """Return the page on which a refused authorise request ends without coming back to the program."""
    return page(
        "This app cannot be authorised",
        f'<p class="problem">{escape(description)}</p><p>Error: <code>{escape(code)}</code></p>'
        "<p>You can close this window. The program is still waiting and can show what this means.</p>",
    )


def expired() -> str:
    """Return the page for a log-in form that is no longer known."""
    return page("This log-in has expired", "<p>Start again from the program.</p>")


def maintenance() -> str:
    """Return the page that stands in for every answer during maintenance."""
    return page("Down for maintenance", "<p>This instance is down for maintenance. Please try again later.</p>")


def record(title: str, values: Mapping[str, object]) -> str:
    """Return one record as a table."""
    rows = "".join(f"<tr><th>{escape(k)}</th><td>{escape(str(v))}</td></tr>" for k, v in values.items())
    return page(title, f"<table>{rows}</table>")


def home(instance: str) -> str:
    """Return the start page of a host."""
    return page("Sandbox organisation", f"<p>This is <code>{escape(instance)}</code>.</p>")
