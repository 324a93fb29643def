"""Segregation in parts: sums that are identities, and the same sums where users see them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes, segregation
from grannskap.errors import DataError
from grannskap.maps import atlas
from grannskap.maps.atlas import interactive
from grannskap.measures.segregation import formulas
from grannskap.outputs import tables

relaxed = settings(deadline=None, max_examples=40)
rows = st.integers(2, 4).flatmap(
    lambda groups: st.lists(
        st.tuples(
            st.lists(st.integers(0, 40), min_size=groups, max_size=groups), st.sampled_from("abc")
        ),
        min_size=2,
        max_size=12,
    )
)


def made(drawn):
    index = [f"0380C{1000 + i}" for i in range(len(drawn))]
    counts = pd.DataFrame([row for row, _ in drawn], index=index, dtype=float)
    return counts.rename(columns=str), pd.Series([part for _, part in drawn], index=index)


def mixed(counts):
    return (counts.sum() > 0).sum() > 1


@relaxed
@given(rows, st.sampled_from(["theil_h", "information"]))
def test_between_and_within_are_the_whole(drawn, measure):
    counts, by = made(drawn)
    if not mixed(counts):
        return
    found = segregation.decomposition(counts, by=by, measure=measure)
    whole = float(getattr(formulas, measure)(counts.to_numpy().T))
    part = found["contribution"]
    assert part["total"] == pytest.approx(whole, abs=1e-12)
    assert part["between"] + part["within"] == pytest.approx(whole, abs=1e-12)
    assert part.drop(["total", "within"]).sum() == pytest.approx(whole, abs=1e-12)
    assert (part > -1e-12).all()
    summed = counts.groupby(by).sum().to_numpy().T
    between = float(getattr(formulas, measure)(summed))
    assert found["value"]["between"] == pytest.approx(between, abs=1e-12)
    for name, areas in counts.groupby(by):
        own = float(getattr(formulas, measure)(areas.to_numpy().T))
        np.testing.assert_allclose(found["value"][name], own, atol=1e-12)


@relaxed
@given(rows)
def test_contributions_of_areas_sum_to_the_whole(drawn):
    counts, by = made(drawn)
    found = segregation.contributions(counts, by=by)
    for name, areas in counts.groupby(by):
        own = found.loc[areas.index]
        if not mixed(areas):
            assert own.isna().all(axis=None)
            continue
        for measure in ("dissimilarity", "information", "theil_h"):
            whole = float(getattr(formulas, measure)(areas.to_numpy().T))
            assert own[measure].sum() == pytest.approx(whole, abs=1e-12), (name, measure)
            assert (own[measure] > -1e-12).all()
        if "surplus" in own:
            assert own["surplus"].sum() == pytest.approx(0, abs=1e-12)
            np.testing.assert_allclose(own["surplus"].abs(), own["dissimilarity"], atol=1e-12)


def test_an_area_with_the_mix_of_the_whole_adds_nothing():
    counts = pd.DataFrame({"low": [30, 10, 20], "high": [10, 30, 20]}, index=[*"abc"])
    found = segregation.contributions(counts)
    assert found.loc["c"].abs().max() < 1e-12
    assert found.loc["a", "surplus"] > 0 > found.loc["b", "surplus"]


def test_an_even_spread_has_the_mean_of_all_placements():
    counts = pd.DataFrame({"low": [3, 1, 0, 2], "high": [1, 1, 2, 0]}, index=[*"abcd"], dtype=float)
    by = pd.Series([*"xxyy"], index=counts.index)
    found = segregation.decomposition(counts, by=by)["even"]
    rng = np.random.default_rng(0)
    people, sizes = np.repeat([0, 1], [6, 4]), counts.sum(axis=1).astype(int)
    place, drawn = np.repeat(np.arange(4), sizes), []
    for _ in range(4000):
        mixed_up = rng.permutation(people)
        table = np.stack([np.bincount(place[mixed_up == g], minlength=4) for g in (0, 1)])
        sums = table.reshape(2, 2, 2).sum(axis=2)
        drawn.append([float(formulas.theil_h(one.astype(float))) for one in (table, sums)])
    np.testing.assert_allclose(found[["total", "between"]], np.mean(drawn, axis=0), atol=0.01)
    assert found["within"] == pytest.approx(found["total"] - found["between"])


def test_what_is_missing_is_left_out_and_counted():
    counts = pd.DataFrame({"low": [3, np.nan, 5], "high": [1, 1, 2]}, index=[*"abc"])
    by = pd.Series([*"xxy"], index=counts.index)
    found = segregation.decomposition(counts, by=by)
    assert found["areas"].tolist() == [2, 2, 2, 1, 1]
    assert notes.of(found)[0].codes == ("b",)
    assert segregation.contributions(counts).loc["b"].isna().all()


def test_one_group_and_counts_below_nothing_are_refused():
    one = pd.DataFrame({"low": [1.0, 2.0]}, index=["a", "b"])
    by = pd.Series(["x", "y"], index=one.index)
    with pytest.raises(DataError):
        segregation.decomposition(one, by=by)
    with pytest.raises(DataError):
        segregation.contributions(one.assign(high=[-1.0, 2.0]))


def test_what_users_see_sums_to_the_town(demo_results, demo_view):
    whole = demo_results.evenness_of(demo_view.whole(demo_results))["estimate"]
    areas = tables.areas(demo_results, demo_view)
    assert areas["contribution_theil_h"].sum() == pytest.approx(whole["theil_h"], abs=1e-12)
    assert areas["contribution_dissimilarity"].sum() == pytest.approx(
        whole["dissimilarity"], abs=1e-12
    )
    assert areas["contribution"].abs().mean() == pytest.approx(1, abs=1e-12)
    parts = tables.named(demo_results, demo_view)["parts"]
    for _, part in parts.groupby(level="partition"):
        shares = part["parted_share"].droplevel("partition")
        assert shares["between"] + shares["within"] == pytest.approx(1, abs=1e-12)
        assert shares.drop(["total", "within"]).sum() == pytest.approx(1, abs=1e-12)
        assert part["parted"].iloc[0] == pytest.approx(whole["theil_h"], abs=1e-12)


def test_maps_of_contributions_and_distortion_show_both_poles(demo_results, demo_view):
    also = demo_view.map.model_copy(update={"also": ["contributions", "distortion"]})
    asked = replace(demo_view, map=also)
    plain = {which.style.name for which in atlas.maps(demo_results, demo_view)}
    assert not plain & {"contributions", "distortion"}
    found = {which.style.name: which for which in atlas.maps(demo_results, asked)}
    for name in ("contributions", "distortion"):
        style = found[name].style
        assert all(pole in style.caption for pole in ("låg köpkraft", "hög köpkraft"))
        assert style.edges == tuple(sorted(-edge for edge in style.edges))
        assert style.poles == ("övervikt av hög", "övervikt av låg")
        assert found[name].values.name in demo_results.areas.columns
    layers = {layer.style.name for layer in interactive._layers(demo_results, demo_view)}
    assert {"contributions", "distortion"} <= layers


def test_what_is_shown_is_taken_apart_only_where_it_was_measured(demo_results, demo_view):
    part = replace(demo_view, scope="9999C")
    assert demo_view.anatomy(demo_results) is not None
    assert part.anatomy(demo_results) is None
    assert tables.named(demo_results, demo_view)["parts"] is not None
