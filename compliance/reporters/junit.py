"""JUnit XML: one suite a draft and instrument, one case a provision."""

from __future__ import annotations

import re
from pathlib import PurePath
from xml.etree import ElementTree as ET

from compliance import suggest
from compliance.model.judgement import Assessment, Finding, Status
from compliance.model.law import Instrument, Language
from compliance.reporters import place
from compliance.suggest_wording import ADVICE

# What XML 1.0 cannot hold, even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Reporter:
    suffix = ".junit.xml"

    def render(self, assessments: list[Assessment], language: Language | None) -> bytes:
        root = ET.Element("testsuites", name="compliance")
        for assessment in assessments:
            found = {short.finding.provision.id: short for short in place.shortfalls(assessment)}
            for instrument in assessment.instruments:
                _suite(root, assessment, instrument, found, language or assessment.language)
        for count in ("tests", "failures", "errors"):
            root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
        ET.indent(root, " ")
        written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return written + b"\n"


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def _suite(
    root: ET.Element,
    assessment: Assessment,
    instrument: Instrument,
    found: dict[str, place.Shortfall],
    language: Language,
) -> None:
    mine = [finding for finding in assessment.findings if finding.provision.instrument == instrument.id]
    path = PurePath(assessment.document.path)
    suite = ET.SubElement(
        root, "testsuite", name=clean(f"{path.as_posix()} {instrument.id}"), tests=str(len(mine)), errors="0"
    )
    # NOTE: a dot parts packages in a class name, so the draft's own are replaced.
    owner = clean(f"{path.name.replace('.', '_')}.{instrument.id}")
    failures = skipped = 0
    for finding in mine:
        heading = finding.provision.heading.in_(language)
        case = ET.SubElement(suite, "testcase", name=clean(f"{finding.provision.id} {heading}"), classname=owner)
        short = found.get(finding.provision.id)
        if short is not None and short.level != place.NOTE:
            failures += 1
            failure = ET.SubElement(case, "failure", type=str(finding.status))
            failure.set("message", clean(place.message(assessment, short, language)))
            failure.text = clean(_details(assessment, short, language))
        elif short is not None:
            ET.SubElement(case, "system-out").text = clean(
                place.message(assessment, short, language) + "\n" + _details(assessment, short, language)
            )
        elif finding.status is not Status.COVERED:
            skipped += 1
            ET.SubElement(case, "skipped", message=clean(_why(finding, language)))
        elif finding.decision is not None:
            ET.SubElement(case, "system-out").text = clean(place.decision(finding, language))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))


def _details(assessment: Assessment, short: place.Shortfall, language: Language) -> str:
    document = assessment.document
    lines = []
    for item in short.passages[:4]:
        where = f"{document.path}:{document.line(item.span.start)}" if document.has_lines else document.path
        name = place.clause_name(document, item.clause)
        lines.append(f"{where} ({name}): {place.quote(document, item.span)}")
    if text := suggest.wording(short.suggestions).in_(assessment.language):
        lines.append(f"{ADVICE['wording'].in_(language)} {text}")
    lines += [f"{ADVICE['corrected'].in_(language)} {text}" for text in suggest.corrections(short.suggestions)]
    return "\n".join(lines)


def _why(finding: Finding, language: Language) -> str:
    return place.decision(finding, language) or finding.message.in_(language)
