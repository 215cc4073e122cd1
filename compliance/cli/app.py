"""The `compliance` program: its commands, and how an error becomes an exit status."""

from __future__ import annotations

import sys

import typer

from compliance import __version__
from compliance.cli import audit, conventions, evaluate, rules
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
app.command("explain")(audit.explain)
app.command("match")(audit.match)
app.command("eval")(evaluate.evaluate)
app.add_typer(conventions.app, name="conventions")
app.add_typer(rules.app, name="rules")


def main() -> None:
    """Entry point: 0 nothing at or above the threshold, 1 findings, 2 could not judge."""
    for stream in (sys.stdout, sys.stderr):
        # NOTE: a console in Windows-1252 or C must not turn an accent into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except ComplianceError as error:
        print(f"compliance: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
