"""Makes a frozen Linux program smaller.

Symbols that only debuggers read are taken out, and a few libraries are replaced by hollow ones: libraries that others
insist on having, though the program never needs what is in them. A hollow library has the same name and the same
symbols; its functions do nothing and return zero, and those that can say so say that they are not supported.
"""

from __future__ import annotations

import platform
import re
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import program
from context import Context
from linux import graphics

HOLLOW = ("libicudata.so.*", "libicui18n.so.*", "libicuuc.so.*")
"""ICU: Qt has tables and rules of its own, which it falls back to for all but what the program does not use (collation,
old encodings, time zones' names)."""
REFUSING = {
    "u_strToLower": 6,
    "u_strToUpper": 6,
    "ucal_getCanonicalTimeZoneID": 6,
    "ucal_getTimeZoneDisplayName": 6,
    "ucal_open": 5,
    "ucnv_open": 2,
    "ucol_open": 2,
}
"""Functions of ICU by which Qt tries whether it can do something, and which of their arguments points to their error
code: they set it. Names as without the version that ICU adds (ICU's API reference)."""
UNSUPPORTED = 16
"""ICU's error code for it."""


class Processor(NamedTuple):
    """Instructions of one kind of processor; ``refuse`` writes UNSUPPORTED to where the argument ``{}`` points."""

    zero: str
    refuse: str
    arguments: tuple[str, ...]


PROCESSORS = {
    "x86_64": Processor(
        "xorl %eax, %eax\n\tret",
        f"movl ${UNSUPPORTED}, ({{}})",
        ("%rdi", "%rsi", "%rdx", "%rcx", "%r8", "%r9"),
    ),
    "aarch64": Processor(
        "mov x0, #0\n\tret",
        f"mov w9, #{UNSUPPORTED}\n\tstr w9, [{{}}]",
        ("x0", "x1", "x2", "x3", "x4", "x5"),
    ),
}
_LOAD = 1
"""A part of an ELF file that is mapped into memory."""


class Symbol(NamedTuple):
    name: str
    size: int
    function: bool


def shrink(context: Context, folder: Path) -> None:
    inside = folder / "_internal"
    if platform.machine() in PROCESSORS:
        for pattern in HOLLOW:
            for library in inside.rglob(pattern):
                if is_elf(library):
                    hollow(context, library)
    dropped = 0
    for path in inside.rglob("*"):  # not the programs themselves: they hold their archive behind the last section
        if is_elf(path):
            _strip(context, path)
            dropped += graphics.drop(path)
    if dropped:
        name, part = program.left_out()
        (inside / "debabelizer" / name).write_text(f"{part}\n", encoding="utf-8")


def is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _strip(context: Context, file: Path) -> None:
    """Some libraries of wheels were rearranged by other tools and come out of this unusable: those stay as they are."""
    stripped = context.work / "stripped"
    context.run(["strip", "--strip-unneeded", "-o", stripped, file])
    if loadable(stripped):
        shutil.copyfile(stripped, file)
    stripped.unlink()


def loadable(file: Path) -> bool:
    """Whether every part that the loader maps lies in the file as it does in memory, up to whole pages."""
    data = file.read_bytes()
    start, size, count = (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54))
    for number in range(count):
        kind, _, offset, address, _, _, _, align = struct.unpack_from("<IIQQQQQQ", data, start + number * size)
        if kind == _LOAD and align > 1 and (address - offset) % align:
            return False
    return True


def hollow(context: Context, library: Path) -> None:
    """Puts an empty library of the same soname and symbols in the place of ``library``."""
    symbols = list(_symbols(context.run(["readelf", "--dyn-syms", "-W", library])))
    soname = re.search(r"SONAME\s+(\S+)", context.run(["objdump", "-p", library]))
    assert soname is not None, f"{library} has no soname"
    make_hollow(context, soname[1], symbols, library)


def make_hollow(context: Context, soname: str, symbols: list[Symbol], library: Path) -> None:
    work = context.fresh("hollow", library.name)
    (work / "all.s").write_text(assembly(symbols, platform.machine()))
    context.run(["as", "-o", work / "all.o", work / "all.s"])
    context.run(["ld", "-shared", "-soname", soname, "-z", "noexecstack", "-o", work / "all.so", work / "all.o"])
    library.write_bytes((work / "all.so").read_bytes())


def _symbols(told: str) -> Iterator[Symbol]:
    """What a library offers to others, from readelf's table of its dynamic symbols; what is C++ is its own affair."""
    for line in told.splitlines():
        match line.split():
            case [_, _, size, kind, "GLOBAL" | "WEAK", _, place, name] if place != "UND" and name[:2] != "_Z":
                yield Symbol(name.partition("@")[0], int(size, 0), kind in ("FUNC", "IFUNC"))


def assembly(symbols: list[Symbol], machine: str) -> str:
    """The source of the hollow library, for the assembler of binutils."""
    processor = PROCESSORS[machine]
    functions = [symbol.name for symbol in symbols if symbol.function]
    refusing = [name for name in functions if _unversioned(name) in REFUSING]
    lines = [".text", *(line for name in functions if name not in refusing for line in _beginning(name, "function"))]
    lines.append(f"\t{processor.zero}")
    for name in refusing:
        error = processor.arguments[REFUSING[_unversioned(name)] - 1]
        lines += [*_beginning(name, "function"), f"\t{processor.refuse.format(error)}", f"\t{processor.zero}"]
    lines.append(".bss")
    for symbol in symbols:
        if not symbol.function:
            size = max(symbol.size, 8)
            lines += [
                f".size {symbol.name}, {size}",
                ".balign 16",
                *_beginning(symbol.name, "object"),
                f"\t.zero {size}",
            ]
    return "\n".join([*lines, '.section .note.GNU-stack,"",%progbits', ""])


def _beginning(name: str, kind: str) -> list[str]:
    return [f".globl {name}", f".type {name}, %{kind}", f"{name}:"]


def _unversioned(name: str) -> str:
    return re.sub(r"_\d+$", "", name)
