"""Ten thousand simulated towns, known in whole per cents: no balance lies outside its bounds."""

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, balance, dataset
from grannskap.analysis import Options
from grannskap.catalogue import lower_column, upper_column
from grannskap.counts import Counts
from grannskap.dataset.bounds import with_bounds
from grannskap.sources import register

TOWNS, AREAS = 10_000, 8
QUARTERS = [f"quarter_{number}" for number in (1, 2, 3, 4)]


def simulated(seed, names, towns=TOWNS):
    """True counts by area and group, of towns of a few areas, small and uneven ones among them."""
    rng = np.random.default_rng(seed)
    size = towns * AREAS
    people = rng.integers(40, 3000, size)
    weights = rng.gamma(rng.choice([0.15, 1.0, 6.0], size)[:, None], size=(size, len(names)))
    weights[weights.sum(axis=1) == 0] = 1.0
    shares = weights / weights.sum(axis=1, keepdims=True)
    counts = rng.multinomial(people, shares)
    codes = [f"{1000 + k // 9000:04d}C{1000 + k % 9000:04d}" for k in range(size)]
    index = pd.MultiIndex.from_arrays(
        [pd.Index(codes), np.full(size, 2022), ["all"] * size], names=["deso", "year", "group"]
    )
    return pd.DataFrame(counts, columns=names, index=index).assign(persons=people)


def published(truth, names, decimals=0):
    """What a table shows of them: per cent, rounded half up or half to even, and the whole."""
    exact = 100 * truth[names].div(truth["persons"], axis=0) * 10**decimals
    rng = np.random.default_rng(len(truth))
    up = rng.random(exact.shape) < 0.5
    return truth.assign(
        **dict(
            zip(
                names,
                np.where(up, np.floor(exact + 0.5), np.rint(exact)).T / 10**decimals,
                strict=True,
            )
        )
    )


def bounded(table, names):
    percent = dict.fromkeys(names, "persons")
    read = register.from_frame(table.reset_index(), percent=percent)
    return with_bounds(read)[0]


def counts_of(frame, name):
    status = pd.Series("value", index=frame.index)
    sides = (frame[name], frame[lower_column(name)], frame[upper_column(name)])
    return Counts(*sides, status)


@pytest.mark.parametrize(
    ("names", "poles", "decimals"),
    [
        (["low_standard", "high_standard", "between"], ("low_standard", "high_standard"), 0),
        (QUARTERS, ("quarter_1", "quarter_4"), 0),
        (QUARTERS, ("quarter_1", "quarter_4"), 1),
    ],
    ids=["standard", "quarters", "quarters with a decimal"],
)
def test_the_bounds_of_areas_and_towns_hold_the_true_balance(names, poles, decimals):
    truth = simulated(len(names), names, towns=TOWNS if decimals == 0 else 500)
    shown = [name for name in names if name != "between"]
    found = bounded(published(truth, shown, decimals)[[*shown, "persons"]], shown)
    flat, truth = found.droplevel(["year", "group"]), truth.droplevel(["year", "group"])
    flat = flat.loc[truth.index]
    for name in shown:
        assert (flat[lower_column(name)] <= truth[name]).all()
        assert (truth[name] <= flat[upper_column(name)]).all()
        assert flat[name].between(flat[lower_column(name)], flat[upper_column(name)]).all()
    low, high = (counts_of(flat, pole) for pole in poles)
    areas = balance.areas(low, high)
    with np.errstate(invalid="ignore", divide="ignore"):
        true = truth[poles[0]] / truth[poles[1]]
    known = true.notna()
    assert (areas["lower"][known] <= true[known] * (1 + 1e-12)).all()
    assert (true[known] <= areas["upper"][known] * (1 + 1e-12)).all()
    finite = np.isfinite(areas["upper"]) & (areas["lower"] > 0)
    assert not areas.loc[~finite & (areas["status"] == "value"), "estimate"].gt(0).any()
    town = pd.Series(np.arange(len(truth)) // AREAS, index=truth.index)
    whole = balance.places(low, high, town)
    sums = truth.groupby(town.to_numpy())[list(poles)].sum()
    ratios = (sums[poles[0]] / sums[poles[1]]).to_numpy()
    inside = np.isfinite(ratios)
    assert (whole["lower"][inside] <= ratios[inside] * (1 + 1e-12)).all()
    assert (ratios[inside] <= whole["upper"][inside] * (1 + 1e-12)).all()


def test_parts_that_make_up_a_whole_narrow_each_other():
    index = pd.MultiIndex.from_tuples([("9999C1010", 2022, "all")], names=["deso", "year", "group"])
    table = pd.DataFrame({**dict.fromkeys(QUARTERS, 24.5), "persons": 1000.0}, index=index).assign(
        quarter_1=24.0, quarter_2=25.0, quarter_3=24.0, quarter_4=25.0
    )
    found = bounded(table, QUARTERS).iloc[0]  # 98 per cent: each was rounded down by a half
    assert [found[lower_column(name)] for name in QUARTERS] == [245, 255, 245, 255]
    assert [found[name] for name in QUARTERS] == [245, 255, 245, 255]


def test_a_change_that_rounding_alone_could_make_is_no_change():
    codes = [f"9999C{1000 + 10 * k:04d}" for k in range(12)]
    people = pd.Series(200_000.0, index=codes)  # so many that chance plays no part
    rows = {"low_standard": 12.0, "high_standard": 6.0}
    frames = []
    for year, step in ((2021, 0.0), (2022, 1.0)):
        told = pd.DataFrame({**rows, "persons": people}, index=pd.Index(codes, name="deso"))
        told["low_standard"] += step + np.arange(12) % 3
        told["high_standard"] += np.arange(12) % 2
        told.loc[codes[0], "low_standard"] += 6 * step
        frames.append(told.assign(year=year))
    data = dataset.from_frames(
        towns.squares(codes),
        pd.concat(frames).set_index("year", append=True),
        percent=dict.fromkeys(rows, "persons"),
    )
    results = analysis.run(data, Options(year=2022, compare=2021))
    told = results.change["within_chance"]
    assert not told[codes[0]]
    assert told[codes[1:]].all()
