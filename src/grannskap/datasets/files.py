"""The made-up town as files, in the dialects that planners meet."""

from __future__ import annotations

import json
import math
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from grannskap.datasets.municipality import MUNICIPALITY, NAME, Town, town
from grannskap.errors import OutputError, system_reason

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["boundaries_file", "write_inputs"]

_POOR, _RICH = "Norrängen", "Solviken"
_GROUPS = {"all": "Samtliga", "public_housing": "Allmännyttan"}
_THOUSANDS = "\u00a0"
_NOBODY, _HIDDEN = ".", ".."
_TITLE = f"Hushåll, personer och bostäder efter DeSO, grupp och år. {NAME} (påhittade uppgifter)"
_FOOTNOTES = (
    "Uppgifterna är påhittade av programmet grannskap och beskriver ingen verklig kommun.",
    "Kvartil 1-4: hushåll efter disponibel inkomst per konsumtionsenhet, rikets kvartiler.",
    "MedianInk: median av disponibel inkomst per konsumtionsenhet, kronor.",
    ". = uppgift kan inte förekomma; .. = uppgiften är för osäker eller omfattas av sekretess",
)
_HEADINGS = {
    "population": "Folkmängd",
    "age_20_24": "20-24 år",
    "age_25_29": "25-29 år",
    "working_age": "Folkmängd 20-64 år",
    "employed": "Förvärvsarbetande 20-64 år",
    "education_base": "Känd utbildning 25-64 år",
    "post_secondary": "Eftergymnasial utbildning 3 år eller längre 25-64 år",
    "born_outside_eu": "Födda utanför EU28",
    "low": "Kvartil1",
    "medium_low": "Kvartil2",
    "medium_high": "Kvartil3",
    "high": "Kvartil4",
    "households": "Totalt",
    "disposable_income": "MedianInk",
    "public_housing": "Hushåll i allmännyttan",
    "rented": "Hyresrätt",
    "tenant_owned": "Bostadsrätt",
    "owned": "Äganderätt",
}
_INTERVENTIONS = (
    "Namn;Plats;E;N;Nivåer;Kriterier;År",
    "Läxhjälp efter skolan;Norrängen;;;individ;orsaker + socialt;2013–",
    "Jobbtorget;;700050;6853400;individ;orsaker + i system;2014–2017",
    "Odling på gårdarna;;699400;6852800;grannskap;potentialer + socialt;2015–2016",
    "Bostadsrätter byggs;Norrängen;;;grannskap;avstånd;2016–",
    "Skola för två stadsdelar;;701800;6851200;grannskap + stad;avstånd + socialt;2017–",
    "Mötesplats i hamnen;Hamnen;;;individ + grannskap;socialt;2017",
    "Samma kö till alla hyresrätter;Påhittköping;;;stad;i system + villkor;2012–",
    "Mentorer från näringslivet;;;;individ;potentialer + i system;2016",
)
"""Made-up interventions, as a planner keeps them: with their place, or where they are."""
_HOUSEHOLDS = list(_HEADINGS).index("households")


def write_inputs(folder: Path, *, seed: int = 2017) -> Path:
    """Write the made-up town's files and a project file that reads them.

    Parameters
    ----------
    folder : pathlib.Path
        Made where absent; gets ``project.toml`` and ``inputs/``.
    seed : int
        The same seed gives the same bytes.

    Returns
    -------
    pathlib.Path
        The project file.

    Raises
    ------
    OutputError
        When the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_inputs(Path(folder)).name
    'project.toml'
    """
    made = town(seed=seed)
    contents = {
        "inputs/boundaries.geojson": boundaries_file(made),
        "inputs/register.csv": _register_file(made),
        "inputs/police.geojson": _geojson(made.police, {"name": "namn"}, name="utsatta_omraden"),
        "inputs/estates.geojson": _geojson(made.estates, {"name": "namn"}, name="allmannyttan"),
        "inputs/interventions.csv": _interventions_file(),
        "inputs/places.geojson": _geojson(made.places, {"name": "namn"}, name="ortnamn"),
        "project.toml": _project_file(made),
    }
    try:
        (folder / "inputs").mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(
            "no room for files", {"folder": str(folder), "why": system_reason(error)}
        ) from error
    return folder / "project.toml"


