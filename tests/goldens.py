"""What the reports hold, as text files under `tests/golden/`: `python -m tests.goldens` writes them anew.

Bytes are never compared: fonts, ids and zips change without a reader seeing it. Two kinds of file:

- `frozen-*`: every word of each format, on an assessment written by hand (`frozen`), which no rule can move. A change
  there is a change of a report.
- `mali-*` and `policy-en-*`: the two example drafts, judged by the shipped data. `*-verdicts.txt` holds each provision
  with its verdict and clauses; the file of a format holds its outline and the degree that it shows of each provision.
  A change of verdict so moves one readable line there and one word in each format.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # `python -m tests.goldens`: pytest sets this path by itself
    sys.path.insert(0, str(Path(__file__).parent))

import handmade

from compliance import __version__
from compliance.labels import MARK
from compliance.model.judgement import Action, Assessment, Decision, Doubt, Finding, Priority, Standpoint, Status
from compliance.model.law import Bilingual, Force, Language, Part, Standing
from compliance.model.measure import Challenge, Measure, MeasureKind, MeasureStatus, Plan, PlanEntry, Register, Theme
from compliance.reporters import DOCUMENTS, REPORTERS, document_writer, reporter
from compliance.view import Report

FOLDER = Path(__file__).parent / "golden"
EXAMPLES = Path(__file__).parent.parent / "examples"
DAY = date(2026, 3, 2)
DRAFTS = {"mali": ("mali/projet-pnm.md", "mli"), "policy-en": ("policy-en/draft.md", "generic")}
BILINGUAL = ("docx", "html", "github")  # the others hold the same words, laid out otherwise
FORMATS = (*DOCUMENTS, *REPORTERS)
_MARKS = "".join(MARK.values())
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# --- what is reported --------------------------------------------------------------------------------------------


def frozen() -> Assessment:
    """Every status, reason and kind of decision, under a treaty in force and one not ratified."""
    taken = Decision("", Action.WAIVE, "Loi en préparation", "Awa Diarra", date(2026, 2, 17))
    held = handmade.assessment(
        handmade.finding(10, Status.COVERED, Priority.NONE),
        handmade.finding(11, Status.PARTIAL, Priority.MEDIUM),
        handmade.finding(12, Status.GAP),
        handmade.finding(13, Status.CONFLICT),
        handmade.finding(14, Status.NOT_APPLICABLE, Priority.NONE),
        handmade.permissive_gap(),
        _decided(handmade.finding(15, Status.CONFLICT), taken, Status.CONFLICT),
        _decided(
            handmade.finding(16, Status.COVERED, Priority.NONE),
            replace(taken, action=Action.OVERRULE, status=Status.COVERED, reason="Prévu par le code"),
            Status.GAP,
        ),
        _decided(
            handmade.finding(17, Status.GAP),
            replace(taken, action=Action.CONFIRM, standing=Standpoint.STALE, doubts=(Doubt.CLAUSE_ADDED,)),
            Status.GAP,
        ),
    )
    later = [_of(handmade.finding(3 + place, status), "c999") for place, status in enumerate(Status)]
    part = Part("part-3", Bilingual("Troisième partie", "Part III"), excludable=True)
    other = replace(
        held.instruments[0],
        id="c999",
        title=Bilingual("Convention de demain", "Convention of tomorrow"),
        short=Bilingual("C999", "C999"),
        parts=(part,),
        provisions=tuple(finding.provision for finding in later),
    )
    return replace(
        held,
        instruments=(*held.instruments, other),
        profile=replace(held.profile, standings={**held.profile.standings, "c999": Standing(Force.NOT_RATIFIED)}),
        findings=(*held.findings, *later),
    )


def _decided(finding: Finding, taken: Decision, now: Status) -> Finding:
    return replace(finding, decision=replace(taken, provision=finding.provision.id, said=now, now=now))


def _of(finding: Finding, instrument: str) -> Finding:
    name = finding.provision.id.replace("icrmw", instrument)
    return replace(finding, provision=replace(finding.provision, id=name, instrument=instrument))


def frozen_report(language: Language) -> Report:
    centre = Measure(
        id="centre",
        name=Bilingual("Centre d’accueil", "Reception centre"),
        kind=MeasureKind.INSTITUTION,
        status=MeasureStatus.ACTIVE,
        source="note",
        provisions=("icrmw:12", "icrmw:10"),
        date="2008-10",
        end="2014-09",
        doubts=(Bilingual("La note donne deux dates.", "The note gives two dates."),),
    )
    challenge = Challenge(Bilingual("La survie du centre", "Survival of the centre"))
    register = Register(Bilingual("Ailleurs", "Elsewhere"), "2013", "note", None, (centre,), (challenge,))
    plan = Plan({"icrmw:12": PlanEntry(action="Rédiger", body="Ministère", deadline=date(2027, 6, 30), comment="Vu")})
    theme = Theme("care", Bilingual("Soins", "Care"), ("icrmw:10", "icrmw:11", "icrmw:12", "icrmw:13"))
    return Report(frozen(), language, DAY, (theme,), register, plan)


@cache
def example(name: str) -> Report:
    from compliance.cli import options
    from compliance.cli.report import _register, _themes
    from compliance.readers import read_bytes

    path, profile = DRAFTS[name]
    engine = options.auditor(profile, None)
    assessment = engine.audit(read_bytes((EXAMPLES / path).read_bytes(), Path(path).name))
    instruments = engine.knowledge.instruments
    measures = EXAMPLES / name / "mesures.yaml"
    register = _register(measures, instruments) if measures.exists() else None
    return Report(assessment, assessment.language, DAY, _themes(instruments), register)


# --- every word of a format --------------------------------------------------------------------------------------


def docx(data: bytes) -> Iterator[str]:
    """Headings and paragraphs with their style, tables row by row."""
    import docx as library

    paper = library.Document(io.BytesIO(data))
    names = {style.style_id: style.name for style in paper.styles}
    for element in paper.element.body:
        if element.tag == _W + "p":
            style = element.find(f"{_W}pPr/{_W}pStyle")
            name = names.get(style.get(_W + "val")) if style is not None else "Normal"
            if text := _words(element):
                yield f"{name}: {text}"
        elif element.tag == _W + "tbl":
            for row in element.iter(_W + "tr"):
                head = "=" if row.find(f"{_W}trPr/{_W}tblHeader") is not None else "|"
                cells = (" / ".join(filter(None, map(_words, cell.iter(_W + "p")))) for cell in row.iter(_W + "tc"))
                yield f"{head} " + " | ".join(cells)
    for part in (paper.sections[0].header, paper.sections[0].footer):
        yield f"margin: {_words(part._element)}"


def _words(element: Any) -> str:
    return " ".join("".join(one.text or "" for one in element.iter(_W + "t")).split())


def xlsx(data: bytes) -> Iterator[str]:
    """Each sheet with what makes it usable, then its rows."""
    from openpyxl import load_workbook

    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        facts = (sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_area, sheet.page_setup.orientation)
        yield f"# {sheet.title} {facts} {len(sheet._charts)} charts"
        for row in sheet.iter_rows(values_only=True):
            if cells := [str(value).replace("\n", " / ") if value is not None else "" for value in row]:
                yield "| " + " | ".join(cells).rstrip(" |")


def html(data: bytes) -> Iterator[str]:
    """The words of each block; where a link leads, where a name stands."""
    from lxml import html as library

    blocks = {"h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "tr", "blockquote", "label", "summary", "title", "footer"}
    for element in library.document_fromstring(data.decode()).iter():
        held = isinstance(element.tag, str) and (element.tag in blocks or "c" in element.get("class", "").split())
        if held and not any(child.tag in blocks for child in element.iterdescendants()):
            links = " ".join(f"<{link.get('href')}>" for link in element.iter("a"))
            text = " ".join(" ".join(element.itertext()).split())
            yield f"{element.tag}: {text} {links}".rstrip()


def pdf(data: bytes) -> Iterator[str]:
    from pypdfium2 import PdfDocument

    paper = PdfDocument(data)
    for entry in paper.get_toc():
        yield f"{'#' * (entry.level + 1)} {entry.get_title()}"
    for page in paper:
        yield from (
            " ".join(line.split()) for line in page.get_textpage().get_text_range().splitlines() if line.strip()
        )


def md(data: bytes) -> Iterator[str]:
    yield from data.decode().splitlines()


def table_of_values(data: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield " | ".join(row)


def sarif(data: bytes) -> Iterator[str]:
    """The whole file but for the rules, which repeat the catalogue: the first stands for all."""
    found = json.loads(data)
    for run in found["runs"]:
        del run["tool"]["driver"]["rules"][1:]
    yield from json.dumps(found, ensure_ascii=False, indent=1).splitlines()


DUMP: dict[str, Callable[[bytes], Iterator[str]]] = {
    "docx": docx, "xlsx": xlsx, "html": html, "pdf": pdf, "csv": table_of_values, "sarif": sarif
}  # fmt: skip


# --- the outline of a format, and the degree of each provision ---------------------------------------------------


def outline(name: str, data: bytes) -> Iterator[str]:
    lines = list(DUMP.get(name, md)(data))
    match name:
        case "docx":
            yield from (line for line in lines if line.startswith(("Heading", "Title", "Subtitle", "=")))
            yield from degrees(line for line in lines if line.startswith("|"))
        case "xlsx":
            yield from (line for line in lines if line.startswith("#"))
            yield from degrees(lines)
        case "html":
            yield from (line for line in lines if line.startswith(("h1", "h2", "h3", "title")))
            yield from degrees(line for line in lines if line.startswith("h4"))
        case "md":
            yield from (line for line in lines if line.startswith("#"))
            yield from degrees(lines)
        case "pdf":
            yield from (line for line in lines if line.startswith("#"))
            ids = dict.fromkeys(re.findall(r"\b(?:icrmw|c097|c143):[\w.-]*\w", " ".join(lines)))
            yield f"{len(ids)} provisions"
        case "csv":
            yield lines[0]
            yield from (" ".join(line.split(" | ")[place] for place in (2, 4, 6, 8, 9)) for line in lines[1:])
        case "github":
            yield from (re.sub(r"file=[^,]*,(.*?),?title=(\S+).*", r"\1 \2", line) for line in lines)
        case "junit":
            yield from _cases(data)
        case "sarif":
            (run,) = json.loads(data)["runs"]
            yield f"{len(run['tool']['driver']['rules'])} rules"
            for one in run["results"]:
                region = one["locations"][0]["physicalLocation"].get("region", {})
                yield f"{one['ruleId']} {one['level']} {region.get('startLine', '-')}"
        case "summary":
            yield from (line for line in lines if not line.startswith("  >"))
        case "json":
            found = json.loads(data)
            yield json.dumps(found["summary"], ensure_ascii=False)
            yield from (f"{one['code']}: {one['message']['fr']}" for one in found["remarks"])


def degrees(lines: Iterator[str] | list[str]) -> Iterator[str]:
    """Provisions under the mark that the lines give them, a line a mark."""
    found: dict[str, list[str]] = {}
    seen = set()
    for line in lines:
        name = re.search(r"\b(?:icrmw|c097|c143):[\w.-]*\w", line)
        mark = re.search(rf"[{_MARKS}] ?(?=\**\w)", line)
        if name and mark and name[0] not in seen:
            seen.add(name[0])
            found.setdefault(mark[0].strip(), []).append(name[0])
    yield from (f"{mark} {len(found[mark])}: {' '.join(found[mark])}" for mark in sorted(found))


def _cases(data: bytes) -> Iterator[str]:
    from xml.etree import ElementTree as ET

    for suite in ET.fromstring(data):
        yield f"# {suite.get('name')} {suite.get('tests')} {suite.get('failures')} {suite.get('skipped')}"
        for tag in ("failure", "skipped", "system-out"):
            names = [case.get("name", "").split()[0] for case in suite if case.find(tag) is not None]
            yield f"{tag}: {' '.join(names)}"


def verdicts(report: Report) -> Iterator[str]:
    """One line a provision: its verdict, what is short, the clauses that decided, the beginning of the wording."""
    from compliance.view import View

    for row, finding in zip(View(report).rows, report.assessment.findings, strict=True):
        clauses = " ".join(dict.fromkeys(item.clause.number or item.clause.id for item in finding.evidence[:3]))
        wording = row.proposals[-1].text if row.proposals else ""
        said = " ".join([*finding.reasons, *(f"-{name}" for name in finding.missing if finding.evidence)])
        yield f"{row.id} {row.degree} {row.priority} [{clauses}] {said} {wording[:40]}".rstrip()


# --- files -------------------------------------------------------------------------------------------------------


def files() -> Iterator[tuple[str, Callable[[], str]]]:
    """Each golden file by name, with what makes its text."""
    for name in FORMATS:
        for language in Language if name in BILINGUAL else (Language.FR,):
            yield f"frozen-{language}-{name}.txt", _frozen(name, language)
        for draft in DRAFTS:
            yield f"{draft}-{name}.txt", _outline(draft, name)
    for draft in DRAFTS:
        yield f"{draft}-verdicts.txt", _verdicts(draft)


def _frozen(name: str, language: Language) -> Callable[[], str]:
    return lambda: _text(DUMP.get(name, md)(render(name, frozen_report(language))))


def _outline(draft: str, name: str) -> Callable[[], str]:
    return lambda: _text(outline(name, render(name, example(draft))))


def _verdicts(draft: str) -> Callable[[], str]:
    return lambda: _text(verdicts(example(draft)))


def render(name: str, report: Report) -> bytes:
    if name in DOCUMENTS:
        return document_writer(name).render(report)
    return reporter(name).render([report.assessment], report.language)


def _text(lines: Iterator[str]) -> str:
    # NOTE: hashes and versions say nothing of a report's content.
    text = "\n".join(line.rstrip() for line in lines).replace(__version__, "VERSION")
    return re.sub(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{32,64}\b", "HASH", text) + "\n"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    made = {name: text() for name, text in files()}
    for old in FOLDER.iterdir():
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
    print(f"{len(made)} files, {sum(len(text.encode()) for text in made.values()) // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
