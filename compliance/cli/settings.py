"""The settings in force: those of `--config`, else of `compliance.yaml` in the working folder.

They stand in for options that the command line leaves out, so that every command obeys them without knowing them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from compliance.model.settings import NAME, Config

# Commands that must work whatever the settings say, and groups that are about data rather than drafts.
_WITHOUT = frozenset({"init"})
_DATA = frozenset({"conventions", "rules"})

_current = Config()


def current() -> Config:
    """The settings of the command being run; without a file, empty ones."""
    return _current


def defaults(config: Config) -> dict[str, Any]:
    """What the settings give to options, by the name of the option's parameter."""
    given: dict[str, Any] = {
        "profile": config.profile,
        "instrument": list(config.instruments) or None,
        "lang": config.lang,
        "fail_on": config.fail_on,
        "min_priority": config.min_priority,
        "review": str(config.review) if config.review else None,
        "baseline": str(config.baseline) if config.baseline else None,
        "timeout": config.timeout,
        "jobs": config.jobs,
    }
    return {name: value for name, value in given.items() if value is not None}


def _apply(context: typer.Context, given: Path | None) -> None:
    """Find and read the settings; called before any other option of the command is looked at."""
    global _current
    if context.resilient_parsing:  # the shell asks for completions
        return
    from compliance.load.config import load_config

    found = given or (Path(NAME) if Path(NAME).is_file() else None)
    _current = load_config(found) if found else Config()
    context.call_on_close(_forget)
    if not _DATA.intersection(context.command_path.split()):
        context.default_map = {**(context.default_map or {}), **defaults(_current)}


def _forget() -> None:
    global _current
    _current = Config()


_OPTION = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        is_eager=True,
        callback=_apply,
        help=f"Settings; by default {NAME} of the working folder.",
    ),
]


def obeyed(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with `--config` added, whose options the settings fill."""
    signature = inspect.signature(command, eval_str=True)
    if "config" in signature.parameters:
        return command

    @functools.wraps(command)
    def obeying(*arguments: Any, **named: Any) -> Any:
        named.pop("config")
        return command(*arguments, **named)

    added = inspect.Parameter("config", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_OPTION)
    parameters = [*signature.parameters.values(), added]
    obeying.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    obeying.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return obeying


def everywhere(app: typer.Typer) -> None:
    """Make every command of the program, below any depth, obey the settings."""
    for command in app.registered_commands:
        if command.callback is not None and command.name not in _WITHOUT:
            command.callback = obeyed(command.callback)
    for group in app.registered_groups:
        if group.typer_instance is not None:
            everywhere(group.typer_instance)
