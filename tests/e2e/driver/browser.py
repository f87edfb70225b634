#!/usr/bin/python3
"""Stands for the system's browser: gets the address, logs in and allows, as a person would; keeps what it saw.

`ACASSIST_TEST_BROWSER` names a JSON file: {"username", "password", "seen": file that gets a line per address}.
"""

from __future__ import annotations

import html
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

INPUT = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
FORM = re.compile(r'<form[^>]*action="([^"]*)"')


class Following(urllib.request.HTTPRedirectHandler):
    """Follows redirects and keeps where they led."""

    def __init__(self, hops: list[str]) -> None:
        self.hops = hops

    def redirect_request(self, *args):
        self.hops.append(args[-1])
        return super().redirect_request(*args)


HOPS: list[str] = []
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), Following(HOPS))


def load(url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Return the address at which one ends, and the page."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        with OPENER.open(urllib.request.Request(url, data), timeout=30) as answer:
            return answer.url, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.url or url, error.read().decode(errors="replace")


def submit(at: str, page: str, values: dict[str, str]) -> tuple[str, str]:
    """Send a page's form."""
    action = FORM.search(page)
    target = urllib.parse.urljoin(at, html.unescape(action[1])) if action and action[1] else at
    hidden = {name: html.unescape(value) for name, value in INPUT.findall(page)}
    return load(target, {**hidden, **values})


def main(url: str) -> None:
    task = json.loads(Path(os.environ["ACASSIST_TEST_BROWSER"]).read_text())
    at, page = load(url)
    at, page = submit(at, page, {"username": task["username"], "password": task["password"]})
    at, page = submit(at, page, {"decision": "allow"})
    row = {"address": url, "ended": at, "hops": HOPS, "page": page}
    with Path(task["seen"]).open("a") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
