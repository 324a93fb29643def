"""Profiles of named neighbourhoods: a file each, a rank with what it can be, both poles."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from shapely.geometry import box

from grannskap import project
from grannskap.maps import figure, style
from grannskap.maps.atlas.profiles import Near
from grannskap.outputs import report
from grannskap.outputs.report import html
from grannskap.outputs.report.model import every_block
from grannskap.outputs.report.profiles import gathered, profiles, ranks, stems


@given(st.lists(st.text(max_size=90), max_size=30))
def test_every_name_has_a_file_of_its_own_that_every_disk_takes(names):
    found = stems(names)
    assert len(found) == len(names)
    assert len({one.casefold() for one in found}) == len(found)
    for one in found:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one)
        assert len(one) <= 80
        assert not re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", one)


def test_letters_are_those_of_other_files():
    assert stems(["Östra Ängby", "Århus – A/B", "CON"]) == [
        "ostra-angby",
        "arhus-a-b",
        "con-grannskap",
    ]


numbers = st.floats(0.01, 100)


@settings(deadline=None)
@given(st.lists(st.lists(numbers, min_size=5, max_size=5), min_size=1, max_size=12))
def test_a_rank_and_what_it_can_be_are_those_of_brute_force(rows):
    made = []
    for row in rows:
        lower, interval_lower, value, interval_upper, upper = sorted(row)
        made.append([value, lower, upper, interval_lower, interval_upper])
    columns = ["estimate", "lower", "upper", "interval_lower", "interval_upper"]
    table = pd.DataFrame(made, columns=columns, index=[str(i) for i in range(len(made))])
    found = ranks(table)
    for name, row in table.iterrows():
        others = table.drop(index=name)
        rank = found[name]
        surely_before = (others["lower"] > row["upper"]).sum()
        surely_after = (others["upper"] < row["lower"]).sum()
        assert (rank.least, rank.most) == (1 + surely_before, len(table) - surely_after)
        higher = (others["estimate"] > row["estimate"]).sum()
        assert rank.least <= 1 + higher <= rank.most


def test_a_place_without_a_balance_stands_where_its_bounds_let_it():
    columns = ["estimate", "lower", "upper", "interval_lower", "interval_upper"]
    unknown, poor = [np.nan, 0, np.inf, np.nan, np.nan], [np.nan, 49, np.inf, np.nan, np.nan]
    rows = [[2, 2, 2, np.nan, np.nan], unknown, [1, 1, 1, 0.9, 1.1], poor]
    found = ranks(pd.DataFrame(rows, columns=columns, index=["a", "b", "c", "d"]))
    assert [(one.least, one.most) for one in found.values()] == [(2, 3), (1, 4), (3, 4), (1, 2)]


def test_every_neighbourhood_has_a_profile_that_tells_of_both_poles(demo_results, demo_view):
    made = dict(profiles(demo_results, demo_view))
    assert [*made] == ["norrangen", "solviken"]
    for told in made.values():
        assert "hushåll med låg köpkraft" in told.summary[0]
        assert "med hög" in told.summary[0]
        page = html.write(told)
        for words in ("Andel med låg köpkraft", "Andel med hög köpkraft", "Påhittköping"):
            assert words in page
    assert "Ingen insats med plats i listan berör Solviken" in html.write(made["solviken"])
    assert "Läxhjälp efter skolan" in html.write(made["norrangen"])


def test_frontiers_of_a_profile_have_the_neighbourhood_on_one_side(demo_results, demo_view):
    table = demo_results.frontiers.borders
    for place, (_, told) in zip(
        demo_results.dataset.neighbourhoods, profiles(demo_results, demo_view), strict=True
    ):
        (section,) = (one for one in told.sections if one.anchor == "sharp")
        around = table["first"].isin(place.codes) != table["second"].isin(place.codes)
        tested = around & (table["status"] != "untested")
        sharp = int((around & (table["status"] == "frontier")).sum())
        assert f"{int(tested.sum())} gränser" in section.blocks[0].text
        assert len(section.blocks[1].grid.rows) + section.blocks[1].grid.left_out == sharp


def test_indicators_stand_beside_those_of_the_town(demo_results, demo_view):
    (_, told), _ = profiles(demo_results, demo_view)
    (section,) = (one for one in told.sections if one.anchor == "indicators")
    columns = [one.heading for one in section.blocks[0].grid.columns]
    assert columns == ["Indikator", "Norrängen", "Norrängen, allmännyttan", "Påhittköping"]


def test_names_stay_texts(demo_results, demo_view):
    names = ("<img src=x onerror=alert(1)>", "{{ 7*7 }}")
    places = [
        replace(one, name=name)
        for one, name in zip(demo_results.dataset.neighbourhoods, names, strict=True)
    ]
    data = replace(demo_results.dataset, neighbourhoods=tuple(places))
    renamed = dict(zip(("Norrängen", "Solviken"), names, strict=True))

    def changed(table):
        return table.rename(index=renamed, level="place")

    results = replace(
        demo_results,
        dataset=data,
        places=changed(demo_results.places).replace({"name": renamed}),
        members=demo_results.members.replace({"place": renamed}),
        sums=changed(demo_results.sums),
        indicators=changed(demo_results.indicators),
        measured={
            name: replace(one, table=changed(one.table))
            for name, one in demo_results.measured.items()
        },
    )
    for stem, told in profiles(results, demo_view):
        page = html.write(told)
        assert "<img src=x" not in page
        assert re.fullmatch(r"[a-z0-9-]+", stem)
        assert "49" not in told.title


def test_all_profiles_are_one_document_where_that_is_asked(demo_results, demo_view):
    made = profiles(demo_results, demo_view)
    whole = gathered(demo_view, [told for _, told in made])
    assert [one.heading for one in whole.sections] == [told.title for _, told in made]
    pictures = [one for one in every_block(whole.sections) if one.kind == "picture"]
    assert len({one.name for one in pictures}) == len({one.png for one in pictures}) == 4
    options = project.ReportOptions(profiles=["docx", "pdf"])
    files = report.profile_files(replace(demo_view, report=options), made)
    assert sorted(files) == ["profiles.docx", "profiles.pdf"]
    assert files["profiles.pdf"].startswith(b"%PDF")


def test_a_town_without_named_neighbourhoods_says_how_to_name_them(demo_results, demo_view):
    results = replace(demo_results, dataset=replace(demo_results.dataset, neighbourhoods=()))
    assert profiles(results, demo_view) == []
    assert report.profile_files(demo_view, []) == {}
    told = report.compose(results, demo_view, (), cluster_styles=styles(results, demo_view))
    assert "[[neighbourhoods]]" in html.write(told)


def styles(results, view):
    from grannskap.maps import atlas

    return atlas.cluster_styles(results, view)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_both_languages_are_written(demo_results, demo_view, language):
    for _, told in profiles(demo_results, replace(demo_view, language=language)):
        assert f'<html lang="{language}">' in html.write(told)


def test_a_profile_shows_its_map_and_its_curve_in_words_too(demo_results, demo_view):
    for place, (stem, told) in zip(
        demo_results.dataset.neighbourhoods, profiles(demo_results, demo_view), strict=True
    ):
        shown = [one for one in every_block(told.sections) if one.kind == "picture"]
        assert [one.name for one in shown] == [f"picture-{stem}-map", f"picture-{stem}-curve"]
        table = demo_results.at("balance", "area")["estimate"].reindex(list(place.codes))
        alt = shown[0].alt
        assert f"I {(table > 1).sum()} av {len(table)} områden" in alt
        assert f"i {(table < 1).sum()} färre" in alt
        for one in shown:
            assert one.png.startswith(b"\x89PNG")
            assert one.alt
            assert "Källa" in one.caption or one.name.endswith("-curve")


def test_the_same_place_has_the_same_picture_whatever_was_drawn_before(demo_results, demo_view):
    first, second = demo_results.dataset.neighbourhoods
    pictures = Near(demo_results, demo_view)
    alone = pictures.map(first)
    pictures.map(second)
    assert pictures.map(first) == alone
    assert Near(demo_results, demo_view).map(second) == pictures.map(second)


def test_a_part_is_ringed_and_what_has_no_value_is_said_beside_the_bar():
    squares = gpd.GeoSeries([box(1000 * i, 0, 1000 * i + 1000, 1000) for i in range(3)], crs=3006)
    values = pd.Series([0.5, np.nan, 4.5])
    reasons = pd.Series([None, "suppressed", None])
    drawn = figure.Vignettes.of(squares, values, style.balance(), status=reasons).draw(squares[0])
    texts = {one.get_text() for axes in drawn.axes for one in axes.texts}
    assert "Dold av sekretess" in texts
    names = {one.get_gid() for axes in drawn.axes for one in axes.collections}
    assert {"ring", "ring-casing", "class-1", "class--2"} <= names


def test_water_is_no_land_where_it_is_known_which_is_which():
    squares = gpd.GeoSeries([box(0, 0, 1000, 1000)], crs=3006)
    land = gpd.GeoSeries([box(-9000, -9000, 500, 9000)], crs=3006)
    values = pd.Series([0.5])
    for ground, colour in ((land, "#dce7ed"), (None, "#eae8e3")):
        drawn = figure.Vignettes.of(squares, values, style.balance(), land=ground).draw(squares[0])
        (axes,) = (one for one in drawn.axes if one.get_label() == "map")
        assert to_hex(axes.patch.get_facecolor()) == colour
        (painted,) = (one for one in axes.collections if one.get_gid() == "land")
        assert len(painted.get_paths()) == (ground is not None)
