"""The small marks inside controls (arrows, radio dots, ticks), written as SVG files that the style sheet names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

_CHEVRON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}" fill="none" stroke="{muted}" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_RADIO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><circle cx="9" cy="9" r="8" fill="{surface}" '
    'stroke="{ring}" stroke-width="{width}"/>{dot}</svg>'
)
_BOX = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><rect x="1" y="1" width="16" height="16" rx="4" '
    'fill="{fill}" stroke="{ring}" stroke-width="1.5"/>{tick}</svg>'
)


def _drawings(colours: Mapping[str, str]) -> dict[str, str]:
    dot = f'<circle cx="9" cy="9" r="4.2" fill="{colours["accent"]}"/>'
    tick = (
        f'<path d="M5 9.3l2.7 2.7L13 6.6" fill="none" stroke="{colours["on_accent"]}" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
    accent, edge, surface, muted = colours["accent"], colours["edge"], colours["surface"], colours["muted"]
    return {
        "arrow_down": _CHEVRON.format(path="M7 10l5 5 5-5", muted=muted),
        "arrow_up": _CHEVRON.format(path="M7 14l5-5 5 5", muted=muted),
        "radio_off": _RADIO.format(surface=surface, ring=edge, width=1.5, dot=""),
        "radio_on": _RADIO.format(surface=surface, ring=accent, width=2, dot=dot),
        "box_off": _BOX.format(fill=surface, ring=edge, tick=""),
        "box_on": _BOX.format(fill=accent, ring=accent, tick=tick),
    }


def write_marks(folder: Path, look: str, colours: Mapping[str, str]) -> dict[str, str]:
    """Write the marks of one look into the folder (names carry a digest) and return their paths for the style sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, drawing in _drawings(colours).items():
        digest = hashlib.sha256(drawing.encode()).hexdigest()[:10]
        path = folder / f"acassist-{look}-{name}-{digest}.svg"
        if not path.exists():
            path.write_text(drawing, encoding="utf-8")
        paths[name] = path.as_posix()
    return paths
