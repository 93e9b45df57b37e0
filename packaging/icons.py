"""The program's picture in every size and form that systems want, drawn from the one SVG.

Windows and macOS keep several sizes in one file. Sources: the formats ICO (a PNG may stand for a bitmap since Windows
Vista) and ICNS (types that hold a PNG).
"""

from __future__ import annotations

import struct

from program import ICON

ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""What Windows asks for between 100 % and 400 %."""
ICNS_TYPES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
    b"ic11": 32,
    b"ic12": 64,
    b"ic13": 256,
    b"ic14": 512,
}
"""Type to pixels; those from ``ic10`` on are the same sizes for screens of double density."""


def png(size: int) -> bytes:
    """So many pixels wide and high. Drawn by Qt, which needs no display for it."""
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return buffer.data().data()


def ico() -> bytes:
    pictures = [(size, png(size)) for size in ICO_SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size, picture in pictures:
        side = size % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + entries + b"".join(picture for _, picture in pictures)


def icns() -> bytes:
    drawn = {size: png(size) for size in set(ICNS_TYPES.values())}
    blocks = b"".join(kind + struct.pack(">I", 8 + len(drawn[size])) + drawn[size] for kind, size in ICNS_TYPES.items())
    return b"icns" + struct.pack(">I", 8 + len(blocks)) + blocks
