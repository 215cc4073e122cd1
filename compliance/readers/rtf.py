"""RTF: striprtf gives the words, one paragraph a line; the layout is told from the words themselves."""

from __future__ import annotations

import re
import sys
from hashlib import sha256

from compliance.model.policy import BlockKind, Document
from compliance.readers import layout
from compliance.readers.limits import MAX_TEXT_CHARACTERS, check_text, refuse

MEDIA_TYPE = "application/rtf"

_SPECIAL = str.maketrans({"\x00": None, "\u00ad": None, "\uf0b7": "•", "\uf0a7": "▪"})
_CODE_POINT = re.compile(r"\\u(-?\d{5,})")


def parse(data: bytes, name: str) -> Document:
    """An RTF draft."""
    from striprtf.striprtf import rtf_to_text

    if b"\\rtf" not in data[:64]:
        raise refuse(name, "the file is not an RTF document")
    if data.count(b"{") > 50 * (data.count(b"}") + 1):
        raise refuse(name, "the file is damaged: its RTF groups are never closed")
    if b"\\fprot" in data and b"\\passwordhash" in data[:20_000] and b"\\pard" not in data:
        raise refuse(name, "the document is protected by a password", "save a copy without it")
    # NOTE: RTF is ASCII by definition; what is not is read as the Windows code page Word uses for it.
    source = data.decode("cp1252", "replace")
    source = _CODE_POINT.sub(_in_range, _without_pictures(source))
    text = rtf_to_text(source, errors="replace").translate(_SPECIAL)
    if len(text) > MAX_TEXT_CHARACTERS:
        raise refuse(name, f"the text is longer than {MAX_TEXT_CHARACTERS:,} characters", "split the draft")
    if not any(character.isalpha() for character in text):
        raise refuse(name, "the draft holds no text")
    out = layout.Builder.new()
    _write(text, out)
    written = out.text
    check_text(written, name)
    return Document(name, MEDIA_TYPE, written, tuple(out.blocks), sha256(data).hexdigest(), out.notes, has_lines=False)


def _in_range(found: re.Match[str]) -> str:
    """A code point as it stands, or a question mark for one that no character has."""
    return found.group() if -0x10000 <= int(found.group(1)[:10]) <= sys.maxunicode else "\\u63"


def _without_pictures(source: str) -> str:
    """The source without the long hexadecimal runs of its pictures, which only slow the reading."""
    return re.sub(r"(?:[0-9a-fA-F]{64,}\s*)+", "", source)


def _write(text: str, out: layout.Builder) -> None:
    lines: list[layout.Line] = []
    header: tuple[str, ...] = ()
    gap = True
    for raw in text.replace("\r\n", "\n").split("\n"):
        words = layout.squeeze(raw)
        if not any(character.isalnum() for character in words):
            gap = True
            if lines and words == "":
                header = header if "|" in raw else ()
            continue
        if words.count("|") >= 1 and raw.rstrip().endswith("|"):
            _paragraphs(lines, out)
            lines = []
            cells = tuple(cell.strip() for cell in words.rstrip("|").split("|"))
            if not header and len(cells) > 1 and all(0 < len(cell) < 80 and cell[-1:] not in ".;" for cell in cells):
                header = cells
            else:
                out.add(BlockKind.ROW, " | ".join(cells), header=header)
            continue
        header = ()
        indent = float(len(raw) - len(raw.lstrip()))
        lines.append(layout.Line(words, 0, indent, gap, full=False))
        gap = False
    _paragraphs(lines, out)


def _paragraphs(lines: list[layout.Line], out: layout.Builder) -> None:
    for made in layout.group(lines, joined=False):
        words = " ".join(line.text for line in lines[made.first : made.stop])
        if layout.CONTENTS_LINE.search(words):
            out.count("contents-skipped")
            continue
        out.add(made.kind, words, level=made.level, label=made.label)
