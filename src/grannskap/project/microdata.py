"""The table of a project file that tells of microdata, and what is asked of them by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator

from grannskap.deso import Division
from grannskap.errors import ProjectError
from grannskap.project.part import Part

if TYPE_CHECKING:
    from grannskap.sources.microdata import Asked

__all__ = ["MicrodataFile"]


class MicrodataFile(Part):
    """Rows of persons or households, which of their columns hold what, and how they are counted."""

    path: str
    table: str | None = None
    rows: Literal["persons", "households"] = "persons"
    columns: dict[str, str] = Field(min_length=1)
    values: dict[str, list[str | int]] = {}
    year: Annotated[int, Field(ge=1900, le=2099)] | None = None
    scale: Literal["2017", "2021"] = "2017"
    bounds: dict[str, tuple[float, float, float]] = {}
    without_income: Literal["keep", "leave out"] = "keep"
    memory: Annotated[float, Field(gt=0, le=100_000)] = 4.0
    threads: Annotated[int, Field(ge=1, le=1024)] = 2
    division: Division | None = None
    source: str = ""

    @field_validator("bounds")
    @classmethod
    def _in_order(
        cls, bounds: dict[str, tuple[float, float, float]]
    ) -> dict[str, tuple[float, float, float]]:
        """Refuse bounds that do not grow, and years that are none."""
        for year, values in bounds.items():
            if not re.fullmatch(r"\d{4}", year) or not values[0] < values[1] < values[2]:
                raise ProjectError("bounds of quartiles", {"year": year, "given": list(values)})
        return bounds

    @property
    def is_database(self) -> bool:
        """Whether the rows are a database's, told by its address."""
        return "://" in self.path

    def asked(self, source: str, *, engine: str = "duckdb") -> Asked:
        """Return what is asked of rows at a place, on an engine."""
        from grannskap.sources.microdata import METHOD, SCB_2021, Asked

        return Asked(
            source,
            self.columns,
            rows=self.rows,
            table=self.table,
            year=self.year,
            values=self.values,
            scale=METHOD if self.scale == "2017" else SCB_2021,
            bounds={int(year): values for year, values in self.bounds.items()},
            without_income=self.without_income,
            engine=engine,
            memory=f"{self.memory:g}GB",
            threads=self.threads,
        )
