"""Rules: how a provision's elements are worded, and the examples that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from compliance.model.judgement import Reason
from compliance.model.law import Language


@dataclass(frozen=True, slots=True)
class Concept:
    """A named idea with its wordings, in dictionary form."""

    name: str
    gloss: str
    fr: tuple[str, ...]
    en: tuple[str, ...]


class ExampleKind(StrEnum):
    COVERED = "covered"
    PARTIAL = "partial"
    CONFLICT = "conflict"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Example:
    """A clause of one's own making and the status it must receive; `answers` holds element ids."""

    text: str
    language: Language
    kind: ExampleKind
    reason: Reason | None = None
    answers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns in the rule language (`match.pattern`): by element, in part, and of conflict."""

    provision: str
    elements: Mapping[str, tuple[str, ...]]
    partly: tuple[str, ...]
    conflicts: tuple[str, ...]
    examples: tuple[Example, ...]
