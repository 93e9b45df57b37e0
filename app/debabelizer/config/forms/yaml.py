"""A settings file in YAML: the core of YAML 1.2, in which ``on`` and ``off``, ``12:30`` and dates are texts.

A damaged file is taken apart by its indentation; each part that can be read alone is kept. A value is changed where it
stands, so that comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from textwrap import dedent, indent
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from debabelizer.config.forms.reading import NOT_UTF8, TOO_DEEP, Gathering, Reading, decode, look_up

HAS_COMMENTS = True

_MOST_VALUES = 20_000
"""In one file, with everything that aliases repeat."""
_HEADER = re.compile(r"([^\s#'\"\[\]{},:][^#'\"\[\]{},:]*?)\s*:\s*(?:#.*)?$")
"""A line with nothing but the name of a table."""
_GOES_ON = re.compile(r"[\]}]|-(?:\s|$)")
"""Begins a line that belongs to the one before it, however little it is indented."""
_TAG = "tag:yaml.org,2002:"
_SCALARS: dict[str, tuple[re.Pattern[str], Callable[[str], Any]]] = {
    "bool": (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    "int": (re.compile(r"[-+]?[0-9]{1,18}"), int),
    "float": (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    "null": (re.compile(r"~|null|Null|NULL|"), lambda _: None),
}


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012 - yaml's own way of saying it


class _Dumper(yaml.SafeDumper):
    yaml_implicit_resolvers = {}  # noqa: RUF012

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> Node:
        return self.represent_scalar(_TAG + "str", text, style=None if text.isprintable() else '"')


for _class in (_Loader, _Dumper):
    for _name, (_pattern, _) in _SCALARS.items():
        _class.add_implicit_resolver(_TAG + _name, re.compile(f"(?:{_pattern.pattern})$"), None)
_Dumper.add_representer(str, _Dumper.represent_text)


class _Unreadable(ValueError):  # noqa: N818 - read as "raise _Unreadable(why)"
    """The message says why a value can't be used."""


_FAILURES = (yaml.YAMLError, RecursionError, _Unreadable)

# ------------------------------------------------------------------------------------------------- reading


def read(data: bytes) -> Reading:
    text, decodable = decode(data)
    fault = None if decodable else (1, "", NOT_UTF8)
    found = Gathering()
    try:
        root = _composed(text)
        if root is None or isinstance(root, MappingNode):
            _Walk(found, text, 0).into(root)
        else:
            fault = 1, "", "the file is not made of `key: value`"
    except _FAILURES as error:
        fault = _line(error), "", _why(error)
    if fault is None:
        return found.reading()
    found = Gathering()
    _salvage(_without_tabs(text).split("\n"), 1, "", found)
    if not found.broken:  # every part is readable, the whole is not
        found.lost(*fault)
    return found.reading()


def _composed(text: str) -> Node | None:
    loader = _Loader(text)
    try:
        node: Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    return None if isinstance(node, ScalarNode) and node.tag == _TAG + "null" else node


class _Walk:
    """Through the values of a text, whose first line is line ``before`` + 1 of the file."""

    def __init__(self, found: Gathering, text: str, before: int) -> None:
        self._found, self._text, self._before = found, text, before
        self._left = _MOST_VALUES

    def into(self, table: MappingNode | None, prefix: str = "") -> None:
        for key, value in table.value if table is not None else ():
            line = self._before + key.start_mark.line + 1
            name = f"{prefix}{key.value}"
            if not isinstance(key, ScalarNode):
                self._found.lost(line, prefix.rstrip("."), "a key is one text")
            elif isinstance(value, MappingNode):
                self._count()
                self.into(value, name + ".")
            else:
                self._put(name, value, line)

    def _put(self, name: str, node: Node, line: int) -> None:
        if "\ufffd" in self._text[node.start_mark.index : node.end_mark.index]:
            self._found.lost(line, name, NOT_UTF8)
            return
        try:
            value = self._plain(node)
        except _Unreadable as error:
            if self._left <= 0:
                raise
            self._found.lost(line, name, str(error))
            return
        if value is not None:  # nothing: as if it were not there
            self._found.put(name, value, line)

    def _plain(self, node: Node) -> Any:
        self._count()
        if isinstance(node, SequenceNode):
            return [self._plain(item) for item in node.value]
        if isinstance(node, MappingNode):
            return {str(key.value): self._plain(value) for key, value in node.value}
        kind = node.tag.removeprefix(_TAG)
        if kind == "str":
            return node.value
        if kind not in _SCALARS:
            raise _Unreadable(f"values of the kind {node.tag} are not known here")
        pattern, made = _SCALARS[kind]
        if not pattern.fullmatch(node.value):
            raise _Unreadable(f"{node.value!r} is no {kind}")
        return made(node.value)

    def _count(self) -> None:
        self._left -= 1
        if self._left <= 0:
            raise _Unreadable("there is too much in it")


