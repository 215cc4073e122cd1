"""What to try, said after a fault."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 12  # longer lists of allowed words help nobody


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """The nearest choice as a question; None when nothing is near."""
    near = get_close_matches(word, [str(choice) for choice in choices], n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else None


def nearest_or_all(word: str, choices: Iterable[str]) -> str | None:
    """The nearest choice, or all of them when none is near and they are few."""
    known = list(choices)
    if near := did_you_mean(word, known):
        return near
    if not known or len(known) > LISTED:
        return None
    return "use one of: " + ", ".join(known)
