"""A made-up country of persons: from a seed, of any size, with marginals that are known.

Every trait of a household or person is a cut of one normal latent: partly its area's affluence,
partly its household's own, partly its own. So each marginal holds, and poles grow, by design.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from grannskap.errors import DataError
from grannskap.sources.microdata.asked import METHOD, Asked

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "BOUNDS",
    "COLUMNS",
    "GROWTH",
    "MARGINALS",
    "VALUES",
    "Country",
    "asked_of",
    "codes",
    "files",
    "persons",
    "project_lines",
]

BOUNDS = (159_280.0, 229_940.0, 318_456.0)
"""The real bounds of 2017, kronor per unit, which the incomes of that year have (nearly)."""

GROWTH = 1.025
"""What incomes of a year are to those of the year before."""

MARGINALS: Mapping[str, float] = MappingProxyType(
    {
        **{"rented": 0.38, "tenant_owned": 0.23, "owned": 0.39},
        **{"public_housing": 0.17, "nothing": 0.006},
        **{"employed": 0.79, "post_secondary": 0.28, "born_outside_eu": 0.15},
        **{"one adult": 0.40, "couple": 0.24, "family": 0.22, "one parent": 0.08, "three": 0.06},
    }
)
"""Shares of households by tenure, landlord and kind, and of persons aged 20–64 (employed), of those
aged 25–64 with known education, and of all (born outside the EU)."""

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        **{"household": "household", "area": "deso", "age": "age", "income": "income"},
        **{"year": "year", "cohabiting": "cohabiting", "in_turns": "in_turns"},
        **{"tenure": "tenure", "landlord": "landlord", "employed": "employed"},
        **{"education": "education", "birth": "birth"},
    }
)
"""What a project file says of the rows' columns."""

VALUES: Mapping[str, Sequence[str | int]] = MappingProxyType(
    {
        **{"rented": ["hyresrätt"], "tenant_owned": ["bostadsrätt"], "owned": ["äganderätt"]},
        **{
            "public_housing": ["allmännytta"],
            "post_secondary": ["6"],
            "born_outside_eu": ["övriga"],
        },
    }
)
"""What a project file says of their values."""

_KINDS = ("one adult", "couple", "family", "one parent", "three")
_PAIRS, _PARENTS, _ALONE = (1, 2), (2, 3), 3
_ADULTS = np.array([1, 2, 2, 1, 3])
_UNITS = np.array([100, 151, 151, 100, 220])
_YOUNGEST = np.array([20, 20, 25, 22, 20])
_OLDEST = np.array([95, 95, 56, 56, 80])

_CHILDREN = (0.42, 0.43, 0.15)
"""How many families have one, two and three children."""

_OF_AREA, _FIRST_YEAR, _LESS_EVEN = 0.55, 2012, 0.01
"""How much of a household's affluence is its area's in 2012, and how much more each year."""

_IN_TURNS = 0.3
"""Of children with one parent, those who live in turns."""

_NOT_KNOWN = 0.03
"""Of adults, those whose education is not known."""

_AT_ONCE = 1_000_000
"""How many persons are drawn at a time."""
_IN_EACH = 999
"""Areas of a made-up municipality."""

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Country:
    """What is asked of a made-up country.

    Attributes
    ----------
    persons : int
        How many live in it each year, exactly.
    years : tuple of int
        Years, each drawn anew in the same areas.
    seed : int
        The same seed gives the same rows.
    affluence : mapping of str to float
        Area codes and how affluent each is, standard normal over the country; made from the
        seed where none is given, about 1,700 persons in each.
    """

    persons: int
    years: tuple[int, ...] = (2012, 2017)
    seed: int = 2017
    affluence: Mapping[str, float] = field(default_factory=dict)

    def areas(self) -> tuple[list[str], Numbers]:
        """Return the codes of its areas, and how affluent each is."""
        if self.affluence:
            return list(self.affluence), np.array([*self.affluence.values()], dtype=float)
        named = codes(max(1, round(self.persons / 1700)))
        scores = _normal((np.arange(len(named)) + 0.5) / len(named))
        return named, np.random.default_rng(self.seed).permutation(scores)


