"""The tables of a project file, each frozen and without unknown keys."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    Field,
    PrivateAttr,
    StrictBool,
    field_validator,
    model_validator,
)

from grannskap import contrasts, deso
from grannskap.catalogue import OFFICIAL, OFFICIAL_SHARES, SURROUNDINGS
from grannskap.deso import Division
from grannskap.errors import ProjectError
from grannskap.language import Language
from grannskap.project.microdata import MicrodataFile
from grannskap.project.part import Part as _Part
from grannskap.sources import guard
from grannskap.wording import in_both

__all__ = [
    "AreaTypesOptions",
    "AutocorrelationOptions",
    "BalanceOptions",
    "BoundariesFile",
    "DisclosureOptions",
    "DivisionOptions",
    "IndicatorOptions",
    "InterventionsFile",
    "JoinOptions",
    "MapOptions",
    "MicrodataFile",
    "NamesFile",
    "NeighbourhoodPlace",
    "NeighboursOptions",
    "OverlayFile",
    "Project",
    "RegisterFile",
    "ReportOptions",
    "SegregationOptions",
    "VariableMap",
]

Scope = str | list[str]
Fraction = Annotated[float, Field(ge=0, le=1)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Level = Annotated[float, Field(gt=0, lt=1)]
Year = Annotated[int, Field(ge=1, le=9999)]
Metres = Annotated[float, Field(gt=0, le=1e7)]
MetresOrNone = Annotated[float, Field(ge=0, le=1e7)]


_RANGE = re.compile(r"(\d{4})[-–](\d{4})")


class NamesFile(_Part):
    """Where areas get names from, such as SCB's key between DeSO and RegSO."""

    path: str
    name: str
    code: str | None = None
    sheet: str | None = None


class BoundariesFile(_Part):
    """Where the polygons are, and what the file does not say of itself."""

    path: str
    layer: str | None = None
    code: str | None = None
    division: Division | None = None
    crs: str | None = None
    names: NamesFile | None = None


class RegisterFile(_Part):
    """A register file, and which of its columns hold what."""

    path: str
    columns: dict[str, str | list[str]] = Field(min_length=1)
    code: str | None = None
    year: Year | str | None = None
    group: str | None = None
    groups: dict[str, str] | None = None
    percent: dict[str, str] | None = None
    division: Division | None = None
    level: deso.Level | None = None
    amounts: list[str] = []
    sheet: str | None = None
    source: str = ""
    hidden: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] | None = None
    noise: Annotated[int, Field(ge=1, le=1000)] | None = None

    @property
    def all_amounts(self) -> list[str]:
        """Columns that hold amounts: those that are said to, and the official measure's."""
        official = [name for name in (*OFFICIAL, *OFFICIAL_SHARES) if name in self.columns]
        return [*dict.fromkeys([*self.amounts, *official])]

    @model_validator(mode="after")
    def _least_before_most(self) -> RegisterFile:
        if self.hidden is not None and self.hidden[0] >= self.hidden[1]:
            raise ProjectError(
                "hidden upside down", {"least": self.hidden[0], "most": self.hidden[1]}
            )
        return self


class DivisionOptions(_Part):
    """Which division is shown, and what counts of the other one are moved to it by."""

    show: Division
    source: str | None = Field(default=None, alias="from")
    changes: str | None = None
    squares: str | None = None
    people: str | None = None
    by: Literal["squares", "area"] = "squares"


class DisclosureOptions(_Part):
    """What may not be shown: small counts, and what they could be worked out of."""

    profile: Literal["acro"] | None = None
    threshold: Annotated[int, Field(ge=1, le=1000)] | None = None
    width: Annotated[int, Field(ge=1, le=1000)] | None = None
    rounding: Annotated[int, Field(ge=1, le=1000)] = 1
    zeros: StrictBool = False
    all_the_same: StrictBool = False
    margins: list[Literal["regso", "neighbourhood", "municipality"]] = [
        "regso",
        "neighbourhood",
        "municipality",
    ]


class JoinOptions(_Part):
    """What must match between boundaries and register: what the boundaries hold, unless said."""

    scope: Scope = "boundaries"
    unmatched: Fraction = 0.0