def _salvage(lines: list[str], first: int, prefix: str, found: Gathering) -> None:
    """Part by part, a part being a line with what is indented below it. ``first``: the number of the first line."""
    for start, part in _parts(lines):
        number = first + start
        text = dedent("\n".join(part))
        try:
            node = _composed(text)
            if not isinstance(node, MappingNode):
                raise _Unreadable("it is not `key: value`")
            alone = Gathering()
            _Walk(alone, text, number - 1).into(node, prefix)
        except _FAILURES as error:
            header = _HEADER.match(part[0].strip())
            if header and len(part) > 1:
                _salvage(part[1:], number + 1, f"{prefix}{header[1]}.", found)
            else:
                written = part[0].strip().partition(":")
                found.lost(number, prefix + written[0] if written[1] else prefix.rstrip("."), _why(error))
        else:
            found.broken += alone.broken
            for key, line in alone.lines.items():
                found.put(key, look_up(alone.tree, key), line)


def _without_tabs(text: str) -> str:
    """A tab, which may not indent in YAML, counts as one step of the text's own indentation."""
    step = min((len(spaces) for spaces in re.findall(r"^( +)\S", text, re.MULTILINE)), default=2)
    return re.sub(r"^[ \t]+", lambda blank: blank[0].expandtabs(step), text, flags=re.MULTILINE)


def _parts(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The index of each part's first line, and its lines."""
    starts: list[int] = []
    depth = 0
    for n, line in enumerate(lines):
        said = line.lstrip()
        if not said or said.startswith("#"):
            continue
        if not starts or (len(line) - len(said) <= depth and not _GOES_ON.match(said)):
            starts.append(n)
            depth = len(line) - len(said)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, lines[start:end]


def _line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, yaml.reader.ReaderError):
        return "it holds a character that can't be printed" if error.character != 0xFFFD else NOT_UTF8
    why = str(getattr(error, "problem", None) or error)
    return "it is not indented as what stands above it" if "<block" in why else why


# ------------------------------------------------------------------------------------------------- writing


def edited(text: str, key: str, value: Any) -> str | None:
    try:
        root = _composed(text)
    except _FAILURES:
        return None
    if not isinstance(root, MappingNode):
        return text and text.rstrip("\n") + "\n" + _nested(key, value) + "\n"
    entry = _entry(root, key)
    if value is None:
        return _without(text, entry) if entry is not None else None
    if entry is None:
        return _added(text, root, key, value)
    name, node = entry
    colon = text.index(":", name.end_mark.index) + 1
    return f"{text[:colon]} {_inline(value)}{text[_end(text, node) :]}"


def fresh(tree: Mapping[str, Any], heading: str) -> str:
    head = "".join(f"# {line}\n" for line in heading.splitlines())
    return f"{head}\n{_dumped(tree, flow=False)}" if tree else head


def _entry(table: MappingNode, key: str) -> tuple[Node, Node] | None:
    """The key and the value that stand for a dotted key, however its parts are nested."""
    for name, node in table.value:
        if name.value == key:
            return name, node
        if isinstance(node, MappingNode) and key.startswith(f"{name.value}."):
            found = _entry(node, key.removeprefix(f"{name.value}."))
            if found is not None:
                return found
    return None


def _added(text: str, table: MappingNode, key: str, value: Any) -> str:
    """The innermost table that is there already gets one more entry."""
    for name, node in table.value:
        rest = key.removeprefix(f"{name.value}.")
        if rest == key:
            continue
        if isinstance(node, MappingNode) and node.value:
            return _added(text, node, rest, value)
        if isinstance(node, ScalarNode) and node.tag == _TAG + "null":  # a table without entries
            end = text.index(":", name.end_mark.index) + 1
            return f"{text[:end]}\n{indent(_nested(rest, value), ' ' * (name.start_mark.column + 2))}{text[end:]}"
    if table.flow_style:
        end = table.end_mark.index - 1
        comma = ", " if table.value else ""
        return f"{text[:end].rstrip()}{comma}{key}: {_inline(value)}{text[end:]}"
    first, last = table.value[0][0], table.value[-1][1]
    end = text.find("\n", _end(text, last))
    end = len(text) if end < 0 else end
    return f"{text[:end]}\n{indent(_nested(key, value), ' ' * first.start_mark.column)}{text[end:]}"


def _without(text: str, entry: tuple[Node, Node]) -> str:
    """Its lines, whole; where something else stands on them, whoever reads the outcome sees that it is wrong."""
    name, node = entry
    start = text.rfind("\n", 0, name.start_mark.index) + 1
    end = text.find("\n", max(_end(text, node), name.end_mark.index))
    return text[:start] + ("" if end < 0 else text[end + 1 :])


def _end(text: str, node: Node) -> int:
    """Where what a value says ends; yaml's own mark stands after the blank lines and comments that follow."""
    if isinstance(node, (MappingNode, SequenceNode)) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    end = int(node.end_mark.index)
    while end > node.start_mark.index and text[end - 1].isspace():
        end -= 1
    return end


def _nested(key: str, value: Any) -> str:
    head, _, rest = key.partition(".")
    return f"{head}:\n{indent(_nested(rest, value), '  ')}" if rest else f"{head}: {_inline(value)}"


def _inline(value: Any) -> str:
    return _dumped(value, flow=True).removesuffix("...\n").rstrip("\n")


def _dumped(value: Any, *, flow: bool) -> str:
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=flow, sort_keys=False, allow_unicode=True, width=1_000_000
    )
    assert isinstance(text, str)
    return text
