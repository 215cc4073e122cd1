"""The `compliance` program: its commands, and how an error becomes an exit status."""

from __future__ import annotations

import os
import signal
import sys

import typer

from compliance import __version__
from compliance.cli import annotate, audit, conventions, diff, evaluate, explain, init, report, review, rules, settings
from compliance.errors import ComplianceError

app = typer.Typer(
    name="compliance",
    help="Audit a draft migration policy against ICRMW (1990), ILO C97 and C143. Offline; nothing leaves the machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(shown: bool) -> None:
    if shown:
        print(f"compliance {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


app.command("check")(audit.check)
app.command("annotate")(annotate.annotate)
app.command("diff")(diff.diff)
app.command("report")(report.report)
app.command("explain")(explain.explain)
app.command("match")(audit.match)
app.command("eval")(evaluate.evaluate)
app.command("init")(init.init)
app.add_typer(conventions.app, name="conventions")
app.add_typer(rules.app, name="rules")
app.add_typer(review.app, name="review")
settings.everywhere(app)  # last: it reaches the commands registered above


def main() -> None:
    """Entry point: 0 nothing at or above the threshold, 1 findings, 2 could not judge, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # NOTE: a console in Windows-1252 or C must not turn an accent into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    # A polite end unwinds, so that unfinished files are taken away and child programs stopped.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except ComplianceError as error:
        print(f"compliance: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:  # standard output is a full disk or a closed device
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"compliance: the report cannot be written: {error.strerror or error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
