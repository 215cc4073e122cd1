"""`compliance eval`: accuracy against labelled drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compliance.cli import options


def evaluate(
    gold: Annotated[
        list[Path], typer.Argument(metavar="GOLD...", help="Labelled drafts (NAME.gold.json beside NAME.md).")
    ],
    errors: Annotated[bool, typer.Option("--errors/--no-errors", help="List the errors one by one.")] = True,
    profile: options.ProfileOption = "generic",
) -> None:
    """Score the tool against labelled drafts: agreement, F1, evidence, a confusion table, the errors one by one."""
    from compliance import scoring
    from compliance.readers import read

    engine = options.auditor(profile, None)
    results = []
    for path in gold:
        labels = scoring.load_gold(path)
        assessment = engine.audit(read(path.parent / labels.document))
        result = scoring.compare(labels, assessment)
        results.append(result)
        print(result.line(path.name))
        print(result.table())
        if errors:
            for line in result.errors:
                print(line)
    if len(results) > 1:
        print(scoring.mean_line(results))
