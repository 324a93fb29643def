"""Styles for QGIS: a `Style` as QML, so that the GeoPackage opens in the map's colours."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

from grannskap.maps.style import Style

__all__ = ["qml"]

_BORDER = "160,160,160,255"
_HATCH = "#8c8c8c"

# The map's hatches as QGIS's fill patterns.
_PATTERNS = {
    "/": "b_diagonal",
    "\\": "f_diagonal",
    ".": "dense6",
    "-": "horizontal",
    "|": "vertical",
    "+": "cross",
}


def qml(style: Style, column: str, aliases: Mapping[str, str] | None = None) -> str:
    """QML of a rule-based renderer: one rule per class, and one for missing values.

    Rules and not ranges, because a rule can say where a class ends: ``a < x <= b``, as
    everywhere else in the outputs.

    Parameters
    ----------
    style : Style
        Classes, colours and labels.
    column : str
        The column that the rules read.
    aliases : mapping, optional
        What the attribute table calls each column.

    Returns
    -------
    str
        XML text.

    Examples
    --------
    >>> from grannskap.maps import style
    >>> qml(style.balance(), "balance").count("<rule ")
    8
    """
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0"
    )
    rules = ET.SubElement(renderer, "rules", key="rules")
    symbols = ET.SubElement(renderer, "symbols")
    for number, (label, colour, condition) in enumerate(
        zip(style.labels, style.colours, _conditions(style, column), strict=True)
    ):
        _add_rule(rules, number, label, condition)
        _add_symbol(symbols, number, colour, _hatch_of(style, number))
    last = len(style.labels)
    gap = style.gaps[style.missing]
    _add_rule(rules, last, gap.label, "ELSE")
    _add_symbol(symbols, last, gap.colour, gap.hatch)
    listed = ET.SubElement(root, "aliases")
    for number, (field, name) in enumerate((aliases or {}).items()):
        ET.SubElement(listed, "alias", index=str(number), field=field, name=name)
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _conditions(style: Style, column: str) -> list[str]:
    """Expressions of the classes, right-closed as in `style.classify`."""
    name = '"' + column.replace('"', '""') + '"'
    if style.categories:
        values = ["'" + value.replace("'", "''") + "'" for value in style.categories]
        return [f"{name} = {value}" for value in values]
    inner = [f"{name} > {low!r} AND {name} <= {high!r}" for low, high in pairwise(style.edges)]
    # QGIS compares no infinite number: it has to be asked for by its text.
    infinite = f"CASE WHEN to_string({name}) = 'inf' THEN TRUE"
    top = f"{infinite} ELSE {name} > {style.edges[-1]!r} END"
    return [f"{name} <= {style.edges[0]!r}", *inner, top]


def _hatch_of(style: Style, number: int) -> str:
    return style.hatches[number] if style.hatches else ""


def _add_rule(rules: ET.Element, number: int, label: str, condition: str) -> None:
    ET.SubElement(
        rules, "rule", key=f"rule{number}", symbol=str(number), label=label, filter=condition
    )


def _add_symbol(symbols: ET.Element, number: int, colour: str, hatch: str) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", type="fill", name=str(number), alpha="1", clip_to_extent="1"
    )
    _add_fill(symbol, colour, "solid")
    if hatch:
        _add_fill(symbol, _HATCH, _PATTERNS.get(hatch[0], "b_diagonal"))


def _add_fill(symbol: ET.Element, colour: str, pattern: str) -> None:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    fill = ET.SubElement(
        symbol, "layer", {"class": "SimpleFill"}, enabled="1", locked="0", **{"pass": "0"}
    )
    options = ET.SubElement(fill, "Option", type="Map")
    for name, value in (
        ("color", f"{red},{green},{blue},255"),
        ("style", pattern),
        ("outline_color", _BORDER),
        ("outline_style", "solid"),
        ("outline_width", "0.1"),
        ("outline_width_unit", "MM"),
    ):
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
