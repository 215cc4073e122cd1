"""The compiled form of conventions and rules: built from YAML, checked by hash, loaded in milliseconds.

YAML is the source. The wheel ships the compiled form of the shipped data; any other set of folders (a user's own
instruments or lexicon, a checkout that was edited) is compiled once and kept in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance import resources
from compliance.load import codec
from compliance.match.model import packed, unpacked
from compliance.model.law import Instrument, Language
from compliance.text.lexis import Lexis

# Raised whenever the compiled form changes shape.
FORMAT = 2
_KEPT = 8  # compiled forms in the cache


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that the engine knows, ready to use."""

    instruments: tuple[Instrument, ...]
    lexes: Mapping[Language, Lexis]
    rules: Mapping[str, Mapping[str, Sequence[Any]]]  # provision id to target to terms
    model: Mapping[str, Any]  # what was learnt; empty when none is shipped
    sha256: str  # of the sources

    def instrument(self, instrument_id: str) -> Instrument:
        return next(instrument for instrument in self.instruments if instrument.id == instrument_id)


def load(extra: Sequence[Path] = ()) -> Knowledge:
    """Everything known: shipped data and the user's own folders, compiled if need be.

    Args:
        extra: folders that hold `conventions/` or `rules/` of the user's own.

    Raises:
        DataErrors: every fault of the YAML sources, when they must be compiled.
    """
    roots = [resources.data_root(), *extra]
    digest = sources_hash(roots)
    data = None if extra else _read(resources.compiled_file(), digest)
    data = data or _read(_cache_file(digest), digest)
    if data is None:
        data = compile_sources(roots, digest)
        _write(_cache_file(digest), data)
        _forget_old(_cache_file(digest).parent)
    return _knowledge(data)


def sources_hash(roots: Iterable[Path]) -> str:
    """SHA-256 over the names and bytes of every source file, and of the compiled form's own version."""
    total = hashlib.sha256(f"format {FORMAT}".encode())
    for root in roots:
        for folder in ("conventions", "rules"):
            for path in sorted((root / folder).rglob("*")):
                if path.suffix in (".yaml", ".json") and "states" not in path.parts:
                    total.update(path.relative_to(root).as_posix().encode() + b"\0")
                    total.update(path.read_bytes())
    return total.hexdigest()


def compile_sources(roots: Sequence[Path], digest: str) -> dict[str, Any]:
    """Parse, check and compile the YAML of every root.

    Raises:
        DataErrors: every fault found.
    """
    # Heavy: YAML, JSON Schema and inflection tables; only ever needed here.
    from compliance.load.conventions import load_instruments
    from compliance.load.inflect import Inflector
    from compliance.load.rules import load_rules
    from compliance.match.index import CONFLICT, PARTLY, flatten
    from compliance.match.pattern import names, parse

    instruments = load_instruments(*roots)
    concepts, rules = load_rules(roots, instruments, pattern_names=names)
    literals: set[str] = set()
    compiled: dict[str, dict[str, list[Any]]] = {}
    for rule in rules:
        targets = {element: flatten(parse(text) for text in patterns) for element, patterns in rule.elements.items()}
        targets[PARTLY] = flatten(parse(text) for text in rule.partly)
        targets[CONFLICT] = flatten(parse(text) for text in rule.conflicts)
        compiled[rule.provision] = {target: terms for target, terms in targets.items() if terms}
        for terms in targets.values():
            for _, need, forbid in terms:
                literals.update(name for name in [*need, *forbid] if name.startswith('"'))
    lexes = {}
    for language in Language:
        inflector = Inflector(language)
        wordings = []
        for concept in concepts:
            for wording in concept.fr if language is Language.FR else concept.en:
                wordings.append([concept.name, list(inflector.keys(wording))])
        wordings += [[literal, list(inflector.keys(literal.strip('"')))] for literal in sorted(literals)]
        lexes[str(language)] = {
            "forms": {form: sorted(keys) for form, keys in sorted(inflector.forms.items())},
            "wordings": [wording for wording in wordings if wording[1]],
        }
    model_path = roots[0] / "rules" / "model.json"
    return {
        "sha256": digest,
        "instruments": [codec.instrument_to_data(instrument) for instrument in instruments],
        "lexes": lexes,
        "rules": compiled,
        "model": packed(json.loads(model_path.read_text("utf-8"))) if model_path.exists() else {},
    }


def _knowledge(data: Mapping[str, Any]) -> Knowledge:
    return Knowledge(
        instruments=tuple(codec.instrument_from_data(item) for item in data["instruments"]),
        lexes={
            Language(code): Lexis(Language(code), lexis["forms"], lexis["wordings"])
            for code, lexis in data["lexes"].items()
        },
        rules=data["rules"],
        model=unpacked(data["model"]),
        sha256=data["sha256"],
    )


def _read(path: Path, digest: str) -> dict[str, Any] | None:
    try:
        with path.open("rb") as handle:
            data: dict[str, Any] = json.loads(handle.read())
    except (OSError, ValueError):
        return None
    return data if data.get("sha256") == digest else None


def _write(path: Path, data: Mapping[str, Any]) -> None:
    """Keep the compiled form for the next run; a folder that cannot be written only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as handle:
            try:
                json.dump(data, handle, ensure_ascii=False, separators=(",", ":"))
                handle.close()
                os.replace(handle.name, path)
            except BaseException:  # a full disk, an interruption
                handle.close()
                os.unlink(handle.name)
                raise
    except OSError:
        return


def _forget_old(folder: Path) -> None:
    """Each edit of a rule makes another compiled form of some megabytes; the last ones are worth keeping."""
    with suppress(OSError):
        files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[_KEPT:]:
            path.unlink()


def _cache_file(digest: str) -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "compliance" / f"{digest[:24]}.json"


def main() -> None:
    """Write the compiled form of the checkout beside the package (called when the wheel is built)."""
    root = resources.data_root()
    digest = sources_hash([root])
    _write(resources.compiled_file(), compile_sources([root], digest))


if __name__ == "__main__":
    main()
