"""Makes a frozen Linux program smaller.

Symbols that only debuggers read are taken out, and a few libraries are replaced by hollow ones: libraries that others
insist on having, though the program never calls what is in them. A hollow library has the same name and the same
symbols; its functions do nothing and return zero, which their callers take for "not available".
"""

from __future__ import annotations

import platform
import re
import shutil
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from context import Context

HOLLOW = ("libicudata.so.*", "libx264-*.so*", "libx265-*.so*", "libSvtAv1Enc-*.so*")
"""ICU's tables (Qt has its own; ICU is made for being built without) and FFmpeg's encoders of films."""
RETURN_ZERO = {"x86_64": "xorl %eax, %eax\n\tret", "aarch64": "mov x0, #0\n\tret"}
_LOAD = 1
"""A part of an ELF file that is mapped into memory."""
_ICU_DATA = re.compile(r"icudt\d+_dat")


class Symbol(NamedTuple):
    name: str
    size: int
    function: bool


def shrink(context: Context, folder: Path) -> None:
    inside = folder / "_internal"
    if platform.machine() in RETURN_ZERO:
        for pattern in HOLLOW:
            for library in inside.rglob(pattern):
                if is_elf(library):
                    _hollow(context, library)
    for path in inside.rglob(
        "*"
    ):  # the programs themselves are not there: they hold their archive behind the last section
        if is_elf(path):
            _strip(context, path)


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


def _hollow(context: Context, library: Path) -> None:
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
    lines = [".text"]
    for symbol in symbols:
        if symbol.function:
            lines += [f".globl {symbol.name}", f".type {symbol.name}, %function", f"{symbol.name}:"]
    lines += [f"\t{RETURN_ZERO[machine]}", ".data"]
    for symbol in symbols:
        if not symbol.function:
            content = _empty_icu_tables() if _ICU_DATA.fullmatch(symbol.name) else bytes(max(symbol.size, 8))
            lines += [f".globl {symbol.name}", f".type {symbol.name}, %object", f".size {symbol.name}, {len(content)}"]
            lines += [".balign 16", f"{symbol.name}:", f"\t.byte {','.join(map(str, content))}"]
    return "\n".join([*lines, '.section .note.GNU-stack,"",%progbits', ""])


def _empty_icu_tables() -> bytes:
    """A table of contents without entries, as ICU itself has it for programs that bring no tables ("stubdata")."""
    little = sys.byteorder == "little"
    header = struct.pack("=HBB", 32, 0xDA, 0x27)
    about = struct.pack("=HHBBBB4s4B4B", 20, 0, not little, 0, 2, 0, b"ToCP", 1, 0, 0, 0, 0, 0, 0, 0)
    return (header + about).ljust(32, b"\0") + struct.pack("=II", 0, 0)
