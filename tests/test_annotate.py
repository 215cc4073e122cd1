"""Annotated copies: the draft's own text and parts stay as they were."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from compliance.annotate import annotator
from compliance.annotate.word import AUTHOR
from compliance.audit import Auditor
from compliance.errors import UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language
from compliance.readers import read_bytes
from compliance.readers.docx import W, open_word

EXAMPLES = Path(__file__).parent.parent / "examples"
DRAFT = EXAMPLES / "mali" / "projet-pnm.docx"
_MARKS = {W + "commentRangeStart", W + "commentRangeEnd"}
_TOUCHED = {"word/document.xml", "word/comments.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    from compliance.cli import options

    return options.auditor("generic", None)


@pytest.fixture(scope="module")
def data() -> bytes:
    return DRAFT.read_bytes()


@pytest.fixture(scope="module")
def assessment(auditor: Auditor, data: bytes) -> Assessment:
    return auditor.audit(read_bytes(data, "projet.docx"))


@pytest.fixture(scope="module")
def copy(data: bytes, assessment: Assessment) -> bytes:
    return annotator("projet.docx").annotate(data, assessment, Language.FR)


@pytest.fixture(scope="module")
def tracked(data: bytes, assessment: Assessment) -> bytes:
    return annotator("projet.docx").annotate(data, assessment, Language.FR, track_changes=True)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def looks(data: bytes) -> list[tuple[bytes, str]]:
    """Each character run's format and text, runs that look alike joined, and the paragraphs' own properties."""
    found: list[tuple[bytes, str]] = []
    for paragraph in etree.fromstring(parts(data)["word/document.xml"]).iter(W + "p"):
        properties = paragraph.find(W + "pPr")
        found.append((b"" if properties is None else etree.tostring(properties, method="c14n"), "¶"))
        for run in paragraph.iter(W + "r"):
            if run.find(W + "commentReference") is not None:
                continue
            style = run.find(W + "rPr")
            look = b"" if style is None else etree.tostring(style, method="c14n")
            for child in run:
                words = child.text or "" if child.tag in (W + "t", W + "delText") else str(child.tag)
                if child.tag == W + "rPr":
                    continue
                if found[-1][0] == look and found[-1][1] != "¶":
                    found[-1] = (look, found[-1][1] + words)
                else:
                    found.append((look, words))
    return found


def comments(data: bytes) -> list[etree._Element]:
    return list(etree.fromstring(parts(data)["word/comments.xml"]).iter(W + "comment"))


def test_text_formats_and_every_other_part_are_untouched(data: bytes, copy: bytes) -> None:
    assert read_bytes(copy, "c.docx").text == read_bytes(data, "d.docx").text
    assert looks(copy) == looks(data)
    before, after = parts(data), parts(copy)
    assert set(after) - set(before) <= {"word/comments.xml"}
    assert {name for name in before if before[name] != after[name]} <= _TOUCHED


def test_each_comment_is_ours_and_stands_on_the_words_that_decided(copy: bytes, assessment: Assessment) -> None:
    root = etree.fromstring(parts(copy)["word/document.xml"])
    found = {one.get(W + "id"): "".join(one.itertext()) for one in comments(copy) if one.get(W + "author") == AUTHOR}
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(one.get(W + "id", "") for one in root.iter(W + tag)) == sorted(map(str, found))
    key = next(key for key, text in found.items() if "icrmw:21," in text and "contraire" in text)
    start = next(one for one in root.iter(W + "commentRangeStart") if one.get(W + "id") == key)
    words = ""
    for sibling in start.itersiblings():
        if sibling.tag == W + "commentRangeEnd" and sibling.get(W + "id") == key:
            break
        words += "".join(text.text or "" for text in sibling.iter(W + "t"))
    assert "conserver le passeport" in words
    assert len(words) < 120


def test_a_second_run_replaces_its_own_comments_and_no_others(data: bytes, assessment: Assessment) -> None:
    chosen = annotator("projet.docx")
    foreign = _with_foreign_comment(chosen.annotate(data, assessment, Language.FR))
    cleaned = chosen.clean(foreign, "c.docx")
    assert [one.get(W + "author") for one in comments(cleaned)] == ["Awa"]
    again = chosen.annotate(cleaned, assessment, Language.FR)
    authors = [one.get(W + "author") for one in comments(again)]
    assert authors.count("Awa") == 1
    assert len(authors) == len(comments(foreign))
    assert len({one.get(W + "id") for one in comments(again)}) == len(authors)
    assert "Bonne question" in "".join("".join(one.itertext()) for one in comments(again))


def _with_foreign_comment(data: bytes) -> bytes:
    held = parts(data)
    root = etree.fromstring(held["word/comments.xml"])
    added = etree.SubElement(root, W + "comment", {W + "id": "9000", W + "author": "Awa"})
    run = etree.SubElement(etree.SubElement(added, W + "p"), W + "r")
    etree.SubElement(run, W + "t").text = "Bonne question"
    held["word/comments.xml"] = etree.tostring(root)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return packed.getvalue()


def test_cleaning_gives_back_a_draft_without_comments(data: bytes, copy: bytes) -> None:
    cleaned = annotator("c.docx").clean(copy, "c.docx")
    assert comments(cleaned) == []
    assert looks(cleaned) == looks(data)
    assert annotator("c.docx").clean(data, "c.docx") is data


def test_tracked_changes_can_be_told_and_taken_back(data: bytes, tracked: bytes) -> None:
    root = etree.fromstring(parts(tracked)["word/document.xml"])
    ours = [one for one in root.iter(W + "ins", W + "del") if one.get(W + "author") == AUTHOR]
    assert ours
    keys = [one.get(W + "id") for one in root.iter(W + "ins", W + "del")]
    assert len(keys) == len(set(keys))
    struck = "".join("".join(one.itertext()) for one in ours if one.tag == W + "del")
    assert "l’employeur est autorisé à conserver le passeport" in struck
    shown = read_bytes(tracked, "t.docx").text
    assert "l’employeur est autorisé à conserver le passeport" not in shown
    cleaned = annotator("t.docx").clean(tracked, "t.docx")
    assert read_bytes(cleaned, "t.docx").text == read_bytes(data, "d.docx").text
    assert looks(cleaned) == looks(data)


def test_someone_elses_tracked_changes_stay(data: bytes, tracked: bytes) -> None:
    def others(packed: bytes) -> list[str]:
        root = etree.fromstring(parts(packed)["word/document.xml"])
        marks = [one for one in root.iter(W + "ins", W + "del") if one.get(W + "author") != AUTHOR]
        return ["".join(one.itertext()) for one in marks if not any(True for _ in one.iter(W + "del") if one is not _)]

    assert "".join(others(data)) == "".join(others(annotator("t.docx").clean(tracked, "t.docx")))


def test_comments_in_links_tables_and_boxes_keep_to_places_word_allows(copy: bytes, tracked: bytes) -> None:
    for packed in (copy, tracked):
        root = etree.fromstring(parts(packed)["word/document.xml"])
        allowed = {W + tag for tag in ("p", "hyperlink", "ins", "smartTag", "sdtContent", "fldSimple")}
        for mark in root.iter(*_MARKS):
            parent = mark.getparent()
            assert parent is not None
            assert parent.tag in allowed
            assert not any(one.tag == W + "txbxContent" for one in mark.iterancestors())
        assert not [one for one in root.iter(W + "ins") if one.getparent().tag == W + "ins"]  # type: ignore[union-attr]
    assert open_word(copy, "c.docx").runs


@pytest.mark.parametrize("name", ["projet.md", "projet.txt"])
def test_footnotes_of_text_drafts_come_and_go(auditor: Auditor, name: str) -> None:
    original = (EXAMPLES / "mali" / "projet-pnm.md").read_bytes()
    chosen = annotator(name)
    assert chosen.clean(original, name) is original
    found = auditor.audit(read_bytes(original, name))
    written = chosen.annotate(original, found, Language.FR)
    text = written.decode()
    mark = "[^compliance-1]" if name.endswith("md") else "[compliance 1]"
    assert text.count(mark) == 2
    assert "icrmw:21" in text
    assert chosen.clean(written, name) == original
    assert chosen.annotate(chosen.clean(written, name), found, Language.FR) == written


@pytest.mark.parametrize("name", ["projet.md", "projet.txt"])
def test_an_annotated_text_draft_is_judged_as_the_draft_itself(auditor: Auditor, name: str) -> None:
    original = (EXAMPLES / "mali" / "projet-pnm.md").read_bytes()
    found = auditor.audit(read_bytes(original, name))
    written = annotator(name).annotate(original, found, Language.FR)
    again = auditor.audit(read_bytes(written, name))
    assert [clause.span for clause in again.clauses] == [clause.span for clause in found.clauses]
    assert again.findings == found.findings


@pytest.mark.parametrize("name", ["projet.md", "projet.txt"])
@pytest.mark.parametrize("change", ["end trimmed", "lines doubled", "text added", "windows"])
def test_notes_are_told_in_a_copy_that_an_editor_changed(auditor: Auditor, name: str, change: str) -> None:
    original = b"# Projet\n\nL'employeur garde le passeport du travailleur \xc3\xa9tranger.\n"
    written = annotator(name).annotate(original, auditor.audit(read_bytes(original, name)), Language.FR).decode()
    changed = {
        "end trimmed": written.rstrip("\n"),
        "lines doubled": written.replace("\n\n", "\n\n\n"),
        "text added": written + "\nLes soins sont garantis.\n",
        "windows": written.replace("\n", "\r\n"),
    }[change]
    text = read_bytes(changed.encode(), name).text
    cleaned = annotator(name).clean(changed.encode(), name).decode()
    for shown in (text, cleaned):
        assert "compliance" not in shown
        assert "icrmw" not in shown
        assert "garde le passeport du travailleur étranger." in shown
    if change == "text added":
        lines = changed.split("\n")
        assert text.split("\n").index("Les soins sont garantis.") == lines.index("Les soins sont garantis.")


def test_footnotes_that_lost_their_marks_are_told_by_their_name() -> None:
    note = "[^compliance-1]: **icrmw:21, Papiers : contraire**\n\n    Rédaction proposée : rien.\n"
    text = f"Un.[^compliance-1] Deux.[^1]\n\n{note}\n[^1]: À lire.\n\nTrois.\n"
    shown = read_bytes(text.encode(), "a.md").text
    assert "icrmw" not in shown
    assert "Rédaction" not in shown
    assert "Un. Deux.[^1]" in shown
    assert "[^1]: À lire." in shown
    assert shown.split("\n").index("Trois.") == text.split("\n").index("Trois.")


def test_line_ends_of_a_text_draft_are_kept(auditor: Auditor) -> None:
    original = "# Projet\r\n\r\nL’employeur est autorisé à conserver le passeport du travailleur étranger.\r\n".encode()
    written = annotator("a.md").annotate(original, auditor.audit(read_bytes(original, "a.md")), Language.FR)
    assert b"\r\n" in written
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert annotator("a.md").clean(written, "a.md") == original


def test_formats_that_cannot_be_annotated_are_refused() -> None:
    with pytest.raises(UsageError, match="cannot be annotated"):
        annotator("projet.pdf")


def test_the_draft_itself_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from compliance.cli.app import app

    draft = tmp_path / "projet.md"
    draft.write_text("# Projet\n\nL’employeur garde le passeport du travailleur étranger.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(app, ["annotate", "projet.md", "-o", "projet.md"])
    assert isinstance(refused.exception, UsageError)
    made = CliRunner().invoke(app, ["annotate", "projet.md"])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "projet-annotated.md").exists()
    again = CliRunner().invoke(app, ["annotate", "projet-annotated.md"])
    assert again.exit_code == 0, again.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["projet-annotated.md", "projet.md"]
