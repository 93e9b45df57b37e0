"""Takes the code for graphics cards out of a library that has it beside the code for processors.

CUDA's compiler puts it into a section of its own, which only the driver of a card ever reads. Its whole pages go from
the file; in memory zeros stand in their place, and every address stays what it was. For that the part of the file that
is mapped there (``PT_LOAD``) becomes two: one that ends in zeros, as a program's variables do, and one with what comes
behind. What lies behind in the file moves up. The layout is that of elf(5), for 64 bits, little end first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from context import BuildError

SECTION = ".nv_fatbin"
_MAGIC = b"\x7fELF\x02\x01"
_HEADER = "<QQIHHHHHH"
"""From byte 32: where segments and sections are listed, flags, and sizes and numbers of all that."""
_HEADER_AT, _SECTIONS_AT = 32, 40
_LOAD, _NOTE, _NOBITS = 1, 4, 8


class Segment(NamedTuple):
    """A program header."""

    kind: int
    flags: int
    offset: int
    address: int
    physical: int
    in_file: int
    in_memory: int
    align: int


class Section(NamedTuple):
    """A section header."""

    name: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    align: int
    entry: int


_SEGMENT, _SECTION = "<IIQQQQQQ", "<IIQQQQIIQQ"


class Hole(NamedTuple):
    """Whole pages, by their place in the file and in memory."""

    offset: int
    address: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size

    def moved(self, offset: int) -> int:
        """Where in the file something is afterwards."""
        return offset - self.size if offset >= self.end else offset


def drop(library: Path) -> int:
    """Gives by how many bytes the file is shorter; 0 where it has nothing for graphics cards. Raises BuildError."""
    data = library.read_bytes()
    if not data.startswith(_MAGIC):
        return 0
    segments_at, sections_at, *_, segment_count, _, section_count, names = struct.unpack_from(_HEADER, data, _HEADER_AT)
    segments = [Segment(*found) for found in _table(data, _SEGMENT, segments_at, segment_count)]
    sections = [Section(*found) for found in _table(data, _SECTION, sections_at, section_count)]
    code = next((section for section in sections if _name(data, sections[names], section) == SECTION), None)
    if code is None or code.kind == _NOBITS:
        return 0
    hole = _whole_pages(code, max(segment.align for segment in segments if segment.kind == _LOAD))
    if not hole.size:
        return 0
    zeros = code._replace(kind=_NOBITS, address=hole.address, offset=hole.offset, size=hole.size)
    moved = [zeros if section is code else section._replace(offset=hole.moved(section.offset)) for section in sections]
    made = bytearray(data[: hole.offset] + data[hole.end :])
    _write(made, _SEGMENT, segments_at, _parted(segments, hole, library))
    _write(made, _SECTION, hole.moved(sections_at), moved)
    struct.pack_into("<Q", made, _SECTIONS_AT, hole.moved(sections_at))
    library.write_bytes(made)
    return hole.size


def _table(data: bytes, form: str, start: int, count: int) -> Iterator[tuple[int, ...]]:
    return struct.iter_unpack(form, data[start : start + struct.calcsize(form) * count])


def _write(data: bytearray, form: str, start: int, table: Iterable[tuple[int, ...]]) -> None:
    for number, entry in enumerate(table):
        struct.pack_into(form, data, start + struct.calcsize(form) * number, *entry)


def _name(data: bytes, names: Section, section: Section) -> str:
    start = names.offset + section.name
    return data[start : data.index(b"\0", start)].decode()


def _whole_pages(section: Section, page: int) -> Hole:
    first = -(-section.address // page) * page
    last = (section.address + section.size) // page * page
    return Hole(section.offset + first - section.address, first, max(0, last - first))


def _parted(segments: list[Segment], hole: Hole, library: Path) -> list[Segment]:
    """As many as before. The one more takes the place of a note (the build's id, which its section still tells)."""
    spare = next((segment for segment in reversed(segments) if segment.kind == _NOTE), None)
    parted: list[Segment] = []
    for segment in segments:
        end = segment.offset + segment.in_file
        if segment is spare:
            continue
        if end <= hole.offset or segment.offset >= hole.end:
            parted.append(segment._replace(offset=hole.moved(segment.offset)))
        elif segment.kind == _LOAD and segment.offset < hole.offset and hole.end < end:
            parted += _halves(segment, hole)
    if len(parted) != len(segments):
        raise BuildError(f"{library} is not laid out as it must be to take the code for graphics cards out of it")
    return parted


def _halves(segment: Segment, hole: Hole) -> tuple[Segment, Segment]:
    before = hole.address - segment.address
    behind = before + hole.size
    return (
        segment._replace(in_file=before, in_memory=behind),
        segment._replace(
            offset=hole.offset,
            address=segment.address + behind,
            physical=segment.physical + behind,
            in_file=segment.in_file - behind,
            in_memory=segment.in_memory - behind,
        ),
    )
