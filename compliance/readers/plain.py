"""Plain text: paragraphs, headings and items told from blank lines, indents and labels."""

from __future__ import annotations

from hashlib import sha256

from compliance.model.policy import Document
from compliance.readers import layout
from compliance.readers.encoding import decode
from compliance.readers.limits import check_text
from compliance.readers.own import PLAIN

MEDIA_TYPE = "text/plain"


def parse(data: bytes, name: str) -> Document:
    """A plain text draft; `text` is the decoded file itself, without the notes of `annotate`."""
    text, notes = decode(data, name)
    text = PLAIN.without(text, keep_lines=True)
    check_text(text, name)
    blocks = layout.blocks_of(text, layout.lines_of(text))
    return Document(name, MEDIA_TYPE, text, tuple(blocks), sha256(data).hexdigest(), notes)
