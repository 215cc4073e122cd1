"""Who may import whom: the rooms of the package."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import compliance

PACKAGE = Path(compliance.__file__).parent

# What everyone may use: nouns, errors, the place of shipped data, the version.
_GROUND = {"model", "errors", "resources", "__version__"}
# The steps between a draft and its assessment; neighbours do not import each other.
_STEPS = {"text", "load", "readers", "match"}
_JUDGING = {"assess", "wording", "audit"}

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "model": {"model"},
    "resources": {"errors"},
    "text": {"model", "errors", "text"},
    "readers": {"model", "errors", "text", "readers"},
    "match": {"model", "errors", "text", "match"},
    # NOTE: compiling the rules needs the pattern language, which `match` owns.
    "load": _GROUND | {"text", "load", "match"},
    "assess": {"model"},
    "wording": {"model", "assess"},
    "audit": _GROUND | {"text", "load", "match", "assess", "wording"},
    "labels": {"model"},
    "decision_wording": {"model", "labels"},
    "annotate": _GROUND | {"readers", "labels", "decision_wording", "suggest", "suggest_wording", "annotate"},
    "view": {"model", "errors", "labels", "assess", "decision_wording", "suggest", "suggest_wording"},
}
# Modules that stand on the whole engine; only `cli/` is above them.
_ABOVE = {path.stem for path in PACKAGE.glob("*.py")} - set(ALLOWED) - {"__init__", "build_hook"}


def imported(path: Path) -> set[str]:
    """The rooms that a module imports, in functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "compliance":
            names = [f"compliance.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("compliance.")}
    return found


MODULES = sorted(PACKAGE.rglob("*.py"), key=lambda path: path.relative_to(PACKAGE).as_posix())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_stay_in_their_rooms(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    room, rooms = parts[0], imported(path)
    if room == "cli":
        return
    assert "cli" not in rooms, "nobody imports cli/"
    if room in ALLOWED:
        assert rooms <= ALLOWED[room]
    elif room == "reporters":
        assert not rooms & (_STEPS | {"audit", "selftest", "scoring"}), "a reporter reads an assessment, nothing else"
    else:
        assert room in _ABOVE | {"__init__", "build_hook"}, f"give the room '{room}' its row"


HEAVY = {"rich", "lxml", "pypdfium2", "docx", "openpyxl", "jinja2", "jsonschema", "yaml", "simplemma", "markdown_it"}
HEAVY |= {"striprtf", "charset_normalizer", "typst", "distributed", "numpy", "sklearn"}


def test_the_program_starts_without_heavy_libraries() -> None:
    """`compliance --version` must not pay for what other commands need."""
    import subprocess
    import sys

    code = (
        "import sys; import compliance.cli.app; print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    # NOTE: typer itself imports rich.
    assert set(loaded) & (HEAVY - {"rich"}) == set()
