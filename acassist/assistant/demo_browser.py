"""A browser for demos without a display: walks through the sandbox's login and consent pages over HTTP."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

_PAGES = 6
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _Form(HTMLParser):
    """Collects the first form's action and its named fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms and inputs."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = values.get("action", "")
        if tag == "input" and values.get("name"):
            self.fields[values["name"]] = values.get("value", "")


def scripted_browser(username: str, password: str) -> Callable[[str], bool]:
    """Return what opens an address like a person would: logs in, allows access, follows to the end."""

    def walk(url: str) -> None:
        # A proxy named in the environment knows nothing of this computer's own addresses.
        direct = urllib.request.ProxyHandler({})
        opener = urllib.request.build_opener(direct, urllib.request.HTTPCookieProcessor(CookieJar()))
        answers = {"username": username, "password": password, "decision": "allow"}
        body: bytes | None = None
        for _ in range(_PAGES):
            with opener.open(urllib.request.Request(url, data=body), timeout=30) as page:  # noqa: S310 - loopback only
                form = _Form()
                form.feed(page.read().decode("utf-8", errors="replace"))
                url = page.url
            if form.action is None:
                return
            url = urljoin(url, form.action)
            # The consent page's answer is a button, which is no input field.
            body = urlencode({**form.fields, **answers}).encode()

    def open_(url: str) -> bool:
        if urlsplit(url).hostname not in _LOOPBACK:
            return False
        threading.Thread(target=walk, args=(url,), name="demo-browser", daemon=True).start()
        return True

    return open_
