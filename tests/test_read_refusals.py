"""What cannot be read is refused in one sentence that names the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.readers import READERS, limits, read, read_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**parts: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in parts.items():
            archive.writestr(name, inside)
    return packed.getvalue()


WORD = zipped(**{"[Content_Types].xml": "wordprocessingml", "word/document.xml": "<a/>"})


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        pytest.param("a.docx", b"", "empty", id="empty"),
        pytest.param("a.docx", b"%PDF-1.7 ...", "is a PDF", id="a PDF named docx"),
        pytest.param("a.pdf", WORD, "is a Word document", id="a Word file named pdf"),
        pytest.param("a.txt", WORD, "is a Word document", id="a Word file named txt"),
        pytest.param("a.md", b"{\\rtf1 abc}", "is an RTF", id="an RTF named md"),
        pytest.param("a.docx", b"Un simple texte", "is not a Word document", id="text named docx"),
        pytest.param("a.pdf", b"<html>", "is not a PDF", id="text named pdf"),
        pytest.param("a.odt", WORD, "is a Word document", id="a Word file named odt"),
        pytest.param("a", WORD, "without suffix", id="no suffix"),
        pytest.param("a.xyz", b"texte", "unknown suffix", id="unknown suffix"),
        pytest.param("a.doc", OLE + b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", "old Word", id="legacy Word"),
        pytest.param("a.doc", b"texte", "old Word", id="doc of another kind"),
        pytest.param("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password", id="locked Word"),
        pytest.param("a.docx", zipped(**{"[Content_Types].xml": "spreadsheetml"}), "Excel", id="workbook"),
        pytest.param("a.docx", zipped(x="y"), "zip archive", id="plain zip"),
        pytest.param("a.docx", b"PK\x03\x04" + b"\0" * 40, "damaged", id="broken zip"),
        pytest.param("a.txt", b"\x89PNG\r\n\x1a\n", "PNG image", id="image"),
        pytest.param("a.txt", b"ab\x00\x01\x02" * 99, "binary", id="binary"),
    ],
)
def test_refusals(name: str, data: bytes, words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, name)
    assert words in caught.value.message
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "absent.md")
    with pytest.raises(ReadError, match="folder"):
        read(tmp_path)


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "Projet.MD"
    path.write_text("# Titre\n", encoding="utf-8")
    assert read(path).path == str(path)
    assert len(read(path).sha256) == 64


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compliance.readers.MAX_FILE_BYTES", 10)
    path = tmp_path / "a.md"
    path.write_text("un texte trop long")
    with pytest.raises(ReadError, match="larger than"):
        read(path)
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MAX_TEXT_CHARACTERS", 10)
    with pytest.raises(ReadError, match="longer than 10"):
        read(path)


def test_zip_bombs_are_refused() -> None:
    bomb = zipped(**{"[Content_Types].xml": "wordprocessingml", "word/document.xml": b"\0" * 30_000_000})
    with pytest.raises(ReadError, match="zip bomb"):
        read_bytes(bomb, "a.docx")


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ZIP_ENTRIES", 1)
    with pytest.raises(ReadError, match="zip bomb"):
        read_bytes(WORD, "a.docx")


def test_a_library_that_fails_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, name: str) -> None:
        raise KeyError("r")

    monkeypatch.setitem(READERS, ".md", broken)
    with pytest.raises(ReadError, match="seems damaged"):
        read_bytes(b"texte", "a.md")


HEADS = [b"", b"%PDF-1.4\n", b"{\\rtf1 ", b"PK\x03\x04", OLE, b"# Titre\n\n- a\n", b"<p>a<table><tr><td>"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(READERS)),
    st.sampled_from(HEADS),
    st.binary(max_size=400) | st.text(max_size=400).map(str.encode),
)
def test_no_bytes_ever_crash_a_reader(suffix: str, head: bytes, tail: bytes) -> None:
    try:
        document = read_bytes(head + tail, f"a{suffix}")
    except ReadError:
        return
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(document.text)
        end = block.span.end


def test_code_points_that_no_character_has() -> None:
    """Found by the fuzz campaign (rtf/68, rtf/409): one bad sign made the whole draft unreadable."""
    text = r"{\rtf1\ansi Les migrants \u99999999999? ont \u-99999? droit \u-3913? aux soins \u8217? urgents.\par}"
    document = read_bytes(text.encode(), "projet.rtf")
    assert "migrants" in document.text
    assert "’ urgents" in document.text


def test_words_strewn_over_a_page_are_read_soon() -> None:
    """Found by the fuzz campaign (pdf/1867): as many columns as words took 19 s."""
    import time

    shown = "".join(
        f"BT /F1 4 Tf {20 + 37 * (n * 7 % 4001)} {780 - n * 13 % 760} Td (mot{n}) Tj ET\n" for n in range(3000)
    )
    page = f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150000 800] /Contents 5 0 R "
        "/Resources << /Font << /F1 3 0 R >> >> >>",
        page,
    ]
    data = b"%PDF-1.4\n" + b"".join(f"{n} 0 obj\n{body}\nendobj\n".encode() for n, body in enumerate(bodies, 1))
    data += b"trailer << /Size 6 /Root 1 0 R >>\n%%EOF"
    began = time.process_time()
    document = read_bytes(data, "projet.pdf")
    assert time.process_time() - began < 5
    assert all(f"mot{number}" in document.text for number in (0, 1500, 2999))
