"""The map of the official area types, or of their like under another name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grannskap.catalogue import GROUP_LABELS, OFFICIAL, TYPE_LABELS
from grannskap.language import inside_sentence
from grannskap.maps import style as styles
from grannskap.maps.atlas import words
from grannskap.maps.atlas.model import Map
from grannskap.wording import listed, say

if TYPE_CHECKING:
    from grannskap.analysis import AreaTypes, Results, View

__all__ = ["of_types"]

_OFFICIAL = (
    "maps.area_types.official_title",
    "maps.area_types.official_unit",
    "maps.area_types.official_caption",
)
_LIKE = (
    "maps.area_types.other_title",
    "maps.area_types.other_unit",
    "maps.area_types.other_caption",
)
"""Title, unit and caption of each."""


def of_types(results: Results, view: View) -> tuple[Map, ...]:
    """Return the map of the types of what is shown; none where no area has one."""
    types = results.area_types
    if types is None or types.areas["type"].reindex(view.shown(results).index).isna().all():
        return ()
    language = view.language
    title, unit, _ = _OFFICIAL if types.official else _LIKE
    labels = TYPE_LABELS if types.official else GROUP_LABELS
    style = styles.area_types(
        {one: text(language) for one, text in labels.items()},
        name="area-types" if types.official else "mean-of-shares",
        title=say(title, language),
        language=language,
    )
    told = types.parts or OFFICIAL[:1]
    style = replace(
        style,
        subtitle=words.subtitle(results, view, say(unit, language)),
        source=words.source_line(results, view, *told),
        caption=_caption(results, view, types),
    )
    values = types.areas["type"].rename(types.columns[1])
    return (Map(style, values, words.neighbourhoods(results)),)


def _caption(results: Results, view: View, types: AreaTypes) -> str:
    """How many areas lie at each end, and what the index is made of."""
    held = types.areas["type"].reindex(view.shown(results).index)
    values = {
        "place": words.place(results, view),
        "areas": int(held.notna().sum()),
        "worse": int(held.isin(["1", "2"]).sum()),
        "better": int(held.isin(["4", "5"]).sum()),
        "parts": listed([inside_sentence(view.called(one)) for one in types.parts], view.language),
    }
    _, _, caption = _OFFICIAL if types.official else _LIKE
    return say(caption, view.language, values)
