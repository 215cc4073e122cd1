"""Drafts to Documents: one reader a format, chosen by an explicit list of suffixes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from compliance.errors import ReadError
from compliance.model.policy import Document
from compliance.readers import markdown, plain
from compliance.readers.limits import MAX_FILE_BYTES, check_text, refuse

Parse = Callable[[bytes, str], Document]

READERS: Final[dict[str, Parse]] = {
    ".md": markdown.parse,
    ".markdown": markdown.parse,
    ".txt": plain.parse,
    ".text": plain.parse,
}


def read(path: Path) -> Document:
    """Read a draft."""
    return read_bytes(path.read_bytes(), str(path))


def read_bytes(data: bytes, name: str) -> Document:
    return READERS[Path(name).suffix.lower()](data, name)