class BalanceOptions(_Part):
    """Which two categories are held against each other."""

    low: str = "low"
    high: str = "high"
    low_label: str | None = None
    high_label: str | None = None
    basis: Literal["households", "persons", "dwellings"] = "households"
    edges: list[Annotated[float, Field(gt=0)]] | None = Field(default=None, min_length=1)
    colours: list[Colour] = []
    confidence: Level = Field(default=0.95, validation_alias=AliasChoices("confidence", "level"))
    dispersion: Annotated[float, Field(ge=0, lt=1)] = 0.0

    def settled(self, columns: Collection[str]) -> BalanceOptions:
        """Return these options for data of these columns, with what they leave open.

        Poles that are not named are those of the first contrast that the columns hold; what
        they count is what the catalogue says of them.
        """
        named = {"low", "high"} & self.model_fields_set
        found = None if named else contrasts.contrast_in(columns)
        low, high = (self.low, self.high) if found is None else (found.low, found.high)
        counted = None if "basis" in self.model_fields_set else contrasts.basis_of(low)
        return self.model_copy(update={"low": low, "high": high, "basis": counted or self.basis})


class SegregationOptions(_Part):
    """How living conditions are combined into a score."""

    components: list[str] = ["employment_rate", "disposable_income", "post_secondary_share"]
    method: Literal["relative", "geometric", "minmax"] = "relative"
    weights: dict[str, Annotated[float, Field(gt=0)]] | None = None
    reference: Literal["municipality", "register"] | dict[str, float] = "municipality"
    bounds: dict[str, tuple[float, float]] | None = None
    worst: Literal["min", "p05", "p10"] = "min"


class AreaTypesOptions(_Part):
    """Where areas are cut into types, when no file holds the country's areas.

    Both are of the country's areas in the year that is shown, in per cent.
    """

    mean: Annotated[float, Field(gt=0, lt=100)] | None = None
    deviation: Annotated[float, Field(gt=0, lt=100)] | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> AreaTypesOptions:
        if (self.mean is None) != (self.deviation is None):
            raise ProjectError("half of the cuts")
        return self


class IndicatorOptions(_Part):
    """Which shares the tables of indicators hold, and whether the country is beside the places."""

    shares: list[str] = []
    country: StrictBool = True


class NeighboursOptions(_Part):
    """Who is next to whom."""

    kind: Literal["queen", "rook", "knn", "distance", "kernel"] = "queen"
    k: Annotated[int, Field(ge=1, le=10_000)] = 6
    threshold: Metres | None = None
    bandwidth: Metres | None = None
    tolerance: MetresOrNone = 0.0
    land: str | None = None
    bridges: list[tuple[str, str]] = []
    attach_isolates: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, validation_alias=AliasChoices("attach_isolates", "link_isolated")
    )


class AutocorrelationOptions(_Part):
    """What is tested for clustering, where, and how."""

    variable: list[str] = ["low_income_share", "high_income_share"]
    around: str | None = None
    statistic: Literal["moran", "geary", "g", "g_star", "join_counts", "bivariate_moran"] = "moran"
    neighbours: NeighboursOptions = NeighboursOptions()
    scope: Scope | None = None
    view: Scope | None = None
    within: Literal["municipality"] | None = None
    inference: Literal["exact", "sampled"] = "exact"
    permutations: Annotated[int, Field(ge=99, le=9_999_999)] = 9999
    seed: Annotated[int, Field(ge=0)] = 0
    fdr: Level = 0.05
    correction: Literal["bh", "by", "bonferroni", "none"] = "bh"
    alternative: Literal["two-sided", "greater", "less"] = "two-sided"
    empirical_bayes: StrictBool = False
    sensitivity: StrictBool = False
    correlogram: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:  # noqa: ANN401
        """Let ``neighbours = "rook"`` stand for its kind, and one variable for a list of one."""
        if not isinstance(data, dict):
            return data
        if isinstance(data.get("neighbours"), str):
            data = {**data, "neighbours": {"kind": data["neighbours"]}}
        if isinstance(data.get("variable"), str):
            data = {**data, "variable": [data["variable"]]}
        return data

    def settled(self, balance: BalanceOptions, columns: Collection[str]) -> AutocorrelationOptions:
        """Return these options beside a balance: the shares of its poles where none is named."""
        shares = contrasts.shares_of(balance.low, balance.high, columns)
        if "variable" in self.model_fields_set or not shares:
            return self
        return self.model_copy(update={"variable": shares})

    @model_validator(mode="after")
    def _bivariate_needs_both(self) -> AutocorrelationOptions:
        if (self.statistic == "bivariate_moran") != (self.around is not None):
            raise ProjectError(
                "around without bivariate", {"statistic": self.statistic, "around": self.around}
            )
        if len(set(self.variable)) != len(self.variable) or not self.variable:
            raise ProjectError(
                "variable twice or none", {"variables": self.variable, "count": len(self.variable)}
            )
        return self

    @model_validator(mode="after")
    def _no_surroundings(self) -> AutocorrelationOptions:
        """Refuse what areas share with their neighbours by its making: a test is empty."""
        asked = [name for name in (*self.variable, self.around) if name in SURROUNDINGS]
        if asked:
            raise ProjectError("surroundings tested", {"variables": asked})
        return self


