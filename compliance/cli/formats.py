"""Where the reports of `check` go: one format to standard output or a file, several to a folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from compliance.cli.output import write_file
from compliance.errors import Place, UsageError
from compliance.model.judgement import Assessment
from compliance.model.law import Language

TERMINAL = "terminal"


def named(given: Sequence[str] | None) -> list[str]:
    """The formats asked for, each once; "sarif,junit" names two.

    Raises:
        UsageError: no such format.
    """
    from compliance.reporters import REPORTERS

    found = list(dict.fromkeys(name.strip() for one in given or (TERMINAL,) for name in one.split(",") if name.strip()))
    for name in found:
        if name != TERMINAL and name not in REPORTERS:
            known = ", ".join(sorted((TERMINAL, *REPORTERS)))
            raise UsageError(f"unknown format {name!r}", hint=f"one of {known}")
    return found or [TERMINAL]


def emit(
    assessments: list[Assessment], formats: Sequence[str], output: Path | None, lang: Language | None, everything: bool
) -> None:
    """Show or write every format.

    Raises:
        UsageError: several formats without a folder, or a folder that cannot be made.
    """
    from compliance.reporters import reporter

    files = [name for name in formats if name != TERMINAL]
    if len(files) > 1 and output is None:
        raise UsageError("several formats need a folder", hint="name it with --output")
    if output is not None and not files:
        raise UsageError("the terminal format is not written to a file", hint="choose another with --format")
    if TERMINAL in formats:
        from compliance.reporters import terminal

        terminal.show(assessments, lang, everything)
    folder = output if output is not None and (len(formats) > 1 or output.is_dir()) else None
    for name in files:
        chosen = reporter(name)
        data = chosen.render(assessments, lang)
        if folder is not None:
            write_file(_folder(folder) / (_stem(assessments) + chosen.suffix), data)
        elif output is not None:
            write_file(output, data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the folder cannot be made: {error.strerror or error}", Place(path)) from error
    return path


def _stem(assessments: Sequence[Assessment]) -> str:
    return Path(assessments[0].document.path).stem if len(assessments) == 1 else "compliance"
