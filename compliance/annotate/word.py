"""Comments, and tracked changes where asked for, in a copy of a Word draft; every other part stays byte for byte.

Source: ECMA-376 Part 1, 17.13.4 (comments) and 17.13.5 (revisions).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from compliance.annotate.note import Note, notes
from compliance.model.judgement import Assessment
from compliance.model.law import Language
from compliance.model.policy import BlockKind, Clause, Span
from compliance.readers.docx import TracedRun, W, Word, open_word
from compliance.readers.limits import Archive, parse_xml
from compliance.suggest import Edit, edits, suggest

if TYPE_CHECKING:
    from lxml.etree import _Element

AUTHOR = "compliance"
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_MAIN = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MAIN = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_COMMENTS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BLANKS = str.maketrans("\t\n\r\u2028", "    ")
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_KEPT_OF_PARAGRAPH = frozenset(W + tag for tag in ("pStyle", "spacing", "ind", "contextualSpacing", "jc"))
_KEPT_OF_RUN = frozenset(W + tag for tag in ("rFonts", "color", "sz", "szCs", "lang"))
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Annotator:
    """Comments in Word files."""

    def clean(self, data: bytes, name: str) -> bytes:
        archive = Archive(data, name)
        package = _Package(archive, open_word(data, name).part)
        changed: dict[str, bytes] = {}
        root, strict = package.xml(package.main)
        own = package.own_comments()
        if _strip(root, own.ids):
            changed[package.main] = _bytes(root, strict)
        changed |= own.parts
        return _rewritten(data, changed) if changed else data

    def annotate(
        self, data: bytes, assessment: Assessment, language: Language, *, track_changes: bool = False
    ) -> bytes:
        suggestions = suggest(assessment)
        found = notes(assessment, suggestions, language)
        changes = edits(assessment, suggestions) if track_changes else ()
        if not found and not changes:
            return data
        word = open_word(data, assessment.document.path)
        archive = Archive(data, assessment.document.path)
        package = _Package(archive, word.part)
        changed = package.with_comments(found)
        page = _Page(word, assessment.clauses, [note.anchor for note in found], changes)
        for note, key in reversed(list(zip(found, package.keys(found), strict=True))):
            page.comment(note, key)
        for edit in changes:
            page.change(edit)
        strict = _STRICT_MAIN in archive.part(word.part)
        changed[word.part] = _bytes(word.root, strict)
        return _rewritten(data, changed)


# --- the package -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Own:
    """What an earlier run left: its comments' ids, and the parts once they are taken out."""

    ids: frozenset[str]
    parts: dict[str, bytes]


