"""Pictures made on request: small multiples, two variables, hexagons, links and diagrams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from grannskap.analysis import check_pictures, headline
from grannskap.catalogue import BASES, EVENNESS, GROUPS, SHARES, poor_pole
from grannskap.errors import ProjectError
from grannskap.language import Text, number
from grannskap.maps import style as styles
from grannskap.maps.atlas import moving, places, words, yearly
from grannskap.maps.atlas.anatomy import NAMES
from grannskap.maps.atlas.frontiers import draw_frontiers
from grannskap.maps.atlas.interventions import draw_grid
from grannskap.maps.atlas.model import Extra
from grannskap.maps.atlas.printed import balance_map, cluster_style
from grannskap.maps.marks import Overlay
from grannskap.wording import in_both, say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View
    from grannskap.maps.figure import Shapes
    from grannskap.maps.style import Style

__all__ = ["Extra", "extras"]

_PAIR = 2
_FEWEST_BANDS = 3  # with fewer distances there is no line to draw


def extras(results: Results, view: View, *, shapes: Shapes | None = None) -> Iterator[Extra]:
    """Draw the pictures that the view asks for, one after the other.

    Maps share their shapes with the main ones, where these are given.
    """
    check_pictures(results.dataset, view)
    for name in view.map.also:
        if name in NAMES or _of_one(results, name):
            continue  # those are maps, which have a page of their own
        if name in _OF_TESTS:
            if results.clustering is not None:
                yield _OF_TESTS[name](results, view, results.clustering)
        else:
            yield _MAKERS[name](results, view)
    drawn = draw_frontiers(results, view, shapes=shapes)
    if drawn is not None:
        style, lines = drawn
        yield Extra(style.name, style.title, style.caption, lines)
    grid = draw_grid(view)
    yield from () if grid is None else (grid,)
    yield from (
        one for one in (_scale(results, view), moving.moves(results, view, shapes=shapes)) if one
    )
    yield from _over_time(results, view)
    clustering = results.clustering
    bands = None if clustering is None else clustering.correlogram
    if clustering and bands is not None and (bands["pairs"] > 0).sum() >= _FEWEST_BANDS:
        yield _correlogram(results, view, clustering, bands[bands["pairs"] > 0])


def _over_time(results: Results, view: View) -> Iterator[Extra]:
    """Draw curves, and maps year by year, of three years or more; of two where they are asked."""
    asked, several = view.map.also, len(results.dataset.years) > _PAIR
    if several and "years" not in asked:
        yield yearly.years(results, view)
    if several and "curves" not in asked:
        yield yearly.curves(results, view)
    if several or ("curves" in asked and len(results.dataset.years) == _PAIR):
        found = (yearly.indices(results, view), yearly.indicators(results, view))
        yield from (one for one in found if one is not None)


def _of_one(results: Results, name: str) -> bool:
    """Tell whether small multiples would be a single map, which is the main one anyway."""
    settings = results.dataset.years_and_groups()
    if name in ("years", "curves"):
        return len(results.dataset.years) < 2
    return name == "groups" and len({g for year, g in settings if year == results.year}) < 2


def _groups(results: Results, view: View) -> Extra:
    present = {group for year, group in results.dataset.years_and_groups() if year == results.year}
    rows = [
        (text(view.language), results.year, group)
        for group, text in GROUPS.items()
        if group in present
    ]
    title = say("maps.groups_title", view.language)
    style = yearly.titled(balance_map(results, view).style, title)
    caption = say("maps.one_legend", view.language)
    drawn = yearly.panels(results, view, rows, style, "balance")
    return Extra("balance-groups", style.title, caption, drawn)


def _towns(results: Results, view: View) -> Extra:
    """Draw the municipalities shown side by side, each with its own scale."""
    from grannskap.maps import figure

    which, shown = balance_map(results, view), view.shown(results)
    whole = shown[shown["complete"].to_numpy()]
    towns = whole.groupby("municipality")["municipality_name"].first()
    panels = [
        figure.Panel(
            f"{name} · {headline.balance_words(whole, view.language)}",
            results.drawn,
            which.values,
            view=str(code),
            status=which.status,
            lower=which.lower,
            upper=which.upper,
        )
        for code, name in towns.items()
        for whole in (results.row("balance", ("municipality", str(code))),)
    ]
    style = yearly.titled(which.style, say("maps.towns_title", view.language))
    drawn = figure.small_multiples(panels, style, page=view.map.page, land=words.land(results))
    caption = say("maps.one_legend", view.language)
    return Extra("balance-towns", style.title, caption, drawn)


def _hexagons(results: Results, view: View) -> Extra:
    from grannskap.maps import figure

    which, shown = balance_map(results, view), view.drawn(results)
    caption = Text(
        "Varje sexhörning är ett område, lika stort för alla; läget är ungefärligt.",
        "Every hexagon is an area, the same size for all; its place is approximate.",
    )(view.language)
    style = replace(which.style, caption=caption)
    cells = figure.hexagons(shown)
    drawn = figure.draw(
        cells,
        which.values.reindex(shown.index),
        style,
        status=which.status,
        lower=which.lower,
        upper=which.upper,
        page=view.map.page,
        highlights=words.moved(which.highlights, cells),
        labels=places.labels(results, view, drawn=cells),
        inset="none",
    )
    return Extra("balance-hexagons", style.title, caption, drawn)


def _two_variables(results: Results, view: View) -> Extra:
    """Any two variables, each in thirds of the areas shown."""
    from grannskap.maps import figure

    pair = view.map.variables
    first, second = (_thirds(results, view, name) for name in pair)
    kind = words.kind(results)
    style = styles.bivariate(
        first,
        second,
        purple_first=poor_pole(pair[0]) == "low" and poor_pole(pair[1]) == "high",
    )
    style = replace(
        style,
        subtitle=words.subtitle(
            results, view, say("maps.thirds", view.language, {"kind": kind}), whole=True
        ),
        source=words.source_line(results, view, *pair),
    )
    drawn = figure.bivariate(
        results.drawn,
        results.areas[pair[0]].astype(float),
        results.areas[pair[1]].astype(float),
        first_style=first,
        second_style=second,
        style=style,
        view=view.mask(results.areas.index),
        page=view.map.page,
        highlights=words.neighbourhoods(results),
        labels=places.labels(results, view),
        land=words.land(results),
    )
    return Extra("two-variables", style.title, style.caption, drawn)


def _thirds(results: Results, view: View, name: str) -> Style:
    values = view.shown(results)[name].astype(float)
    return styles.from_values(
        values,
        name=name,
        title=view.called(name),
        unit=words.unit(name, view),
        quantity="share" if name in SHARES else "amount",
        scheme="quantiles",
        k=3,
        decimals=0 if name in SHARES else _decimals(values),
        language=view.language,
    )


def _decimals(values: pd.Series[Any]) -> int:
    """As many as part three classes of amounts: none of large ones."""
    largest = float(values.abs().max())
    return 0 if largest >= 100 else 2


def _scale(results: Results, view: View) -> Extra | None:
    """Segregation from near to far, where what is shown has a profile of several steps."""
    from grannskap.maps import figure

    anatomy, language = view.anatomy(results), view.language
    table = None if anatomy is None else anatomy.profile
    if table is None or len(table) < _FEWEST_BANDS:
        return None
    low, high = view.poles(results)
    counted_as = {"unit": BASES[results.options.balance.basis](language), "low": low, "high": high}
    names = {
        "dissimilarity": EVENNESS["dissimilarity"](language),
        "isolation": say("maps.scale_isolation", language, {"pole": low}),
        "isolation_of_second": say("maps.scale_isolation", language, {"pole": high}),
    }
    title = say("maps.scale_title", language)
    caption = say("maps.scale_caption", language, counted_as)
    balance = results.options.balance
    drawn = figure.profile(
        table,
        names,
        across=in_both("maps.scale_across", {"of": balance.basis}),
        title=title,
        subtitle=words.subtitle(results, view, say("maps.scale_unit", language), whole=True),
        caption=caption,
        source=words.source_line(results, view, balance.low, balance.high),
        language=language,
    )
    return Extra("segregation-scale", title, caption, drawn)


# --- Pictures of the first test ------------------------------------------------------------


def _called(results: Results, view: View, clustering: Clustering) -> str:
    """What was tested, where and when."""
    return words.subtitle(results, view, view.called(clustering.variable), whole=True)


def _links(results: Results, view: View, clustering: Clustering) -> Extra:
    from grannskap.maps import figure

    told = say("maps.links", view.language, {"kind": words.kind(results)})
    drawn = figure.links(
        results.drawn,
        clustering.links,
        subtitle=words.subtitle(results, view, told, whole=True),
        source=words.source_line(results, view, clustering.variable),
        view=view.mask(results.areas.index),
        page=view.map.page,
        land=words.land(results),
        language=view.language,
    )
    title = Text("Vilka områden som är grannar", "Which areas are neighbours")(view.language)
    caption = clustering.description.sentence(view.language)
    return Extra("clusters-neighbours", title, caption, drawn)


def _scatterplot(results: Results, view: View, clustering: Clustering) -> Extra:
    from grannskap.maps import figure

    language = view.language
    within = clustering.within is not None
    inside = Text("", "")
    if within:
        inside = Text(
            " Värden och grannar räknas i varje kommun för sig.",
            " Values and neighbours are those of each municipality by itself.",
        )
    caption = Text(
        "Varje punkt är ett område. Grå kan bero på slumpen; de namngivna har störst inverkan på "
        f"lutningen.{inside.sv}",
        "Every point is an area. Grey may be due to chance; those named have the most influence "
        f"on the slope.{inside.en}",
    )(language)
    drawn = figure.moran_scatter(
        clustering.scatter.assign(cluster=clustering.local["cluster"], name=words.names(results)),
        value=clustering.slope,
        style=cluster_style(results, view, clustering),
        subtitle=_called(results, view, clustering),
        caption=caption,
        source=words.source_line(results, view, clustering.variable),
        variable=view.called(clustering.variable),
        language=language,
    )
    title = Text("Morans spridningsdiagram", "Moran scatterplot")(language)
    return Extra("clusters-scatterplot", title, caption, drawn)


def _reference(results: Results, view: View, clustering: Clustering) -> Extra:
    from grannskap.maps import figure

    overall = clustering.overall
    if overall is None:
        raise ProjectError("reference without an overall")
    drawn = figure.reference_distribution(
        overall.simulated,
        overall.value,
        expected=overall.expected,
        p=overall.p,
        subtitle=_called(results, view, clustering),
        source=words.source_line(results, view, clustering.variable),
        language=view.language,
    )
    title = Text("Vad slumpen ger", "What chance gives")(view.language)
    return Extra("clusters-reference", title, "", drawn)


_CORES = {
    "core of high": Text("Kärna: hög, även hos grannarna", "Core: high, also among neighbours"),
    "core of low": Text("Kärna: låg, även hos grannarna", "Core: low, also among neighbours"),
    "neither": Text("Ingen kärna", "No core"),
}
_BESIDE = {
    "high": Text("Höga kärnor med sina grannar", "High cores with their neighbours"),
    "low": Text("Låga kärnor med sina grannar", "Low cores with their neighbours"),
}


def _cores(results: Results, view: View, clustering: Clustering) -> Extra:
    """An area that stands out is the core of a cluster; the cluster takes in its neighbours."""
    from grannskap.maps import figure

    clusters, language = cluster_style(results, view, clustering), view.language
    high, low, _, _, quiet = clusters.colours[:5]
    style = replace(
        clusters,
        name="clusters-cores",
        title=Text("Klustrens kärnor och deras grannar", "Cores of clusters and neighbours")(
            language
        ),
        categories=tuple(_CORES),
        labels=tuple(text(language) for text in _CORES.values()),
        colours=(high, low, quiet),
        hatches=(),
        caption="",
        square=None,
    )
    around = _around_cores(results, view, clustering, {"high": high, "low": low})
    drawn = figure.draw(
        results.drawn,
        _core_classes(results, clustering),
        style,
        view=view.mask(results.areas.index),
        page=view.map.page,
        land=words.land(results),
        counts=view.map.counts,
        overlays=(*around, *words.overlays(view)),
    )
    return Extra(style.name, style.title, "", drawn)


def _core_classes(results: Results, clustering: Clustering) -> pd.Series[Any]:
    cluster = clustering.local["cluster"].astype(object)
    classes = pd.Series("neither", index=cluster.index, dtype=object)
    for kind, word in (("low-low", "low"), ("high-high", "high")):
        classes[(cluster == kind).to_numpy()] = f"core of {word}"
    classes = classes.where((cluster != "no data").to_numpy())
    return classes.reindex(results.areas.index)


def _around_cores(
    results: Results, view: View, clustering: Clustering, colours: Mapping[str, str]
) -> list[Overlay]:
    """Outline cores together with their neighbours: what is not tested itself is not coloured."""
    cluster, shown = clustering.local["cluster"].astype(object), view.drawn(results).index
    links = clustering.neighbours.adjacency.reset_index()
    links = links[links["weight"] > 0]
    found = []
    for kind, word in (("high-high", "high"), ("low-low", "low")):
        cores = cluster.index[(cluster == kind).to_numpy()].intersection(shown)
        beside = links.loc[links["focal"].isin(cores).to_numpy(), "neighbor"]
        whole = results.drawn.geometry.reindex(shown.intersection(cores.union(pd.Index(beside))))
        if len(whole):
            union = gpd.GeoSeries([whole.union_all()], crs=results.drawn.crs)
            label = _BESIDE[word](view.language)
            found.append(Overlay(label, "outline", union, colour=colours[word]))
    return found


def _correlogram(
    results: Results, view: View, clustering: Clustering, table: pd.DataFrame
) -> Extra:
    from grannskap.maps import figure

    language, alpha = view.language, results.options.autocorrelation.fdr
    decimals = len(f"{alpha:g}".partition(".")[2])
    highest = number(alpha, decimals=decimals, language=language)
    caption = Text(
        f"Färgad punkt: mer än slumpen kan förklara när alla avstånd jämförs samtidigt "
        f"(q ≤ {highest}). Avstånd utan par av områden är utelämnade.",
        f"Coloured point: more than chance can explain when all distances are compared at once "
        f"(q ≤ {highest}). Distances without pairs of areas are left out.",
    )(language)
    drawn = figure.correlogram(
        table.rename(columns={"to": "distance", "statistic": "value"}),
        level=alpha,
        statistic=Text("Morans I", "Moran's I")(language),
        subtitle=_called(results, view, clustering),
        caption=caption,
        source=words.source_line(results, view, clustering.variable),
        language=language,
    )
    title = Text("Hur långt likheten når", "How far likeness reaches")(language)
    return Extra("clusters-correlogram", title, caption, drawn)


_MAKERS: dict[str, Callable[[Results, View], Extra]] = {
    "years": yearly.years,
    "curves": yearly.curves,
    "groups": _groups,
    "towns": _towns,
    "hexagons": _hexagons,
    "two-variables": _two_variables,
}
_OF_TESTS: dict[str, Callable[[Results, View, Clustering], Extra]] = {
    "neighbours": _links,
    "scatterplot": _scatterplot,
    "reference": _reference,
    "cores": _cores,
}
