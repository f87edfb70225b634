"""Opens an address in the system browser without waiting for it; the BROWSER variable is respected."""

from __future__ import annotations

import threading
import webbrowser
from urllib.parse import urlsplit


def open_browser(url: str) -> bool:
    """Open an http(s) address; returns False when it is no such address or no browser is known.

    A browser started in the foreground may run for hours, so it gets a thread that nobody waits for.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    threading.Thread(target=browser.open, args=(url,), name="browser", daemon=True).start()
    return True
