"""Drafts to Documents: one reader a format, chosen by an explicit list of suffixes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from compliance.errors import ReadError
from compliance.model.policy import Document
from compliance.readers import docx, html, markdown, odt, pdf, plain, rtf
from compliance.readers.limits import MAX_FILE_BYTES, Archive, check_text, refuse

Parse = Callable[[bytes, str], Document]

READERS: Final[dict[str, Parse]] = {
    ".md": markdown.parse,
    ".markdown": markdown.parse,
    ".txt": plain.parse,
    ".text": plain.parse,
    ".docx": docx.parse,
    ".docm": docx.parse,
    ".dotx": docx.parse,
    ".odt": odt.parse,
    ".ott": odt.parse,
    ".rtf": rtf.parse,
    ".pdf": pdf.parse,
    ".html": html.parse,
    ".htm": html.parse,
    ".xhtml": html.parse,
}

# What the first bytes say a file is, and the suffixes it may then have; other files are text.
_WORD, _ODT, _RTF, _PDF = "a Word document", "an OpenDocument text", "an RTF document", "a PDF"
_SUFFIXES: Final[dict[str, tuple[str, ...]]] = {
    _WORD: (".docx", ".docm", ".dotx"),
    _ODT: (".odt", ".ott"),
    _RTF: (".rtf",),
    _PDF: (".pdf",),
}
_BINARY: Final[dict[str, str]] = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)


def read(path: Path) -> Document:
    """Read a draft, whatever its format.

    Raises:
        ReadError: missing, empty, too large, of an unknown or lying suffix, protected, damaged, blank.
    """
    # NOTE: a name that is no text (bytes of another encoding) must not break the reports that show it.
    name = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    try:
        if path.is_dir():
            raise refuse(name, "this is a folder, not a draft")
        if not path.exists():
            raise refuse(name, "no such file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise refuse(name, f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(name, f"the file cannot be opened: {reason}") from error
    return read_bytes(data, name)


def read_bytes(data: bytes, name: str) -> Document:
    """Read a draft from its bytes; `name` gives its suffix and stands in messages.

    Raises:
        ReadError: as `read`.
    """
    if not data:
        raise refuse(name, "the file is empty")
    if len(data) > MAX_FILE_BYTES:
        raise refuse(name, f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB")
    try:
        parse = _reader_for(data, name)
        document = parse(data, name)
        check_text(document.text, name)
    except ReadError:
        raise
    except (Exception, RecursionError) as error:
        # NOTE: the last guard: a library met bytes its authors did not foresee; the drafter gets a sentence.
        raise refuse(name, f"the file cannot be read: it seems damaged ({type(error).__name__})") from error
    if not document.blocks:
        raise refuse(name, "the draft holds no text")
    return document


def _reader_for(data: bytes, name: str) -> Parse:
    suffix = Path(name).suffix.lower()
    kind = _sniff(data, name)
    if kind is not None:
        if suffix not in _SUFFIXES[kind]:
            shown = f"named {suffix}" if suffix else "without suffix"
            raise refuse(name, f"the file is {shown} but is {kind}", f"rename it to {_SUFFIXES[kind][0]}")
        return READERS[suffix]
    if suffix == ".doc":
        raise refuse(name, "the old Word format (.doc) is not read", "open it in Word and save it as .docx")
    if suffix not in READERS:
        known = " ".join(READERS)
        raise refuse(name, f"unknown suffix '{suffix}'" if suffix else "no suffix tells the format", f"known: {known}")
    if suffix in _BINARY:
        if suffix == ".pdf" and b"%PDF-" in data[:1024]:
            return READERS[suffix]
        raise refuse(name, f"the file is named {suffix} but is not {_BINARY[suffix]}; it is mislabelled or damaged")
    return READERS[suffix]


def _sniff(data: bytes, name: str) -> str | None:
    """What the first bytes say the file is; None for text.

    Raises:
        ReadError: a format that cannot be read, said by name.
    """
    head = data[:1024]
    if head.startswith(b"%PDF-") or (b"%PDF-" in head and Path(name).suffix.lower() == ".pdf"):
        return _PDF
    if head.lstrip().startswith(b"{\\rtf"):
        return _RTF
    if head.startswith(_OLE):
        raise _ole_refusal(data, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data, name)
    for magic, what in _OTHER_MAGIC:
        if head.startswith(magic):
            raise refuse(name, f"the file is {what}, not a draft")
    return None


def _ole_refusal(data: bytes, name: str) -> ReadError:
    def wide(word: str) -> bytes:
        return word.encode("utf-16-le")

    if wide("EncryptedPackage") in data or wide("EncryptionInfo") in data:
        return refuse(name, "the Word document is protected by a password", "save a copy without it")
    if wide("WordDocument") in data or Path(name).suffix.lower() == ".doc":
        return refuse(name, "this is an old Word document (.doc)", "open it in Word and save it as .docx")
    return refuse(name, "this is an old Office file, not a draft in a format that can be read", "save it as .docx")


def _zip_kind(data: bytes, name: str) -> str:
    archive = Archive(data, name)
    if "mimetype" in archive.names:
        mime = archive.part("mimetype").strip()
        if mime.startswith(b"application/vnd.oasis.opendocument.text"):
            return _ODT
        if mime.startswith(b"application/vnd.oasis.opendocument"):
            raise refuse(name, "the file is an OpenDocument file, but not a text")
        if mime.startswith(b"application/epub"):
            raise refuse(name, "the file is an EPUB book", "save it as .docx or .html")
    if "[Content_Types].xml" in archive.names:
        types = archive.part("[Content_Types].xml")
        if b"wordprocessingml" in types or "word/document.xml" in archive.names:
            return _WORD
        if b"spreadsheetml" in types:
            raise refuse(name, "the file is an Excel workbook, not a draft")
        if b"presentationml" in types:
            raise refuse(name, "the file is a PowerPoint presentation, not a draft")
    if "word/document.xml" in archive.names:
        return _WORD
    if "content.xml" in archive.names:
        return _ODT
    raise refuse(name, "the file is a zip archive, not a draft")
