"""A document for word processors, written as the standard says (ECMA-376, Office Open XML): a zip of XML parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every part: the same transcript is the same file. The format knows none earlier."""

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MIME}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MIME}.styles+xml"/>'
    "</Types>"
)
_STYLES = (
    f'<w:styles xmlns:w="{_WORDS}">'
    '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
    "</w:styles>"
)
"""The two styles by the names that every word processor knows, so that outlines and readers' own styles work."""
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
    'w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
)
"""A4, an inch of margin; in twentieths of a point."""
_NOT_XML = re.compile("[^\t\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_BREAKS = {"\n": "<w:br/>", "\t": "<w:tab/>"}


class Run(NamedTuple):
    """Text of one look."""

    text: str
    bold: bool = False


def document(title: str, paragraphs: Iterable[Sequence[Run]]) -> bytes:
    """The content of a ``.docx``: a heading, then the paragraphs. Line ends and tabs within a text stay; characters
    that XML can't hold are left out."""
    heading = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{_run(Run(title))}</w:p>'
    rows = "".join(f"<w:p>{''.join(map(_run, runs))}</w:p>" for runs in paragraphs)
    body = f'<w:document xmlns:w="{_WORDS}"><w:body>{heading}{rows}{_PAGE}</w:body></w:document>'
    return _zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations("officeDocument", "word/document.xml"),
            "word/document.xml": body,
            "word/_rels/document.xml.rels": _relations("styles", "styles.xml"),
            "word/styles.xml": _STYLES,
        }
    )


def _relations(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _run(run: Run) -> str:
    look = "<w:rPr><w:b/><w:bCs/></w:rPr>" if run.bold else ""
    pieces = [_BREAKS.get(piece) or _text(piece) for piece in re.split(r"([\n\t])", _NOT_XML.sub("", run.text))]
    return f"<w:r>{look}{''.join(pieces)}</w:r>"


def _text(piece: str) -> str:
    return f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else ""


def _zipped(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, _EPOCH), (_HEAD + content).encode(), zipfile.ZIP_DEFLATED)
    return target.getvalue()
