"""Compiles the conventions and rules when the wheel is built, so that the first audit is as fast as the next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileData(BuildHookInterface):  # type: ignore[misc]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout is edited; it keeps its compiled form in the user's cache
        sys.path.insert(0, str(Path(self.root)))
        from compliance.load import compiled

        compiled.main()
