"""Word documents, as small zips written here by hand."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from compliance.errors import ReadError
from compliance.model.policy import Document, Span
from compliance.readers import read_bytes
from compliance.readers.docx import W, open_word

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titre1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Mon"><w:name w:val="Mon titre"/><w:basedOn w:val="Titre1"/></w:style>
<w:style w:type="paragraph" w:styleId="Titre2"><w:name w:val="Titre 2"/></w:style>
<w:style w:type="paragraph" w:styleId="TM1"><w:name w:val="toc 1"/></w:style>
"""


def level(depth: int, form: str, text: str, extra: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{extra}</w:lvl>'


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    + level(2, "lowerLetter", "%3)")
    + "</w:abstractNum>"
    + f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "&#xF0B7;")}</w:abstractNum>'
    + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    + '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/>'
    + "</w:lvlOverride></w:num>"
)


def docx(body: str, **parts: str) -> bytes:
    """A Word file of this body; `styles`, `numbering`, `footnotes`... are the inside of those parts."""
    roots = {"document": "w:document", "styles": "w:styles", "numbering": "w:numbering", "footnotes": "w:footnotes",
             "comments": "w:comments"}  # fmt: skip
    parts = {"styles": STYLES, "numbering": NUMBERING, **parts, "document": f"<w:body>{body}</w:body>"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
            'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        for name, inside in parts.items():
            root = roots[name]
            archive.writestr(f"word/{name}.xml", f"<{root} {NAMESPACES}>{inside}</{root}>")
    return packed.getvalue()


def p(words: str, style: str = "", number: tuple[int, int] | None = None, properties: str = "") -> str:
    inside = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        inside += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    content = words if words.startswith("<") else r(words)
    return f"<w:p><w:pPr>{inside}{properties}</w:pPr>{content}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def read(body: str, **parts: str) -> Document:
    return read_bytes(docx(body, **parts), "projet.docx")


def shown(document: Document) -> list[tuple[str, int, str, str]]:
    return [(block.kind.value, block.level, block.label, block.span.of(document.text)) for block in document.blocks]


def test_headings_by_outline_by_parent_and_by_name() -> None:
    document = read(
        p("Un", "Titre1")
        + p("Deux", "Titre2")
        + p("Trois", "Mon")
        + p("Texte.")
        + p("Gras seul", "", None).replace("<w:rPr>", "<w:rPr><w:b/>")
    )
    assert [(kind, depth) for kind, depth, _, _ in shown(document)] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 1),
        ("paragraph", 0),
        ("heading", 11),
    ]
    assert not document.has_lines


def test_automatic_numbers_are_the_ones_word_shows() -> None:
    body = "".join(
        [
            p("Un", number=(1, 0)),
            p("Un un", number=(1, 1)),
            p("a", number=(1, 2)),
            p("b", number=(1, 2)),
            p("Un deux", number=(1, 1)),
            p("a encore", number=(1, 2)),
            p("Deux", number=(1, 0)),
            p("Deux un", number=(1, 1)),
            p("puce", number=(2, 0)),
            p("Quatre", number=(3, 0)),
            p("sans", number=(0, 0)),
        ]
    )
    labels = [(kind, label) for kind, _, label, _ in shown(read(body))]
    expected = ["I.", "1.1", "a)", "b)", "1.2", "a)", "II.", "2.1", "", "IV."]
    assert labels == [("item", label) for label in expected] + [("paragraph", "")]


def test_tracked_changes_are_accepted_and_counted() -> None:
    kept = f"{r('Les travailleurs ')}<w:ins>{r('migrants ')}</w:ins><w:del><w:r><w:delText>refoulés </w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{r('ailleurs')}</w:moveFrom>"
    document = read(p(kept + r("ont droit aux soins.") + moved))
    assert document.text == "Les travailleurs migrants ont droit aux soins."
    assert document.notes == (("tracked-deletions", "2"), ("tracked-insertions", "1"))


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    document = read(p("Un début ", properties="<w:rPr><w:del/></w:rPr>") + p("et une fin."))
    assert document.text == "Un début et une fin."


