"""Cells and tables of the report: what is written, cut, ordered and coloured, by definition."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import towns
from grannskap import analysis
from grannskap.analysis import View
from grannskap.catalogue import AMOUNTS, CLUSTER_KEYS
from grannskap.maps import style as styles
from grannskap.outputs import tables
from grannskap.outputs.report import cells, clusters, grids, indicators, scoring, testing
from grannskap.outputs.report.cells import Cell, Column

VIEW = View(title="Stad 2017")


@pytest.fixture(scope="module")
def small():
    """30 areas of which four have hidden counts."""
    return analysis.run(towns.with_small_cells().dataset(hidden=(1, 3)))


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize(("rows", "most", "left"), [(60, None, 0), (61, None, 1), (5, 3, 2)])
def test_rows_beyond_the_most_are_counted(rows, most, left):
    options = {} if most is None else {"most": most}
    found = cells.grid("c", [Column("a")], [[str(i)] for i in range(rows)], **options)
    assert found.left_out == left
    assert texts(found) == [[str(i)] for i in range(rows - left)]
    assert found.rows[0] == (Cell("0"),)


def test_small_p_is_smaller_than_the_smallest_written():
    found = [cells.p_value(p, "sv") for p in (4e-5, 6e-5, 0.05, 1.0, math.nan)]
    assert found == ["<\u00a00,0001", "0,0001", "0,0500", "1,0000", "–"]


def test_an_interval_needs_both_its_ends():
    assert cells.interval(0.5, math.inf, "en") == "0.50–∞"
    assert cells.interval(math.nan, 2.0, "sv") == cells.interval(0.5, math.nan, "sv") == "–"


def test_names_come_in_swedish_order():
    names = ["Örebro", "Åre", "ängelholm", "Zinkgruvan", "Ale", "Ystad", "Älvsbyn"]
    found = [names[i] for i in cells.order_by_name(pd.Series(names))]
    assert found == ["Ale", "Ystad", "Zinkgruvan", "Åre", "Älvsbyn", "ängelholm", "Örebro"]


def test_an_area_is_named_where_it_has_a_name():
    names = {"0380C1460": "Västra Flogsta", "0380C1470": ""}
    assert cells.named("0380C1460", names) == Cell("Västra Flogsta (C1460)")
    assert cells.named("0380C1460", names, before="2×") == Cell("2×", "Västra Flogsta (C1460)")
    assert cells.named("0380C1470", names) == Cell("0380C1470")
    assert cells.named("0380C1470", names, before="2×") == Cell("2×", "0380C1470")
    for nothing in (None, "", math.nan):
        assert cells.named(nothing, names) == Cell("–")
        assert cells.named(nothing, names, before="2×") == Cell("2×")


def test_a_class_looks_as_on_the_map_and_a_gap_as_its_reason():
    style = replace(styles.balance(), categories=tuple("abcdefg"), edges=(), hatches=())
    plain = cells.class_cell("c", style)
    assert (plain.text, plain.colour, plain.texture) == (style.labels[2], style.colours[2], "")
    hatched = replace(style, hatches=("", "..", "oo", "O.", "//", "\\\\", ".-"))
    looks = [cells.class_cell(name, hatched).texture for name in "abcdefg"]
    assert looks == ["", "dots", "dots", "dots", "lines", "lines", "lines"]
    for gap in style.gaps:
        found = cells.class_cell(gap.status, hatched)
        assert (found.text, found.colour) == (gap.label, gap.colour)
    missing = style.gaps[style.missing]
    assert cells.class_cell("what is not there", hatched).text == missing.label


# --- Ends of the balance --------------------------------------------------------------------


def with_balances(results, balances, low=None, high=None):
    areas = results.areas.copy()
    areas["balance"] = [*balances, *[np.nan] * (len(areas) - len(balances))]
    for name, column in (("low", low), ("high", high)):
        if column is not None:
            areas[name] = [*column, *[np.nan] * (len(areas) - len(column))]
    return replace(results, areas=areas)


@pytest.mark.parametrize("known", [2, 3, 19, 20, 21, 30])
def test_the_ends_are_ten_areas_each_or_half_of_all(small, known):
    balances = 1 + np.random.default_rng(known).permutation(known)
    results = with_balances(small, balances)
    order = [str(results.areas.index[i]) for i in np.argsort(balances)]
    room = min(10, known // 2)
    found = {end: grids.extremes(results, VIEW, end) for end in ("lowest", "highest")}
    assert [row[0] for row in texts(found["lowest"])] == order[:room]
    assert [row[0] for row in texts(found["highest"])] == order[::-1][:room]


def test_of_equal_balances_the_greater_other_pole_stands_first(small):
    balances = [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, math.inf, math.inf, math.inf]
    low, high = [0, 0, 0, 5, 10, 15, 20, 7, 9, 8], [3, 9, 6, 5, 5, 5, 5, 0, 0, 0]
    results = with_balances(small, balances, low=low, high=high)
    lowest, highest = (texts(grids.extremes(results, VIEW, end)) for end in ("lowest", "highest"))
    assert [row[1:] for row in lowest] == [
        ["0×", "0", "9"], ["0×", "0", "6"], ["0×", "0", "3"], ["1,00×", "5", "5"],
        ["2,00×", "10", "5"],
    ]  # fmt: skip
    assert [row[1:] for row in highest] == [
        ["∞", "9", "0"], ["∞", "8", "0"], ["∞", "7", "0"], ["4,00×", "20", "5"],
        ["3,00×", "15", "5"],
    ]  # fmt: skip


def test_areas_written_alike_that_do_not_fit_are_counted_or_left_out(small):
    balances = [0.5] * 12 + [2.0 + i for i in range(10)]
    results = with_balances(small, balances, low=range(22), high=[2] * 22)
    lowest = texts(grids.extremes(results, VIEW, "lowest"))
    assert lowest == [["12 områden", "0,50×", str(sum(range(12))), "24"]]
    later = with_balances(small, [0.1, 0.2, *[0.5] * 9, *range(2, 20)], low=[1] * 29, high=[1] * 29)
    assert len(texts(grids.extremes(later, VIEW, "lowest"))) == 2
    fits = with_balances(small, [0.1, 0.2, *[0.5] * 8, *range(2, 21)], low=[1] * 29, high=[1] * 29)
    assert len(texts(grids.extremes(fits, VIEW, "lowest"))) == 10


# --- Clusters -------------------------------------------------------------------------------


def test_every_area_is_counted_in_one_class_shown_and_tested(small):
    (clustering, _), style = small.clusterings, styles.clusters()
    codes = small.areas.index
    view = replace(VIEW, scope=tuple(map(str, codes[:20])))
    found = clusters.classes(small, view, clustering, style)
    shown, tested = (sum(int(row[i]) for row in texts(found)) for i in (1, 2))
    assert (shown, tested) == (20, 30)
    named = dict.fromkeys(style.labels, 0) | {
        style.labels[style.categories.index(str(k))]: int(n)
        for k, n in clustering.local["cluster"].value_counts().items()
        if k != "no data"
    }
    assert {row[0]: int(row[2]) for row in texts(found) if row[0] in named} == named


def sensitivity_of(clustering, rows):
    """Counts of settings as made up: class and how many of four settings gave it."""
    index = clustering.local.index[: len(rows)]
    classes, same = zip(*rows, strict=True)
    table = pd.DataFrame({"cluster": classes, "same": same, "settings": 4}, index=index)
    table["share"] = table["same"] / 4
    settings = [[kind, alpha, 0] for kind in ("queen", "knn") for alpha in (0.05, 0.1)]
    table.attrs["settings"] = settings
    return table


def test_classes_that_stay_in_all_and_in_half_of_the_settings_are_counted(small):
    clustering = small.clusterings[0]
    rows = [("high-high", 4), ("high-high", 2), ("high-high", 1), ("low-low", 4), ("low-low", 3)]
    rows += [("not significant", 4), ("not significant", 1), ("low-high", 1)]
    told = replace(clustering, sensitivity=sensitivity_of(clustering, rows))
    found = clusters.stayed(small, VIEW, told, styles.clusters())
    counted = dict(zip(CLUSTER_KEYS, (row[1:] for row in texts(found)), strict=True))
    assert counted == {
        "high-high": ["3", "1", "2"], "low-low": ["2", "1", "2"],
        "high-low": ["0", "0", "0"], "low-high": ["1", "0", "0"],
    }  # fmt: skip
    tested = clustering.local["p"].reindex(told.sensitivity.index).notna()
    steady = [same == 4 for _, same in rows]
    clustered = [name != "not significant" for name, _ in rows]
    held = sum(t and c for t, c in zip(tested, clustered, strict=True))
    stay = sum(t and c and s for t, c, s in zip(tested, clustered, steady, strict=True))
    every = sum(t and s for t, s in zip(tested, steady, strict=True))
    sentence = clusters.sensitivity(VIEW, told)
    assert f"Av {held} områden i kluster har {stay} samma klass i alla 4 inställningar" in sentence
    assert "(2 sätt att välja grannar × 2 nivåer)" in sentence
    assert sentence.endswith(f"är det {every} av {int(tested.sum())}.")


def test_areas_in_clusters_come_by_pole_place_and_number(small):
    clustering = small.clusterings[0]
    classes = ["high-high", "low-low", "high-low", "low-high", "not significant"] * 6
    local = clustering.local.copy()
    local["cluster"] = pd.Categorical(classes, categories=local["cluster"].cat.categories)
    shares = [1 + i % 4 for i in range(30)]
    steady = sensitivity_of(clustering, [*zip(classes, shares, strict=True)])
    told = replace(clustering, local=local, sensitivity=steady)
    places = ["Berga", "Berga", "Hageby"]
    areas = small.areas.assign(
        cluster=local["cluster"],
        regso_name=[places[i % 3] for i in range(30)],
        student_share=[0.1 + 0.01 * i for i in range(30)],
    )
    results = replace(small, areas=areas)
    found = clusters.by_place(results, VIEW, told, styles.clusters())
    order = ("high-high", "low-low", "high-low", "low-high")  # of low income high is the poor pole
    expected = []
    for name in order:
        for place in ("Berga", "Hageby"):
            own = [i for i in range(30) if classes[i] == name and places[i % 3] == place]
            ends = [round(10 + i) for i in (own[0], own[-1])]
            young = f"{ends[0]}–{ends[1]}\u00a0%"
            expected.append([place, str(len(own)), young, str(sum(shares[i] == 4 for i in own))])
    assert [row[:1] + row[2:] for row in texts(found)] == expected
    listed = {code for line in found.codes for code in line.split(": ")[1].split(", ")}
    assert listed == set(local.index[local["cluster"].isin(order)])


def test_the_areas_that_weigh_most_come_by_the_size_of_their_influence(small):
    clustering = small.clusterings[0]
    scatter = clustering.scatter.copy()
    scatter["named"] = False
    chosen = scatter.index[[5, 6, 7]]
    scatter.loc[chosen, "named"] = True
    scatter.loc[chosen, "influence"] = [0.01, -0.3, 0.2]
    found = clusters.influence(small, VIEW, replace(clustering, scatter=scatter))
    assert [row[0] for row in texts(found)] == [str(chosen[i]) for i in (1, 2, 0)]
    assert [row[3] for row in texts(found)] == ["−0,300", "0,200", "0,010"]


# --- The test of all areas, in words ---------------------------------------------------------


def told_of(results, **changed):
    """What the report says of all areas together, where its numbers are these."""
    clustering = results.clusterings[0]
    found = replace(clustering.overall, **changed)
    return testing.overall(results, VIEW, replace(clustering, overall=found))


@pytest.mark.parametrize(("alternative", "sides"), [("two-sided", 2), ("greater", 1)])
def test_the_least_p_that_so_many_arrangements_can_give_is_said_to_be_so(small, alternative, sides):
    for permutations in (99, 999, 9999):
        changed = {"alternative": alternative, "permutations": permutations}
        least = sides / (permutations + 1)
        assert "det minsta som" in told_of(small, p=least, **changed)
        assert "det minsta som" not in told_of(small, p=least + 1 / (permutations + 1), **changed)


def test_what_the_overall_statistic_means_goes_by_its_side_and_by_the_rate(small):
    alike, unlike = "Områden liknar sina grannar mer", "Områden skiljer sig från sina grannar mer"
    above = {"value": 0.5, "expected": -0.03}
    below = {"value": -0.5, "expected": -0.03}
    rate = small.options.autocorrelation.fdr
    cases = [
        ("moran", above, alike), ("moran", below, unlike),
        ("geary", above, unlike), ("geary", below, alike),
        ("g", above, "Höga värden ligger närmare"), ("g", below, "Låga värden ligger närmare"),
        ("bivariate_moran", above, "Grannarnas värden är höga där"),
        ("bivariate_moran", below, "Grannarnas värden är låga där"),
    ]  # fmt: skip
    for statistic, sides, words in cases:
        for p in (rate / 10, rate):
            assert words in told_of(small, statistic=statistic, p=p, **sides)
        by_chance = told_of(small, statistic=statistic, p=rate + 1e-6, **sides)
        assert "Det kan bero på slumpen." in by_chance
        assert words not in by_chance
    told = told_of(small, value=0.12345, expected=-0.0346, monte_carlo_error=0.00123, seed=7)
    for number in ("är 0,123;", "väntas −0,035", "startvärde 7", "slumpfel i p 0,0012"):
        assert number in told


def municipalities_of(clustering, count):
    """Made-up municipalities, as many as asked for, of which every third was tested."""
    index = pd.Index([f"{1000 + i}" for i in range(count)], name="municipality")
    status = [["tested", "constant", "too few areas"][i % 3] for i in range(count)]
    p = [0.01 if word == "tested" else np.nan for word in status]
    table = pd.DataFrame({"statistic": p, "expected": p, "p": p, "q": p}, index=index)
    return replace(clustering, within=table.assign(areas=9, status=status), overall=None)


@pytest.mark.parametrize(("count", "left"), [(61, 0), (300, 0), (301, 1)])
def test_three_hundred_municipalities_by_themselves_are_shown(small, count, left):
    told = municipalities_of(small.clusterings[0], count)
    found = clusters.within(small, VIEW, told)
    assert (len(found.rows), found.left_out) == (count - left, left)
    assert texts(found)[0][1:] == ["9", "0,010", "0,010", "0,0100", "0,0100", "ja"]
    assert texts(found)[1][1:] == ["9", "–", "–", "–", "–", "nej, samma värde överallt"]
    tested = -(-count // 3)
    assert f"({tested} jämförda)" in testing.overall(small, VIEW, told)
    plain = small.clusterings[0]
    assert clusters.within(small, VIEW, plain) is None
    assert clusters.stayed(small, VIEW, plain, styles.clusters()) is None
    assert grids.distances(small, VIEW, plain) is None
    assert grids.reach(VIEW, plain, 0.05) == clusters.sensitivity(VIEW, plain) == ""


def test_every_option_of_the_test_has_its_row(small):
    found = clusters.options(small, VIEW)
    chosen = small.options.autocorrelation
    keys = [row[0] for row in texts(found)]
    assert keys == sorted(keys)
    told = dict(texts(found))
    assert (told["fdr"], told["seed"]) == (f"{chosen.fdr}", f"{chosen.seed}")
    assert told["neighbours.kind"] == chosen.neighbours.kind
    assert {told[key] for key in ("empirical_bayes", "sensitivity")} == {"nej"}
    plain = [clusters._plain(value, "sv") for value in (True, None, [], ["a", "b"], [["a", "b"]])]
    assert plain == ["ja", "–", "–", "a, b", "a–b"]


# --- Living conditions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("some", "every", "told"),
    [
        (1, 1, "det området"),
        (2, 2, "båda områdena"),
        (1, 2, "1 av de 2 områdena"),
        (3, 3, "alla de 3 områdena"),
        (2, 3, "2 av de 3 områdena"),
    ],
)
def test_some_of_the_areas_are_told_as_people_would(some, every, told):
    assert scoring._of(some, every, "sv") == told


def test_values_have_their_unit_and_as_many_decimals_as_matter():
    (amount, *_) = AMOUNTS
    unit = AMOUNTS[amount].unit.sv
    written = [scoring._value(amount, value, "sv") for value in (999.94, 1000.0, 254321.0, -1000.0)]
    assert written == [
        f"999,9 {unit}", f"1\u00a0000 {unit}", f"254\u00a0321 {unit}", f"−1\u00a0000 {unit}",
    ]  # fmt: skip
    assert scoring._value("employment_rate", 0.7654, "sv") == "76,5\u00a0%"
    assert scoring._value("my_own", 12.25, "en") in ("12.2", "12.3")


def under(shares, names=("Ettan", "Tvåan", "Trean")):
    """What is said under the index of so many municipalities, by their share aged 20–29."""
    table = pd.DataFrame({"worst_student_share": shares, "municipality_name": names[: len(shares)]})
    return scoring._under_index(table, "sv")


def test_many_young_where_conditions_are_lowest_are_warned_of():
    warned = "Där bor troligen många studenter"
    for share, many in ((0.29, False), (0.3, True), (0.9, True)):
        told = under([share])
        assert told.startswith(f"I området med lägst värde är {round(100 * share)} procent av")
        assert (warned in told) == many
    few = under([0.1, 0.29, math.nan])
    assert few.startswith("I områdena med lägst värde är som mest 29 procent av")
    assert warned not in few
    some = under([0.1, 0.3, 0.6])
    assert "är 20–29 år i Tvåan, Trean." in some
    assert some.startswith("Minst 30 procent av")
    assert warned in some
    for nothing in ([math.nan], [math.nan, math.nan]):
        assert "saknas här" in under(nothing)
    assert "saknas här" in scoring._under_index(pd.DataFrame({"areas": [1]}), "sv")


# --- Where the rest of a table is -------------------------------------------------------------


def test_every_table_names_the_file_that_holds_all_of_it(small):
    bands = pd.DataFrame(
        {"from": [0.0], "to": [1e3], "pairs": [9], "areas": [9], "statistic": [0.1]}
        | {name: [0.1] for name in ("expected", "lower", "upper", "p", "q")}
    )
    tests = tuple(
        replace(municipalities_of(one, 3), correlogram=bands) for one in small.clusterings
    )
    results = replace(small, clusterings=tests)
    written, style = tables.named(results, VIEW), styles.clusters()
    for number, one in enumerate(tests):
        ending = f"-{one.variable}" if number else ""
        found = {
            "within": [clusters.within(results, VIEW, one)],
            "correlogram": [grids.distances(results, VIEW, one)],
            "autocorrelation": [
                clusters.classes(results, VIEW, one, style),
                clusters.by_place(results, VIEW, one, style),
                clusters.influence(results, VIEW, one),
            ],
        }
        for stem, of_test in found.items():
            assert f"{stem}{ending}" in written
            assert {grid.file for grid in of_test} == {f"tables/{stem}{ending}.csv"}
    assert grids.balance(results, VIEW, every=False).file == "tables/balance.csv"
    assert grids.index(results, VIEW).file == "tables/municipalities.csv"
    assert {grid.file for grid in indicators.indicators(results, VIEW)} == {"tables/indicators.csv"}
    assert clusters.options(results, VIEW).file == "manifest.json"


# --- Shares side by side ----------------------------------------------------------------------


def shares_of(rows):
    """Indicators as the tables have them: share, areas without it, and areas in all."""
    keys, cells_ = zip(*rows.items(), strict=True)
    index = pd.MultiIndex.from_tuples(keys, names=["place", "year", "group"])
    names = ["low_income_share", "low_income_share_missing", "areas"]
    return pd.DataFrame(cells_, index=index, columns=names)


ROWS = {
    ("Hageby", 2012, "owned"): (0.5, 0, 2),
    ("Hageby", 2017, "all"): (0.3, 1, 2),
    ("Hageby", 2012, "all"): (0.1, 0, 2),
    ("Berga", 2017, "all"): (np.nan, 3, 3),
    ("Berga", 2012, "all"): (0.2, 0, 3),
}


def test_years_and_groups_of_a_place_stand_beside_each_other_everybody_first():
    names = ["low_income_share"]
    found = indicators._one_place(VIEW, shares_of(ROWS).loc[["Hageby"]], names)
    assert found.caption == "Indikatorer: Hageby"
    heads = [column.heading for column in found.columns]
    assert [head[-4:] for head in heads[1:3]] == ["2012", "2017"]
    assert heads[3].endswith("2012")
    assert heads[3] != heads[1]
    ((_, *row),) = found.rows
    assert [cell.text for cell in row] == ["10\u00a0%", "30\u00a0%*", "50\u00a0%"]
    assert [cell.detail for cell in row] == ["", "1 av 2", ""]
    single = {("Ensam", 2012, "all"): (0.2, 0, 3)}  # a place that one year alone knows
    alone = indicators._one_place(VIEW, shares_of(single), names)
    assert alone.caption == "Indikatorer: Ensam"
    assert [cell.text for cell in alone.rows[0][1:]] == ["20\u00a0%"]


def test_places_stand_under_each_other_the_latest_year_and_everybody_first():
    names = ["low_income_share"]
    found = indicators._all_places(VIEW, shares_of(ROWS), names)
    assert [row[:2] for row in texts(found)] == [
        ["Hageby", "2017"], ["Hageby", "2012"], ["Hageby", "2012"], ["Berga", "2017"],
        ["Berga", "2012"],
    ]  # fmt: skip
    assert [row[-1] for row in texts(found)] == [
        "30\u00a0%*", "10\u00a0%", "50\u00a0%", "–", "20\u00a0%",
    ]  # fmt: skip
    assert found.rows[3][-1].detail == ""
    year = {key: value for key, value in ROWS.items() if key[1:] == (2012, "all")}
    plain = indicators._all_places(VIEW, shares_of(year), names)
    assert plain.columns[0].heading == "Plats"
    assert len(plain.columns) == 2
    assert plain.caption.startswith("Indikatorer per plats, 2012, ")
    assert grids.common(shares_of(year).iloc[:0], (True, False, False), "sv") == ""


def test_how_many_areas_a_balance_rests_on_and_its_mean_where_they_are_fewer():
    def cell(held, gone, either=0, rounded=None):
        row = {"areas": held, "areas_missing": gone, "areas_without_either": either}
        more = {} if rounded is None else {"areas_rounded_to_zero": rounded}
        return grids._areas_of_balance(pd.Series(row | more), "sv")

    assert cell(5, 0) == Cell("5")
    assert cell(5, 2) == Cell("5*", "av 7")
    assert cell(5, 0, 1) == Cell("5", "medelvärde av 4")
    assert cell(5, 2, 1, 2) == Cell("5*", "av 7, medelvärde av 2")
    assert cell(5, 0, 0, 0) == Cell("5")
    scored = grids._scored(pd.Series({"score_areas": 4, "score_areas_missing": 3}), "sv")
    assert scored == Cell("4*", "av 7")
    assert grids._scored(pd.Series({"score_areas": 4, "score_areas_missing": 0}), "en") == Cell("4")
    assert grids._percentile("p05", "sv") == "5:e percentilen"
    assert grids._percentile("p10", "en") == "10th percentile"


def test_numbers_stand_to_the_right_and_words_to_the_left(small):
    """Of a balance that has its area's name under it, the name is what is read."""
    (one, _), style = small.clusterings, styles.clusters()
    bands = pd.DataFrame(
        {"from": [0.0], "to": [1e3], "pairs": [9], "areas": [9], "statistic": [0.1]}
        | {name: [0.1] for name in ("expected", "lower", "upper", "p", "q")}
    )
    rows = [("high-high", 4), ("low-low", 2)]
    told = replace(
        municipalities_of(one, 9), correlogram=bands, sensitivity=sensitivity_of(one, rows)
    )
    results = replace(small, clusterings=(told,))
    made = [
        grids.balance(results, VIEW, every=False),
        *indicators.indicators(results, VIEW),
        *(grids.extremes(results, VIEW, end) for end in ("lowest", "highest")),
        grids.distances(results, VIEW, told),
        clusters.classes(results, VIEW, told, style),
        clusters.within(results, VIEW, told),
        clusters.stayed(results, VIEW, told, style),
        clusters.influence(results, VIEW, told),
        clusters.options(results, VIEW),
    ]
    word = re.compile(r"[a-zåäö]{2}|\d{4}[ABC]\d{4}")  # or the code of an area
    for found in made:
        assert not found.columns[0].number
        cut = [row[1:] for row in found.rows]
        for column, *column_cells in zip(found.columns[1:], *cut, strict=True):
            words = [c for c in column_cells if word.search(f"{c.text} {c.detail}")]
            numbers = [c for c in column_cells if re.match(r"[\d−–<∞]", c.text)]
            if column.number:
                assert len(numbers) == len(column_cells), (found.caption, column)
            else:
                assert words, (found.caption, column)


def test_where_there_is_not_room_for_all_places_each_class_keeps_as_many():
    ranked = [
        *((("low-low", f"L{place}"), [f"{place}"]) for place in range(20)),
        *((("high-high", f"H{place}"), [f"{place}"]) for place in range(30)),
        (("high-low", "A"), ["1"]),
    ]
    kept = clusters._of_every_class(ranked)
    assert [one for one in ranked if one in kept] == kept
    classes = [name for (name, _), _ in kept]
    assert [classes.count(one) for one in ("low-low", "high-high", "high-low")] == [7, 7, 1]
    assert [place for (name, place), _ in kept if name == "high-high"][:2] == ["H0", "H1"]
    assert clusters._of_every_class(ranked[:5]) == ranked[:5]
