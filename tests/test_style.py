"""What styles promise: classes and labels agree, and everybody can tell the colours apart."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grannskap.catalogue import CLUSTERS, SHARES, Status
from grannskap.errors import DataError
from grannskap.maps import style
from grannskap.maps.style import colours, palettes

BUILT_IN = {
    "balance": style.balance(),
    "scores": style.scores(),
    "clusters": style.clusters(),
    "eight": style.clusters(too_few=True),
    "change": style.change(),
    "moves": style.moves(["Låg", "Hög"], title="Kluster"),
    "over-years": style.over_years("low", ("2012", "2017"), title="Andelen"),
    **{name: style.shares(name, title=name) for name in SHARES},
}


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_colours_hold_for_everybody_and_in_grey(name):
    one = BUILT_IN[name]
    assert colours.clashes(one.colours, hatches=one.hatches) == []


@pytest.mark.parametrize("below", range(1, 5))
@pytest.mark.parametrize("above", range(1, 5))
@pytest.mark.parametrize("middle", [True, False])
def test_two_poles_hold_for_any_number_of_classes(below, above, middle):
    low = np.linspace(0.1, 0.9 if middle else 1.0, below + (0 if middle else 1))[:below]
    high = np.linspace(1.1, 3.0, above) if middle else np.linspace(1.5, 3.0, above)
    edges = [*low, *high] if middle else [*low[: below - 1], 1.0, *high[: above - 1]]
    palette = palettes.diverging(edges, centre=1.0)
    assert len(palette) == len(edges) + 1
    assert colours.clashes(palette) == []


@pytest.mark.parametrize("classes", range(2, 10))
def test_one_way_ramps_hold_and_darken_steadily(classes):
    palette = palettes.sequential(classes)
    assert colours.clashes(palette) == []
    assert (np.diff(colours.lightness(palette)) < 0).all()
    assert palettes.sequential(classes, dark="low") == palette[::-1]


def test_each_pole_of_a_balance_darkens_from_the_middle_outwards():
    light = colours.lightness(style.balance().colours)
    assert (np.diff(light[:4]) > 0).all()
    assert (np.diff(light[3:]) < 0).all()


def test_nine_colours_of_two_variables_hold():
    nine = [colour for row in palettes.NINE for colour in row]
    assert colours.clashes(nine) == []
    light = colours.lightness(nine).reshape(3, 3)
    assert (np.diff(light, axis=0) < 0).all()
    assert (np.diff(light, axis=1) < 0).all()


@pytest.mark.parametrize(
    "traffic_lights",
    [
        ("#91cf60", "#ffffbf", "#fc8d59"),
        ("#1a9641", "#a6d96a", "#ffffbf", "#fdae61", "#d7191c"),
        ("#1a9850", "#91cf60", "#d9ef8b", "#ffffbf", "#fee08b", "#fc8d59", "#d73027"),
    ],
)
def test_red_yellow_green_is_refused_and_says_why(traffic_lights):
    edges = style.BALANCE_EDGES[: len(traffic_lights) - 1]
    with pytest.raises(DataError) as caught:
        style.balance(edges=edges, colours=traffic_lights)
    named = [colour for colour in traffic_lights if colour in caught.value.came]
    assert len(named) == 2
    sights = {clash.sight for clash in colours.clashes(traffic_lights)}
    assert "deuteranopia" in sights


def test_own_palette_is_taken_when_it_holds_and_counted():
    own = ("#08306b", "#6baed6", "#deebf7")
    assert style.balance(edges=[0.8, 1.25], colours=own).colours == own
    with pytest.raises(DataError, match="3 colours"):
        style.balance(edges=[0.8, 1.25], colours=own[:2])
    with pytest.raises(DataError, match="blue"):
        style.balance(edges=[0.8, 1.25], colours=["blue", *own[:2]])


def test_lab_of_known_colours():
    # Lindbloom's calculator, sRGB and D65: red, green, blue.
    known = {"#ff0000": (53.24, 80.09, 67.20), "#00ff00": (87.73, -86.18, 83.18)}
    for colour, values in known.items():
        assert colours.lab([colour])[0] == pytest.approx(values, abs=0.02)


def test_deficient_sight_keeps_greys_and_confuses_what_it_should():
    greys = ["#000000", "#555555", "#ffffff"]
    for sight in ("protanopia", "deuteranopia", "tritanopia", "grey"):
        assert colours.perceived(greys, sight) == tuple(greys)

    def apart(pair, sight):
        one, two = colours.lab(colours.perceived(pair, sight))
        return np.linalg.norm(one - two)

    red_green, blue_green = ("#a05050", "#607040"), ("#3070c0", "#308880")
    for sight in ("protanopia", "deuteranopia"):
        assert apart(red_green, sight) < 0.5 * apart(red_green, "normal")
    assert apart(blue_green, "tritanopia") < 0.5 * apart(blue_green, "normal")


def test_ramp_goes_through_its_ends_in_even_steps():
    palette = colours.ramp(["#ffffff", "#3f007d"], 6)
    assert (palette[0], palette[-1]) == ("#ffffff", "#3f007d")
    steps = np.linalg.norm(np.diff(colours.lab(palette), axis=0), axis=1)
    assert steps == pytest.approx(np.full(5, steps.mean()), rel=0.05)


def test_classes_are_right_closed_and_missing_has_its_own():
    one = style.balance()
    values = pd.Series([0.0, 0.25, 0.2500001, 4.0, np.inf, np.nan])
    assert style.classify(values, one).tolist() == [0, 0, 1, 5, 6, -1]


@given(st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=50))
def test_label_and_class_agree(values):
    one = style.one_way([0.5, 2.25, 100, 5000.5], name="x", title="x", language="en")
    bounds = [-np.inf, 0.5, 2.25, 100, 5000.5, np.inf]
    for value, place in zip(values, style.classify(pd.Series(values), one), strict=True):
        assert bounds[place] < value <= bounds[place + 1]
        ends = one.labels[place].replace(",", "").lstrip("≤> ").split("–")
        assert all(float(end) in bounds for end in ends)


def test_edges_are_rounded_before_they_are_used():
    one = style.balance(edges=[0.3333, 3.0])
    assert one.edges == (0.33, 3.0)
    assert one.labels[1] == "0,33–3,00×"
    assert style.classify(pd.Series([0.3332]), one).tolist() == [1]
    with pytest.raises(DataError, match="differ in 2 decimals"):
        style.balance(edges=[0.333, 0.334])


def test_poor_pole_is_orange_on_every_map():
    orange, purple = "#b35806", "#542788"
    assert (style.balance().colours[0], style.balance().colours[-1]) == (purple, orange)
    assert (style.scores().colours[0], style.scores().colours[-1]) == (orange, purple)
    rate = style.shares("employment_rate", title="x", poor_when_low=True)
    assert colours.lightness(rate.colours)[0] < colours.lightness(rate.colours)[-1]


def test_balance_edges_mirror_each_other_on_the_log_scale():
    edges = np.log(style.BALANCE_EDGES)
    assert edges == pytest.approx(-edges[::-1])


def test_clusters_always_hold_all_classes_and_call_a_share_a_share():
    with_values = [name for name in CLUSTERS if name != style.ABSENT]
    assert list(style.clusters().categories) == with_values
    eight = style.clusters(too_few=True)
    assert eight.categories == (*with_values, style.TOO_FEW)
    assert style.clusters().labels[:2] == (
        "Hög andel, även hos grannarna",
        "Låg andel, även hos grannarna",
    )
    other = style.clusters(variable="Disponibel inkomst", share=False)
    assert not any("andel" in label for label in other.labels)
    assert other.labels[4:] == style.clusters().labels[4:]
    frame = pd.Series(pd.Categorical(["low-low", "no data"], categories=list(CLUSTERS)))
    assert style.classify(frame, eight).tolist() == [1, -1]
    with pytest.raises(DataError, match="elsewhere"):
        style.classify(pd.Series(["elsewhere"]), eight)


@given(
    values=st.lists(st.none() | st.floats(0, 20), min_size=1, max_size=20),
    words=st.lists(st.sampled_from([*Status, "nobody either", None]), min_size=20, max_size=20),
)
def test_a_gap_tells_why_there_is_no_value_and_says_nothing_of_a_value(values, words):
    one = style.balance()
    numbers, reasons = pd.Series(values, dtype=float), pd.Series(words[: len(values)], dtype=object)
    told = style.classify(numbers, one, status=reasons.sample(frac=1, random_state=1))
    plain = style.classify(numbers, one)
    for value, reason, found, without in zip(values, reasons, told, plain, strict=True):
        if value is not None:
            assert found == without >= 0
            continue
        own = {gap.status for gap in one.gaps}
        assert one.gaps[-1 - found].status == (reason if reason in own else "missing")
        assert one.gaps[-1 - without].status == "missing"


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=20))
def test_bounds_colour_an_area_where_every_value_between_them_is_in_one_class(pairs):
    one = style.balance()
    lower = pd.Series([min(pair) for pair in pairs])
    upper = pd.Series([max(pair) for pair in pairs])
    hidden = pd.Series(np.nan, index=lower.index)
    found = style.bounded(hidden, one, lower=lower, upper=upper)
    classes = style.classify(hidden, one, lower=lower, upper=upper)
    for i in hidden.index:
        between = np.append(np.linspace(lower[i], upper[i], 99), upper[i])
        held = set(style.classify(pd.Series(between), one))
        assert found[i] == (len(held) == 1)
        assert classes[i] == (held.pop() if found[i] else -1)
    shown = style.classify(upper, one, lower=lower, upper=lower)
    assert shown.equals(style.classify(upper, one))
    assert not style.bounded(upper, one, lower=lower, upper=lower).any()


def test_a_bound_that_is_not_there_colours_nothing():
    one, hidden = style.balance(), pd.Series([np.nan, np.nan])
    half = pd.Series([5.0, np.nan]), pd.Series([np.nan, 0.1])
    assert style.classify(hidden, one, lower=half[0], upper=half[1]).tolist() == [-1, -1]
    assert style.classify(hidden, one, lower=half[0], upper=half[0] * np.inf).tolist() == [6, -1]
    assert style.classify(hidden, one, lower=half[0].drop(0), upper=half[0]).tolist() == [-1, -1]
    words = pd.Series(["high-high", "no data"])  # categories have no bounds
    assert style.classify(words, style.clusters(), lower=half[0], upper=half[0]).tolist() == [0, -1]


def test_every_style_has_a_sign_for_what_is_missing_and_no_two_gaps_look_alike():
    for one in BUILT_IN.values():
        assert one.gaps[one.missing].status == "missing"
        signs = [(gap.colour, gap.hatch) for gap in one.gaps]
        assert len({*signs, *zip(one.colours, one.hatches, strict=False)}) == len(signs) + len(
            one.hatches
        )
    with pytest.raises(DataError, match="suppressed"):
        replace(style.balance(), gaps=(style.gaps("sv")[1],))
    assert [gap.label for gap in style.gaps("sv", "nobody either")] == [
        "Uppgift saknas",
        "Dold av sekretess",
        "Ingen i någon av grupperna",
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", SHARES)
def test_the_title_of_a_map_of_clusters_names_what_was_tested_and_no_other_pole(name, language):
    variable = SHARES[name].label(language)
    title = style.clusters(variable=variable, language=language).title
    assert title.startswith(f"{variable}:")
    others = {"inkomst", "income", "rik", "rich", "köpkraft", "power"}
    assert not [word for word in others if word in title.removeprefix(variable)]
    if name == "low_income_share":
        assert len(title) <= (60 if language == "sv" else 70)


def test_only_hatched_classes_share_a_colour():
    for one in BUILT_IN.values():
        for first, second in combinations(range(len(one.colours)), 2):
            if one.colours[first] == one.colours[second]:
                assert one.hatches[first] != one.hatches[second]


SCHEMES = ("quantiles", "fisher_jenks", "head_tail", "equal_interval")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_data_driven_classes_cover_all_and_none_is_empty(scheme):
    values = pd.Series(np.random.default_rng(1).lognormal(3, 1, 300).round(1))
    values.iloc[:5] = [np.nan, np.inf, -np.inf, 7.0, 7.0]
    one = style.from_values(values, name="x", title="x", scheme=scheme, k=5, decimals=1)
    classes = style.classify(values, one)
    assert set(classes[values.notna()]) == set(range(len(one.labels)))
    assert classes[0] == -1
    assert list(one.edges) == sorted(set(np.round(one.edges, 1)))


def test_quantiles_and_equal_steps_are_what_they_say():
    values = pd.Series(np.arange(1, 101.0))
    assert style.edges_of(values, scheme="quantiles", k=4, decimals=0) == (26.0, 50.0, 75.0)
    assert style.edges_of(values, scheme="equal_interval", k=4, decimals=2) == (25.75, 50.5, 75.25)


def test_fisher_jenks_finds_planted_groups():
    groups = [np.arange(0, 5), np.arange(100, 105), np.arange(1000, 1005)]
    values = pd.Series(np.concatenate(groups).astype(float))
    low, high = style.edges_of(values, scheme="fisher_jenks", k=3, decimals=0)
    assert 4 <= low < 100 <= 104 <= high < 1000


def test_ties_make_fewer_classes_and_constants_none():
    ties = pd.Series([0.0] * 80 + [1.0] * 15 + [2.0] * 5)
    assert style.edges_of(ties, k=5, decimals=0) in {(0.0,), (0.0, 1.0)}
    with pytest.raises(DataError, match="1 different values"):
        style.edges_of(pd.Series([3.0, 3.0, np.nan]))


def test_shares_are_rounded_in_per_cent():
    shares = pd.Series(np.linspace(0.003, 0.97, 50))
    one = style.from_values(shares, name="s", title="s", quantity="share", k=4, decimals=0)
    assert all(round(edge * 100, 6) == round(edge * 100) for edge in one.edges)
    assert all(label.endswith("%") for label in one.labels)


def test_change_has_a_class_of_its_own_for_chance():
    steps = pd.Series([-1.0, -0.75, -0.2, 0.2, 0.75, 1.2, np.inf, np.nan], list("abcdefgh"))
    quiet = pd.Series([False] * 8, list("abcdefgh"))
    found = style.changes(steps, within_chance=quiet)
    names = ["halved", "fell much", "fell", "rose", "rose much", "doubled", "doubled", None]
    assert found.tolist() == names
    unknown = pd.Series([True, pd.NA], ["d", "a"], dtype="boolean")
    mixed = style.changes(steps, within_chance=unknown)
    assert mixed["d"] == "within chance"
    assert mixed["a"] == "halved"
    assert (style.classify(found, style.change()) >= 0).tolist() == [True] * 7 + [False]


def test_two_variables_meet_by_label():
    half = style.one_way([1, 2], name="x", title="X", decimals=0)
    first = pd.Series([0.5, 1.5, 2.5], ["a", "b", "c"])
    second = pd.Series([2.5, 0.5, np.nan], ["b", "a", "c"])
    found = style.cross(first, second, first_style=half, second_style=half)
    assert found.to_dict() == {"a": "1-1", "b": "2-3", "c": None}
    both = style.bivariate(half, half)
    assert both.square is not None
    assert len(both.labels) == len(both.colours) == 9
    with pytest.raises(DataError, match="three classes"):
        style.bivariate(half, style.balance())


def test_english_labels_use_the_english_marks():
    assert style.balance(language="en").labels[3] == "0.80–1.25×"
    assert style.shares("rented_share", title="x", language="en").labels[-1] == "> 75%"


@pytest.mark.parametrize("k", [2, 3, 5, 8])
def test_quantiles_are_those_of_mapclassify(k):
    import mapclassify

    values = pd.Series(np.random.default_rng(k).lognormal(2, 1, 101))
    theirs = mapclassify.Quantiles(values, k=k).bins[:-1]
    assert style.edges_of(values, k=k, decimals=9) == pytest.approx(theirs, abs=1e-8)


def apart(one, other):
    """ΔE2000 of colours in Lab (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grey = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25.0**7))
    c1, c2 = np.hypot(grey * a1, b1), np.hypot(grey * a2, b2)
    h1 = np.degrees(np.arctan2(b1, grey * a1)) % 360
    h2 = np.degrees(np.arctan2(b2, grey * a2)) % 360
    turn = np.where(c1 * c2 == 0, 0.0, (h2 - h1 + 180) % 360 - 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    h = np.where(c1 * c2 == 0, h1 + h2, (h1 + turn / 2) % 360)
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    t = 1 + sum(weight * np.cos(np.radians(times * h + by)) for weight, times, by in waves)
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    blue = np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * blue
    parts = ((l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h)
    return np.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


def test_the_distance_of_colours_is_that_of_the_published_pairs():
    pairs = [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ]
    for one, other, distance in pairs:
        assert apart(np.array(one), np.array(other)) == pytest.approx(distance, abs=1e-4)


@pytest.mark.parametrize("look", ["balance", "change", "clusters", "two variables", "one way"])
def test_any_two_classes_are_apart_for_every_sight_and_in_grey(look):
    third = style.one_way([1, 3], name="a", title="A", decimals=0)
    palette = {
        "balance": style.balance().colours,
        "change": style.change().colours,
        "clusters": style.clusters().colours[:5],
        "two variables": style.bivariate(third, third).colours,
        "one way": style.one_way([1, 2, 3, 4], name="a", title="A", decimals=0).colours,
    }[look]
    for sight in ("normal", "protanopia", "deuteranopia", "tritanopia"):
        seen = colours.lab(style.perceived(palette, sight))
        for i, one in enumerate(seen):
            for other in seen[:i]:
                assert apart(one, other) >= 10, (sight, look)
    greys = np.sort(style.lightness(palette))
    assert np.diff(greys).min() >= 4
