"""Styles for QGIS: a `Style` as QML, so that the GeoPackage opens in the map's colours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from xml.etree import ElementTree as ET

from grannskap.catalogue import status_column
from grannskap.maps.style import Gap, Style

__all__ = ["qml"]

_BORDER = "160,160,160,255"
_HATCH = "#a9aeb4"

# The map's hatches as QGIS's fill patterns.
_PATTERNS = {
    "/": "b_diagonal",
    "\\": "f_diagonal",
    ".": "dense6",
    "-": "horizontal",
    "|": "vertical",
    "+": "cross",
}


def qml(
    style: Style,
    column: str,
    *,
    columns: Collection[str] = (),
    aliases: Mapping[str, str] | None = None,
) -> str:
    """QML of a rule-based renderer: a rule per class, and one per reason for no value.

    Rules and not ranges, because a rule can say where a class ends: ``a < x <= b``, as
    everywhere else in the outputs.

    Parameters
    ----------
    style : Style
        Classes, colours and labels.
    column : str
        The column that the rules read.
    columns : collection of str
        What else the layer holds. Where ``<column>_status`` is among it, each gap of the style
        has a rule; where ``<column>_at_least`` and ``<column>_at_most`` are, an area without a
        value whose bounds lie in one class has that class.
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
    >>> qml(style.balance(), "balance", columns=["balance_status"]).count("<rule ")
    10
    """
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0"
    )
    rules = ET.SubElement(renderer, "rules", key="rules")
    symbols = ET.SubElement(renderer, "symbols")
    hatches = style.hatches or ("",) * len(style.labels)
    tests = _classes(style, column, columns)
    rows = [*zip(style.labels, style.colours, hatches, tests, strict=True)]
    rows += [(gap.label, gap.colour, gap.hatch, why) for gap, why in _gaps(style, column, columns)]
    for number, (label, colour, hatch, condition) in enumerate(rows):
        _add_rule(rules, number, label, condition)
        _add_symbol(symbols, number, colour, hatch)
    listed = ET.SubElement(root, "aliases")
    for number, (field, name) in enumerate((aliases or {}).items()):
        ET.SubElement(listed, "alias", index=str(number), field=field, name=name)
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )


def _classes(style: Style, column: str, columns: Collection[str]) -> list[str]:
    """Expressions of the classes, right-closed as in `style.classify`."""
    if style.categories:
        return [f"{_name(column)} = {_text(value)}" for value in style.categories]
    plain = _between(style, column)
    sides = [f"{column}_at_least", f"{column}_at_most"]
    if not set(sides) <= set(columns):
        return plain
    least, most = (_between(style, side) for side in sides)
    return [
        f"CASE WHEN {_name(column)} IS NULL THEN ({low}) AND ({high}) ELSE {value} END"
        for value, low, high in zip(plain, least, most, strict=True)
    ]


def _between(style: Style, column: str) -> list[str]:
    name = _name(column)
    inner = [f"{name} > {low!r} AND {name} <= {high!r}" for low, high in pairwise(style.edges)]
    # QGIS compares no infinite number: it has to be asked for by its text.
    infinite = f"CASE WHEN to_string({name}) = 'inf' THEN TRUE"
    top = f"{infinite} ELSE {name} > {style.edges[-1]!r} END"
    return [f"{name} <= {style.edges[0]!r}", *inner, top]


def _gaps(style: Style, column: str, columns: Collection[str]) -> list[tuple[Gap, str]]:
    """Each gap and its rule: what fits no other rule is missing."""
    reason = status_column(column)
    missing = style.gaps[style.missing]
    found = [(missing, "ELSE")]
    if reason in columns:
        known = " OR ".join(f"({test})" for test in _classes(style, column, columns))
        found += [
            (gap, f"{_name(reason)} = {_text(gap.status)} AND NOT coalesce({known}, FALSE)")
            for gap in style.gaps
            if gap is not missing
        ]
    return found


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


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
