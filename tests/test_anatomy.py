"""Segregation taken apart, from the counts to what users see: scale, change, comparable index."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis, dataset, segregation
from grannskap.catalogue import SURROUNDINGS
from grannskap.errors import GrannskapError, ProjectError
from grannskap.maps import atlas
from grannskap.outputs import tables
from grannskap.outputs.anatomy import PARTITIONS
from grannskap.outputs.report import anatomy, comparing
from grannskap.outputs.report.model import Pair, Paragraph, Table, every_block
from grannskap.project import AutocorrelationOptions, SegregationOptions


@pytest.fixture(scope="module")
def named(demo_results, demo_view):
    return tables.named(demo_results, demo_view)


@pytest.fixture(scope="module")
def told(demo_results, demo_view):
    return anatomy.section(demo_results, demo_view, ())


def test_the_profile_ends_at_the_town(named, demo_results, demo_view):
    table = named["profile"]
    whole = demo_results.evenness_of(demo_view.whole(demo_results))
    assert table.index.is_monotonic_increasing
    assert table.index[-1] == whole["people"].iloc[0]
    last, first = table.iloc[-1], table.iloc[0]
    assert last["nearest_dissimilarity"] == pytest.approx(0, abs=1e-12)
    both = last["nearest_isolation"] + last["nearest_isolation_of_second"]
    assert both == pytest.approx(1, abs=1e-12)
    assert 0 < first["nearest_dissimilarity"] <= whole["estimate"]["dissimilarity"]


def test_the_distortion_of_areas_is_that_of_the_function(demo_results):
    data, year = demo_results.dataset, demo_results.year
    counts = data.counts.xs((year, "all"), level=[1, 2])[["low", "high"]].astype(float)
    plain = segregation.distortion(counts, data.geometry.geometry)
    areas = demo_results.areas
    pd.testing.assert_series_equal(
        areas["distortion"], plain["distortion"], check_names=False, check_index_type=False
    )
    leans = np.sign(plain["lean"]) * areas["distortion"]
    pd.testing.assert_series_equal(areas["distortion_pole"], leans, check_names=False)


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_what_neighbours_share_by_its_making_is_never_tested(name, demo_results):
    with pytest.raises(ProjectError) as refused:
        AutocorrelationOptions(variable=[name])
    assert name in refused.value.told("sv")
    with pytest.raises(GrannskapError):
        AutocorrelationOptions(
            variable=["low_income_share"], around=name, statistic="bivariate_moran"
        )
    assert not any(one.variable in SURROUNDINGS for one in demo_results.clusterings)
    assert not any(name in column for column in demo_results.areas if "local" in column)


def test_five_parts_are_the_change(named, demo_results):
    change = of_information(named)
    parts = change[["additions", "removals", "group_sizes", "area_sizes", "structure"]]
    assert parts.sum() == pytest.approx(change["difference"], abs=1e-12)
    assert change["after"] - change["before"] == pytest.approx(change["difference"], abs=1e-12)
    areas = demo_results.areas["contribution_information"]
    assert change["after"] == pytest.approx(areas.sum(), abs=1e-12)


def of_information(named):
    """The change of the mutual information, by its parts."""
    table = named["evenness-change"].xs("information", level="measure")
    return table.droplevel(["place", "year"])["evenness_raw"]


def test_the_change_and_its_parts_have_intervals_that_hold_what_is_corrected(named, demo_results):
    table = named["evenness-change"]
    assert table.index.names == ["place", "year", "measure", "change_part"]
    assert table.index.is_unique
    assert table.index.unique("year").tolist() == [demo_results.year]
    ok = table[table["evenness_status"] == "ok"]
    told = ok.index.get_level_values("measure").value_counts()
    assert told["dissimilarity"] == told["gini"] == told["theil_h"] == 1
    assert told["information"] >= 4
    assert ok["evenness_corrected"].between(ok["evenness_lower"], ok["evenness_upper"]).all()
    assert (ok["evenness_se"] > 0).all()
    np.testing.assert_allclose(ok["evenness_corrected"], ok["evenness_raw"] - ok["evenness_bias"])
    ends = table.index.get_level_values("change_part").isin(["before", "after"])
    alone = table[table["evenness_status"] == "estimate alone"]
    assert alone[["evenness_lower", "evenness_upper", "evenness_se", "p"]].isna().all(axis=None)
    assert (table[ends]["evenness_status"] == "estimate alone").all()
    difference = ok.xs("information", level="measure").droplevel(["place", "year"])
    tested = demo_results.anatomy.tested.loc["information"]
    assert difference.loc["difference", "evenness_lower"] == tested["lower"]


def test_without_a_year_to_compare_with_no_change_is_parted(demo_read):
    data, options, view = demo_read
    one = analysis.run(data, options.model_copy(update={"compare": None}))
    assert one.anatomy.change is None
    assert "evenness-change" not in tables.named(one, view)
    text = " ".join(texts(anatomy.section(one, view, ())))
    assert "Elbers" not in text
    assert "2012" not in text


def texts(section):
    return [one.text for one in every_block((section,)) if isinstance(one, Paragraph)]


def test_every_table_has_both_poles(told, demo_results, demo_view):
    low, high = (demo_view.pole(demo_results, end).lower() for end in ("low", "high"))
    for one in every_block((told,)):
        if isinstance(one, Pair):
            captions = [table.grid.caption for table in one.tables]
            assert [low in captions[0], high in captions[1]] == [True, True]
        elif isinstance(one, Table) and one.grid.file in ("tables/parts.csv", "tables/profile.csv"):
            heads = " ".join(column.heading.lower() for column in one.grid.columns)
            assert low in heads
            assert high in heads


def test_the_words_say_that_surroundings_are_not_tested(told):
    assert any("jämförs aldrig med slumpen" in text for text in texts(told))


def test_the_curve_is_drawn_with_both_poles(demo_results, demo_view):
    extra = next(e for e in atlas.extras(demo_results, demo_view) if e.name == "segregation-scale")
    alt = extra.figure.get_label()
    assert "låg köpkraft" in alt
    assert "hög köpkraft" in alt
    names = [text.get_text() for text in extra.figure.axes[0].texts if text.get_gid()]
    assert {"Olikhetsindex", "Isoleringsindex, låg köpkraft"} <= set(names)


def test_an_index_that_is_written_the_same_without_its_lowest_area_is_not_said_to_change(
    demo_results, demo_view
):
    index = demo_results.index.assign(segregation_index=1.654, index_without_worst=1.646)
    words = comparing.in_short(replace(demo_results, index=index), demo_view)
    assert words.startswith("Segregationsindex är 1,65 även utan området med lägst värde")
    assert "i stället för" not in words


def test_the_index_in_other_ways_is_that_of_the_function(demo_results, demo_view, named):
    areas = demo_results.areas
    found = segregation.comparable(
        areas["score"], areas["municipality"], student_share=areas["student_share"]
    )
    row = named["municipalities"].iloc[0]
    for name in ("rarefied", "without_worst", "without_students", "p05", "p10", "worst_mean"):
        assert row[f"index_{name}"] == found[name].iloc[0]
    assert row["index_without_worst"] < row["segregation_index"]
    words = comparing.in_short(demo_results, demo_view)
    assert row["worst_area"][4:] in words
    assert f"{row['index_without_worst']:.2f}".replace(".", ",") in words
    assert "i stället för" in words
    grid = next(
        one.grid
        for one in every_block((comparing.section(demo_results, demo_view),))
        if isinstance(one, Table)
    )
    assert "Plats" not in [column.heading for column in grid.columns]
    ends = [f"{row[f'segregation_index_{end}']:.2f}" for end in ("lower", "upper")]
    assert grid.rows[0][1].detail == "–".join(ends).replace(".", ",")


def test_large_places_are_not_walked_through(demo_read, monkeypatch):
    from grannskap.analysis import anatomy as taken_apart

    data, options, view = demo_read
    monkeypatch.setattr(taken_apart, "MOST_AREAS", 10)
    large = analysis.run(data, options)
    assert large.anatomy.profile is None
    assert "distortion" not in large.areas
    assert "profile" not in tables.named(large, view)
    also = view.map.model_copy(update={"also": ["contributions", "distortion"]})
    shown = {one.style.name for one in atlas.maps(large, replace(view, map=also))}
    assert "contributions" in shown
    assert "distortion" not in shown


PEOPLE = ("low", "high")


@pytest.fixture(scope="module")
def county():
    """Three made-up towns, in two years, where everybody rents or owns; one cell is not told."""
    rng = np.random.default_rng(3)
    kinds = [f"{town}{kind}" for town in (9997, 9998, 9999) for kind in "AC"]
    codes = [f"{kind}{1000 + 10 * i}" for kind in kinds for i in range(8)]
    groups = ("all", "rented", "owned")
    rows = []
    for code in codes:
        for year in (2012, 2017):
            parts = rng.integers(5, 90, (2, 2)).astype(float)
            parts *= np.array([[1 + (code[4] == "C")], [1]])
            if year == 2012 and code == codes[0]:
                parts[:] = 0
            for group, one in zip(groups, (parts.sum(axis=0), *parts), strict=True):
                rows.append((code, year, group, *one, rng.uniform(0.2, 1), rng.uniform(0.1, 0.4)))
    columns = ["deso", "year", "group", *PEOPLE, "work", "young"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["working_age"], frame["population"] = 1000.0, 1000.0
    frame["employed"] = (1000 * frame.pop("work")).round()
    frame["age_20_29"] = (1000 * frame.pop("young")).round()
    lost = (frame["deso"] == codes[1]) & (frame["group"] == "owned") & (frame["year"] == 2017)
    frame.loc[lost, list(PEOPLE)] = np.nan
    data = dataset.from_frames(
        towns.squares(codes), frame, neighbourhoods={"Berget": codes[:3], "Dalen": codes[20:22]}
    )
    options = analysis.Options(
        year=2017, compare=2012, segregation=SegregationOptions(components=["employment_rate"])
    )
    view = analysis.View(title="Tre städer", scope=("9997", "9998", "9999"))
    return analysis.run(data, options), view, codes


def test_towns_kinds_neighbourhoods_and_tenures_are_parts(county):
    results, view, codes = county
    table = tables.named(results, view)["parts"]
    assert table.index.unique("partition").tolist() == [*PARTITIONS]
    for name in PARTITIONS:
        shares = table.loc[name, "parted_share"]
        assert shares.drop(["total", "within"]).sum() == pytest.approx(1, abs=1e-12)
    told = table.loc["tenure"]
    assert told.loc[["rented", "owned"], "part_name"].tolist() == ["Hyresrätt", "Äganderätt"]
    assert told.loc["rented", "areas"] == len(codes) - 1
    whole = results.evenness_of(view.whole(results))["estimate"]["theil_h"]
    for name in PARTITIONS[:-1]:
        assert table.loc[(name, "total"), "parted"] == pytest.approx(whole, abs=1e-12)
    note = next(note for note in results.notes if note.kind == "areas without tenures")
    assert note.codes == (codes[1],)
    cells = results.dataset.counts.loc[pd.IndexSlice[:, 2017, ["rented", "owned"]], list(PEOPLE)]
    cells = cells.drop(index=codes[1], level="deso").astype(float)
    by = pd.Series(cells.index.get_level_values("group"), index=cells.index)
    plain = segregation.decomposition(cells, by=by)["contribution"]
    assert told["parted_contribution"]["between"] == pytest.approx(plain["between"], abs=1e-12)


def test_an_area_that_came_has_a_part_of_its_own(county):
    results, view, _ = county
    change = results.anatomy.change
    assert change["areas_added"] == 1
    assert change["additions"] != 0
    assert of_information(tables.named(results, view))["additions"] != 0


def test_municipalities_are_ranked_with_their_ends(county):
    results, view, _ = county
    table = tables.named(results, view)["municipalities"]
    assert sorted(table["index_rank"]) == [1, 2, 3]
    assert (table["index_rank_lower"] <= table["index_rank"]).all()
    assert (table["index_rank"] <= table["index_rank_upper"]).all()
    blocks = list(every_block((comparing.section(results, view),)))
    grid = next(one.grid for one in blocks if isinstance(one, Table))
    assert "Plats" in [column.heading for column in grid.columns]
    assert comparing.in_short(results, view) == ""


def test_neighbourhoods_that_overlap_part_nothing(county):
    results, _, codes = county
    named = tuple(replace(one, codes=tuple(codes[:3])) for one in results.dataset.neighbourhoods)
    both = replace(results.dataset, neighbourhoods=named)
    again = analysis.run(both, results.options)
    found = again.anatomy.parts.index.unique("partition")
    assert "neighbourhood" not in found
    note = next(note for note in again.notes if note.kind == "neighbourhoods overlap")
    assert note.codes == tuple(codes[:3])


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.00004, "0,0000"), (0.0, "0,0000"), (0.00006, "+0,0001"), (-0.02, "−0,0200")],
)
def test_a_part_that_is_written_as_nothing_has_no_sign(value, told):
    assert anatomy._signed(value, "sv", sign=True) == told
