"""What a revision changed, as one HTML file: no script, no outside file, readable in print, in the dark and aloud."""

from __future__ import annotations

from pathlib import PurePath

from compliance.model.law import Language
from compliance.reporters.diff import counts
from compliance.revision import Kind, Move, Revision
from compliance.revision_wording import KIND, MOVE, TEXT, paragraph, reworded, sections


def html(revision: Revision, language: Language, version: str) -> bytes:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("compliance", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("diff.html.j2").render(
        lang=str(language),
        say={key: text.in_(language) for key, text in TEXT.items()},
        names=[PurePath(side.path).name for side in (revision.old, revision.new)],
        hashes=[side.sha256 for side in (revision.old, revision.new)],
        whole=revision.old.whole and revision.new.whole,
        paragraph=paragraph(revision).in_(language),
        sections=sections(revision, language),
        reworded=reworded(revision, language),
        provisions=[(KIND[kind].in_(language), len(revision.of(kind))) for kind in Kind],
        clauses=[(MOVE[Move(name)].in_(language), number) for name, number in counts(revision).items()],
        entered=[unit.id for unit in revision.entered],
        left=[unit.id for unit in revision.left],
        version=version,
    )
    return page.encode()
