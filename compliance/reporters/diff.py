"""What a revision changed, in every format of `compliance diff`: one explicit mapping from name to writer."""

from __future__ import annotations

import json as json_
import re
from collections import Counter
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from compliance.errors import UsageError
from compliance.model.judgement import Status
from compliance.model.law import Bilingual, Language
from compliance.revision import REGRESSIONS, Judged, Kind, Move, Passage, Revision, Version, is_option, strokes
from compliance.revision_wording import KIND, MOVE, TEXT, Entry, Row, Section, paragraph, reworded, sections

SCHEMA_VERSION = "1.0"
Writer = Callable[[Revision, Language, str], bytes]  # the last: the tool's version

# Name to the module and function that write it; the terminal is shown, not written.
DIFFS: dict[str, str] = {
    "json": "compliance.reporters.diff:json",
    "md": "compliance.reporters.diff:markdown",
    "html": "compliance.reporters.diff_html:html",
    "docx": "compliance.reporters.diff_docx:docx",
}


def writer(name: str) -> Writer:
    """The writer of that format.

    Raises:
        UsageError: no such format.
    """
    try:
        module, function = DIFFS[name].split(":")
    except KeyError:
        raise UsageError(f"unknown format '{name}'", hint=f"one of terminal, {', '.join(DIFFS)}") from None
    found: Writer = getattr(import_module(module), function)
    return found


# --- JSON: described by `schemas/diff.schema.json` ---------------------------------------------------------------


def json(revision: Revision, language: Language, version: str) -> bytes:
    """Everything, in both languages; the same inputs give the same bytes."""
    del language
    data = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "compliance", "version": version},
        "old": _version(revision.old),
        "new": _version(revision.new),
        "paragraph": _two(paragraph(revision)),
        "summary": {
            "provisions": {str(kind): len(revision.of(kind)) for kind in Kind},
            "clauses": counts(revision),
        },
        "changes": [
            {
                "provision": change.provision.id,
                "heading": _two(change.provision.heading),
                "kind": str(change.kind),
                "regression": change.kind in REGRESSIONS and not is_option(change.provision),
                "reworded": change.reworded,
                "before": _judged(change.before),
                "after": _judged(change.after),
                "clauses": [
                    {
                        "move": str(pairing.move),
                        "old": [_passage(one) for one in pairing.old],
                        "new": [_passage(one) for one in pairing.new],
                        "words": [
                            {"stroke": str(stroke), "text": after or before}
                            for stroke, before, after in strokes(
                                " ".join(one.text for one in pairing.old), " ".join(one.text for one in pairing.new)
                            )
                        ]
                        if pairing.move in (Move.REWORDED, Move.SPLIT, Move.MERGED)
                        else [],
                    }
                    for pairing in change.pairings
                ],
            }
            for change in revision.changes
        ],
        "entered": [unit.id for unit in revision.entered],
        "left": [unit.id for unit in revision.left],
    }
    return (json_.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def counts(revision: Revision) -> dict[str, int]:
    """How many clauses stayed, moved, were rewritten, and so on."""
    found = Counter(str(pairing.move) for pairing in revision.pairings)
    return {str(move): found[str(move)] for move in Move}


def _version(side: Version) -> dict[str, Any]:
    return {
        "path": side.path,
        "sha256": side.sha256,
        "language": str(side.language),
        "profile": side.profile,
        "whole": side.whole,
    }


def _two(text: Bilingual) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _judged(side: Judged) -> dict[str, Any]:
    return {
        "status": str(side.status),
        "reasons": sorted(side.reasons),
        "missing": sorted(side.missing),
        "priority": str(side.priority),
        "waived": side.waived,
        "decided_by": side.decided_by or None,
    }


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "headings": list(one.headings),
        "quote": one.text,
        "line": one.line,
        "page": one.page,
    }


# --- Markdown: fit for a comment on a change ---------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~@])")


