"""Areas: nothing is lost in a join, and sums keep their totals."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import areas, notes
from grannskap.catalogue import SHARES, Status
from grannskap.errors import CodeError, ColumnError, DataError, JoinError
from grannskap.sources import boundaries

CODES = ["0380B2010", "0380C1010", "0380C1020", "0381A0010"]


def polygons(codes=CODES, *, division=None):
    index = pd.Index(codes, name="deso")
    boxes = [shapely.box(n % 2, n // 2, n % 2 + 1, n // 2 + 1) for n in range(len(codes))]
    frame = gpd.GeoDataFrame({"municipality": index.str[:4]}, geometry=boxes, index=index, crs=3006)
    frame.attrs["division"] = division
    return frame


def counts(values, codes=CODES, *, division=None, **more):
    """A register of one year and group; None is missing, and any text is a status."""
    data = {}
    for name, column in {"low": values, **more}.items():
        data[name] = [np.nan if isinstance(one, str | None) else float(one) for one in column]
        data[f"{name}_status"] = [
            "missing" if one is None else one if isinstance(one, str) else "value" for one in column
        ]
    frame = pd.DataFrame(data, index=pd.Index(codes, name="deso"))
    frame.attrs["division"] = division
    return frame


def note(frame, kind):
    found = [one for one in notes.of(frame) if one.kind == kind]
    assert len(found) <= 1
    return found[0] if found else None


# Joining


def test_every_code_finds_its_own_row_in_any_order():
    register = counts([1, 2, 3, 4]).sample(frac=1, random_state=1)
    joined = areas.join(polygons().iloc[::-1], register)
    assert joined["low"].tolist() == [1, 2, 3, 4]
    assert joined.index.tolist() == CODES
    assert joined.index.name == "deso"
    assert joined.crs == "EPSG:3006"
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined.geometry.equals(polygons().geometry)


def test_the_arguments_are_left_as_they_were():
    shapes, register = polygons(), counts([1, None, 3, 4])
    before = shapes.copy(), register.copy()
    areas.join(shapes, register.iloc[:3], unmatched=0.5)
    pd.testing.assert_frame_equal(shapes, before[0])
    pd.testing.assert_frame_equal(register, before[1])


def test_an_unmatched_code_is_refused_with_both_sides_counted_and_named():
    register = counts([1, 2, 3, 4], [*CODES[:3], "1980C1010"])
    with pytest.raises(JoinError) as caught:
        areas.join(polygons(), register)
    assert "1 areas without a register row (0381A0010)" in caught.value.came
    assert "1 register rows without an area (1980C1010)" in caught.value.came


@pytest.mark.parametrize(("unmatched", "passes"), [(0.0, False), (0.39, False), (0.4, True)])
def test_the_share_that_may_lack_a_partner_is_of_both_sides(unmatched, passes):
    register = counts([1, 2, 3, 4], [*CODES[:3], "1980C1010"])  # 2 of 5 codes lack a partner
    if not passes:
        with pytest.raises(JoinError):
            areas.join(polygons(), register, unmatched=unmatched)
        return
    joined = areas.join(polygons(), register, unmatched=unmatched)
    assert joined.index.tolist() == CODES
    assert np.isnan(joined.loc["0381A0010", "low"])
    assert joined.loc["0381A0010", "low_status"] == "not joined"
    assert note(joined, "areas not joined").codes == ("0381A0010",)
    assert note(joined, "register rows not joined").codes == ("1980C1010",)


@pytest.mark.parametrize("unmatched", [-0.1, 1.1, float("nan")])
def test_a_share_outside_its_range_is_refused(unmatched):
    with pytest.raises(DataError):
        areas.join(polygons(), counts([1, 2, 3, 4]), unmatched=unmatched)


def test_a_scope_limits_what_must_match():
    country = counts(range(5), [*CODES, "1980C1010"])
    assert len(areas.join(polygons(), country, scope="boundaries")) == 4
    assert len(areas.join(polygons(), country, scope="03")) == 4
    part = counts([1, 2, 3], CODES[:3])
    joined = areas.join(polygons(), part, scope="0380")
    assert joined["low_status"].tolist() == ["value"] * 3 + ["not joined"]
    for scope in (None, "boundaries", "0381", ["0380", "0381"], "country"):
        with pytest.raises(JoinError):
            areas.join(polygons(), part, scope=scope)
    with pytest.raises(CodeError, match="25"):
        areas.join(polygons(), part, scope="25")


@pytest.mark.parametrize(
    ("left", "right", "told"), [(2018, None, 2018), (None, 2025, 2025), (None, None, None)]
)
def test_the_division_is_the_one_that_either_knows(left, right, told):
    joined = areas.join(polygons(division=left), counts([1, 2, 3, 4], division=right))
    assert joined.attrs["division"] == told


def test_two_divisions_are_refused():
    with pytest.raises(CodeError, match="2018 and 2025"):
        areas.join(polygons(division=2018), counts([1, 2, 3, 4], division=2025))


def test_notes_of_both_sides_travel():
    one = notes.with_notes(polygons(), [notes.Note("a")])
    other = notes.with_notes(counts([1, 2, 3, 4]), [notes.Note("b")])
    assert [found.kind for found in notes.of(areas.join(one, other))] == ["a", "b"]


def test_frames_that_cannot_be_joined_are_refused():
    register = counts([1, 2, 3, 4])
    twice = pd.concat([register, register.iloc[:1]])
    with pytest.raises(CodeError, match=CODES[0]):
        areas.join(polygons(), twice)
    with pytest.raises(CodeError, match=CODES[0]):
        areas.join(polygons([CODES[0], *CODES[:3]]), register)
    with pytest.raises(DataError, match="municipality"):
        areas.join(polygons(), register.assign(municipality="x"))
    with pytest.raises(DataError, match="EPSG:3006"):
        areas.join(polygons().to_crs(4326), register)
    with pytest.raises(DataError, match=r"areas\.select"):
        areas.join(polygons(), long_register())


# Selecting


def long_register():
    index = pd.MultiIndex.from_product([CODES, [2012, 2017], ["all", "rented"]])
    index.names = ["deso", "year", "group"]
    frame = pd.DataFrame({"low": np.arange(16.0), "low_status": "value"}, index=index)
    frame.attrs["division"] = 2018
    return frame


def test_selecting_gives_the_rows_of_one_year_and_group():
    long = notes.with_notes(long_register(), [notes.Note("a")])
    chosen = areas.select(long, year=2017, group="rented")
    assert chosen.index.name == "deso"
    assert chosen.index.tolist() == CODES
    assert chosen["low"].tolist() == [long.loc[(code, 2017, "rented"), "low"] for code in CODES]
    assert chosen.attrs["division"] == 2018
    assert len(notes.of(chosen)) == 1


@pytest.mark.parametrize(("year", "group"), [(2013, "all"), (2017, "owned")])
def test_a_year_or_group_that_is_not_there_is_refused(year, group):
    with pytest.raises(DataError, match="2012 all, 2012 rented, 2017 all, 2017 rented"):
        areas.select(long_register(), year=year, group=group)


# Shares


def test_shares_are_added_where_part_and_base_are_there():
    register = counts([5, 0, 0, None], households=[20, 10, 0, 10], population=[1, 2, 3, 4])
    with_shares = areas.with_shares(register)
    assert set(with_shares.columns) - set(register.columns) == {
        "low_income_share",
        "low_income_share_status",
    }
    np.testing.assert_array_equal(with_shares["low_income_share"], [0.25, 0.0, np.nan, np.nan])
    assert with_shares["low_income_share_status"].tolist() == [
        "value",
        "value",
        "missing",
        "missing",
    ]


def test_a_share_takes_the_status_of_what_is_missing():
    register = counts(["suppressed", 1, 1, 1], households=[9, "outside division", "not joined", 9])
    status = areas.with_shares(register)["low_income_share_status"]
    assert status.tolist() == ["suppressed", "outside division", "not joined", "value"]


def test_a_share_that_is_there_is_kept():
    register = counts([5, 5, 5, 5], households=[20] * 4, low_income_share=[0.3] * 4)
    assert areas.with_shares(register)["low_income_share"].tolist() == [0.3] * 4


def test_a_part_greater_than_its_base_is_refused_but_for_perturbed_counts():
    slightly = areas.with_shares(counts([5, 12, 5, 5], households=[20, 10, 20, 20]))
    assert slightly["low_income_share"].tolist() == [0.25, 1.0, 0.25, 0.25]
    assert note(slightly, "shares limited").codes == (CODES[1],)
    with pytest.raises(DataError, match=CODES[1]):
        areas.with_shares(counts([5, 2100, 5, 5], households=[20, 10, 20, 20]))


def test_shares_keep_a_geodataframe():
    joined = areas.join(polygons(), counts([5] * 4, households=[20] * 4))
    assert isinstance(areas.with_shares(joined), gpd.GeoDataFrame)
    assert areas.with_shares(joined).crs == "EPSG:3006"


# Aggregating

STATUSES = st.sampled_from([s.value for s in Status if s is not Status.VALUE])
CELLS = st.lists(
    st.tuples(st.integers(0, 3), st.one_of(st.integers(0, 500), STATUSES)), min_size=1, max_size=25
)


def codes_for(number):
    return [f"0380C{1000 + n:04d}" for n in range(number)]


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_sums_equal_those_made_by_hand(cells):
    codes = codes_for(len(cells))
    joined = areas.join(polygons(codes), counts([value for _, value in cells], codes))
    by = pd.Series([f"g{group}" for group, _ in cells], index=joined.index, name="place")
    summed = areas.aggregate(joined, by.sample(frac=1, random_state=0))
    assert summed.index.tolist() == sorted(set(by))
    assert summed.index.name == "place"
    for place in summed.index:
        parts = [value for group, value in cells if f"g{group}" == place]
        whole = not any(isinstance(part, str) for part in parts)
        assert summed.loc[place, "areas"] == len(parts)
        if whole:
            assert summed.loc[place, "low"] == sum(parts)
            assert summed.loc[place, "low_status"] == "value"
        else:
            assert np.isnan(summed.loc[place, "low"])
            assert summed.loc[place, "low_status"] in parts
    assert summed.area.sum() == pytest.approx(joined.area.sum())


def test_groups_merge_polygons_and_make_shares_anew():
    register = counts([10, 0, 5, 5], households=[10, 90, 10, 20], median_income=[1, 2, 3, 4])
    joined = areas.with_shares(areas.join(polygons(), register))
    summed = areas.aggregate(joined, joined["municipality"])
    assert summed.loc["0380", "geometry"].equals(shapely.union_all(joined.geometry[:3].to_numpy()))
    assert summed.loc["0380", "low_income_share"] == 15 / 110  # not the mean of 1, 0 and 0.5
    assert "median_income" not in summed
    assert note(summed, "amounts left out").codes == ("median_income",)
    assert note(summed, "areas in no group") is None


def test_overlapping_parts_merge_without_counting_ground_twice():
    joined = areas.join(polygons(), counts([1, 2, 3, 4]))
    joined["geometry"] = [shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), *joined.geometry[2:]]
    summed = areas.aggregate(joined, pd.Series("a", index=joined.index[:2]))
    assert summed.geometry["a"].equals(shapely.box(0, 0, 3, 1))
    assert note(summed, "areas in no group").codes == tuple(CODES[2:])


def test_areas_without_a_group_are_noted():
    joined = areas.join(polygons(), counts([1, 2, 3, 4]))
    by = pd.Series(["a", None, "a", None], index=joined.index)
    summed = areas.aggregate(joined, by)
    assert summed["low"].tolist() == [4]
    assert note(summed, "areas in no group").codes == (CODES[1], CODES[3])


@pytest.mark.parametrize(
    "by",
    [
        pd.Series({"1980C1010": "a"}),
        pd.Series(dtype="str"),
        pd.Series(["a", "b"], index=[CODES[0], CODES[0]]),
    ],
)
def test_groups_of_other_areas_are_refused(by):
    joined = areas.join(polygons(), counts([1, 2, 3, 4]))
    with pytest.raises(DataError):
        areas.aggregate(joined, by)


# Translating


def key(*rows):
    return pd.DataFrame(rows, columns=["old", "new", "share"])


def test_counts_follow_the_shares_and_keep_their_total():
    register = counts([100, 40, 10, 6], division=2018)
    moved = areas.crosswalk(
        register,
        key=key(
            (CODES[0], "0380B2015", 0.25),
            (CODES[0], "0380C1010", 0.75),
            (CODES[1], "0380C1010", 1),
            (CODES[2], CODES[2], 1),
            (CODES[3], CODES[3], 1),
        ),
    )
    assert moved["low"].to_dict() == {
        "0380B2015": 25,
        "0380C1010": 115,
        CODES[2]: 10,
        CODES[3]: 6,
    }
    assert moved.index.name == "deso"
    assert moved.attrs["division"] == 2025
    assert note(moved, "translated by").codes == ("0380B2015", "0380C1010")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_totals_are_preserved(data):
    number = data.draw(st.integers(1, 8))
    old = codes_for(number)
    rows = []
    for code in old:
        parts = data.draw(st.lists(st.integers(1, 50), min_size=1, max_size=4))
        rows += [(code, f"0380A{n:04d}", part / sum(parts)) for n, part in enumerate(parts)]
    values = data.draw(st.lists(st.integers(0, 999), min_size=number, max_size=number))
    moved = areas.crosswalk(counts(values, old), key=key(*rows))
    assert moved["low"].sum() == pytest.approx(sum(values))
    assert (moved["low"] >= 0).all()


def bounded(values, bounds):
    frame = counts(values)
    frame["low_lower"], frame["low_upper"] = zip(*bounds, strict=True)
    return frame


def test_bounds_are_summed_beside_what_is_not_known():
    frame = bounded([5, "suppressed", 7, 9], [(5, 5), (1, 3), (7, 7), (9, 9)])
    group = pd.Series(["a", "a", "b", "b"], index=CODES, name="part")
    summed = areas.aggregate(areas.join(polygons(), frame), group)
    assert summed["low"].isna().tolist() == [True, False]
    assert summed["low_lower"].tolist() == [6, 16]
    assert summed["low_upper"].tolist() == [8, 16]
    moved = areas.crosswalk(frame, key=key(*((code, CODES[0], 1.0) for code in CODES)))
    assert moved["low_status"].tolist() == ["suppressed"]
    assert moved[["low_lower", "low_upper"]].iloc[0].tolist() == [22, 24]


def test_a_bound_that_nothing_limits_stays_so():
    frame = bounded([5, None, 7, 9], [(5, 5), (0, np.inf), (7, 7), (9, 9)])
    halves = [(code, new, 0.5) for code in CODES for new in CODES[:2]]
    assert areas.crosswalk(frame, key=key(*halves))["low_upper"].tolist() == [np.inf, np.inf]


def test_years_and_groups_are_moved_each_by_itself():
    register = long_register()
    rows = [(code, CODES[0], 0.5) for code in CODES] + [(code, CODES[1], 0.5) for code in CODES]
    moved = areas.crosswalk(register, key=key(*rows))
    assert moved.index.names == ["deso", "year", "group"]
    assert moved.index.is_monotonic_increasing
    for year, group in [(2012, "all"), (2017, "rented")]:
        total = register.xs((year, group), level=("year", "group"))["low"].sum()
        halves = moved.xs((year, group), level=("year", "group"))["low"]
        assert halves.sum() == total
        assert halves.diff().abs().max() <= len(CODES)


def test_what_is_missing_stays_missing_wherever_it_goes():
    rows = [(CODES[0], "0380A0010", 0.5), (CODES[0], "0380A0020", 0.5)]
    rows += [(code, "0380A0010", 1) for code in CODES[1:]]
    moved = areas.crosswalk(counts([3, "suppressed", None, 2]), key=key(*rows))
    assert np.isnan(moved.loc["0380A0010", "low"])
    assert moved.loc["0380A0010", "low_status"] == "suppressed"
    assert moved.loc["0380A0020", "low"] == 1


def test_slivers_of_a_drawn_key_change_nothing():
    rows = [(code, code, 1 - 1e-6) for code in CODES] + [(CODES[0], CODES[1], 1e-6)]
    moved = areas.crosswalk(counts([3, None, 1, 2]), key=key(*rows))
    same = counts([3, None, 1, 2])
    pd.testing.assert_frame_equal(moved[list(same)], same, check_dtype=False)
    assert note(moved, "translated").values["same"] == 4


@pytest.mark.parametrize(
    "rows",
    [
        [(code, code, 0.9) for code in CODES],
        [(code, code, 1.0) for code in CODES] + [(CODES[0], CODES[1], 0.5)],
        [(code, code, float("nan")) for code in CODES],
        [(code, code, 1.5) for code in CODES] + [(code, CODES[0], -0.5) for code in CODES],
    ],
)
def test_shares_that_lose_or_make_people_are_refused(rows):
    with pytest.raises(DataError):
        areas.crosswalk(counts([1, 2, 3, 4]), key=key(*rows))


def test_a_key_that_does_not_fit_is_refused():
    whole = [(code, code, 1.0) for code in CODES]
    with pytest.raises(JoinError, match=CODES[3]):
        areas.crosswalk(counts([1, 2, 3, 4]), key=key(*whole[:3]))
    with pytest.raises(ColumnError, match="share"):
        areas.crosswalk(counts([1, 2, 3, 4]), key=key(*whole).drop(columns="share"))
    with pytest.raises(CodeError):
        areas.crosswalk(counts([1, 2, 3, 4]), key=key(("x", "y", 1.0)))


@pytest.mark.parametrize("name", ["median_income", next(iter(SHARES))])
def test_medians_and_shares_are_carried_with_their_own_area_alone(name):
    rows = [(CODES[0], CODES[0], 1.0), (CODES[1], CODES[1], 0.5), (CODES[1], CODES[2], 0.5)]
    rows += [(CODES[2], CODES[2], 1.0), (CODES[3], "0380C9990", 1.0)]
    frame = counts([1, 2, 3, 4]).assign(**{name: [0.1, 0.2, 0.3, 0.4], f"{name}_status": "value"})
    moved = areas.crosswalk(frame, key=key(*rows))
    assert moved[name].dropna().to_dict() == {CODES[0]: 0.1}
    assert moved.loc[CODES[1], [f"{name}_status", f"{name}_upper"]].tolist() == ["missing", np.inf]
    assert note(moved, "amounts not translated").values == {"names": [name], "areas": 3}


# Real files


def real_counts(path, names, division):
    table = pd.read_csv(path, dtype={"deso": str, "desokod": str})
    codes = table.columns[table.columns.isin(["deso", "desokod"])][0]
    frame = table.set_index(codes)[list(names)].rename(columns=names).rename_axis("deso")
    frame = frame.astype(float).sort_index()
    for name in list(frame.columns):
        frame[f"{name}_status"] = "value"
    frame.attrs["division"] = division
    return frame


NAMES = {"dw_hyresratt": "rented", "total_households": "households", "pop_total": "population"}


@pytest.fixture(scope="module")
def sweden(shared_data):
    return real_counts(shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv", NAMES, 2018)


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["deso2018_uppsala_lan_plus_neighbours_262", "deso2018_stockholms_lan_1287_simplified"]
)
def test_real_boundaries_meet_the_register(shared_data, sweden, name):
    shapes = boundaries.read(shared_data / "polygons" / f"{name}.gpkg")
    with pytest.raises(JoinError, match="register rows without an area"):
        areas.join(shapes, sweden)
    joined = areas.join(shapes, sweden, scope="boundaries")
    assert joined["population"].equals(sweden["population"].loc[joined.index])
    assert len(note(joined, "register rows not joined").codes) == 5984 - len(shapes)
    summed = areas.aggregate(joined, joined["municipality"])
    assert summed["population"].sum() == joined["population"].sum()
    assert summed.is_valid.all()


@pytest.mark.real
def test_two_real_divisions_are_refused(shared_data, sweden):
    shapes = boundaries.read(shared_data / "polygons" / "deso2025_dalarnas_lan_175.gpkg")
    with pytest.raises(CodeError, match="2018 and 2025"):
        areas.join(shapes, sweden, scope="20")


@pytest.mark.real
def test_a_real_county_is_moved_with_its_total(shared_data, sweden):
    overlay = pd.read_csv(
        shared_data / "keys" / "deso2018_2025_area_overlay_dalarna_DERIVED.csv", dtype=str
    )
    shares = overlay.rename(
        columns={"deso2018": "old", "deso2025": "new", "area_share_of_2018": "share"}
    )
    county = sweden[sweden.index.str.startswith("20")]
    moved = areas.crosswalk(county, key=shares)
    assert moved["population"].sum() == pytest.approx(county["population"].sum())
    shapes = boundaries.read(shared_data / "polygons" / "deso2025_dalarnas_lan_175.gpkg")
    assert len(areas.join(shapes, moved)) == 175