class _Package:
    """The parts of a Word file that comments touch."""

    def __init__(self, archive: Archive, main: str) -> None:
        self.archive = archive
        self.main = main
        folder = dirname(main)
        self.relations = join(folder, "_rels", main.rsplit("/", 1)[-1] + ".rels")
        self._targets: dict[str, str] = {}
        if self.relations in archive.names:
            for relation in archive.xml(self.relations).iter(_RELATIONS + "Relationship"):
                if relation.get("TargetMode") == "External":
                    continue
                target = relation.get("Target") or ""
                path = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                self._targets[(relation.get("Type") or "").rsplit("/", 1)[-1]] = path
        self.related = self._targets.get("comments") in archive.names
        self.comments = self._targets["comments"] if self.related else join(folder, "comments.xml")

    def xml(self, part: str) -> tuple[_Element, bool]:
        data = self.archive.part(part)
        strict = _STRICT_MAIN in data
        return parse_xml(data.replace(_STRICT_MAIN, _MAIN) if strict else data, part, self.archive.name), strict

    def own_comments(self) -> _Own:
        if not self.related:
            return _Own(frozenset(), {})
        root, strict = self.xml(self.comments)
        own = [comment for comment in root.iter(W + "comment") if comment.get(W + "author") == AUTHOR]
        if not own:
            return _Own(frozenset(), {})
        paragraphs = {p.get(_W14 + "paraId") for comment in own for p in comment.iter(W + "p")} - {None}
        for comment in own:
            root.remove(comment)
        parts = {self.comments: _bytes(root, strict)}
        for kind in ("commentsExtended", "commentsIds", "commentsExtensible"):
            part = self._targets.get(kind)
            if part in self.archive.names and part is not None and paragraphs:
                side = self.archive.xml(part)
                if _forget(side, paragraphs):
                    parts[part] = _bytes(side, False)
        return _Own(frozenset(comment.get(W + "id", "") for comment in own), parts)

    def keys(self, found: Sequence[Note]) -> list[str]:
        """Comment ids, beyond those in use."""
        first = 0
        if self.related:
            root, _ = self.xml(self.comments)
            used = [int(key) for comment in root.iter(W + "comment") if (key := comment.get(W + "id", "")).isdigit()]
            first = max(used, default=-1) + 1
        return [str(first + place) for place in range(len(found))]

    def with_comments(self, found: Sequence[Note]) -> dict[str, bytes]:
        """The parts that change when these comments are added, the main one left out."""
        from lxml import etree

        if self.related:
            root, strict = self.xml(self.comments)
        else:
            root = etree.Element(W + "comments", nsmap={"w": W[1:-1]})
            strict = _STRICT_MAIN in self.archive.part(self.main)
        for note, key in zip(found, self.keys(found), strict=True):
            root.append(_comment(note, key))
        changed = {self.comments: _bytes(root, strict)}
        if not self.related:
            changed["[Content_Types].xml"] = self._typed()
            changed[self.relations] = self._linked(strict)
        return changed

    def _typed(self) -> bytes:
        from lxml import etree

        root = self.archive.xml("[Content_Types].xml")
        name = "/" + self.comments
        if not any(one.get("PartName") == name for one in root.iter(_TYPES + "Override")):
            etree.SubElement(root, _TYPES + "Override", PartName=name, ContentType=_COMMENTS_TYPE)
        return _bytes(root, False)

    def _linked(self, strict: bool) -> bytes:
        from lxml import etree

        if self.relations in self.archive.names:
            root = self.archive.xml(self.relations)
        else:
            root = parse_xml(f'<Relationships xmlns="{_RELATIONS[1:-1]}"/>'.encode(), self.relations, self.archive.name)
        used = {one.get("Id") for one in root}
        key = next(f"rIdCompliance{n}" for n in range(1, len(used) + 2) if f"rIdCompliance{n}" not in used)
        kind = _STRICT_RELATION if strict else _COMMENTS_RELATION
        etree.SubElement(root, _RELATIONS + "Relationship", Id=key, Type=kind, Target=self.comments.rsplit("/", 1)[-1])
        return _bytes(root, False)


def _forget(root: _Element, paragraphs: set[str | None]) -> bool:
    """Take our comments out of a list that Word keeps beside them; replies to them by others stay, unthreaded."""
    changed = False
    for entry in list(root):
        for name, value in list(entry.attrib.items()):
            if value not in paragraphs:
                continue
            changed = True
            if str(name).endswith("}paraIdParent"):
                del entry.attrib[name]
            elif str(name).endswith("}paraId"):
                root.remove(entry)
                break
    return changed


def _comment(note: Note, key: str) -> _Element:
    from lxml import etree

    comment = etree.Element(W + "comment", {W + "id": key, W + "author": AUTHOR, W + "initials": "c"})
    for place, line in enumerate(note.lines):
        p = etree.SubElement(comment, W + "p")
        if place == 0:
            etree.SubElement(etree.SubElement(p, W + "r"), W + "annotationRef")
        run = etree.SubElement(p, W + "r")
        if line.title:
            etree.SubElement(etree.SubElement(run, W + "rPr"), W + "b")
        run.append(_text(line.text))
    return comment


def _text(words: str, tag: str = "t") -> _Element:
    from lxml import etree

    element = etree.Element(W + tag)
    element.text = _ILLEGAL.sub("\ufffd", words)
    element.set(_XML_SPACE, "preserve")
    return element


