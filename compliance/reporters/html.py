"""The harmonisation report as one HTML file: draft and verdicts side by side, without network."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from compliance.labels import COLOUR, DEGREE, MARK, PRIORITY, READING, WHAT_IT_IS
from compliance.model.law import Language
from compliance.resources import PACKAGE
from compliance.view import Report, View

if TYPE_CHECKING:
    from jinja2 import Template

# Background, ink and mark on a dark page; contrasts as in `labels.COLOUR`.
DARK = {
    "conform": ("0F3B26", "C4F2D7", "5FD596"),
    "partial": ("4A3206", "FFE6B0", "F0B94A"),
    "gap": ("2B323C", "DCE1E8", "AAB4C2"),
    "conflict": ("5A1512", "FFD6D1", "FF8A80"),
    "option": ("1B2F52", "D3E2FF", "8FB8FF"),
    "not-applicable": ("2A2A2E", "D8D8DC", "A1A1AA"),
}


class Document:
    suffix = ".html"

    def render(self, report: Report) -> bytes:
        view = View(report)
        say = view.say
        page = _template().render(
            view=view,
            w=say.words,
            what=say.pairs(WHAT_IT_IS),
            reading=say.pairs(READING),
            degrees=[(str(degree), say.pair(label)) for degree, label in DEGREE.items()],
            degree_name={degree: say.pair(label) for degree, label in DEGREE.items()},
            priorities=[(str(priority), say.pair(label)) for priority, label in PRIORITY.items()],
            theme_names=list(dict.fromkeys(theme.counts.label for band in view.themes for theme in band.themes)),
            mark=MARK,
            light={str(degree): colours for degree, colours in COLOUR.items()},
            dark=DARK,
            colon="\u00a0: " if view.language is Language.FR else ": ",
        )
        return page.encode("utf-8", "replace")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(PACKAGE / "templates", encoding="utf-8")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined).get_template("report.html.j2")
