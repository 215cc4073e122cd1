"""The harmonisation report as PDF, set by Typst (an extra); its own fonts make it the same on every machine."""

from __future__ import annotations

import json
from calendar import timegm
from typing import Any

from compliance.errors import MissingExtra
from compliance.labels import COLOUR, DEGREE, MARK, READING, WHAT_IT_IS
from compliance.model.law import Language
from compliance.resources import PACKAGE
from compliance.view import Report, Row, View

# NOTE: the other formats hold every clause in full; setting a long draft's over and over takes Typst seconds.
_CITED = 3
_QUOTED = 240  # characters of a clause in the table
_ANNEXED = 12  # clauses of one article in the annex
_CLASHES = 8
_LISTED = 150  # characters of a clause in the long lists


class Document:
    suffix = ".pdf"

    def render(self, report: Report) -> bytes:
        try:
            import typst
        except ImportError:
            raise MissingExtra("PDF needs the typst library", hint="pip install 'compliance[pdf]'") from None
        data = json.dumps(_data(View(report)), ensure_ascii=False)
        made: bytes = typst.compile(
            PACKAGE / "templates" / "report.typ",
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            timestamp=timegm(report.day.timetuple()),
        )
        return made


def _data(view: View) -> dict[str, Any]:
    say = view.say
    colon = "\u00a0: " if view.language is Language.FR else ": "
    names = list(dict.fromkeys(theme.counts.label for band in view.themes for theme in band.themes))
    bands = [{theme.counts.label: theme for theme in band.themes} for band in view.themes]
    clause = say("clause") + (f" – {say('measures').lower()}" if view.report.register else "")
    left = _CLASHES
    clashes = []
    for band in view.conflicts:
        shown, more = band.clashes[:left], max(len(band.clashes) - left, 0)
        left -= len(shown)
        clashes.append(
            {
                "title": band.title,
                "shown": [_clash(one) for one in shown],
                "all": [_clash(one) for one in band.clashes],
                "more": say("more-conflicts", n=more) if more else "",
            }
        )
    return {
        "title": view.title,
        "language": str(view.language),
        "running": f"{say('title')} – {view.state}",
        "draft": view.draft_name,
        "words": say.words,
        "colon": colon,
        "joint": say.joint,
        "open": "«\u00a0" if view.language is Language.FR else "“",
        "close": "\u00a0»" if view.language is Language.FR else "”",
        "facts": view.facts,
        "marks": MARK,
        "colours": COLOUR,
        "degrees": [(degree, say.pair(label)) for degree, label in DEGREE.items()],
        "bands": [band.title for band in view.themes],
        "themes": [
            {
                "name": name,
                "bands": [dict(band[name].counts.by_degree) if name in band else {} for band in bands],
                "rows": [[row.degree for row in band[name].rows] if name in band else [] for band in bands],
            }
            for name in names
        ],
        "clashes": clashes,
        "decisions": [
            {
                "degree": row.degree,
                "label": f"{row.instrument_short}, {row.article} ({row.degree_label})",
                "line": row.decision,
            }
            for row in view.decided
        ],
        "gaps": [
            {
                "title": band.title,
                "rows": [
                    {"label": f"{row.instrument_short}, {row.article}", "heading": row.heading} for row in band.rows
                ],
            }
            for band in view.top_gaps
        ],
        "gaps-note": view.gaps_note,
        "what": say.pairs(WHAT_IT_IS),
        "reading": say.pairs(READING),
        "remarks": [f"{text} {say.quoted(item.quote)} ({item.place})" for text, item in view.remarks],
        "columns": [
            say("article"),
            say("asks"),
            clause,
            say("degree"),
            say("missing"),
            f"{say('force')}, {say('priority').lower()}",
            say("wording"),
            say("body"),
            say("deadline"),
            say("comment"),
        ],
        "instruments": [
            {
                "short": one.short,
                "title": one.title,
                "force": f"{one.force_label} {one.since}".strip(),
                "source": one.source,
                "counts": one.counts.by_degree,
                "rows": [_row(row) for row in one.rows],
            }
            for one in view.instruments
        ],
        "readiness-note": view.readiness_note or say("readiness-intro"),
        "readiness": [
            {
                "title": f"{one.instrument.short} – {one.instrument.force_label}",
                "rule": one.rule,
                "options": [f"{option.title}. {option.sentence}" for option in one.options],
                "groups": [
                    {"degree": degree, "title": say(key), "items": [f"{row.article} ({row.heading})" for row in rows]}
                    for degree, key, rows in (
                        ("conform", "met", one.met),
                        ("conflict", "to-lift", one.lift),
                        ("partial", "to-complete", one.complete),
                        ("gap", "to-add", one.add),
                    )
                ],
            }
            for one in view.readiness
        ],
        "register-note": view.register_note,
        "measure-columns": [
            say(key) for key in ("measure", "kind", "begin", "body", "status", "end", "serves", "doubts")
        ],
        "measures": [
            [
                ". ".join(part for part in (line.name, line.basis, line.note) if part),
                line.kind,
                line.date,
                line.body,
                line.status,
                ". ".join(part for part in (line.flag, line.end) if part),
                say.joint.join(line.serves) or say("unserved"),
                " ".join(line.doubts),
            ]
            for line in view.measures
        ],
        "challenges": [f"{text}. {' '.join(doubts)}".strip() for text, doubts in view.challenges],
        "plan-columns": [
            say(key)
            for key in (
                "article",
                "degree",
                "priority",
                "proposed",
                "action",
                "body",
                "indicator",
                "deadline",
                "progress",
                "comment",
            )
        ],
        "plan": [
            {
                "article": row.article,
                "instrument": row.instrument or row.id,
                "degree": row.degree,
                "label": row.degree_label,
                "consequence": row.consequence,
                "cells": [
                    row.priority_label,
                    row.proposed,
                    row.entry.action,
                    row.entry.body,
                    row.entry.indicator,
                    row.due,
                    row.entry.progress,
                    row.entry.comment,
                ],
            }
            for row in view.plan
        ],
        "reverse": [
            {
                "place": one.place,
                "text": _cut(one.text, _LISTED),
                "answers": [
                    {
                        "degree": answer.degree,
                        "label": answer.label + (f" ({say('against')})" if answer.against else ""),
                    }
                    for answer in one.answers
                ],
            }
            for one in view.reverse
        ],
        "unanchored": [[one.place, _cut(one.text, _LISTED)] for one in view.unanchored],
        "forms": [
            {
                "title": f"{form.instrument.short} – {form.title}",
                "note": form.note,
                "articles": [
                    [
                        f"{one.article} – {one.heading}",
                        [
                            *(
                                f"{say.quoted(_cut(item.quote, _LISTED))} ({item.place})"
                                for item in one.clauses[:_ANNEXED]
                            ),
                            *filter(None, [_more(len(one.clauses), _ANNEXED)]),
                        ],
                        [line.line for line in one.measures],
                    ]
                    for one in form.articles
                ],
                "empty": f"{say('nothing-for')}{colon}{', '.join(form.empty)}." if form.empty else "",
            }
            for form in view.forms
        ],
    }


def _clash(one: Any) -> dict[str, str]:
    item = one.citation
    return {
        "provisions": one.provisions,
        "quote": _cut(item.quote, 2 * _LISTED),
        "short": _cut(item.quote, 75),
        "place": item.place,
        "spot": item.spot,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "article": row.article,
        "id": row.id,
        "heading": row.heading,
        "asks": row.asks,
        "clauses": [
            {"place": item.place, "quote": _cut(item.quote, _QUOTED), "against": item.against}
            for item in row.citations[:_CITED]
        ],
        "more": _more(len(row.citations), _CITED),
        "measures": [line.line for line in row.measures],
        "degree": row.degree,
        "label": row.degree_label,
        "reasons": row.reasons,
        "missing": row.missing,
        "force": row.force_label,
        "consequence": row.consequence,
        "priority": row.priority_label,
        "wording": [[proposal.lead, proposal.text] for proposal in row.proposals],
        "body": row.entry.body,
        "deadline": row.due,
        "comment": row.remark,
    }


def _more(number: int, shown: int) -> str:
    return f"+ {number - shown}" if number > shown else ""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 2].rsplit(" ", 1)[0] + "\u00a0…"