def _bytes(root: _Element, strict: bool) -> bytes:
    from lxml import etree

    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data.replace(_MAIN, _STRICT_MAIN) if strict else data


def _rewritten(data: bytes, changed: dict[str, bytes]) -> bytes:
    """The zip with some parts changed or added; the others, their order and their dates stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            part = changed[entry.filename] if entry.filename in changed else before.read(entry.filename)
            after.writestr(entry, part)
        for name, part in changed.items():
            if name in before.NameToInfo:
                continue
            added = zipfile.ZipInfo(name, _EPOCH)
            added.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(added, part)
    return out.getvalue()


# --- taking an earlier run out -----------------------------------------------------------------------------------


def _strip(root: _Element, ids: frozenset[str]) -> bool:
    """Remove our comment marks and tracked changes from the text; whether there were any."""
    changed = False
    marks = (W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference")
    for mark in [one for one in root.iter(*marks) if one.get(W + "id") in ids]:
        changed = True
        run = mark.getparent()
        if run is None:
            continue
        run.remove(mark)
        if mark.tag == W + "commentReference" and all(child.tag == W + "rPr" for child in run):
            _drop(run)
    for paragraph in list(root.iter(W + "p")):
        own = paragraph.find(f"{W}pPr/{W}rPr/{W}ins")
        if own is not None and own.get(W + "author") == AUTHOR:
            changed = True
            if all(child.tag == W + "pPr" or _is_own(child, "ins") for child in paragraph):
                _drop(paragraph)
            else:
                _drop(own)
    for inserted in [one for one in root.iter(W + "ins") if _is_own(one, "ins")]:
        changed = True
        _drop(inserted)
    for deleted in [one for one in root.iter(W + "del") if _is_own(one, "del")]:
        changed = True
        for words in deleted.iter(W + "delText"):
            words.tag = W + "t"
        for child in list(deleted):
            deleted.addprevious(child)
        _drop(deleted)
    return changed


def _is_own(element: _Element, tag: str) -> bool:
    return element.tag == W + tag and element.get(W + "author") == AUTHOR


def _drop(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


# --- writing on the page -----------------------------------------------------------------------------------------


class _Page:
    """The text of the Word file, whose runs are cut where a comment or a change begins or ends."""

    def __init__(self, word: Word, clauses: Sequence[Clause], anchors: Sequence[Span], changes: Sequence[Edit]) -> None:
        self.root = word.root
        self.clauses = clauses
        cuts = sorted(
            {at for span in anchors for at in (span.start, span.end)}
            | {at for edit in changes if not edit.inserts for at in (edit.span.start, edit.span.end)}
        )
        self.runs = tuple(_cut(word, cuts))
        keys = (one.get(W + "id", "") for one in self.root.iter() if isinstance(one.tag, str))
        self._revision = max((int(key) for key in keys if key.isdigit()), default=0)

    def _of(self, span: Span) -> list[_Element]:
        return [traced.run for traced in self.runs if traced.span.overlaps(span)]

    def comment(self, note: Note, key: str) -> None:
        """Set one comment's range and its mark."""
        from lxml import etree

        first, last = self._ends(note)
        if first is None or last is None:
            return
        first, last = _outside_boxes(first), _outside_boxes(last)
        end = etree.Element(W + "commentRangeEnd", {W + "id": key})
        first.addprevious(etree.Element(W + "commentRangeStart", {W + "id": key}))
        last.addnext(end)
        mark = etree.Element(W + "r")
        mark.append(etree.Element(W + "commentReference", {W + "id": key}))
        _in_paragraph(end).addnext(mark)

    def _ends(self, note: Note) -> tuple[_Element | None, _Element | None]:
        found = self._of(note.anchor)
        if not found and note.clause.kind is BlockKind.NOTE:
            found = self._reference(note.clause.number)
        if not found:
            before = [traced.run for traced in self.runs if traced.span.end <= note.anchor.start]
            found = before[-1:] or [traced.run for traced in self.runs[:1]]
        return (found[0], found[-1]) if found else (None, None)

    def _reference(self, number: str) -> list[_Element]:
        """The run that calls a footnote, by its number."""
        calls = list(self.root.iter(W + "footnoteReference", W + "endnoteReference"))
        place = int(number) - 1 if number.isdigit() else -1
        run = calls[place].getparent() if 0 <= place < len(calls) else None
        return [] if run is None else [run]

    def change(self, edit: Edit) -> None:
        """Track one change: words struck out and put in, or paragraphs put in."""
        if edit.inserts:
            self._insert(edit)
        else:
            self._replace(edit)

    def _replace(self, edit: Edit) -> None:
        runs = [run for run in self._of(edit.span) if _is_words(run) and not _in_box(run)]
        if not runs:
            return
        last = runs[-1]
        for run in runs:
            deleted = self._mark("del")
            run.addprevious(deleted)
            deleted.append(run)
            for words in run.iter(W + "t"):
                words.tag = W + "delText"
                words.set(_XML_SPACE, "preserve")
            if run is last:
                last = deleted
        if edit.texts:
            inserted = self._mark("ins")
            inserted.append(_run(" ".join(edit.texts), runs[-1].find(W + "rPr"), whole=True))
            _out_of_insertion(last).addnext(inserted)

    def _insert(self, edit: Edit) -> None:
        from lxml import etree

        clause = next((one for one in self.clauses if one.span.end == edit.span.end), None)
        runs = self._of(clause.span) if clause is not None else []
        if not runs and self.runs:
            runs = [traced.run for traced in self.runs if traced.span.end <= edit.span.end][-1:] or [self.runs[-1].run]
        if not runs:
            return
        paragraph = _outer(runs[-1], "p")
        anchor = paragraph
        if clause is not None and clause.kind is BlockKind.ROW:
            anchor = _outer(runs[-1], "tbl")
        style: list[_Element] = []
        properties = paragraph.find(W + "pPr")
        if clause is not None and clause.kind is BlockKind.PARAGRAPH and properties is not None:
            style = [deepcopy(child) for child in properties if child.tag in _KEPT_OF_PARAGRAPH]
        look = runs[-1].find(W + "rPr") if clause is not None and clause.kind is not BlockKind.HEADING else None
        for words in reversed(edit.texts):
            added = etree.Element(W + "p")
            own = etree.SubElement(added, W + "pPr")
            own.extend(deepcopy(one) for one in style)
            etree.SubElement(own, W + "rPr").append(self._mark("ins"))
            inserted = self._mark("ins")
            inserted.append(_run(words, look))
            added.append(inserted)
            anchor.addnext(added)

    def _mark(self, tag: str) -> _Element:
        from lxml import etree

        self._revision += 1
        return etree.Element(W + tag, {W + "id": str(self._revision), W + "author": AUTHOR})


