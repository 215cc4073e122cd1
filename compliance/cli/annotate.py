"""`compliance annotate`: the drafter's own file, with the verdicts written in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compliance.cli import decisions, options
from compliance.cli.output import write_file
from compliance.errors import Place, UsageError

_ADDED = "-annotated"


def annotate(
    draft: Annotated[Path, typer.Argument(metavar="DRAFT", help="A draft: docx, md or txt.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The copy; by default DRAFT-annotated beside the draft.")
    ] = None,
    track_changes: Annotated[
        bool, typer.Option("--track-changes", help="Also put the suggested wording in, as tracked changes (docx).")
    ] = False,
    lang: options.LanguageOption = None,
    profile: options.ProfileOption = "generic",
    instrument: options.InstrumentOption = None,
    review: decisions.ReviewOption = None,
    no_review: decisions.NoReviewOption = False,
    today: decisions.TodayOption = None,
) -> None:
    """Write a copy of DRAFT with a comment at each clause concerned; comments of an earlier run are replaced."""
    from compliance.annotate import annotator
    from compliance.readers import read, read_bytes

    chosen = annotator(str(draft))
    read(draft)  # refuses what cannot be read, with the reason
    data = draft.read_bytes()
    cleaned = chosen.clean(data, str(draft))
    target = output or draft.with_stem(draft.stem.removesuffix(_ADDED) + _ADDED)
    if cleaned == data and _same(target, draft):
        raise UsageError("the copy would replace the draft", Place(target), "name another file with --output")
    engine = options.auditor(profile, instrument)
    assessment = engine.audit(read_bytes(cleaned, str(draft)))
    settled = decisions.settle([assessment], engine.knowledge.instruments, review, decisions.day(today), no_review)
    assessment = settled[0].assessment
    written = chosen.annotate(cleaned, assessment, lang or assessment.language, track_changes=track_changes)
    write_file(target, written)
    typer.echo(str(target), err=True)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
