"""Make a dataset from frames in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso, notes
from grannskap.catalogue import TRANSLATED
from grannskap.dataset import shores
from grannskap.dataset.crossing import Crossed
from grannskap.dataset.model import Dataset, Source
from grannskap.dataset.neighbourhoods import Named
from grannskap.dataset.parts import assemble
from grannskap.errors import CodeError, ColumnError, DataError
from grannskap.language import Text
from grannskap.sources import boundaries as boundaries_source
from grannskap.sources import register as register_source
from grannskap.sources.boundaries import repair
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from grannskap.sources.coast import Coast

__all__ = ["from_frames"]


def from_frames(
    areas: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    code: str | None = None,
    year: int | str | None = None,
    group: str | None = None,
    groups: Mapping[str, str] | None = None,
    percent: Mapping[str, str] | None = None,
    amounts: Sequence[str] = (),
    hidden: tuple[int, int] | Mapping[str, tuple[int, int]] | None = None,
    noise: int | None = None,
    names: pd.Series[Any] | Mapping[str, str] | None = None,
    neighbourhoods: Mapping[str, Sequence[str] | BaseGeometry | gpd.GeoSeries] | None = None,
    land: gpd.GeoSeries | gpd.GeoDataFrame | Coast | None = None,
    division: deso.Division | None = None,
    crs: str | None = None,
    scope: str | Sequence[str] | None = None,
    unmatched: float = 0.0,
    source: str = "",
) -> Dataset:
    """Counts and polygons of frames in memory, checked as those of files are.

    Parameters
    ----------
    areas : GeoDataFrame
        A polygon per area, with DeSO codes as index or in a column that SCB's names or `code`
        tell; any coordinate system.
    counts : DataFrame
        Counts by area, and by year and group where it has such levels or columns. NaN is
        *missing*, unless a column ``x_status`` says that ``x`` is *suppressed*. What
        `grannskap.areas.crosswalk` returned is taken as it is, with its bounds.
    columns : mapping of str to str or sequence of str, optional
        Canonical name to the column of its counts, or to several whose sum it is; every column
        of numbers under its own name when not given.
    code : str, optional
        The column of codes, in each frame that has one of that name.
    year : int or str, optional
        The year of all rows, or which to choose; or the column of years. By itself the level or
        column ``year``.
    group : str, optional
        A key of `grannskap.catalogue.GROUPS`, or the column of groups; by itself the level or
        column ``group``.
    groups : mapping of str to str, optional
        The frame's words for groups to their keys.
    percent : mapping of str to str, optional
        Columns that hold per cent to the counts whose per cent it is.
    amounts : sequence of str
        Columns that hold amounts, which are not summed, beside those that the catalogue knows.
    hidden : tuple of int, or mapping of str to tuple of int, optional
        The least and the most that a count with the status *suppressed* can be, for all or by
        name.
    noise : int, optional
        How far a count from 2025 on may be from the truth, as SCB perturbs them.
    names : Series or mapping, optional
        Name of the RegSO of each area, by DeSO code.
    neighbourhoods : mapping, optional
        Name to codes or names of RegSO, or to a polygon (in EPSG:3006 where it tells no
        coordinate system).
    land : GeoSeries, GeoDataFrame, "osm" or "gshhg", optional
        Land as polygons, or a coast by name (with ``grannskap[sea]``): areas touch and are
        drawn on land alone; what is measured is the whole area.
    division : {2018, 2025}, optional
        The division, where no frame tells it.
    crs : str, optional
        The coordinate system of `areas`, where it has none.
    scope, unmatched
        What must match, as in `grannskap.areas.join`.
    source : str
        The line of the source under maps and tables.

    Returns
    -------
    Dataset
        Frozen; the frames that came are not changed.

    Raises
    ------
    GrannskapError
        As `read`; or when something else than such a frame came.

    Examples
    --------
    >>> import geopandas, shapely
    >>> codes = ["9999C1010", "9999C1020"]
    >>> squares = [shapely.box(0, 0, 500, 500), shapely.box(500, 0, 1000, 500)]
    >>> areas = geopandas.GeoDataFrame(geometry=squares, index=codes, crs="EPSG:3006")
    >>> counts = pd.DataFrame({"low": [12, 40], "high": [30, None]}, index=codes)
    >>> from_frames(areas, counts, year=2022).count("high", year=2022).lower.tolist()
    [30.0, 0.0]
    """
    _check_kinds(areas, counts)
    _check_code(code, areas, counts)
    polygons = boundaries_source.from_frame(
        areas, code=code if code in areas.columns else None, division=division, crs=crs
    )
    if names is not None:
        polygons = polygons.assign(regso_name=_called(names).reindex(polygons.index))
    crossed = _moved(counts, year) if TRANSLATED in counts else None
    register = (
        crossed.register
        if crossed is not None
        else register_source.from_frame(
            counts,
            columns=columns,
            code=code if code in {*counts.columns, *counts.index.names} else None,
            year=year,
            group=group,
            groups=groups,
            percent=percent,
            amounts=amounts,
            division=division,
            noise=noise,
        )
    )
    ground, from_land = _land(land, polygons)
    return assemble(
        polygons,
        register,
        year=int(register.index.unique("year").max()),
        scope=scope,
        unmatched=unmatched,
        hidden=hidden,
        amounts=amounts,
        crossed=crossed,
        named=[_named(name, asked) for name, asked in (neighbourhoods or {}).items()],
        land=ground,
        shore=ground,
        provenance=(*_taken(polygons, register, (len(areas), len(counts)), source), *from_land),
    )


def _taken(
    polygons: gpd.GeoDataFrame, register: pd.DataFrame, rows: tuple[int, int], source: str
) -> tuple[Source, Source]:
    """Return what a dataset of frames was made from."""
    years = tuple(sorted(map(int, register.index.unique("year"))))
    return (
        Source("boundaries", None, None, "", rows[0], polygons.attrs["division"], ()),
        Source("register", None, None, source, rows[1], register.attrs["division"], years),
    )


def _moved(counts: pd.DataFrame, year: int | str | None) -> Crossed:
    """Take what `areas.crosswalk` returned as it is, with its bounds; of one year or of several."""
    register = counts.copy(deep=False)
    if register.index.nlevels == 1:
        stated = year if isinstance(year, int) else 0
        register = register.assign(year=stated, group="all")
        register = register.set_index(["year", "group"], append=True)
    register = register.sort_index()
    register.attrs = {"division": counts.attrs.get("division")}
    return Crossed(register, notes.of(counts))


def _check_kinds(areas: object, counts: object) -> None:
    import geopandas as gpd

    if not isinstance(areas, gpd.GeoDataFrame):
        raise DataError(
            "areas of another kind",
            {
                "kind": _kind(areas),
                "remedy": _remedy(areas, "geopandas.GeoDataFrame(…, geometry=…, crs=…)"),
            },
        )
    if not isinstance(counts, pd.DataFrame):
        raise DataError(
            "counts of another kind",
            {
                "kind": _kind(counts),
                "remedy": _remedy(counts, "pandas.DataFrame(…, index=codes, columns=names)"),
            },
        )


def _check_code(code: str | None, areas: gpd.GeoDataFrame, counts: pd.DataFrame) -> None:
    if code is not None and code not in {*areas.columns, *counts.columns, *counts.index.names}:
        raise ColumnError(
            "no column of area codes",
            {"code": code, "areas": list(areas.columns), "counts": list(counts.columns)},
        )


def _kind(thing: object) -> str:
    module = type(thing).__module__.split(".")[0]
    return type(thing).__name__ if module == "builtins" else f"{module}.{type(thing).__name__}"


def _remedy(thing: object, made: str) -> Text:
    """Say how the thing becomes a frame: polars and pyarrow can turn themselves into one."""
    turns = next((way for way in ("to_pandas", "to_frame") if hasattr(thing, way)), None)
    if turns is None:
        return in_both("errors.phrases.make a frame with", {"made": made})
    return in_both("errors.phrases.turn into a frame with", {"turns": turns})


def _called(names: pd.Series[Any] | Mapping[str, str]) -> pd.Series[Any]:
    series = names if isinstance(names, pd.Series) else pd.Series(dict(names), dtype=object)
    called = series.set_axis(deso.parse(series.index).values, axis=0)
    twice = called.index[called.index.duplicated()].unique()
    if len(twice):
        raise CodeError("two names of an area", {"codes": list(twice)})
    return called


def _named(name: str, asked: Sequence[str] | BaseGeometry | gpd.GeoSeries) -> Named:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    if isinstance(asked, BaseGeometry):
        return Named(name, polygon=asked)
    if isinstance(asked, gpd.GeoSeries | gpd.GeoDataFrame):
        return Named(name, polygon=_placed(asked).union_all())
    return Named(name, entries=(asked,) if isinstance(asked, str) else tuple(asked))


def _land(
    land: gpd.GeoSeries | gpd.GeoDataFrame | Coast | None, areas: gpd.GeoDataFrame
) -> tuple[gpd.GeoSeries | None, tuple[Source, ...]]:
    if land is None:
        return None, ()
    if isinstance(land, str):
        coast, source = shores.of_name(land, areas)
        return coast, (source,)
    return _placed(land), (Source("land", None, None, "", len(land), None),)


def _placed(shapes: gpd.GeoSeries | gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return shapes in EPSG:3006, the polygons among them valid."""
    frame = shapes.geometry.to_frame("geometry")
    placed, _ = repair.to_sweref(frame, crs=None, assumed=False, kind="shapes")
    return repair.mended(placed.geometry)[0]
