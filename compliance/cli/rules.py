"""`compliance rules`: run the rules' own examples, and check the data."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from compliance import resources
from compliance.cli import settings

app = typer.Typer(help="Rules: test (every rule's own examples), lint.", no_args_is_help=True)


@app.command("test")
def run_examples(
    provisions: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these provisions.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every example that fails.")] = False,
) -> None:
    """Judge every rule's own examples; exit status 1 when one that is not a known limit fails."""
    from compliance import selftest
    from compliance.audit import Auditor
    from compliance.load import compiled, profile
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names
    from compliance.model.rule import ExampleKind

    extra = settings.current().extra
    roots = [resources.data_root(), *extra]
    _, rules = load_rules(roots, load_instruments(*roots), pattern_names=names)
    engine = Auditor(compiled.load(extra), profile.generic())
    totals: Counter[tuple[str, bool]] = Counter()
    failed = 0
    for trial in selftest.trials(engine, [rule for rule in rules if not provisions or rule.provision in provisions]):
        totals[str(trial.example.kind), trial.passed] += 1
        if not trial.passed:
            failed += 1
            if verbose or provisions:
                print(
                    f"{trial.provision} [{trial.example.language}] {trial.wanted} <> {trial.finding.status}: {trial.example.text}"
                )
    for kind in ExampleKind:
        good, bad = totals[str(kind), True], totals[str(kind), False]
        print(f"{kind:<10} {good}/{good + bad}")
    if failed:
        raise typer.Exit(1)


@app.command("lint")
def lint() -> None:
    """Check lexicon and rules against their schemas and each other; exit status 2 on a fault."""
    from compliance.load.conventions import load_instruments
    from compliance.load.rules import load_rules
    from compliance.match.pattern import names

    roots = [resources.data_root(), *settings.current().extra]
    concepts, rules = load_rules(roots, load_instruments(*roots), pattern_names=names)
    print(f"{len(concepts)} concepts, {len(rules)} rules, {sum(len(rule.examples) for rule in rules)} examples")