def _cut(word: Word, cuts: Sequence[int]) -> Iterator[TracedRun]:
    """The runs of the text, parted at these offsets."""
    grouped: dict[_Element, list[TracedRun]] = defaultdict(list)
    for traced in word.runs:
        grouped[traced.run].append(traced)
    found: list[TracedRun] = []
    for run, shown in grouped.items():
        words = "".join(_length(child) for child in run).translate(_BLANKS)
        at = 0
        placed: list[tuple[int, TracedRun]] = []  # where in the run a traced stretch starts
        for traced in shown:
            start = words.find(traced.span.of(word.document.text), at)
            if start == -1:
                placed = []
                break
            placed.append((start, traced))
            at = start + traced.span.end - traced.span.start
        wanted = sorted(
            {
                start + cut - traced.span.start
                for start, traced in placed
                for cut in cuts
                if traced.span.start <= cut <= traced.span.end
            }
            - {0, len(words)}
        )
        if not placed or not wanted:
            found += shown
            continue
        for start, end, part in _parted(run, wanted, len(words)):
            for base, traced in placed:
                first = max(traced.span.start, traced.span.start + start - base)
                last = min(traced.span.end, traced.span.start + end - base)
                if first < last:
                    found.append(TracedRun(Span(first, last), part))
    return iter(sorted(found, key=lambda traced: traced.span))


