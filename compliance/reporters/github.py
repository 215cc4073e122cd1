"""GitHub annotations: one workflow command a shortfall; the gravest first, since ten of each are shown."""

from __future__ import annotations

from pathlib import PurePath

from compliance.model.judgement import Assessment, Priority
from compliance.model.law import Language
from compliance.reporters import place

# NOTE: what a person set aside comes last, as a notice, so that no reviewer takes it for forgotten.
_COMMAND = {place.ERROR: "error", place.WARNING: "warning", place.NOTE: "notice"}
_GRAVEST = {place.ERROR: 0, place.WARNING: 1, place.NOTE: 2}
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2, Priority.NONE: 3}


class Reporter:
    suffix = ".github.txt"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        lines = [line for one in assessments for line in _lines(one, language or one.language)]
        return "".join(f"{line}\n" for line in lines).encode()


def _lines(assessment: Assessment, language: Language) -> list[str]:
    document = assessment.document
    found = sorted(
        place.shortfalls(assessment, settled=True),
        key=lambda short: (
            place.is_settled(short.finding),
            _GRAVEST[short.level],
            _RANK[short.finding.priority],
        ),
    )
    lines = []
    for short in found:
        provision = short.finding.provision
        fields = {"file": PurePath(document.path).as_posix()}
        span = short.passages[0].span if short.passages else short.fits.span if short.fits else None
        if span is not None and document.has_lines:
            last = max(span.start, span.end - 1)
            fields["line"] = str(document.line(span.start))
            fields["endLine"] = str(document.line(last))
            if fields["line"] == fields["endLine"]:
                fields["col"] = str(document.column(span.start))
                fields["endColumn"] = str(document.column(last) + 1)
        fields["title"] = f"{provision.id} {provision.heading.in_(language)}"
        text = place.message(assessment, short, language)
        if not document.has_lines and short.passages:
            item = short.passages[0]
            text += f" [{place.clause_name(document, item.clause)}] {place.quote(document, item.span)}"
        shown = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
        command = "notice" if place.is_settled(short.finding) else _COMMAND[short.level]
        lines.append(f"::{command} {shown}::{_data(text)}")
    return lines


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
