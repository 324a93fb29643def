"""The report as one HTML file that asks for nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from grannskap.language import Language, inside_sentence
from grannskap.letters import well_formed
from grannskap.wording import say

if TYPE_CHECKING:
    from jinja2 import Template

    from grannskap.outputs.report.model import Report

__all__ = ["fragment", "write"]


def write(report: Report) -> str:
    """Return the report as a page; every text in it is escaped, and no script runs.

    Parameters
    ----------
    report : Report
        What it tells.

    Returns
    -------
    str
        HTML.
    """
    style = _text_of("page.css")
    return _filled(
        "page.html.j2",
        report,
        linked=True,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def fragment(report: Report) -> str:
    """Return the report as a part of somebody else's page, which leads nowhere.

    Parameters
    ----------
    report : Report
        What it tells; what it lacks is left out.

    Returns
    -------
    str
        HTML; every text in it is escaped, no script runs, and its style is for it alone.
    """
    return _filled("fragment.html.j2", report, linked=False, style=_text_of("fragment.css"))


def _filled(name: str, report: Report, **values: object) -> str:
    speaker = _speaker(report.language)
    return well_formed(_template(name).render(say=speaker, report=report, **values))


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("grannskap.outputs.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lower_first"] = inside_sentence
    return environment.get_template(name)


def _text_of(name: str) -> str:
    folder = resources.files("grannskap.outputs.report")
    return (folder / name).read_text(encoding="utf-8")


def _speaker(language: Language) -> Callable[..., str]:
    """Return what the page asks for its own words."""

    def speak(key: str, values: Mapping[str, object] | None = None) -> str:
        return say(key, language, values or {})

    return speak