def safe(text: str) -> str:
    """Text that stands for itself in Markdown, and calls nobody."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown(revision: Revision, language: Language, version: str) -> bytes:
    del version
    return ("\n".join(_markdown(revision, language)).rstrip() + "\n").encode()


def _markdown(revision: Revision, language: Language) -> Iterable[str]:
    say = {key: text.in_(language) for key, text in TEXT.items()}
    yield f"## {say['title']}"
    yield ""
    yield safe(paragraph(revision).in_(language))
    yield ""
    found = sections(revision, language)
    yield f"| {say['provisions']} | |"
    yield "| --- | ---: |"
    for kind in Kind:
        if number := len(revision.of(kind)):
            yield f"| {KIND[kind].in_(language)} | {number} |"
    yield ""
    if not (revision.old.whole and revision.new.whole):
        yield f"*{say['cited']}*"
        yield ""
    for section in found:
        yield f"### {section.title} ({len(section.entries)})"
        yield ""
        for entry in section.entries:
            yield from _markdown_entry(entry, say, section.worse)
    same = reworded(revision, language)
    if same:
        yield f"<details><summary>{say['reworded']} ({len(same)})</summary>"
        yield ""
        for entry in same:
            yield f"- `{entry.id}` {safe(entry.heading)} ({entry.after})"
        yield ""
        yield "</details>"
        yield ""
    for key, units in (("entered", revision.entered), ("left", revision.left)):
        if units:
            yield f"**{say[key]}** ({len(units)}){_colon(language)} " + ", ".join(f"`{unit.id}`" for unit in units)
            yield ""


def _colon(language: Language) -> str:
    return "\u00a0:" if language is Language.FR else ":"


def _markdown_entry(entry: Entry, say: dict[str, str], is_open: bool) -> Iterable[str]:
    yield f"<details{' open' if is_open else ''}><summary><code>{entry.id}</code> {_html(entry.heading)} – "
    yield f"{entry.before} → <b>{entry.after}</b></summary>"
    yield ""
    if entry.why:
        yield safe(entry.why)
        yield ""
    for row in entry.rows:
        yield f"- *{row.move}*"
        if row.before:
            yield f"  - {say['before']} ({safe(row.before_at)}) – {_marked(row.before, '~~')}"
        if row.same:
            yield f"  - {say['after']} ({safe(row.after_at)}) – *{say['same']}*"
        elif row.after:
            yield f"  - {say['after']} ({safe(row.after_at)}) – {_marked(row.after, '**')}"
    yield ""
    yield "</details>"
    yield ""


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _marked(runs: Iterable[tuple[str, bool]], sign: str) -> str:
    """Runs of words, those that changed between signs; spaces stay outside, as Markdown wants them."""
    parts = []
    for words, changed in runs:
        text = safe(words)
        if changed and text:
            text = f"{sign}{text}{sign}"
        parts.append(text + (" " if words[-1:].isspace() else ""))
    return "".join(parts).strip()


# --- terminal ----------------------------------------------------------------------------------------------------

_STYLE = {
    Status.CONFLICT: "bold red",
    Status.GAP: "yellow",
    Status.PARTIAL: "cyan",
    Status.COVERED: "green",
    Status.NOT_APPLICABLE: "dim",
}


def show(revision: Revision, language: Language, out: Console | None = None) -> None:
    """Print the comparison to standard output; readable at 80 columns."""
    out = out or Console(highlight=False, soft_wrap=False)
    say = {key: text.in_(language) for key, text in TEXT.items()}
    out.print(Text(f"{revision.old.path} → {revision.new.path}", style="bold"))
    out.print(Text(paragraph(revision).in_(language)))
    if not (revision.old.whole and revision.new.whole):
        out.print(Text(say["cited"], style="dim"))
    found = sections(revision, language)
    for section in found:
        out.print()
        style = "red" if section.worse else "green"
        out.rule(Text(f"{section.title} ({len(section.entries)})", style=f"bold {style}"), align="left", style="dim")
        for entry in section.entries:
            _show_entry(out, section, entry)
    same = reworded(revision, language)
    if same:
        out.print()
        out.rule(Text(f"{say['reworded']} ({len(same)})", style="bold"), align="left", style="dim")
        for entry in same:
            out.print(Text(f"{entry.id:<18}{entry.heading}"))
    for key, units in (("entered", revision.entered), ("left", revision.left)):
        if units:
            out.print()
            out.print(Text(f"{say[key]} ({len(units)}){_colon(language)} " + ", ".join(unit.id for unit in units)))
    out.print()
    out.rule(Text(say["counts"], style="bold"), align="left", style="dim")
    rows = [(KIND[kind].in_(language), len(revision.of(kind))) for kind in Kind]
    _show_counts(out, say["provisions"], rows)
    _show_counts(
        out, say["clauses"], [(MOVE[Move(name)].in_(language), count) for name, count in counts(revision).items()]
    )


def _show_counts(out: Console, title: str, rows: list[tuple[str, int]]) -> None:
    shown = ", ".join(f"{label.lower()} {count}" for label, count in rows if count)
    out.print(Text.assemble((f"{title}  ", "bold"), shown or "–"))


def _show_entry(out: Console, section: Section, entry: Entry) -> None:
    head = Text(f"{entry.id:<18}", style="bold red" if section.worse else "bold green")
    head.append(entry.heading, style="default")
    head.append("  [", style="dim")
    head.append(entry.before, style=_STYLE[entry.status_before])
    head.append(" → ", style="dim")
    head.append(entry.after, style=_STYLE[entry.status_after])
    head.append("]", style="dim")
    out.print(head)
    if entry.why:
        out.print(Text("  " + entry.why, style="italic"))
    for row in entry.rows:
        _show_row(out, row)


def _show_row(out: Console, row: Row) -> None:
    grid = Table.grid(padding=(0, 0))
    grid.add_column(width=4)
    grid.add_column()
    places = " → ".join(place for place in (row.before_at, row.after_at) if place)
    grid.add_row("", Text(f"{places}, {row.move}", style="dim"))
    old = ("  =", row.before, "default") if row.same else ("  −", row.before, "red strike")
    for sign, runs, style in (old, ("  +", row.after, "green bold")):
        if runs:
            text = Text()
            for words, changed in runs:
                text.append(words, style=style if changed else "default")
            grid.add_row(Text(sign, style=style.split()[0]), text)
    out.print(grid)
