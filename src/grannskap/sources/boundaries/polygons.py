"""DeSO polygons, from a file or a frame in memory: coded, placed, valid, described."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from grannskap import deso
from grannskap.errors import CodeError, ColumnError, DataError
from grannskap.notes import Note, of, with_notes
from grannskap.sources import guard
from grannskap.sources.boundaries import columns, place, repair, tangles
from grannskap.sources.boundaries.coverage import fit
from grannskap.sources.boundaries.formats import Layer, only_layer, opened
from grannskap.sources.boundaries.limits import check_shapes
from grannskap.sources.boundaries.names import municipality_names
from grannskap.wording import in_both

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["from_frame", "read"]

_REGSO = r"\d{4}R\d{3}.*"


def read(
    path: str | Path,
    *,
    layer: str | None = None,
    code: str | None = None,
    division: deso.Division | None = None,
    crs: str | None = None,
) -> gpd.GeoDataFrame:
    """Polygons of DeSO areas in EPSG:3006, one valid polygon per code.

    Parameters
    ----------
    path : str or Path
        GeoPackage, GeoJSON, Shapefile (also zipped), FlatGeobuf or GeoParquet.
    layer : str, optional
        The layer, where the file has several with DeSO codes.
    code : str, optional
        The column of codes; SCB's own names (``deso``, ``desokod``, …) are found.
    division : {2018, 2025}, optional
        The division, where the file does not tell it.
    crs : str, optional
        The coordinate system, for a file that states none.

    Returns
    -------
    GeoDataFrame
        Index ``deso``, sorted; columns ``municipality``, ``municipality_name``, ``kind``,
        ``regso`` and ``regso_name`` where the file has them, ``geometry``;
        ``attrs["division"]``; notes on repairs, overlaps and holes (`grannskap.notes.of`).

    Raises
    ------
    InputFileError
        When the file is missing, unsafe, damaged, of another form or without coordinate system.
    ColumnError
        When no column of codes is found.
    CodeError
        When codes are malformed, repeated, or of two divisions.
    DataError
        When an area has no polygon.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> square = [[[17.6, 59.8], [17.7, 59.8], [17.7, 59.9], [17.6, 59.8]]]
    >>> feature = {
    ...     "type": "Feature",
    ...     "properties": {"desokod": "0380C1010"},
    ...     "geometry": {"type": "Polygon", "coordinates": square},
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "one.geojson"
    ...     _ = path.write_text(json.dumps(feature))
    ...     read(path)[["municipality_name", "kind"]].iloc[0].tolist()
    ['Uppsala', 'C']
    """
    file = Path(path)
    with guard.reading(file, form=in_both("errors.phrases.polygons of areas")) as heard:
        with opened(file) as layers:
            chosen = _layer_with_codes(layers, layer, code, file)
            column = columns.code_column(chosen.columns, code)
            raw = chosen.load(columns.wanted(chosen.columns, column))
        check_shapes(file.name, raw.geometry.to_numpy())
        stated = {*columns.divisions_of(raw, column, chosen.name), division}
        made = _checked(raw, column, stated=stated, crs=crs, assumed=chosen.crs_assumed)
    return with_notes(made, guard.warned(heard))


def from_frame(
    frame: gpd.GeoDataFrame,
    *,
    code: str | None = None,
    division: deso.Division | None = None,
    crs: str | None = None,
) -> gpd.GeoDataFrame:
    """Polygons of a frame in memory, checked, placed and repaired as those of a file are.

    Parameters
    ----------
    frame : GeoDataFrame
        Codes as its index, or in a column.
    code : str, optional
        The column of codes; the index where it is called ``deso`` or holds codes, else SCB's
        own names are found.
    division : {2018, 2025}, optional
        The division, where the frame does not tell it.
    crs : str, optional
        The coordinate system, for a frame that has none.

    Returns
    -------
    GeoDataFrame
        As `read` returns; the frame that came is not changed.

    Raises
    ------
    InputFileError, ColumnError, CodeError, DataError
        As `read`.

    Examples
    --------
    >>> import geopandas, shapely
    >>> square = shapely.box(647000, 6638000, 648000, 6639000)
    >>> areas = geopandas.GeoDataFrame(geometry=[square], index=["0380C1010"], crs="EPSG:3006")
    >>> from_frame(areas)[["municipality_name", "kind"]].iloc[0].tolist()
    ['Uppsala', 'C']
    """
    import geopandas as gpd

    geometry = _geometry_of(frame)
    flat = pd.DataFrame(frame.drop(columns=geometry.name, errors="ignore"))
    if code is None and _indexed_by_code(frame.index):
        code = str(frame.index.name or "deso")
        flat = flat.drop(columns=code, errors="ignore").assign(**{code: list(frame.index)})
    flat = flat.set_axis(list(map(str, flat.columns)), axis=1)
    column = columns.code_column(list(flat.columns), code)
    stated = {*columns.divisions_of(flat, column, ""), frame.attrs.get("division"), division}
    wanted = flat[columns.wanted(list(flat.columns), column)]
    raw = gpd.GeoDataFrame(wanted, geometry=geometry.to_numpy(), crs=frame.crs)
    return with_notes(_checked(raw, column, stated=stated, crs=crs, in_memory=True), of(frame))


def _geometry_of(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    try:
        return frame.geometry
    except AttributeError:
        raise DataError("frame without polygons", {"columns": list(frame.columns)}) from None


def _indexed_by_code(index: pd.Index[Any]) -> bool:
    if index.name == "deso":
        return True
    try:
        return len(index) > 0 and len(deso.parse(index).values) > 0
    except CodeError:
        return False


def _checked(
    raw: gpd.GeoDataFrame,
    column: str,
    *,
    stated: set[Any],
    crs: str | None,
    assumed: bool = False,
    in_memory: bool = False,
) -> gpd.GeoDataFrame:
    """Check codes and polygons, whatever they came from, and say what each area is."""
    parsed = deso.parse(raw[column])
    made_up = in_memory and not place.known(parsed.values).any()
    found = deso.same_division({*stated, parsed.division})
    _refuse_repeated(parsed.values)
    cleaned, rough = _with_clean_names(raw, column)
    frame = cleaned.set_axis(parsed.values, axis=0).sort_index()
    repair.check_polygons(frame.geometry)
    kind: repair.Kind = "made-up areas" if made_up else "areas"
    frame, odd = repair.to_sweref(frame, crs=crs, assumed=assumed, kind=kind)
    geometry, repairs = repair.mended(frame.geometry)
    tiny = () if made_up else place.check_sizes(geometry)
    tangles.check_crowd(geometry)
    described, unnamed = _described(frame, geometry)
    described.attrs = {"division": found}
    told = (*of(raw), *parsed.notes, *rough, *odd, *repairs, *tiny, *unnamed, *fit(geometry))
    return with_notes(described, told)


def _with_clean_names(
    raw: gpd.GeoDataFrame, code: str
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    cleaned = {
        name: guard.cleaned(raw[name])
        for name in raw.columns
        if name not in (code, raw.geometry.name) and raw[name].map(type).eq(str).any()
    }
    texts = {name: values for name, (values, _) in cleaned.items()}
    notes = dict.fromkeys(note for _, odd in cleaned.values() for note in odd)
    return raw.assign(**texts), tuple(notes)


def _layer_with_codes(
    layers: list[Layer], layer: str | None, code: str | None, file: Path
) -> Layer:
    coded = [one for one in layers if _has_codes(one, code)]
    several = layer is None and len(layers) > 1
    return only_layer(coded if several and coded else layers, layer, file)


def _has_codes(layer: Layer, code: str | None) -> bool:
    try:
        columns.code_column(layer.columns, code)
    except ColumnError:
        return False
    return True


def _refuse_repeated(codes: pd.Index[Any]) -> None:
    repeated = codes[codes.duplicated()].unique()
    if len(repeated):
        raise CodeError(
            "area twice in boundaries", {"count": len(repeated), "codes": sorted(repeated)}
        )


def _described(
    frame: gpd.GeoDataFrame, geometry: gpd.GeoSeries
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    import geopandas as gpd

    municipality = deso.municipality(frame.index)
    names, notes = _municipality_names(frame, municipality)
    data: dict[str, Any] = {
        "municipality": municipality,
        "municipality_name": names,
        "kind": deso.kind(frame.index),
        **_regso(frame),
    }
    return gpd.GeoDataFrame(data, geometry=geometry, crs=repair.CRS), notes


def _municipality_names(
    frame: gpd.GeoDataFrame, municipality: pd.Series[Any]
) -> tuple[pd.Series[Any], tuple[Note, ...]]:
    for column in columns.named(frame.columns, columns.MUNICIPALITY_NAMES):
        if frame[column].notna().all():
            return frame[column].astype("str"), ()
    return municipality_names(municipality)


def _regso(frame: gpd.GeoDataFrame) -> dict[str, pd.Series[Any]]:
    found: dict[str, pd.Series[Any]] = {}
    for column in [one for one in frame.columns if columns.plain(one).startswith("regso")]:
        there = frame[column].dropna().astype("str")
        if len(there):
            codes = there.str.fullmatch(_REGSO).all()
            found.setdefault("regso" if codes else "regso_name", there.reindex(frame.index))
    return found