class NeighbourhoodPlace(_Part):
    """A named neighbourhood: a list of areas, or those that a rule finds in a polygon.

    With ``by`` each of a file's polygons is one, named from that column.
    """

    name: str | None = Field(default=None, min_length=1)
    areas: list[str] = []
    path: str | None = None
    by: str | None = None
    rule: Literal["containment", "area", "squares"] = "containment"
    squares: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> NeighbourhoodPlace:
        if bool(self.areas) == bool(self.path):
            raise ProjectError(
                "neighbourhood both ways",
                {"name": self.name or self.by or "", "given": bool(self.areas)},
            )
        if (self.name is None) == (self.by is None) or (self.by is not None and not self.path):
            raise ProjectError("neighbourhood named both ways", {"given": self.name is not None})
        return self


class OverlayFile(_Part):
    """Polygons, points or lines drawn over the maps."""

    path: str
    label: str
    kind: Literal["outline", "dashed", "points", "lines"] = "outline"
    colour: Colour = "#1b7837"
    layer: str | None = None
    name: str | None = None
    crs: str | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _no_hatch(cls, kind: object) -> object:
        """Take the former ``"hatch"`` for ``"dashed"``: a hatch says that something is unknown."""
        return "dashed" if kind == "hatch" else kind


_COASTS = ("osm", "gshhg", "none")
"""What ``land`` may say beside a file: a coast by name, or that none is wanted."""

Picture = Literal[
    "years",
    "curves",
    "groups",
    "towns",
    "hexagons",
    "two-variables",
    "neighbours",
    "scatterplot",
    "reference",
    "cores",
    "contributions",
    "distortion",
]


class MapOptions(_Part):
    """How the maps look, and which pictures are made beside the main ones."""

    page: Literal["half-column", "column", "page", "16:9"] = "page"
    extent: str | tuple[float, float, float, float] | None = None
    margin: MetresOrNone = 1000.0
    counts: StrictBool = False
    inset: StrictBool = True
    tolerance: Annotated[float, Field(gt=0, le=1000)] = 10.0
    places: str | None = None
    land: str | None = None
    basemap: Literal["openstreetmap"] | None = None
    also: list[Picture] = []
    variables: tuple[str, str] = ("low_income_share", "public_housing_share")


class InterventionsFile(_Part):
    """The list of what is done where."""

    path: str


class ReportOptions(_Part):
    """Which documents are written beside the page, and what the Word file looks like."""

    formats: list[Literal["docx", "pdf", "pptx", "qmd"]] = ["docx", "pdf"]
    template: str | None = None
    profiles: list[Literal["html", "docx", "pdf"]] = ["html"]


class VariableMap(_Part):
    """A further map, of any variable, with classes that follow the data or are given."""

    variable: str
    title: str | None = None
    scheme: Literal["quantiles", "fisher_jenks", "head_tail", "equal_interval"] = "quantiles"
    k: Annotated[int, Field(ge=2, le=9)] = 5
    edges: list[float] = []
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    colours: list[Colour] = []