def codes(count: int) -> list[str]:
    """Return codes of made-up areas, in municipalities that do not exist (county 90 and on).

    Examples
    --------
    >>> codes(2), codes(1000)[-1]
    (['9000C0010', '9000C0020'], '9001C0010')
    """
    most = 1000 * _IN_EACH
    if not 0 < count <= most:
        raise DataError("made-up areas", {"count": count, "most": most})
    return [f"{9000 + n // _IN_EACH:04d}C{n % _IN_EACH + 1:03d}0" for n in range(count)]


def persons(country: Country, year: int) -> Callable[[Path], None]:
    """Return what writes the rows of one year into a Parquet file, some areas at a time.

    The year is not among its columns: it is told by the folder, ``year=2017``.
    """

    def write(path: Path) -> None:
        import pyarrow.parquet as pq

        named, affluence = country.areas()
        ends = np.linspace(0, country.persons, len(named) + 1).astype(np.int64)
        step = max(1, round(_AT_ONCE * len(named) / max(country.persons, 1)))
        writer, first = None, 0
        for start in range(0, len(named), step):
            chosen = slice(start, start + step)
            draw = np.random.default_rng([country.seed, year, start])
            homes = _Homes.drawn(draw, np.diff(ends)[chosen], affluence[chosen], year)
            rows = _rows(draw, homes, named[chosen], year, first)
            first += len(homes.kind)
            writer = writer or pq.ParquetWriter(path, rows.schema)
            writer.write_table(rows)
        assert writer is not None, "a country without areas"
        writer.close()

    return write


def files(country: Country, folder: str) -> dict[str, Callable[[Path], None]]:
    """Return what writes each file of a partitioned folder, by its path."""
    return {
        f"{folder}/year={year}/part-0.parquet": persons(country, year)
        for year in sorted(set(country.years))
    }


def project_lines(path: str, source: str) -> str:
    """Return the table of a project file that counts the rows."""
    columns = "\n".join(f'{name} = "{column}"' for name, column in COLUMNS.items())
    values = "\n".join(f'{name} = ["{words[0]}"]' for name, words in VALUES.items())
    return (
        f'[microdata]\npath = "{path}"\nsource = "{source}"\n\n'
        f"[microdata.columns]\n{columns}\n\n[microdata.values]\n{values}\n"
    )


def asked_of(source: str) -> Asked:
    """Return how the rows of a made-up country are counted."""
    return Asked(source, COLUMNS, values=VALUES)


@dataclass(frozen=True)
class _Homes:
    """Households: kind, children, place of its area, and how affluent it is (standard normal)."""

    kind: Numbers
    children: Numbers
    area: Numbers
    latent: Numbers

    @classmethod
    def drawn(
        cls, draw: np.random.Generator, sizes: Numbers, affluence: Numbers, year: int
    ) -> _Homes:
        """Return households of just as many persons as live in each area."""
        shares = [MARGINALS[name] for name in _KINDS]
        kinds, children, areas = [], [], []
        for place, size in enumerate(sizes):
            kind = draw.choice(len(_KINDS), size=size, p=shares)
            some = np.isin(kind, _PARENTS) * (1 + draw.choice(3, size=size, p=_CHILDREN))
            whole = int(np.searchsorted(np.cumsum(_ADULTS[kind] + some), size, side="right"))
            left = size - int((_ADULTS[kind] + some)[:whole].sum())
            kinds.append(np.concatenate([kind[:whole], np.zeros(left, dtype=kind.dtype)]))
            children.append(np.concatenate([some[:whole], np.zeros(left, dtype=some.dtype)]))
            areas.append(np.full(whole + left, place, dtype=np.int32))
        area = np.concatenate(areas)
        share = min(0.8, _OF_AREA + _LESS_EVEN * (year - _FIRST_YEAR))
        latent = _mixed(draw, affluence[area], share)
        return cls(np.concatenate(kinds), np.concatenate(children), area, latent)


