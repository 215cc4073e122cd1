"""The one place that finds shipped data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from compliance.errors import ComplianceError

PACKAGE = Path(__file__).resolve().parent


@cache
def data_root() -> Path:
    """Folder that holds `conventions/` and `rules/`: inside the wheel, else beside the package in a checkout.

    Raises:
        ComplianceError: neither is there; the installation is broken.
    """
    for root in (PACKAGE / "data", PACKAGE.parent):
        if (root / "conventions").is_dir() and (root / "rules").is_dir():
            return root
    raise ComplianceError("the shipped conventions and rules were not found", hint="reinstall compliance")


def schema_path(name: str) -> Path:
    """File of the JSON Schema `name`, such as "provisions"; it may not exist."""
    return PACKAGE / "schemas" / f"{name}.schema.json"


def compiled_file() -> Path:
    """Where the wheel keeps the compiled form of the shipped data."""
    return PACKAGE / "data" / "compiled.json"
