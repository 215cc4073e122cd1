"""`compliance explain`: one provision, with the rules that recognise it."""

from __future__ import annotations

from typing import Annotated

import typer

from compliance.cli import options, settings
from compliance.errors import UsageError
from compliance.model.law import Language


def explain(
    provision: Annotated[
        str,
        typer.Argument(metavar="ID", help="A provision, such as icrmw:28.", autocompletion=options.complete_provision),
    ],
    lang: options.LanguageOption = None,
) -> None:
    """Tell what one provision asks, how it is recognised, and show its model clause and examples."""
    from compliance import resources
    from compliance.load import compiled
    from compliance.load.hint import did_you_mean
    from compliance.load.rules import load_glosses, load_rule
    from compliance.match.pattern import names
    from compliance.reporters import provision as sheet

    extra = settings.current().extra
    knowledge = compiled.load(extra)
    units = {unit.id: (instrument, unit) for instrument in knowledge.instruments for unit in instrument.provisions}
    wanted = provision.strip().lower()
    if wanted not in units:
        near = did_you_mean(wanted, units) or "list them with: compliance conventions list"
        raise UsageError(f"unknown provision '{provision}'", hint=near)
    instrument, unit = units[wanted]
    roots = [resources.data_root(), *extra]
    rule = load_rule(roots, unit, pattern_names=names) if unit.auditable else None
    related = [units[key][1] for key in unit.related if key in units]
    glosses = load_glosses(roots, sheet.concepts(rule)) if rule else {}
    sheet.show(unit, instrument, rule, glosses, related, lang or Language.FR)