def boundaries_file(made: Town) -> bytes:
    """GeoJSON of the areas under the column names of SCB's own downloads.

    Examples
    --------
    >>> from grannskap.datasets import town
    >>> b"EPSG::3006" in boundaries_file(town())
    True
    """
    columns = {
        "deso": "deso",
        "municipality": "kommun",
        "municipality_name": "kommunnamn",
        "regso_name": "regsonamn",
    }
    return _geojson(made.boundaries.reset_index(), columns, name="DeSO_2018")


def _geojson(frame: gpd.GeoDataFrame, columns: dict[str, str], *, name: str) -> bytes:
    """GeoJSON in EPSG:3006, a feature a line, so that versions can be compared by eye."""
    texts = frame[list(columns)].rename(columns=columns).to_dict("records")
    features = [
        {"type": "Feature", "properties": row, "geometry": _geometry(shape)}
        for row, shape in zip(texts, frame.geometry, strict=True)
    ]
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features]
    crs = '{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3006"}}'
    head = f'{{"type":"FeatureCollection","name":"{name}","crs":{crs},"features":['
    return "\n".join([head, ",\n".join(lines), "]}", ""]).encode()


def _geometry(shape: Any) -> dict[str, Any]:  # noqa: ANN401 - shapely's classes share no names
    if shape.geom_type == "Point":
        return {"type": "Point", "coordinates": [int(shape.x), int(shape.y)]}
    rings = [shape.exterior, *shape.interiors]
    return {
        "type": "Polygon",
        "coordinates": [[[int(x), int(y)] for x, y in ring.coords] for ring in rings],
    }


def _register_file(made: Town) -> bytes:
    """CSV as from SCB's page: a title, semicolons, decimal commas, footnotes, a UTF-8 mark."""
    frame = made.register.copy()
    frame["age_20_24"] = (frame["age_20_29"] * 0.47).round()
    frame["age_25_29"] = frame["age_20_29"] - frame["age_20_24"]
    lines = [f'"{_TITLE}"', "", ";".join(["DeSO", "År", "Grupp", *_HEADINGS.values()])]
    for (code, year, group), row in zip(
        frame.index, frame[list(_HEADINGS)].to_numpy().tolist(), strict=True
    ):
        empty = _NOBODY if row[_HOUSEHOLDS] == 0 else _HIDDEN
        cells = [
            _cell(value, decimals=1 if column == "disposable_income" else 0, empty=empty)
            for column, value in zip(_HEADINGS, row, strict=True)
        ]
        lines.append(";".join([str(code), str(year), _GROUPS[group], *cells]))
    return "\r\n".join([*lines, "", *_FOOTNOTES, ""]).encode("utf-8-sig")


def _interventions_file() -> bytes:
    """CSV as a planner keeps it: semicolons, a UTF-8 mark, and Windows' line ends."""
    return "\r\n".join([*_INTERVENTIONS, ""]).encode("utf-8-sig")


def _cell(value: float, *, decimals: int, empty: str) -> str:
    if math.isnan(value):
        return empty
    return f"{value:,.{decimals}f}".replace(",", _THOUSANDS).replace(".", ",")


def _project_file(made: Town) -> bytes:
    template = (resources.files("grannskap.datasets") / "project.toml").read_text(encoding="utf-8")
    text = Template(template).substitute(
        municipality=MUNICIPALITY,
        poor=_POOR,
        poor_areas=json.dumps(made.codes(_POOR)),
        rich=_RICH,
        rich_areas=json.dumps(made.codes(_RICH)),
    )
    return text.encode()
