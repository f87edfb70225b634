"""Makes the app icon's PNG sizes, the Windows .ico and the macOS .icns from resources/icons/app.svg.

Run `python packaging/icons.py` after the drawing changed; `--check` only tells whether the files are there.
"""

from __future__ import annotations

import argparse
import os
import struct
import sys
from pathlib import Path

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
PNG_SIZES = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# Type codes of the icns container whose content is a PNG: size in pixels, @2x codes repeat a size.
ICNS_TYPES = (
    (b"icp4", 16),
    (b"icp5", 32),
    (b"icp6", 64),
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic13", 256),
    (b"ic14", 512),
)


def png(source: Path, size: int) -> bytes:
    """Render an SVG to a square PNG with a transparent ground."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(data.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """Pack PNG pictures into an .ico container; 256 is written as 0 (the container has one byte for it)."""
    offset = 6 + 16 * len(pictures)
    entries = []
    for size, data in pictures.items():
        entries.append(struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset))
        offset += len(data)
    return struct.pack("<HHH", 0, 1, len(pictures)) + b"".join(entries) + b"".join(pictures.values())


def icns(pictures: dict[int, bytes]) -> bytes:
    """Pack PNG pictures into an .icns container."""
    chunks = [code + struct.pack(">I", len(pictures[size]) + 8) + pictures[size] for code, size in ICNS_TYPES]
    body = b"".join(chunks)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def files(source: Path) -> dict[str, bytes]:
    """Return every file that is made from the drawing, by name."""
    pictures = {size: png(source, size) for size in PNG_SIZES}
    made = {f"app-{size}.png": data for size, data in pictures.items()}
    made["app.ico"] = ico({size: pictures[size] for size in ICO_SIZES})
    made["app.icns"] = icns(pictures)
    return made


def names() -> list[str]:
    return [*(f"app-{size}.png" for size in PNG_SIZES), "app.ico", "app.icns"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether all files are there")
    options = parser.parse_args(arguments)
    folder = ICONS / "app"
    if options.check:
        missing = [name for name in names() if not (folder / name).is_file()]
        print("missing: " + ", ".join(missing) if missing else "All icon files are there.")
        return 1 if missing else 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(exist_ok=True)
    for name, data in files(ICONS / "app.svg").items():
        (folder / name).write_bytes(data)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
