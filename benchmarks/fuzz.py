"""A fuzz campaign over every reader and every loader of YAML and JSON: `python -m benchmarks.fuzz --inputs 20000`.

Real files are damaged by bytes, by parts of their zip, by tags and by lines; whatever comes of it, a reader gives a
sound Document or a ReadError, a loader gives data or DataErrors. Anything else is a fault: another exception, spans
that do not fit the text, more than 5 s of processor time, more than 1 GiB of memory, a dead process. Readers' last
guard ("seems damaged") is counted apart, by the exception it caught: each is a thing a reader did not foresee.

The input of a number is the same on every machine, given the same seeds; `--only NUMBER` runs one again.
"""

# ruff: noqa: PT017  (seeds read better on one line; this is no test)

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BATCH = 250  # inputs a process judges before it is replaced, so that memory is measured anew
MOST_SECONDS = 5.0  # of processor time
MOST_BYTES = 1 << 30
WALL_SECONDS = 90.0  # without a word from the child: it hangs where Python cannot see
SOUNDNESS_EVERY = 5  # of the inputs read, how often clauses are cut too

Run = Callable[[bytes, Path], str]  # returns "read" or "refused", or raises


@dataclass(frozen=True, slots=True)
class Target:
    """One reader or loader, the files it is tried on, and what an answer is."""

    name: str
    seeds: tuple[bytes, ...]
    run: Run
    zipped: bool = False
    weight: int = 1


# --- seeds -------------------------------------------------------------------------------------------------------

_PARAGRAPHS = (
    "L’État garantit aux travailleurs migrants l’égalité de traitement : salaire, repos, sécurité au travail.",
    "Les migrants ont droit aux soins médicaux d’urgence, quelle que soit leur situation.",
    "Nul ne peut confisquer le passeport d’un travailleur, sauf un agent habilité par la loi.",
    "Mettre en place un guichet d’information gratuit pour les candidats au départ.",
)


def word_seed() -> bytes:
    """A Word document with what drafts hold: headings, lists, a table, a note, an image, a link, tracked changes."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document: Any = Document()
    document.add_heading("Politique nationale migratoire", 0)
    for number in (1, 2):
        document.add_heading(f"Axe {number}", 1)
        document.add_paragraph(_PARAGRAPHS[number])
        for style in ("List Bullet", "List Number"):
            for words in _PARAGRAPHS[:3]:
                document.add_paragraph(words, style=style)
    table = document.add_table(rows=3, cols=3)
    for row in table.rows:
        for place, cell in enumerate(row.cells):
            cell.text = _PARAGRAPHS[place]
    table.cell(0, 0).merge(table.cell(0, 1))
    changed = document.add_paragraph("Texte ")
    change = f'<w:ins {nsdecls("w")} w:id="7" w:author="a" w:date="2024-01-01T00:00:00Z"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
    changed._p.append(parse_xml(change))
    gone = f'<w:del {nsdecls("w")} w:id="8" w:author="a"><w:r><w:delText>retiré</w:delText></w:r></w:del>'
    changed._p.append(parse_xml(gone))
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def converted(word: bytes, wanted: bool) -> dict[str, bytes]:
    """The same text in other formats, as LibreOffice writes them; empty where it is not installed or not wanted."""
    office = shutil.which("soffice") if wanted else None
    if office is None:
        return {}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.docx").write_bytes(word)
        for kind in ("odt", "rtf", "pdf", "html"):
            command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
            subprocess.run(
                [*command, "--outdir", folder, f"{folder}/a.docx"], capture_output=True, timeout=120, check=False
            )
            path = Path(folder) / f"a.{kind}"
            if path.exists():
                found[kind] = path.read_bytes()
    return found


def plain_pdf() -> bytes:
    """A PDF whose pages are not compressed, so that damage reaches its operators."""
    body = "".join(f"BT /F1 10 Tf 50 {750 - 14 * n} Td ({words}) Tj ET\n" for n, words in enumerate(_PARAGRAPHS * 6))
    content = body.replace("’", "'").encode("cp1252", "replace")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Rotate 0 /Resources "
        b"<< /Font << /F1 3 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, one in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


MARKDOWN = """---
title: Politique
---
# Politique nationale

