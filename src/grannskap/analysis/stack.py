"""Years and groups one under the other, so that a measure is taken once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap.analysis.results import KEY, SHAPE
from grannskap.catalogue import Status, lower_column, status_column, upper_column
from grannskap.counts import Counts, Pooled
from grannskap.measures.membership import Membership, membership

if TYPE_CHECKING:
    from grannskap.dataset import Dataset

__all__ = ["Setting", "Stack"]

_BOUNDS = (lower_column, upper_column)

Setting = tuple[int, str]
"""A year and a group."""


@dataclass(frozen=True)
class Stack:
    """Areas and places in several years and groups, numbered one after the other.

    Attributes
    ----------
    dataset : Dataset
        What is measured.
    settings : tuple of (int, str)
        Years and groups.
    labels : pandas.Index
        A label per setting and area: its code, and the setting where there are several.
    members : pandas.DataFrame
        ``place`` (its row among the places of all settings) and ``deso`` (a label).
    key : pandas.MultiIndex
        `KEY` of every area in every setting, and after them of every place.
    """

    dataset: Dataset
    settings: tuple[Setting, ...]
    labels: pd.Index[Any]
    members: pd.DataFrame
    key: pd.MultiIndex

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        members: pd.DataFrame,
        settings: Sequence[Setting],
        tags: Sequence[str],
    ) -> Stack:
        """Stack the settings; `tags` tell them apart in the labels.

        Parameters
        ----------
        dataset : Dataset
            What is measured.
        members : pandas.DataFrame
            A row per place and area: ``level``, ``place``, ``deso``.
        settings : sequence of (int, str)
            Years and groups.
        tags : sequence of str
            One per setting, which stands behind the code of an area where an error names it.

        Returns
        -------
        Stack
            Ready to be measured.
        """
        codes = dataset.geometry.index.astype(object)
        labels = pd.Index([f"{code} {tag}".strip() for tag in tags for code in codes], name="deso")
        groups = members.groupby(["level", "place"], sort=False)
        places = groups.size().index.to_frame(index=False)
        where, which = codes.get_indexer(pd.Index(members["deso"])), groups.ngroup().to_numpy()
        at = np.arange(len(settings))[:, None]
        stacked = pd.DataFrame(
            {
                "place": (which[None, :] + at * len(places)).ravel(),
                "deso": labels.to_numpy()[(where[None, :] + at * len(codes)).ravel()],
            }
        )
        return cls(dataset, tuple(settings), labels, stacked, _key(codes, places, settings))

    @property
    def size(self) -> int:
        """How many rows are those of areas; those of places come after them."""
        return len(self.labels)

    @cached_property
    def held(self) -> Membership:
        """Which areas each place holds, found once for every count."""
        return membership(self.labels, self.members)

    @cached_property
    def areas_of_places(self) -> pd.Series[Any]:
        """How many areas each place has, counted or not."""
        return self.members.groupby("place").size()

    @cached_property
    def _rows(self) -> npt.NDArray[np.intp]:
        """The row of the counts that each label has; −1 where there is none."""
        codes = self.dataset.geometry.index.to_numpy()
        wanted = pd.MultiIndex.from_arrays(
            [
                np.tile(codes, len(self.settings)),
                np.repeat([year for year, _ in self.settings], len(codes)),
                np.repeat(np.array([g for _, g in self.settings], dtype=object), len(codes)),
            ]
        )
        return self.dataset.counts.index.get_indexer(wanted)

    def count(self, name: str) -> Counts:
        """One variable by label, with its bounds; an area without a row is not joined."""
        counts, rows = self.dataset.counts, self._rows
        absent = rows < 0

        def column(own: str, instead: object) -> pd.Series[Any]:
            values = counts[own].to_numpy()[rows]
            if absent.any():
                values = values.copy()
                values[absent] = instead
            return pd.Series(values, index=self.labels, name=name)

        return Counts(
            column(name, np.nan),
            column(lower_column(name), 0.0),
            column(upper_column(name), np.inf),
            column(status_column(name), Status.NOT_JOINED.value),
            self._pooled(name),
        )

    def _pooled(self, name: str) -> Pooled | None:
        """Return what is known of areas together, in every setting that tells it."""
        pools = self.dataset.pools
        if pools is None or lower_column(name) not in pools.counts:
            return None
        codes, number = self.dataset.geometry.index, int(pools.of.max()) + 1
        of = pools.of.reindex(codes).fillna(-1).to_numpy().astype(np.int64)
        wanted = [(pool, year, group) for year, group in self.settings for pool in range(number)]
        rows = pools.counts.reindex(pd.MultiIndex.from_tuples(wanted))
        lower, upper = (rows[one(name)].to_numpy(dtype=float) for one in _BOUNDS)
        at = np.repeat(np.arange(len(self.settings)) * number, len(codes))
        which = np.where(
            np.tile(of, len(self.settings)) >= 0, np.tile(of, len(self.settings)) + at, -1
        )
        told = np.isfinite(lower)
        which = np.where((which >= 0) & told[which], which, -1)
        return Pooled(which, np.where(told, lower, 0.0), np.where(told, upper, 0.0))

    def table(self, areas: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
        """Set areas over places, with `KEY` as their index and `SHAPE` as their columns."""
        known = areas["estimate"].notna().to_numpy()
        one = areas.assign(areas=known.astype(float), areas_missing=1.0 - known)
        below = places.reindex(np.arange(len(self.key) - self.size))
        parts = [part.reindex(columns=list(SHAPE)) for part in (one, below)]
        for part in parts:
            part.attrs = {}
        return pd.concat(parts).set_axis(self.key)

    def areas_in(self, table: pd.DataFrame, part: Stack) -> pd.DataFrame:
        """Return a table's rows of areas in the settings of another stack, by its labels."""
        size = len(self.dataset.geometry)
        starts = [self.settings.index(setting) * size for setting in part.settings]
        rows = np.concatenate([np.arange(start, start + size) for start in starts])
        return table.iloc[rows].set_axis(part.labels)

    def of_places(self, places: pd.DataFrame) -> pd.DataFrame:
        """Give a table of numbered places `KEY` as its index."""
        below = places.reindex(np.arange(len(self.key) - self.size))
        below.attrs = {}
        return below.set_axis(self.key[self.size :])

    def by_code(self, marked: npt.NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the codes of the areas that are marked in any setting, sorted."""
        whole = marked.reshape(len(self.settings), -1).any(axis=0)
        return tuple(map(str, self.dataset.geometry.index[whole]))


def _key(codes: pd.Index[Any], places: pd.DataFrame, settings: Sequence[Setting]) -> pd.MultiIndex:
    """Areas of every setting, then places of every setting."""
    sizes = (len(codes), len(places))
    levels = [["area"] * sizes[0], places["level"].to_list()]
    names = [codes.to_list(), places["place"].to_list()]
    times = len(settings)
    return pd.MultiIndex.from_arrays(
        [
            np.concatenate([np.tile(np.array(one, dtype=object), times) for one in levels]),
            np.concatenate([np.tile(np.array(one, dtype=object), times) for one in names]),
            np.concatenate([np.repeat([year for year, _ in settings], size) for size in sizes]),
            np.concatenate(
                [np.repeat(np.array([g for _, g in settings], dtype=object), n) for n in sizes]
            ),
        ],
        names=KEY,
    )
