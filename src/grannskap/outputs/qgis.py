"""Styles for QGIS: a `Style` as QML, so that the GeoPackage opens in the map's colours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

from grannskap.catalogue import status_column
from grannskap.letters import legible, well_formed
from grannskap.maps.style import BOUNDED, Gap, Style

__all__ = ["Stroke", "inert", "line_qml", "qml"]

_BORDER = "160,160,160,255"
_HATCH = "#a9aeb4"
_CASING = "#ffffff"

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
        value whose bounds lie in one class has that class, and a hollow dot.
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
    11
    """
    root, rules, symbols = _renderer()
    hatches = style.hatches or ("",) * len(style.labels)
    tests = _classes(style, column, columns)
    rows = [*zip(style.labels, style.colours, hatches, tests, strict=True)]
    rows += [(gap.label, gap.colour, gap.hatch, why) for gap, why in _gaps(style, column, columns)]
    for number, (label, colour, hatch, condition) in enumerate(rows):
        _add_rule(rules, number, label, condition)
        _add_symbol(symbols, number, colour, hatch)
    if _has_bounds(style, column, columns):
        inside = f"{_name(column)} IS NULL AND ({_any(tests)})"
        _add_rule(rules, len(rows), BOUNDED(style.language), inside)
        _add_mark(symbols, len(rows))
    return _document(root, aliases or {})


@dataclass(frozen=True)
class Stroke:
    """A kind of line: its words, which features it is of (an expression), and how it is drawn."""

    label: str
    condition: str
    colour: str
    points: float
    dashed: bool = False


def line_qml(strokes: Sequence[Stroke], *, aliases: Mapping[str, str] | None = None) -> str:
    """QML of a rule-based renderer of lines; what fits no stroke is not drawn.

    Examples
    --------
    >>> line_qml([Stroke("Frontier", '"frontier" = 1', "#1a1c1f", 1.6)]).count("<rule ")
    1
    """
    root, rules, symbols = _renderer()
    for number, one in enumerate(strokes):
        _add_rule(rules, number, one.label, one.condition)
        symbol = ET.SubElement(
            symbols, "symbol", type="line", name=str(number), alpha="1", clip_to_extent="1"
        )
        for colour, points in ((_CASING, 2 * one.points), (one.colour, one.points)):
            look = {
                "line_color": _rgb(colour),
                "line_width": f"{points:g}",
                "line_width_unit": "Point",
                "line_style": "dash" if one.dashed else "solid",
                "capstyle": "round",
                "joinstyle": "round",
            }
            _add_layer(symbol, "SimpleLine", look)
    return _document(root, aliases or {})


def _renderer() -> tuple[ET.Element, ET.Element, ET.Element]:
    """Return a style's root, and its rules and symbols, to be filled."""
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0"
    )
    rules = ET.SubElement(renderer, "rules", key="rules")
    return root, rules, ET.SubElement(renderer, "symbols")


def _document(root: ET.Element, aliases: Mapping[str, str]) -> str:
    """Add what the attribute table calls each column, and return it all as text."""
    listed = ET.SubElement(root, "aliases")
    for number, (field, name) in enumerate(aliases.items()):
        ET.SubElement(listed, "alias", index=str(number), field=field, name=inert(legible(name)))
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + well_formed(
        ET.tostring(root, encoding="unicode")
    )


def inert(text: str) -> str:
    r"""Text that QGIS shows as it stands, and never evaluates.

    QGIS puts the value of an expression in the place of ``[% … %]``, in legends among others. A
    letter without a width parts the two signs.

    Examples
    --------
    >>> inert("100 [% 1 + 1 %]") == "100 [\u2060% 1 + 1 %]"
    True
    """
    return text.replace("[%", "[\N{WORD JOINER}%")


def _classes(style: Style, column: str, columns: Collection[str]) -> list[str]:
    """Expressions of the classes, right-closed as in `style.classify`."""
    if style.categories:
        return [f"{_name(column)} = {_text(value)}" for value in style.categories]
    plain = _between(style, column)
    if not _has_bounds(style, column, columns):
        return plain
    least, most = (_between(style, side) for side in _sides(column))
    return [
        f"CASE WHEN {_name(column)} IS NULL THEN ({low}) AND ({high}) ELSE {value} END"
        for value, low, high in zip(plain, least, most, strict=True)
    ]


def _sides(column: str) -> tuple[str, str]:
    return f"{column}_at_least", f"{column}_at_most"


def _has_bounds(style: Style, column: str, columns: Collection[str]) -> bool:
    return not style.categories and set(_sides(column)) <= set(columns)


def _any(tests: Sequence[str]) -> str:
    return " OR ".join(f"({test})" for test in tests)


def _between(style: Style, column: str) -> list[str]:
    """Expressions of the classes of one column, each true, false or nothing."""
    name = _name(column)
    inner = [f"{name} > {low!r} AND {name} <= {high!r}" for low, high in pairwise(style.edges)]
    tests = [f"{name} <= {style.edges[0]!r}", *inner, f"{name} > {style.edges[-1]!r}"]
    # QGIS compares no infinite number: it has to be asked for by its text.
    tops = ["FALSE"] * len(style.edges) + ["TRUE"]
    infinite = f"to_string({name}) = 'inf'"
    return [
        f"CASE WHEN {infinite} THEN {top} ELSE {test} END"
        for test, top in zip(tests, tops, strict=True)
    ]


def _gaps(style: Style, column: str, columns: Collection[str]) -> list[tuple[Gap, str]]:
    """Each gap and its rule: what fits no other rule is missing."""
    reason = status_column(column)
    missing = style.gaps[style.missing]
    found = [(missing, "ELSE")]
    if reason in columns:
        known = _any(_classes(style, column, columns))
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
        rules, "rule", key=f"rule{number}", symbol=str(number), label=inert(label), filter=condition
    )


def _add_symbol(symbols: ET.Element, number: int, colour: str, hatch: str) -> None:
    symbol = ET.SubElement(
        symbols, "symbol", type="fill", name=str(number), alpha="1", clip_to_extent="1"
    )
    _add_fill(symbol, colour, "solid")
    if hatch:
        _add_fill(symbol, _HATCH, _PATTERNS.get(hatch[0], "b_diagonal"))


def _add_mark(symbols: ET.Element, number: int) -> None:
    """Add the hollow dot of areas whose value is hidden, but not its class."""
    name = str(number)
    symbol = ET.SubElement(symbols, "symbol", type="fill", name=name, alpha="1", clip_to_extent="1")
    inside = _add_layer(symbol, "CentroidFill", {"point_on_surface": "1"})
    dot = ET.SubElement(
        inside, "symbol", type="marker", name=f"@{name}@0", alpha="1", clip_to_extent="1"
    )
    look = {"name": "circle", "color": "255,255,255,255", "outline_color": "31,31,31,255"}
    size = {"size": "1", "size_unit": "MM", "outline_width": "0.2", "outline_width_unit": "MM"}
    _add_layer(dot, "SimpleMarker", {**look, **size})


def _add_fill(symbol: ET.Element, colour: str, pattern: str) -> None:
    look = {
        "color": _rgb(colour),
        "style": pattern,
        "outline_color": _BORDER,
        "outline_style": "solid",
        "outline_width": "0.1",
        "outline_width_unit": "MM",
    }
    _add_layer(symbol, "SimpleFill", look)


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _add_layer(symbol: ET.Element, kind: str, look: Mapping[str, str]) -> ET.Element:
    layer = ET.SubElement(
        symbol, "layer", {"class": kind}, enabled="1", locked="0", **{"pass": "0"}
    )
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in look.items():
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
    return layer
