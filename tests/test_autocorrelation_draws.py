"""How many draws are made, and for which areas, by counting upwards."""

import numpy as np
import pytest

from grannskap.errors import DataError
from grannskap.measures.autocorrelation.inference import can_reach
from grannskap.measures.autocorrelation.options import Options, check_options, check_other


def options(**changed):
    usual = {
        "statistic": "moran", "inference": "exact", "permutations": 99,
        "most_permutations": 99_999, "seed": 0, "alpha": 0.05, "correction": "bh",
        "alternative": "two-sided", "within": False,
    }  # fmt: skip
    return Options(**(usual | changed))


def least_q(draws, tests, asked):
    """The least q of a single area among so many tests, each with so many draws."""
    p = asked.sides / (draws + 1)
    if asked.correction == "none":
        return p
    burden = sum(1 / i for i in range(1, tests + 1)) if asked.correction == "by" else 1
    return p * tests * burden


@pytest.mark.parametrize("correction", ["bh", "by", "bonferroni", "none"])
@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.013])
def test_the_draws_needed_are_the_fewest_that_could_keep_one_area(correction, alternative, alpha):
    asked = options(correction=correction, alternative=alternative, alpha=alpha)
    assert asked.sides == (2 if alternative == "two-sided" else 1)
    for tests in (1, 2, 17):
        needed = asked.needed_draws(tests)
        slack = 1 + 1e-12
        assert least_q(needed, tests, asked) <= alpha * slack
        assert needed == 0 or least_q(needed - 1, tests, asked) > alpha


def test_draws_grow_to_ten_times_what_is_needed_within_the_most():
    asked = options()
    assert asked.needed_draws(2) == 79
    assert asked.enough_draws(2) == 99
    assert options(permutations=79).enough_draws(2) == 79
    assert options(permutations=78).enough_draws(2) == 790
    assert options(permutations=78, most_permutations=500).enough_draws(2) == 500
    assert options(permutations=78, most_permutations=78).enough_draws(2) == 78
    assert options(permutations=78, most_permutations=50).enough_draws(2) == 78


def test_options_at_the_edge_are_taken_and_beyond_it_refused():
    good = {"alpha": 0.05, "permutations": 1, "seed": 0}
    check_options({}, **good)
    check_options({}, **(good | {"permutations": np.int64(9), "seed": np.int32(3)}))
    for wrong in ({"alpha": 0}, {"alpha": 1}, {"permutations": 0}, {"seed": -1}):
        with pytest.raises(DataError):
            check_options({}, **(good | wrong))
    for wrong in ({"permutations": 9.0}, {"seed": True}, {"permutations": True}, {"seed": "1"}):
        with pytest.raises(DataError, match="whole numbers"):
            check_options({}, **(good | wrong))
    with pytest.raises(DataError, match="at least 1 permutation"):
        options(most_permutations=0)
    for statistic, other in (("bivariate_moran", None), ("moran", object())):
        with pytest.raises(DataError, match="`other`"):
            check_other(statistic, other)
    check_other("moran", None)
    check_other("bivariate_moran", object())


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_so_many_areas_can_reach_a_rate_as_the_rarest_of_their_neighbourhoods_can(sides, alpha):
    from itertools import combinations

    for areas in range(1, 13):
        sizes = range(1, areas)
        rarest = max((len([*combinations(range(areas - 1), k)]) for k in sizes), default=0)
        assert can_reach(areas, alpha, sides) == (rarest > 0 and sides / rarest <= alpha)
    assert not can_reach(1, 1 - 1e-9, 1)
    assert not can_reach(0, 1 - 1e-9, 1)
