"""OpenDocument, RTF and HTML drafts."""

from __future__ import annotations

import io
import zipfile

import pytest

from compliance.errors import ReadError
from compliance.model.policy import Document
from compliance.readers import read_bytes

OASIS = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"))
) + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'  # fmt: skip


def odt(body: str, styles: str = "", manifest: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {OASIS}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()


def shown(document: Document) -> list[tuple[str, int, str, str]]:
    return [(block.kind.value, block.level, block.label, block.span.of(document.text)) for block in document.blocks]


def test_odt_headings_lists_tables_and_notes() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>'
        "</text:list-style>"
    )
    body = (
        '<text:h text:outline-level="2">Axe 1</text:h>'
        "<text:p>L'État<text:s/>garantit<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Une note.</text:p></text:note-body></text:note> :</text:p>"
        '<text:list text:style-name="L"><text:list-item><text:p>les soins :</text:p><text:list><text:list-item>'
        "<text:p>urgents</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>l'école</text:p>"
        "</text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>But</text:p>"
        "</table:table-cell><table:table-cell><text:p>Action</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell><text:p>Informer</text:p></table:table-cell>"
        "<table:table-cell><text:p>Publier</text:p></table:table-cell></table:table-row></table:table>"
    )
    document = read_bytes(odt(body, styles), "projet.odt")
    assert shown(document) == [
        ("heading", 2, "Axe 1", "Axe 1"),
        ("paragraph", 0, "", "L'État garantit :"),
        ("item", 0, "1.", "les soins :"),
        ("item", 1, "a)", "urgents"),
        ("item", 0, "2.", "l'école"),
        ("row", 0, "", "Informer | Publier"),
        ("note", 0, "1", "Une note."),
    ]
    assert document.blocks[5].header == ("But", "Action")


def test_odt_tracked_deletions_stay_out() -> None:
    body = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>refoulés</text:p></text:deletion>'
        "</text:changed-region></text:tracked-changes><text:p>Les <text:change text:change-id='c'/>migrants.</text:p>"
    )
    document = read_bytes(odt(body), "projet.odt")
    assert document.text == "Les migrants."
    assert document.notes == (("tracked-deletions", "1"),)


def test_a_locked_odt_is_refused() -> None:
    with pytest.raises(ReadError, match="password"):
        read_bytes(odt("<text:p>x</text:p>", manifest="<manifest:encryption-data/>"), "projet.odt")


def test_rtf_paragraphs_items_and_accents() -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 CHAPITRE II\par L\'92\'c9tat prot\'e8ge les migrants.\par "
        r"a) les soins ;\par b) l\u8217?\'e9cole.\par}"
    )
    assert shown(read_bytes(source.encode(), "projet.rtf")) == [
        ("heading", 1, "CHAPITRE II", "CHAPITRE II"),
        ("paragraph", 0, "", "L’État protège les migrants."),
        ("item", 0, "a)", "a) les soins ;"),
        ("item", 0, "b)", "b) l’école."),
    ]


@pytest.mark.parametrize("data", [b"{\\rtf1", b"{\\rtf1 }", b"{\\rtf1" + b"{" * 5000])
def test_rtf_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read_bytes(data, "projet.rtf")


def test_html_blocks() -> None:
    page = """<!DOCTYPE html><html><head><title>x</title><style>p{}</style><script>var a="b";</script></head><body>
    <nav>Menu</nav><h2>1.1 Santé</h2><p>L'État <b>garantit</b> :<ul><li>les soins :<ul><li>urgents ;</li></ul><li>l'école.
    </ul><ol start="3"><li>Trois</li></ol><div>Un<br>texte<div>et un autre</div></div><p hidden>caché</p>
    <table><tr><th>But<th>Action<tr><td>Informer<td>Publier<br>vite</table><!-- secret --></body>"""
    assert shown(read_bytes(page.encode(), "projet.html")) == [
        ("heading", 2, "1.1", "1.1 Santé"),
        ("paragraph", 0, "", "L'État garantit :"),
        ("item", 0, "", "les soins :"),
        ("item", 1, "", "urgents ;"),
        ("item", 0, "", "l'école."),
        ("item", 0, "3.", "Trois"),
        ("paragraph", 0, "", "Un texte"),
        ("paragraph", 0, "", "et un autre"),
        ("row", 0, "", "Informer | Publier vite"),
    ]


def test_html_declares_its_encoding() -> None:
    page = '<meta charset="iso-8859-1"><p>L’État protège.</p>'
    assert read_bytes(page.encode("cp1252"), "a.htm").text == "L’État protège."


def test_deep_html_is_refused() -> None:
    page = b"<div>" * 5000 + b"mot" + b"</div>" * 5000
    with pytest.raises(ReadError):
        read_bytes(page, "a.html")
