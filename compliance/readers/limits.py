"""What a draft may weigh, and the guarded doors to zip and XML; beyond the limits a file is refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from compliance.errors import Place, ReadError

if TYPE_CHECKING:
    from lxml import etree

MAX_FILE_BYTES = 50_000_000
MAX_TEXT_CHARACTERS = 5_000_000
MAX_PDF_PAGES = 2_000
MAX_UNZIPPED_BYTES = 200_000_000
MAX_PART_BYTES = 100_000_000
MAX_ZIP_RATIO = 200  # for a part that unzips to more than RATIO_FREE_BYTES
RATIO_FREE_BYTES = 10_000_000
MAX_ZIP_ENTRIES = 10_000
MAX_LIST_DEPTH = 50  # of nested lists, tables and tags; deeper is an attack or an accident

_WORD = re.compile(r"[^\W_]")


def refuse(name: str, message: str, hint: str | None = None) -> ReadError:
    """The refusal of the draft `name`, ready to be raised."""
    return ReadError(message, Place(name), hint)


def check_text(text: str, name: str) -> None:
    """Refuse a text that is blank or beyond measure."""
    if not _WORD.search(text):
        raise refuse(name, "the draft holds no text")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise refuse(name, f"the text is longer than {MAX_TEXT_CHARACTERS:,} characters", "split the draft")


class Archive:
    """A zip file whose declared and real sizes were checked; parts are read on demand.

    Raises:
        ReadError: damaged, too large, too many entries, or a compression ratio that only a zip bomb has.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise refuse(name, "the file is damaged: its zip container cannot be read") from error
        if len(entries) > MAX_ZIP_ENTRIES:
            raise refuse(name, f"the file holds more than {MAX_ZIP_ENTRIES:,} parts; it looks like a zip bomb")
        total = 0
        for entry in entries:
            total += entry.file_size
            heavy = entry.file_size > RATIO_FREE_BYTES
            if (
                entry.file_size > MAX_PART_BYTES
                or total > MAX_UNZIPPED_BYTES
                or (heavy and entry.file_size > MAX_ZIP_RATIO * max(entry.compress_size, 1))
            ):
                raise refuse(name, "the file unzips to far too much data; it looks like a zip bomb")
        self.names = frozenset(self._zip.namelist())

    def part(self, part: str) -> bytes:
        """The bytes of one part."""
        try:
            with self._zip.open(part) as stream:
                # NOTE: the declared size may lie, so the reading itself is bounded.
                data = stream.read(MAX_PART_BYTES + 1)
        except KeyError as error:
            raise refuse(self.name, f"the file is damaged: its part {part} is missing") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise refuse(self.name, f"the file is damaged: its part {part} cannot be unzipped") from error
        except RuntimeError as error:  # zipfile's word for an encrypted entry
            raise refuse(self.name, "the file is protected by a password", "save a copy without it") from error
        if len(data) > MAX_PART_BYTES:
            raise refuse(self.name, "the file unzips to far too much data; it looks like a zip bomb")
        return data

    def xml(self, part: str) -> etree._Element:
        """The root element of one XML part."""
        return parse_xml(self.part(part), part, self.name)


def parse_xml(data: bytes, part: str, name: str) -> etree._Element:
    """The root of an XML part, with no network, no entity and no DTD.

    Raises:
        ReadError: not well-formed, or with a document type declaration, which no such part has and by which
            entity attacks arrive.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data[:4096]:
            raise refuse(name, f"the part {part} declares XML entities; refused for safety") from error
        raise refuse(name, f"the file is damaged: its part {part} is not well-formed XML") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise refuse(name, f"the part {part} declares a document type (DTD); refused for safety")
    return root
