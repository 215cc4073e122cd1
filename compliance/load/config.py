"""The file `compliance.yaml`: what a project audits, and how."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compliance.errors import DataError, UsageError
from compliance.load.hint import nearest_or_all
from compliance.load.schema import check
from compliance.load.yaml import Key, Source, read_yaml, refuse
from compliance.model.settings import Config, Output
from compliance.resources import data_root

_HOLDS = ("conventions", "rules")  # what a folder of `extra` may hold


def load_config(path: Path) -> Config:
    """Read a settings file.

    Raises:
        DataErrors: every fault found, with line and column.
    """
    faults: list[DataError] = []
    source = read_yaml(path, faults)
    if source is not None and check(source, "config", faults):
        config = _config(source, faults)
        if not faults:
            return config
    refuse(faults)
    raise AssertionError("settings are returned or refused")


def _config(source: Source, faults: list[DataError]) -> Config:
    data: Mapping[str, Any] = source.data
    home = source.path.parent

    def beside(key: str) -> Path | None:
        return _named(home, data[key]) if key in data else None

    extra = tuple(_named(home, name) for name in data.get("extra", ()))
    for index, folder in enumerate(extra):
        if not folder.is_dir():
            faults.append(source.fault(f"no such folder as '{data['extra'][index]}'", ("extra", index)))
        elif not any((folder / name).is_dir() for name in _HOLDS):
            message = f"'{data['extra'][index]}' holds neither conventions/ nor rules/"
            faults.append(source.fault(message, ("extra", index), "name the folder above them"))
    drafts = tuple(_named(home, name) for name in data.get("drafts", ()))
    for index, draft in enumerate(drafts):
        _exists(source, ("drafts", index), draft, faults)
    profile = data.get("profile")
    if profile is not None and profile.endswith((".yaml", ".yml")):
        named = _named(home, profile)
        _exists(source, ("profile",), named, faults)
        profile = str(named)
    elif profile is not None and not faults:
        _check_profile(source, profile, (data_root(), *extra), faults)
    if "instruments" in data and not faults:
        _check_instruments(source, (data_root(), *extra), faults)
    return Config(
        path=source.path,
        drafts=drafts,
        profile=profile,
        instruments=tuple(data.get("instruments", ())),
        lang=data.get("lang"),
        fail_on=data.get("fail_on"),
        min_priority=data.get("min_priority"),
        extra=extra,
        review=beside("review"),
        baseline=beside("baseline"),
        timeout=data.get("timeout"),
        jobs=data.get("jobs"),
        outputs=tuple(Output(item["format"], _named(home, item["file"])) for item in data.get("outputs", ())),
    )


def _check_profile(source: Source, name: str, roots: Sequence[Path], faults: list[DataError]) -> None:
    from compliance.load.profile import GENERIC, profile_path

    if name == GENERIC:
        return
    try:
        profile_path(name, roots)
    except UsageError as error:
        faults.append(source.fault(error.message, ("profile",), error.hint))


def _check_instruments(source: Source, roots: Sequence[Path], faults: list[DataError]) -> None:
    from compliance.load.conventions import instrument_ids

    known = instrument_ids(roots)
    for index, name in enumerate(source.data["instruments"]):
        if name not in known:
            hint = nearest_or_all(name, known)
            faults.append(source.fault(f"unknown instrument '{name}'", ("instruments", index), hint))


def _named(home: Path, name: str) -> Path:
    """The path that the file gives, for this system: in a locale of C, Python sees file names as bytes of UTF-8."""
    if sys.getfilesystemencoding().lower() not in ("utf-8", "utf8"):
        name = os.fsdecode(name.encode())
    return home / name


def _exists(source: Source, path: tuple[Key, ...], file: Path, faults: list[DataError]) -> None:
    if not file.exists():
        faults.append(source.fault(f"no such file as '{file}'", path, f"paths are relative to {source.path}"))