def _length(child: _Element) -> str:
    """What a run's child shows, as the reader counts it."""
    if child.tag == W + "t":
        return child.text or ""
    if child.tag == W + "sym":
        return "\ufffc"
    return _SIGNS.get(str(child.tag), "")


def _parted(run: _Element, cuts: Sequence[int], size: int) -> list[tuple[int, int, _Element]]:
    """The run cut in several that look alike; the first is the run itself, and what shows no text keeps its place."""
    from lxml import etree

    bounds = [0, *cuts, size]
    look = run.find(W + "rPr")
    parts = [run]
    for _ in cuts:
        twin = etree.Element(W + "r", attrib={str(name): str(value) for name, value in run.attrib.items()})
        if look is not None:
            twin.append(deepcopy(look))
        parts[-1].addnext(twin)
        parts.append(twin)
    at = place = 0
    for child in list(run):
        if child is look:
            continue
        words = _length(child)
        if not words:
            if place:
                parts[place].append(child)
            continue
        while place + 1 < len(parts) and at >= bounds[place + 1]:
            place += 1
        if child.tag != W + "t" or at + len(words) <= bounds[place + 1]:
            if place:
                parts[place].append(child)
            at += len(words)
            continue
        done = 0
        while done < len(words):
            while place + 1 < len(parts) and at >= bounds[place + 1]:
                place += 1
            stop = min(len(words), done + bounds[place + 1] - at)
            if done == 0:
                child.text = words[:stop]
                child.set(_XML_SPACE, "preserve")
                if place:
                    parts[place].append(child)
            else:
                parts[place].append(_text(words[done:stop]))
            at += stop - done
            done = stop
    return [(bounds[index], bounds[index + 1], part) for index, part in enumerate(parts)]


def _run(words: str, look: _Element | None, whole: bool = False) -> _Element:
    from lxml import etree

    run = etree.Element(W + "r")
    if look is not None:
        kept = [deepcopy(child) for child in look if whole or child.tag in _KEPT_OF_RUN]
        if kept:
            etree.SubElement(run, W + "rPr").extend(kept)
    run.append(_text(words))
    return run


def _is_words(run: _Element) -> bool:
    """Whether a run shows nothing but text, so that striking it out loses nothing else."""
    shown = (W + "rPr", W + "t", W + "lastRenderedPageBreak", *_SIGNS)
    return all(child.tag in shown for child in run)


def _ancestors(element: _Element) -> Iterable[_Element]:
    return element.iterancestors()


def _outer(element: _Element, tag: str) -> _Element:
    """The outermost ancestor of that name; the element itself without one."""
    found = [one for one in _ancestors(element) if one.tag == W + tag]
    return found[-1] if found else element


def _in_box(run: _Element) -> bool:
    return any(one.tag == W + "txbxContent" for one in _ancestors(run))


def _outside_boxes(run: _Element) -> _Element:
    """The run; for one in a text box, where Word takes no comment, what holds the box in its paragraph."""
    if not _in_box(run):
        return run
    paragraph = _outer(run, "p")
    return next((one for one in _ancestors(run) if one.getparent() is paragraph), run)


def _in_paragraph(element: _Element) -> _Element:
    """The element, or what holds it right below its paragraph (a link, an insertion)."""
    while (parent := element.getparent()) is not None and parent.tag != W + "p":
        element = parent
    return element


def _out_of_insertion(element: _Element) -> _Element:
    """A place to insert after: someone else's insertion around the element is parted in two."""
    parent = element.getparent()
    if parent is None or parent.tag != W + "ins":
        return element
    following = list(element.itersiblings())
    if following:
        twin = deepcopy(parent)
        for child in list(twin):
            twin.remove(child)
        twin.extend(following)
        parent.addnext(twin)
    return parent