class Project(_Part):
    """A whole project, frozen; paths are relative to the folder of its file."""

    title: str = Field(min_length=1)
    subtitle: str = ""
    language: Language = "sv"
    level: deso.Level = "deso"
    view: Scope = "country"
    year: Year | None = None
    compare: Year | None = None
    years: str | list[Year] = []
    boundaries: BoundariesFile
    register_: list[RegisterFile] = Field(alias="register")
    microdata: MicrodataFile | None = None
    division: DivisionOptions | None = None
    disclosure: DisclosureOptions | None = None
    join: JoinOptions = JoinOptions()
    balance: BalanceOptions = BalanceOptions()
    segregation: SegregationOptions = SegregationOptions()
    area_types: AreaTypesOptions = AreaTypesOptions()
    autocorrelation: AutocorrelationOptions = AutocorrelationOptions()
    indicators: IndicatorOptions = IndicatorOptions()
    neighbourhoods: list[NeighbourhoodPlace] = []
    overlays: list[OverlayFile] = []
    interventions: InterventionsFile | None = None
    map: MapOptions = MapOptions()
    report: ReportOptions = ReportOptions()
    maps: list[VariableMap] = []
    labels: dict[str, str] = {}
    fetched: str | None = None
    roots: list[str] = []
    _folder: Path = PrivateAttr(default=Path())
    _name: str = PrivateAttr(default="project.toml")
    _anywhere: bool = PrivateAttr(default=False)

    @model_validator(mode="before")
    @classmethod
    def _microdata_for_register(cls, data: Any) -> Any:  # noqa: ANN401
        """Let microdata stand in place of every register file."""
        if isinstance(data, dict) and data.get("microdata") and "register" not in data:
            return {**data, "register": []}
        return data

    @model_validator(mode="after")
    def _something_to_count(self) -> Project:
        if not self.register_ and self.microdata is None:
            raise ProjectError("no counts in the project", {})
        return self

    @field_validator("years")
    @classmethod
    def _from_first_to_last(cls, years: str | list[int]) -> str | list[int]:
        """Take a range where it is one: two years of four digits, the first before the last."""
        found = _RANGE.fullmatch(years) if isinstance(years, str) else None
        if isinstance(years, str) and (found is None or found[1] >= found[2]):
            raise ProjectError("no range of years", {"given": years})
        return years

    @property
    def folder(self) -> Path:
        """The folder that the project's paths start from."""
        return self._folder

    @property
    def file(self) -> Path:
        """The project file itself."""
        return self._folder / self._name

    @property
    def columns(self) -> set[str]:
        """The columns that its counts will have, by their canonical names."""
        columns = {name for part in self.register_ for name in part.columns}
        rows = self.microdata
        return columns if rows is None else columns | {*rows.asked(rows.path).counted}

    def rows_of_microdata(self) -> str:
        """Return where the rows of microdata are: a full path, or a database's address."""
        rows = self.microdata
        assert rows is not None, "a project without microdata"
        if not rows.is_database:
            return str(self.path(rows.path))
        if not self._anywhere:
            raise ProjectError("database without leave", {"address": rows.path.split("://")[0]})
        return rows.path

    def path(self, relative: str) -> Path:
        """Return the full path of a file that the project names.

        Parameters
        ----------
        relative : str
            As written in the project file.

        Returns
        -------
        pathlib.Path
            Absolute, inside the project's folder or one of its roots; links are followed.

        Raises
        ------
        ProjectError
            When the path leads elsewhere, and whoever runs the project has not allowed that.
        """
        with guard.reading(relative, form=in_both("errors.phrases.a path"), refused=ProjectError):
            root = self._folder.resolve()
            full = (root / relative).resolve()
            allowed = (root, *((root / one).resolve() for one in self.roots))
        if not self._anywhere and not any(full.is_relative_to(one) for one in allowed):
            raise ProjectError(
                "path outside the folder",
                {"relative": relative, "folder": str((root / relative).parent.resolve())},
            )
        return full

    def named(self, path: Path) -> str:
        """Return what a file is called in what is published: within the folder, or by its name."""
        full, root = path.resolve(), self._folder.resolve()
        return full.relative_to(root).as_posix() if full.is_relative_to(root) else full.name

    def settled(self) -> Project:
        """Return this project with what it leaves open to the columns that it names."""
        columns = self.columns
        balance = self.balance.settled(columns)
        tests = self.autocorrelation.settled(balance, columns)
        return self.model_copy(update={"balance": balance, "autocorrelation": tests})

    def files(self) -> list[Path]:
        """Return every input file that the project names, once, in order."""
        named = [self.boundaries.path, *(part.path for part in self.register_)]
        named += [
            path for place in self.neighbourhoods for path in (place.path, place.squares) if path
        ]
        named += [overlay.path for overlay in self.overlays]
        named += [self.boundaries.names.path] if self.boundaries.names else []
        asked = self.division
        named += [
            path
            for path in ((asked.source, asked.changes, asked.squares) if asked else ())
            if path is not None
        ]
        named += [self.interventions.path] if self.interventions else []
        named += [self.map.places] if self.map.places else []
        named += [self.report.template] if self.report.template else []
        named += [self.fetched] if self.fetched else []
        land = (self.autocorrelation.neighbours.land, self.map.land)
        named += [name for name in land if name is not None and name not in _COASTS]
        rows = [] if self.microdata is None else [self.rows_of_microdata()]
        files = [*map(self.path, named), *(Path(one) for one in rows if "://" not in one)]
        return list(dict.fromkeys(files))
