"""Draws the picture of a made-up campaign as PNG: a coloured head, a block for a photo, and lines for text."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 300, 360
_COLOURS = ((0x2F, 0x6F, 0x5E), (0x8A, 0x3B, 0x5E), (0x35, 0x57, 0x9E), (0xA8, 0x62, 0x1B), (0x4B, 0x4B, 0x7A))
_PAPER, _PALE, _INK = (0xFF, 0xFF, 0xFF), (0xE6, 0xE2, 0xDA), (0xB4, 0xB4, 0xBC)
_MARGIN = 24


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _colour_at(x: int, y: int, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    inside = _MARGIN <= x < WIDTH - _MARGIN
    if y < 64:
        return _PAPER if 24 <= y < 40 and inside and x < 150 else colour
    if 84 <= y < 200 and inside:
        return _PALE
    line, within = divmod(y - 220, 18)
    if 0 <= line < 5 and within < 7 and inside and x < WIDTH - _MARGIN - 30 * (line % 3):
        return _INK
    return colour if 318 <= y < 342 and 100 <= x < 200 else _PAPER


def of_campaign(number: int) -> bytes:
    """Return the picture of one campaign; the same number gives the same picture."""
    colour = _COLOURS[number % len(_COLOURS)]
    rows = (b"\0" + bytes(part for x in range(WIDTH) for part in _colour_at(x, y, colour)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(b"".join(rows))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