1. L’État garantit :
   - les soins d’urgence[^1] ;
   - l’école.

| But | Action |
|---|---|
| Informer | Publier *un guide* <br> gratuit |

> Citation `code` [lien](http://exemple.ml "titre") ![image](a.png)

Article 5
: définition &amp; suite

```
bloc
```
<div><p>HTML <b>dedans</b></p></div>

[^1]: Note de bas de page.
"""

HTML = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>T</title><style>p{}</style></head><body>
<h1>Politique</h1><ol type="a" start="3"><li>soins<ul><li>urgents</li></ul></li><li>école</li></ol>
<table><thead><tr><th colspan="2">But</th></tr></thead><tr><td rowspan="2">A</td><td>B &eacute;</td></tr></table>
<p hidden>rien</p><p>Les migrants&nbsp;ont <b>droit</b> aux soins.<br>Suite</p><script>x()</script></body></html>
"""

REVIEW = """# Décisions
version: 1
drafts: ["*.md"]
decisions:
  - provision: icrmw:28
    decision: confirm
    reason: "lu"
    by: "A. Traoré"
    on: 2026-01-05
    said: covered
    encoding: 0123456789abcdef
    clauses:
      - {words: 0123456789abcdef, number: "3.1", quote: "Les soins d’urgence"}
  - provision: icrmw:9
    decision: waive
    reason: "code pénal"
    by: "A. Traoré"
    on: 2026-01-05
    expires: 2027-01-01
  - provision: icrmw:10
    decision: overrule
    status: partial
    short: [persons]
    reason: "à revoir"
    by: "A. Traoré"
    on: 2026-01-05
    clauses:
      - {number: "4.2", bears: true}
"""

BASELINE = b"""{
 "version": 1,
 "tool": "compliance 0.1.0",
 "drafts": {"a.md": [
  {"provision": "icrmw:9", "status": "conflict", "since": "2026-01-05", "against": ["0123456789abcdef"]},
  {"provision": "icrmw:10", "status": "partial", "since": "2026-01-05", "reasons": ["persons"], "missing": ["a"]}
 ]}
}
"""

CONFIG = """# réglages
profile: mli
instruments: [icrmw, c143]
lang: fr
fail_on: gap
min_priority: medium
timeout: 12.5
jobs: 2
outputs:
  - {format: json, file: out/a.json}
"""


# --- targets -----------------------------------------------------------------------------------------------------


def reading(name: str) -> Run:
    def run(data: bytes, folder: Path) -> str:
        from compliance.errors import ReadError
        from compliance.readers import read_bytes

        try:
            document = read_bytes(data, name)
        except ReadError as error:
            if error.__cause__ is not None and "seems damaged (" in error.message:
                raise Guarded(error.__cause__) from error
            return "refused"
        sound(document)
        return "read"

    return run


class Guarded(Exception):
    """A reader's last guard caught what the reader did not foresee."""


def sound(document: Any) -> None:
    """Raise AssertionError when a document does not hold together."""
    last = 0
    for block in document.blocks:
        assert 0 <= block.span.start < block.span.end <= len(document.text), "a span leaves the text"
        assert block.span.start >= last, "blocks overlap or are out of order"
        last = block.span.end
        assert block.span.of(document.text).strip(), "a block is blank"
    document.text.encode()
    if int(document.sha256[:4], 16) % SOUNDNESS_EVERY == 0:
        from compliance.model.law import Language
        from compliance.text import language
        from compliance.text.segment import segment

        for clause in segment(document, language.of_text(document.text) or Language.FR):
            assert 0 <= clause.span.start < clause.span.end <= len(document.text), "a clause leaves the text"


def loading(name: str, load: Callable[[Path], object], beside: Mapping[str, bytes] | None = None) -> Run:
    """A loader of one file, or of a folder where the other files are sound."""

    def run(data: bytes, folder: Path) -> str:
        from compliance.errors import ComplianceError

        path = folder / name
        for place, sound_data in (beside or {}).items():
            if not (folder / place).exists():
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                (folder / place).write_bytes(sound_data)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        try:
            load(folder if "/" in name else path)
        except ComplianceError as error:
            assert "\n" not in str(error) or hasattr(error, "faults"), "a fault of several lines"
            return "refused"
        return "read"

    return run


def targets(office: bool = True) -> list[Target]:
    """Every reader and every loader, with its seeds."""
    from compliance.load.config import load_config
    from compliance.load.conventions import load_instruments
    from compliance.load.profile import load_profile
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names
    from compliance.readers import READERS

    word = word_seed()
    others = converted(word, office)
    text = MARKDOWN.encode()
    plain = re.sub(r"[#*|`>\[\]]", "", MARKDOWN)
    legacy = plain.encode("cp1252", "replace")
    pdf = (plain_pdf(), *([others["pdf"]] if "pdf" in others else []))
    rtf = others.get(
        "rtf", b"{\\rtf1\\ansi\\ansicpg1252 {\\b Politique}\\par Les migrants ont droit \\'e0 l'\\'e9cole.\\par}"
    )
    seeds: dict[str, tuple[bytes, ...]] = {
        ".docx": (word,),
        ".odt": (others["odt"],) if "odt" in others else (),
        ".rtf": (
            rtf[:60_000],
            b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 L\\'c9tat \\u8217? garantit\\par\\trowd\\cell\\row}",
        ),
        ".pdf": pdf,
        ".html": (HTML.encode(), *([others["html"]] if "html" in others else [])),
        ".md": (text, text.replace(b"\n", b"\r\n"), MARKDOWN.encode("utf-16")),
        ".txt": (plain.encode(), legacy, plain.encode("utf-16-le")),
    }
    found = [
        Target(suffix[1:], files, reading(f"projet{suffix}"), suffix in (".docx", ".odt"), 3)
        for suffix, files in seeds.items()
        if files
    ]
    covered = {READERS[suffix] for suffix in seeds}
    assert covered == set(READERS.values()), "a reader has no seed"

    shipped = load_instruments(ROOT)
    example = ROOT / "examples" / "ecowas"
    known = load_instruments(ROOT, example)
    head = (ROOT / "conventions" / "c143" / "instrument.yaml").read_bytes()
    parts = {path.name: path.read_bytes() for path in (ROOT / "conventions" / "c143").glob("part-*.yaml")}
    # NOTE: alone, so that what they name elsewhere is not asked for.
    parts = {name: re.sub(rb"  related: .*\n", b"", data) for name, data in parts.items()}
    lexicon = (example / "rules" / "lexicon" / "ecowas.yaml").read_bytes()
    written = (example / "rules" / "ecowas" / "protocol.yaml").read_bytes()
    # The concepts that the example takes from the shipped lexicon.
    taken = ("no-right", "none-may", "polarity-end", "polarity-forbid", "polarity-suppress")
    stubs = "".join(f"- {{concept: {name}, gloss: x, fr: [un], en: [one]}}\n" for name in taken).encode()

    def instruments(folder: Path) -> object:
        return load_instruments(folder)

    def rules(folder: Path) -> object:
        return load_rules([folder], known, pattern_names=names)

    beside_head = {f"conventions/c143/{name}": data for name, data in parts.items()}
    beside_part = {"conventions/c143/instrument.yaml": head, **beside_head}
    states = tuple(path.read_bytes() for path in sorted((ROOT / "conventions" / "states").glob("*.yaml")))
    found += [
        Target("instrument", (head,), loading("conventions/c143/instrument.yaml", instruments, beside_head)),
        Target(
            "provisions", (parts["part-2.yaml"],), loading("conventions/c143/part-2.yaml", instruments, beside_part)
        ),
        Target("profile", states, loading("p.yaml", lambda path: load_profile(path, shipped))),
        Target(
            "rules",
            (written,),
            loading("rules/x/r.yaml", rules, {"rules/lexicon/l.yaml": lexicon, "rules/lexicon/s.yaml": stubs}),
        ),
        Target(
            "lexicon",
            (lexicon,),
            loading("rules/lexicon/l.yaml", rules, {"rules/x/r.yaml": written, "rules/lexicon/s.yaml": stubs}),
        ),
        Target("config", (CONFIG.encode(),), loading("compliance.yaml", load_config)),
    ]
    return found + _later(shipped)


def _later(shipped: Any) -> list[Target]:
    """Loaders that other parts of the program brought."""
    found = []
    try:
        from compliance.load import review
    except ImportError:
        pass
    else:
        found.append(Target("review", (REVIEW.encode(),), loading("r.yaml", lambda path: review.load(path, shipped))))
    try:
        from compliance import baseline
    except ImportError:
        pass
    else:
        found.append(Target("baseline", (BASELINE,), loading("b.json", baseline.load)))
    try:
        from compliance.load import measures
    except ImportError:
        pass
    else:
        register = ROOT / "examples" / "mali" / "mesures.yaml"
        if register.exists():
            load = loading("m.yaml", lambda path: measures.load_register(path, shipped))
            found.append(Target("measures", (register.read_bytes(),), load))
        table = (ROOT / "conventions" / measures.THEMES).read_bytes()
        found.append(Target("themes", (table,), loading("t.yaml", lambda path: measures.load_themes(path, shipped))))
    found.append(Target("report", (_report(),), loading("r.json", _read_report)))
    return found


def _report() -> bytes:
    """A JSON report, as `compliance diff` reads it in place of a draft."""
    from compliance.audit import Auditor
    from compliance.load import compiled, profile
    from compliance.readers import read
    from compliance.reporters.json import Reporter

    engine = Auditor(compiled.load(), profile.generic(), ["c143"])
    return Reporter().render([engine.audit(read(ROOT / "examples" / "ecowas" / "draft.md"))], None)


def _read_report(path: Path) -> object:
    from compliance.cli.diff import _report as opened
    from compliance.revision import of_report

    return of_report(opened(path), "projet.json")


# --- damage ------------------------------------------------------------------------------------------------------

_NUMBERS = (b"0", b"-1", b"1", b"99999999999999999999", b"2147483648", b"1e308", b"NaN", b"", b"0x7f")
_TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\x0c", b"\x1b[2J", b"<", b">", b"&#0;", b"&x;", b"]]>", b"<!--", b"{", b"}", b"[", b"]",
    b"\\", b"\\bin99999999 ", b"\\u-99999?", b"'", b'"', b"*", b"&a *a", b"!!python/object:x ", b"---\n", b": ", b"- ", b"\t", b"|\n", b"%PDF-", b"endobj", b"stream\n",
    b"<w:p>", b"</w:p>", b"<w:tbl>", b"<text:list>", b"\xe2\x80\xa8", b"\xf0\x9f\x87\xb2", "é".encode(), b"> > > > > > > > > > ", b"[[[[[[[[[[", b"<<<<<<<<<<",
)  # fmt: skip


def damaged(target: Target, number: int, seed: str) -> bytes:
    """The input of this number."""
    chance = random.Random(f"{seed}/{target.name}/{number}")
    data = chance.choice(target.seeds)
    if target.zipped and chance.random() < 0.75:
        return _part_damaged(data, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = _once(data, chance, target.seeds)
    return data


def _part_damaged(data: bytes, chance: random.Random) -> bytes:
    """Damage inside one part of a zip, whose container stays whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    telling = [name for name in parts if re.search(r"document|content|styles|numbering|rels|Types|notes", name)]
    name = chance.choice(telling or list(parts))
    for _ in range(chance.choice((1, 1, 2, 4))):
        parts[name] = (_tags if chance.random() < 0.7 else _once)(parts[name], chance, (parts[name],))
    if chance.random() < 0.05:
        del parts[chance.choice(list(parts))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for part, inside in parts.items():
            archive.writestr(zipfile.ZipInfo(part), inside)
    return packed.getvalue()


def _tags(data: bytes, chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """XML damaged so that it mostly stays well-formed: elements repeated, nested, emptied; values replaced."""
    kind = chance.randrange(5)
    if kind == 0:
        values = list(re.finditer(rb'="([^"]*)"', data))
        if values:
            hit = chance.choice(values)
            new = chance.choice((*_NUMBERS, b"x", b"true", chance.choice(values).group(1)))
            return data[: hit.start(1)] + new + data[hit.end(1) :]
    leaves = list(re.finditer(rb"<([\w:]+)(?: [^<>]*)?>[^<]*</\1>|<[\w:]+(?: [^<>]*)?/>", data))
    if not leaves:
        return _once(data, chance, seeds)
    hit = chance.choice(leaves)
    whole = hit.group()
    if kind == 1:
        return data[: hit.start()] + data[hit.end() :]
    if kind == 2:
        return data[: hit.end()] + whole * chance.choice((1, 2, 40)) + data[hit.end() :]
    if kind == 3:
        other = chance.choice(leaves).group()
        return data[: hit.start()] + other + data[hit.end() :]
    name = chance.choice((b"w:tbl><w:tr><w:tc", b"w:p", b"w:sdt><w:sdtContent", b"text:list><text:list-item", b"w:r"))
    deep = chance.choice((1, 5, 60, 300))
    opened = b"<" + name + b">"
    closed = b"".join(b"</" + part + b">" for part in reversed(name.split(b"><")))
    return data[: hit.start()] + opened * deep + whole + closed * deep + data[hit.end() :]


def _once(data: bytes, chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    if not data:
        return chance.randbytes(20)
    at = chance.randrange(len(data))
    size = min(len(data) - at, chance.choice((1, 2, 8, 64, 1024)))
    kind = chance.randrange(11)
    if kind == 0:
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + chance.randbytes(size) + data[at + size :]
    if kind == 2:
        return data[:at]
    if kind == 3:
        return data[:at] + data[at + size :]
    if kind == 4:
        return data[: at + size] + data[at : at + size] * chance.choice((1, 2, 50)) + data[at + size :]
    if kind == 5:
        return data[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 2, 200, 3000)) + data[at:]
    if kind == 6:
        other = chance.choice(seeds)
        return data[:at] + other[chance.randrange(len(other) + 1) :]
    if kind == 7:
        numbers = list(re.finditer(rb"\d+", data))
        if numbers:
            hit = chance.choice(numbers)
            return data[: hit.start()] + chance.choice(_NUMBERS) + data[hit.end() :]
    if kind == 8:
        lines = data.split(b"\n")
        chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(
            chance.randrange(len(lines)), chance.choice(lines)
        )
        return b"\n".join(lines)
    if kind == 9:
        lines = data.split(b"\n")
        place = chance.randrange(len(lines))
        lines[place] = b" " * chance.randrange(9) + lines[place].lstrip()
        return b"\n".join(lines)
    words = list(re.finditer(rb"[\w-]{2,}", data))
    if words:
        hit, other_word = chance.choice(words), chance.choice(words)
        return data[: hit.start()] + other_word.group() + data[hit.end() :]
    return data[:at]


# --- the campaign ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What came of one target's inputs."""

    counts: Counter[str] = field(default_factory=Counter)
    guarded: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[int]] = field(default_factory=dict)
    slowest: float = 0.0
    memory: int = 0


def where(error: BaseException) -> str:
    """The exception and the last line of our own that it passed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/compliance/" in frame.filename]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


def judge_one(target: Target, number: int, seed: str, folder: Path) -> tuple[str, str, float]:
    """What came of one input: kind, detail, seconds of processor time."""
    data = damaged(target, number, seed)
    began = time.process_time()
    detail = ""
    try:
        kind = target.run(data, folder)
    except Guarded as error:
        assert error.__cause__ is not None
        kind, detail = "guarded", where(error.args[0])
    except (Exception, RecursionError) as error:
        kind, detail = "fault", where(error)
    spent = time.process_time() - began
    if spent > MOST_SECONDS:
        kind, detail = "fault", f"{spent:.1f} s"
    return kind, detail, spent


def _batch(target: Target, numbers: Sequence[int], seed: str, out: int) -> None:
    with os.fdopen(out, "w") as stream, tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in numbers:
            kind, detail, spent = judge_one(target, number, seed, Path(folder))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            if peak > MOST_BYTES and before * 1024 <= MOST_BYTES:
                kind, detail = "fault", f"{peak >> 20} MiB"
            before = peak // 1024
            print(json.dumps([number, kind, detail, spent, peak]), file=stream, flush=True)


def campaign(
    known: Sequence[Target], inputs: int, seed: str, only: Sequence[str], say: Callable[[str], None]
) -> dict[str, Tally]:
    """Run it in child processes, one batch each."""
    import select

    chosen = [target for target in known if not only or target.name in only]
    total = sum(target.weight for target in chosen)
    tallies: dict[str, Tally] = {}
    for target in chosen:
        tally = tallies[target.name] = Tally()
        left = list(range(-(-inputs * target.weight // total)))
        while left:
            batch, left = left[:BATCH], left[BATCH:]
            reading_end, writing_end = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reading_end)
                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
                try:
                    _batch(target, batch, seed, writing_end)
                finally:
                    os._exit(0)
            os.close(writing_end)
            seen = 0
            with os.fdopen(reading_end, "rb", buffering=0) as stream:
                rest = b""
                hung = False
                while True:
                    ready, _, _ = select.select([stream], [], [], WALL_SECONDS)
                    if not ready:
                        hung = True
                        os.kill(child, 9)
                        break
                    chunk = stream.read(65536)
                    if not chunk:
                        break
                    *lines, rest = (rest + chunk).split(b"\n")
                    for line in lines:
                        _count(tally, json.loads(line))
                        seen += 1
            os.waitpid(child, 0)
            if seen < len(batch):
                _count(tally, [batch[seen], "fault", "hangs" if hung else "the process died", 0.0, 0])
                left = batch[seen + 1 :] + left
        say(line_of(target.name, tally))
    return tallies


def _count(tally: Tally, row: list[Any]) -> None:
    number, kind, detail, spent, peak = row
    tally.counts[kind] += 1
    tally.slowest = max(tally.slowest, spent)
    tally.memory = max(tally.memory, peak)
    if kind == "guarded":
        tally.guarded[detail] += 1
    if kind in ("fault", "guarded"):
        tally.faults.setdefault(f"{kind}: {detail}", []).append(number)


def line_of(name: str, tally: Tally) -> str:
    """One row of the table."""
    counts = tally.counts
    return (
        f"| {name} | {sum(counts.values())} | {counts['read']} | {counts['refused']} | {counts['guarded']} "
        f"| {counts['fault']} | {tally.slowest:.2f} | {tally.memory >> 20} |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign; exit status 1 when a fault was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", default="", help="run one input again: TARGET/NUMBER")
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--no-office", action="store_true", help="no files made by LibreOffice among the seeds")
    chosen = parser.parse_args(arguments)
    known = targets(not chosen.no_office)
    if chosen.only:
        name, number = chosen.only.split("/")
        target = next(target for target in known if target.name == name)
        data = damaged(target, int(number), chosen.seed)
        print(f"{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}")
        with tempfile.TemporaryDirectory() as folder:
            print(target.run(data, Path(folder)))
        return 0
    for target in known:  # a seed that is refused as it stands would teach nothing
        with tempfile.TemporaryDirectory() as folder:
            assert target.run(target.seeds[0], Path(folder)) == "read", f"the seed of {target.name} is refused"
    began = time.monotonic()
    print("| target | inputs | read | refused | last guard | faults | slowest, s | peak, MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    tallies = campaign(known, chosen.inputs, chosen.seed, chosen.target, lambda line: print(line, flush=True))
    print(f"\n{sum(sum(t.counts.values()) for t in tallies.values())} inputs in {time.monotonic() - began:.0f} s")
    for name, tally in tallies.items():
        for detail, numbers in sorted(tally.faults.items()):
            print(f"{name}: {detail}: {len(numbers)} ({', '.join(f'{name}/{number}' for number in numbers[:3])})")
    return int(any(tally.counts["fault"] for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
