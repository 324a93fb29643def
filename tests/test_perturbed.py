"""Counts that SCB has perturbed: known as such, and carried by bounds and changes where stated."""

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, dataset, notes
from grannskap.analysis import Options
from grannskap.sources import register

NOISE = 3


def town(year=2025, seed=5, areas=60):
    """True counts, and what is published of them: every count above zero moved, totals too."""
    rng = np.random.default_rng(seed)
    codes = pd.Index([f"9999C{1000 + 10 * k:04d}" for k in range(areas)], name="deso")
    truth = pd.DataFrame(rng.poisson(rng.gamma(1.0, 12.0, (areas, 2))), codes, ["low", "high"])
    truth["households"] = truth.sum(axis=1) + rng.integers(20, 400, areas)
    moved = truth + rng.integers(-NOISE, NOISE + 1, truth.shape) * (truth > 0)
    return truth.astype(float), moved.clip(lower=0).astype(float).assign(year=year)


def read(shown, **options):
    return dataset.from_frames(
        towns.squares(shown.index.unique().tolist()),
        shown.set_index("year", append=True),
        **options,
    )


def test_the_dataset_knows_which_cells_are_perturbed():
    _, shown = town()
    data = read(pd.concat([shown, shown.assign(year=2024)]), division=2025)
    found = data.perturbed("low")
    years = found.index.get_level_values("year")
    assert (found[years == 2025] == (data.counts["low"][years == 2025] > 0)).all()
    assert not found[years == 2024].any()


@pytest.mark.parametrize("seed", range(5))
def test_a_stated_noise_bounds_every_count_area_and_town(seed):
    truth, shown = town(seed=seed)
    data = read(shown, noise=NOISE, division=2025)
    counts = data.counts.droplevel(["year", "group"])
    for name in truth:
        assert (counts[f"{name}_lower"] <= truth[name]).all()
        assert (truth[name] <= counts[f"{name}_upper"]).all()
    found = analysis.run(data)
    areas = found.at("balance", "area").loc[truth.index]
    with np.errstate(divide="ignore", invalid="ignore"):
        true = truth["low"] / truth["high"]
    known = true.notna()
    assert (areas["lower"][known] <= true[known] + 1e-9).all()
    assert (true[known] <= areas["upper"][known] + 1e-9).all()
    whole = found.at("balance", "municipality").iloc[0]
    ratio = truth["low"].sum() / truth["high"].sum()
    assert whole["lower"] < ratio < whole["upper"]


def test_without_a_stated_noise_counts_are_as_they_stand_and_it_is_told():
    _, shown = town()
    data = read(shown, division=2025)
    assert (data.counts["low_lower"] == data.counts["low"]).all()
    (note,) = [one for one in data.notes if one.kind == "perturbed counts"]
    assert "publiceras inte" in note.text.sv


def test_a_change_that_the_noise_alone_could_make_is_no_change():
    truth, _ = town(areas=40)
    truth = truth.clip(lower=2000).assign(households=90_000.0)
    moved = truth.assign(low=truth["low"] + 4, high=truth["high"] - 4)
    moved.iloc[0, 0] += 1500
    both = pd.concat([truth.assign(year=2025), moved.assign(year=2026)])
    asked = Options(year=2026, compare=2025)
    varied = both.assign(high=both["high"] + np.tile(np.arange(40) % 7, 2))
    varied["low"] += np.tile(np.arange(40) % 5, 2)
    found = analysis.run(read(varied, noise=5, division=2025), asked).change
    assert found["p"].iloc[1:].eq(1).all()
    assert not found["within_chance"].iloc[0]
    assert (analysis.run(read(varied, division=2025), asked).change["p"].iloc[1:] < 1).any()


def test_a_sum_of_several_columns_carries_the_noise_of_each(tmp_path):
    (tmp_path / "r.csv").write_text("deso;a;b\n9999C1010_DeSO2025;10;0\n9999C1020_DeSO2025;4;7\n")
    found = register.read(
        tmp_path / "r.csv", columns={"low": ["a", "b"], "high": "a"}, year=2025, noise=2
    )
    assert found["low_upper"].tolist() == [14, 15]
    assert found["high_lower"].tolist() == [8, 2]
    assert [one.kind for one in notes.of(found)] == ["perturbed counts"]