def test_notes_boxes_and_hidden_text() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"{p('Encadré.')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{p('Encadré.')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = p(r("L'État garantit :") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + box)
    body += p("les soins.", number=(2, 0)) + p(r("Vu. ") + r("caché", "<w:vanish/>")) + p("Fin", "Titre1")
    document = read(body, footnotes=f'<w:footnote w:id="2">{p("Voir la loi.")}</w:footnote>')
    assert [(kind, words) for kind, _, _, words in shown(document)] == [
        ("paragraph", "L'État garantit :"),
        ("item", "les soins."),
        ("paragraph", "Vu."),
        ("note", "Voir la loi."),
        ("box", "Encadré."),
        ("heading", "Fin"),
    ]
    assert ("hidden-text", "1") in document.notes


def test_fields_tabs_breaks_contents_and_comments() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF _1</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + r("l'article 3")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = p("Titre ... 3", "TM1") + p(r("Selon ") + field + "<w:r><w:tab/><w:t>oui</w:t><w:br/><w:t>non</w:t></w:r>")
    document = read(body, comments='<w:comment w:id="0"/>')
    assert document.text == "Selon l'article 3 oui non"
    assert document.notes == (("comments", "1"), ("contents-skipped", "1"))


def test_lines_that_look_like_items_are_items() -> None:
    document = read(p("<w:r><w:t>Mesures :</w:t><w:br/><w:t>- un ;</w:t><w:br/><w:t>- deux.</w:t></w:r>"))
    assert [(kind, words) for kind, _, _, words in shown(document)] == [
        ("paragraph", "Mesures :"),
        ("item", "- un ;"),
        ("item", "- deux."),
    ]


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_tables_row_by_row_with_their_header() -> None:
    inner = table(("x", "y"))
    document = read(table(("Objectif", "Action"), ("Informer", "Ouvrir un guichet"), (p("Former") + inner, "Recruter")))
    assert [(kind, words) for kind, _, _, words in shown(document)] == [
        ("row", "Informer | Ouvrir un guichet"),
        ("row", "Former | Recruter"),
        ("row", "x | y"),
    ]
    assert document.blocks[0].header == ("Objectif", "Action")


def test_a_table_of_one_column_is_a_frame() -> None:
    assert [kind for kind, _, _, _ in shown(read(table(("Texte un.",), ("Texte deux.",))))] == [
        "paragraph",
        "paragraph",
    ]


def test_content_controls_are_read() -> None:
    control = f"<w:sdt><w:sdtContent>{p('Dedans.')}</w:sdtContent></w:sdt>"
    inline = f"<w:sdt><w:sdtContent>{r('aussi.')}</w:sdtContent></w:sdt>"
    assert read(control + p(inline)).text == "Dedans.\naussi."


def test_runs_lead_back_to_the_words() -> None:
    word = open_word(
        docx(p("Titre", "Titre1") + p(r("Le droit ") + r("aux soins", "<w:i/>") + r(" est garanti."))),
        "a.docx",
    )
    at = word.document.text.index("soins")
    (found,) = word.runs_of(Span(at, at + 5))
    assert found.span.of(word.document.text) == "aux soins"
    assert "".join(map(str, found.run.itertext())) == "aux soins"
    assert found.run.getroottree().getroot() is word.root
    assert found.run.tag == W + "r"


def test_an_entity_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml")
        archive.writestr(
            "word/document.xml", f'<!DOCTYPE x [<!ENTITY a "b">]><w:document {NAMESPACES}>&a;</w:document>'
        )
    with pytest.raises(ReadError, match="refused for safety"):
        read_bytes(packed.getvalue(), "a.docx")


@pytest.mark.parametrize(
    "parts", [{"word/document.xml": "<w:document"}, {"word/document.xml": "<a/>"}, {"word/autre.xml": "<a/>"}]
)
def test_damaged_parts_are_refused(parts: dict[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml")
        for name, inside in parts.items():
            archive.writestr(name, inside)
    with pytest.raises(ReadError, match="damaged"):
        read_bytes(packed.getvalue(), "a.docx")


def test_every_truncation_is_refused_in_a_sentence() -> None:
    data = docx(p("Un texte.") * 50)
    for length in range(1, len(data), 97):
        with pytest.raises(ReadError):
            read_bytes(data[:length], "a.docx")


def test_forty_thousand_words_are_read_fast() -> None:
    data = docx(p("Les travailleurs migrants ont droit aux soins d'urgence. " * 10) * 500)
    started = time.perf_counter()
    read_bytes(data, "a.docx")
    # NOTE: 0.1 s on a quiet machine; the margin is for busy ones.
    assert time.perf_counter() - started < 2
