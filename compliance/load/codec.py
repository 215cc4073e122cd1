"""Instruments to plain data and back, for the compiled form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from compliance.model.law import (
    Bilingual,
    CounterClause,
    Element,
    Expected,
    Instrument,
    Mode,
    Part,
    Protected,
    Provision,
    Role,
)


def _two(text: Bilingual | None) -> list[str] | None:
    return None if text is None else [text.fr, text.en]


def _bilingual(data: list[str] | None) -> Bilingual | None:
    return None if data is None else Bilingual(data[0], data[1])


def _text(data: list[str]) -> Bilingual:
    return Bilingual(data[0], data[1])


def instrument_to_data(instrument: Instrument) -> dict[str, Any]:
    return {
        "id": instrument.id,
        "title": _two(instrument.title),
        "short": _two(instrument.short),
        "adopted": instrument.adopted.isoformat(),
        "place": _two(instrument.place),
        "in_force": instrument.in_force.isoformat(),
        "languages": list(instrument.authentic_languages),
        "parts": [[part.id, _two(part.title), part.excludable] for part in instrument.parts],
        "links": list(instrument.links),
        "max_excluded": instrument.max_excluded,
        "exclusion": _two(instrument.exclusion) if instrument.exclusion else None,
        "provisions": [_provision_to_data(provision) for provision in instrument.provisions],
    }


def instrument_from_data(data: Mapping[str, Any]) -> Instrument:
    return Instrument(
        id=data["id"],
        title=_text(data["title"]),
        short=_text(data["short"]),
        adopted=date.fromisoformat(data["adopted"]),
        place=_text(data["place"]),
        in_force=date.fromisoformat(data["in_force"]),
        authentic_languages=tuple(data["languages"]),
        parts=tuple(Part(part[0], _text(part[1]), part[2]) for part in data["parts"]),
        links=tuple(data["links"]),
        max_excluded=data["max_excluded"],
        exclusion=_text(data["exclusion"]) if data["exclusion"] else None,
        provisions=tuple(_provision_from_data(item) for item in data["provisions"]),
    )


def _provision_to_data(provision: Provision) -> dict[str, Any]:
    counter = provision.counter_clause
    return {
        "id": provision.id,
        "instrument": provision.instrument,
        "part": provision.part,
        "heading": _two(provision.heading),
        "auditable": provision.auditable,
        "reason": _two(provision.reason),
        "mode": provision.mode and str(provision.mode),
        "bearers": sorted(provision.bearers),
        "persons": provision.persons and str(provision.persons),
        "expected": provision.expected and str(provision.expected),
        "summary": _two(provision.summary),
        "elements": [[element.id, _two(element.summary)] for element in provision.elements],
        "related": list(provision.related),
        "model_clause": _two(provision.model_clause),
        "counter_clause": counter and [_two(counter.text), counter.status],
    }


def _provision_from_data(data: Mapping[str, Any]) -> Provision:
    counter = data["counter_clause"]
    return Provision(
        id=data["id"],
        instrument=data["instrument"],
        part=data["part"],
        heading=_text(data["heading"]),
        auditable=data["auditable"],
        reason=_bilingual(data["reason"]),
        mode=data["mode"] and Mode(data["mode"]),
        bearers=frozenset(Role(role) for role in data["bearers"]),
        persons=data["persons"] and Protected(data["persons"]),
        expected=data["expected"] and Expected(data["expected"]),
        summary=_bilingual(data["summary"]),
        elements=tuple(Element(element[0], _text(element[1])) for element in data["elements"]),
        related=tuple(data["related"]),
        model_clause=_bilingual(data["model_clause"]),
        counter_clause=CounterClause(_text(counter[0]), counter[1]) if counter else None,
    )