def _rows(
    draw: np.random.Generator, homes: _Homes, named: Sequence[str], year: int, first: int
) -> pa.Table:
    """Return the persons of households, which are numbered from the first on."""
    import pyarrow as pa

    members = _ADULTS[homes.kind] + homes.children
    home = np.repeat(np.arange(len(members)), members)
    place = np.arange(len(home)) - np.repeat(np.cumsum(members) - members, members)
    grown = place < _ADULTS[homes.kind][home]
    age = _ages(draw, homes.kind[home], grown)
    turns = (homes.kind == _ALONE) & (draw.random(len(members)) < _IN_TURNS)
    rented, owner = _tenures(draw, homes.latent)
    columns = {
        "household": first + home,
        "deso": _worded(homes.area[home], named),
        "age": age.astype(np.int16),
        "income": _incomes(draw, homes, home, place, year),
        "cohabiting": grown & np.isin(homes.kind, _PAIRS)[home],
        "in_turns": ~grown & turns[home],
        "tenure": _worded(rented[home], ("hyresrätt", "bostadsrätt", "äganderätt")),
        "landlord": _worded(owner[home], ("allmännytta", "annan")),
        **_traits(draw, homes.latent[home], age),
    }
    return pa.table(columns)


def _mixed(draw: np.random.Generator, latent: Numbers, share: float) -> Numbers:
    """Return a standard normal that has a correlation with another."""
    mixed: Numbers = share * latent + np.sqrt(1 - share**2) * draw.standard_normal(len(latent))
    return mixed


def _normal(shares: Numbers | float) -> Any:  # noqa: ANN401 - a number or as many as given
    """Return the standard normal's values below which these shares lie."""
    from scipy.special import ndtri

    return ndtri(shares)


def _worded(places: Numbers, words: Sequence[str], known: Numbers | None = None) -> Any:  # noqa: ANN401
    """Return words by their places, written once each; nothing where they are not known."""
    import pyarrow as pa

    mask = None if known is None else ~known
    indices = pa.array(places.astype(np.int32), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words)))


def _ages(draw: np.random.Generator, kind: Numbers, grown: Numbers) -> Numbers:
    youngest, oldest = _YOUNGEST[kind], _OLDEST[kind]
    return np.where(grown, draw.integers(youngest, oldest), draw.integers(0, 20, len(kind)))


def _tenures(draw: np.random.Generator, latent: Numbers) -> tuple[Numbers, Numbers]:
    """Return each household's tenure and landlord: the municipal company has the least affluent."""
    own = _mixed(draw, latent, 0.6)
    rented, bought = MARGINALS["rented"], MARGINALS["rented"] + MARGINALS["tenant_owned"]
    tenure = np.searchsorted(_normal(np.array([rented, bought])), own)
    return tenure, (own > _normal(MARGINALS["public_housing"])).astype(np.int32)


def _incomes(
    draw: np.random.Generator, homes: _Homes, home: Numbers, place: Numbers, year: int
) -> Numbers:
    """Return each person's income, whole kronor: what its household has, shared by adults."""
    low, middle, high = np.log(BOUNDS)
    quarter = _normal(0.75)
    latent = homes.latent
    spread = np.where(latent < 0, middle - low, high - middle) / quarter
    per_unit = np.exp(middle + spread * latent) * GROWTH ** (year - 2017)
    per_unit[latent < _normal(MARGINALS["nothing"])] = 0
    per_unit[latent < _normal(MARGINALS["nothing"] / 6)] = -1000
    children = homes.children
    weights = _UNITS[homes.kind] + np.where(children > 0, METHOD.child, 0)
    whole = per_unit * (weights + METHOD.children * np.maximum(children - 1, 0)) / 100
    adults = _ADULTS[homes.kind]
    first = np.where(adults > 1, draw.uniform(0.35, 0.65, len(adults)), 1.0)
    others = (1 - first) / np.maximum(adults - 1, 1)
    share = np.where(place == 0, first[home], others[home]) * (place < adults[home])
    shared: Numbers = np.rint(whole[home] * share).astype(np.int64)
    return shared


def _traits(draw: np.random.Generator, latent: Numbers, age: Numbers) -> dict[str, Any]:
    """Return whether each person works, what it has learned and where it was born."""
    works = _mixed(draw, -latent, 0.4) < _normal(MARGINALS["employed"])
    learned = _mixed(draw, latent, 0.4) > -_normal(MARGINALS["post_secondary"])
    abroad = _mixed(draw, -latent, 0.4) > -_normal(MARGINALS["born_outside_eu"])
    known = (age >= 20) & (draw.random(len(age)) > _NOT_KNOWN)
    return {
        "employed": works & (age >= 20) & (age < 67),
        "education": _worded(learned.astype(np.int32), ("3", "6"), known),
        "birth": _worded(abroad.astype(np.int32), ("Sverige", "övriga")),
    }
