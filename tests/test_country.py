"""The made-up country keeps what the benchmarks take for granted."""

import numpy as np
import pandas as pd
import pytest
import shapely

from benchmarks import country
from grannskap.measures import neighbours
from squares import made_country


@pytest.fixture
def made():
    return made_country()


class TestCountry:
    def test_it_is_an_exact_coverage_of_its_rectangle(self, made):
        assert shapely.is_valid(made.geometry.array).all()
        assert shapely.coverage_is_valid(made.geometry.array)
        rectangle = country.WIDTH * country.HEIGHT
        assert made.area.sum() == pytest.approx(rectangle, rel=0.01)  # the rim wiggles too
        assert made.area.min() > 1

    def test_a_seed_makes_it(self, made):
        again = country.make(2100, seed=3, vertices=40_000)
        assert (made.geometry.to_wkb() == again.geometry.to_wkb()).all()
        pd.testing.assert_frame_equal(made.drop(columns="geometry"), again.drop(columns="geometry"))
        assert not made["low"].equals(country.make(2100, seed=4, vertices=40_000)["low"])

    def test_municipalities_are_as_uneven_as_the_real_ones(self):
        areas = country.make(5984, vertices=40_000)
        sizes = areas.groupby("municipality").size()
        assert len(areas) == areas.index.nunique() == 5984
        assert len(sizes) == 290
        assert sizes.min() >= 3
        assert 500 < sizes.max() < 700
        assert 110 < (sizes < 10).sum() < 160
        assert areas.index.str.fullmatch(r"9\d{3}[ABC]\d{4}").all()

    def test_counts_add_up_are_skewed_and_alike_among_neighbours(self, made):
        parts = made[["low", "medium_low", "medium_high", "high"]]
        assert (parts.sum(axis=1) == made["households"]).all()
        assert (parts >= 0).all().all()
        assert made["value"].skew() > 0.5
        lag = neighbours.build(made.geometry).transform("r").lag(made["value"])
        assert np.corrcoef(made["value"], lag)[0, 1] > 0.4
