"""`compliance conventions`: what the treaties ask, and whether their YAML is sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from compliance.cli import settings
from compliance.errors import ComplianceError, UsageError
from compliance.load.hint import did_you_mean
from compliance.model.law import Instrument, Language, Provision
from compliance.resources import data_root

app = typer.Typer(name="conventions", help="List, show and validate the provisions of the conventions.")

Lang = Annotated[Language, typer.Option("--lang", help="Language of headings and texts.")]
UNSOUND = 2


@app.command("list")
def list_(
    instrument: Annotated[list[str] | None, typer.Option("--instrument", help="Only this instrument.")] = None,
    auditable: Annotated[bool, typer.Option("--auditable", help="Only what a policy can satisfy or breach.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """List every provision, by instrument."""
    known = _instruments()
    ids = [one.id for one in known]
    if unknown := set(instrument or ()).difference(ids):
        _stop(UsageError(f"unknown instrument '{min(unknown)}'", hint="use one of: " + ", ".join(ids)))
    from rich.console import Console

    console = Console()
    for one in known:
        if not instrument or one.id in instrument:
            console.print(_table(one, auditable, lang))


@app.command()
def show(
    provision: Annotated[str, typer.Argument(help="Its id, such as icrmw:22.8.")], lang: Lang = Language.EN
) -> None:
    """Show all that is known of one provision."""
    units = {unit.id: (one, unit) for one in _instruments() for unit in one.provisions}
    if provision not in units:
        _stop(UsageError(f"unknown provision '{provision}'", hint=did_you_mean(provision, units)))
    from rich.console import Console

    console = Console()
    for label, text in _rows(*units[provision], lang):
        console.print(f"[bold]{label}[/]", end="  ")
        console.print(text, markup=False, highlight=False)


@app.command()
def validate(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders of instruments, profiles or themes.yaml; by default all that is shipped or extra."
        ),
    ] = None,
) -> None:
    """Check the YAML of the conventions, of the States' profiles and of the themes; every fault is printed."""
    from compliance.load.conventions import STATES, read_instruments
    from compliance.load.measures import THEMES, themes_faults, themes_files
    from compliance.load.profile import profile_faults

    root, extra = data_root(), settings.current().extra
    files = [path for path in paths or () if path.suffix in (".yaml", ".yml")]
    folders = [*extra, *(path for path in paths or () if path not in files and path not in extra)]
    states = [path for one in (root, *extra) for path in sorted((one / "conventions" / STATES).glob("*.yaml"))]
    profiles = [path for path in files if path.name != THEMES] if paths else states
    known, faults = read_instruments(root, *folders)
    whole = not faults
    faults.extend(fault for path in profiles for fault in profile_faults(path, known))
    themes = [*themes_files((root, *folders)), *(path for path in files if path.name == THEMES)]
    if whole:  # else a provision unknown to a theme may follow from an instrument that could not be read
        faults.extend(fault for path in themes for fault in themes_faults(path, known))
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise typer.Exit(UNSOUND)
    counted = sum(len(one.provisions) for one in known)
    typer.echo(
        f"sound: {len(known)} instruments, {counted} provisions, {len(profiles)} profiles; tables of themes: {len(themes)}"
    )


def _table(instrument: Instrument, auditable: bool, lang: Language) -> Any:
    from rich.table import Table

    table = Table(
        "id", "heading", "mode", "persons", "expected", title=instrument.short.in_(lang), title_justify="left"
    )
    for unit in instrument.provisions:
        if unit.auditable or not auditable:
            cells = (unit.mode, unit.persons, unit.expected) if unit.auditable else ("not audited", "", "")
            table.add_row(unit.id, unit.heading.in_(lang), *(str(cell or "") for cell in cells))
    return table


def _rows(instrument: Instrument, unit: Provision, lang: Language) -> Iterator[tuple[str, str]]:
    part = next(part for part in instrument.parts if part.id == unit.part)
    yield unit.id, unit.heading.in_(lang)
    yield "instrument", f"{instrument.title.in_(lang)}; {part.title.in_(lang)}"
    if unit.reason:
        yield "not audited", unit.reason.in_(lang)
    if unit.auditable:
        yield "kind", f"{unit.mode}, {unit.expected}"
        yield "binds", "State of " + ", ".join(sorted(unit.bearers))
        yield "protects", str(unit.persons)
    for label, text in (("asks", unit.summary), ("model clause", unit.model_clause)):
        if text:
            yield label, text.in_(lang)
    for element in unit.elements:
        yield f"element {element.id}", element.summary.in_(lang)
    if unit.counter_clause:
        yield f"would be {unit.counter_clause.status}", unit.counter_clause.text.in_(lang)
    if unit.related:
        yield "related", ", ".join(unit.related)
    yield "official text", " ".join(instrument.links)


def _instruments() -> tuple[Instrument, ...]:
    try:
        from compliance.load.conventions import load_instruments

        return load_instruments(data_root(), *settings.current().extra)
    except ComplianceError as error:
        _stop(error)


def _stop(error: ComplianceError) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(UNSOUND)
