"""A list of interventions: read by row, placed by name or point, counted, and told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, datasets, project
from grannskap.analysis.interventions import place
from grannskap.catalogue import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.errors import ColumnError, DataError, GrannskapError, InputFileError
from grannskap.maps import figure
from grannskap.maps.atlas.interventions import marks
from grannskap.outputs import tables
from grannskap.outputs.report import html
from grannskap.outputs.report.interventions import section
from grannskap.outputs.report.model import Report
from grannskap.sources import interventions
from grannskap.sources.interventions import Intervention

HEAD = "namn;plats;e;n;nivåer;kriterier;år"


@pytest.fixture
def listed(tmp_path):
    """Read a list of these rows."""

    def read(*rows, head=HEAD, encoding="utf-8"):
        file = tmp_path / "insatser.csv"
        file.write_text("\n".join([head, *rows, ""]), encoding=encoding, newline="")
        return interventions.read(file)

    return read


def test_rows_are_read_in_both_languages_and_in_the_order_of_the_list(listed):
    swedish = listed("Läxhjälp;Solviken;;;stad + individ;socialt, orsaker;2015–2017")
    english = listed(
        "Läxhjälp,Solviken,society|individual,social+causes,2015-2017",
        head="name,place,levels,criteria,years",
    )
    assert swedish == english
    (one,) = swedish
    assert one.levels == ("individual", "society")
    assert one.parts == ("causes", "social")
    assert (one.row, one.first, one.last) == (2, 2015, 2017)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_list_may_come_from_excel(listed, encoding):
    (one,) = listed("Läxhjälp;;;;Individ;Orsaker;", encoding=encoding)
    assert (one.name, one.point, one.first, one.last) == ("Läxhjälp", None, None, None)


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [("2015", 2015, 2015), ("2015–", 2015, None), ("2015 - 2017", 2015, 2017), ("", None, None)],
)
def test_years_are_one_or_a_span_or_go_on(listed, years, first, last):
    (one,) = listed(f"A;;;;individ;orsaker;{years}")
    assert (one.first, one.last) == (first, last)


def test_a_point_is_the_same_in_both_systems(listed):
    (plane,) = listed("A;;674572;6580822;individ;orsaker;")
    (round_,) = listed("A;18,0686;59,3293;individ;orsaker", head="name;lon;lat;levels;criteria")
    assert plane.point == pytest.approx(round_.point, abs=200)


@pytest.mark.parametrize(
    ("row", "name", "near"),
    [
        ("A;;;;grannskapp;orsaker;", "unknown word of an intervention", "Grannskap"),
        ("A;;;;individ;potensialer;", "unknown word of an intervention", "Potentialer"),
        ("A;;;;individ;;", "unknown word of an intervention", None),
        ("A;;;;;orsaker;", "unknown word of an intervention", None),
        ("A;;;;individ;orsaker;2017–2015", "unknown years of an intervention", None),
        ("A;;;;individ;orsaker;i fjol", "unknown years of an intervention", None),
        ("A;;1;2;individ;orsaker;", "point of an intervention outside", None),
        ("A;;674032;;individ;orsaker;", "point of an intervention outside", None),
        (";;;;individ;orsaker;", "intervention without a name", None),
    ],
)
def test_a_fault_is_told_by_its_row_and_what_was_meant(listed, row, name, near):
    with pytest.raises(DataError) as caught:
        listed("B;;;;individ;orsaker;", "", row)
    assert caught.value.name == name
    assert caught.value.values["row"] == 4
    if near is not None:
        assert caught.value.values["near"].sv == near
    for language in ("sv", "en"):
        assert "4" in caught.value.told(language)


@pytest.mark.parametrize(
    ("head", "error"),
    [
        ("namn;plats;kriterier", ColumnError),
        ("namn;nivåer;kriterier;e", ColumnError),
        ("namn;insats;nivåer;kriterier", ColumnError),
        ("", ColumnError),
    ],
)
def test_columns_that_are_needed_are_named(listed, head, error):
    with pytest.raises(error) as caught:
        listed("A;B;individ;orsaker", head=head)
    assert caught.value.told("sv")


def test_a_list_without_rows_or_too_long_or_damaged_is_refused(listed):
    with pytest.raises(DataError):
        listed()
    with pytest.raises(InputFileError):
        listed(*["A;;;;individ;orsaker;"] * 2001)
    with pytest.raises(InputFileError):
        listed('A;"B')


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("list") / "list.csv"
    file.write_bytes(HEAD.encode() + b"\n" + content)
    told = "read"
    try:
        interventions.read(file)
    except GrannskapError as error:
        told = error.told("sv")
    assert told.isprintable()


# --- Placed ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The made-up town's dataset and view."""
    file = datasets.write_inputs(tmp_path_factory.mktemp("town"))
    data, _, view = analysis.read(project.read(file))
    return data, view


def row(name="A", where="", point=None, levels=("individual",), parts=("causes",)):
    return Intervention(2, name, where, point, levels, parts, None, None)


def placed(town, *rows):
    data, view = town
    return place(rows, data, view.mask(data.geometry.index), file="list.csv")


def test_a_point_lies_in_the_area_about_it(town):
    data, _ = town
    middles = data.geometry.geometry.representative_point()
    found = placed(town, *(row(point=(p.x, p.y)) for p in middles))
    assert [min(one.codes) for one in found.placed] == [*data.geometry.index]
    assert all(one.where == "point" and len(one.codes) == 1 for one in found.placed)


def test_a_place_is_its_areas_and_is_marked_within_them(town):
    data, _ = town
    for name in ("Norrängen", "norrängen", "Hamnen"):
        (one,) = placed(town, row(where=name)).placed
        whole = data.geometry.geometry.loc[sorted(one.codes)].union_all()
        assert whole.contains(one.mark)
        assert set(data.geometry.loc[sorted(one.codes), "regso_name"]) == {name.capitalize()}
    named = placed(town, row(where="Norrängen"), row(where="Hamnen")).placed
    assert [one.where for one in named] == ["neighbourhood", "areas"]


def test_what_has_no_mark_is_counted_and_named(town):
    found = placed(
        town, row("Hela", "Påhittköping"), row("Ingen"), row("Borta", point=(674_000, 6_580_000))
    )
    assert [one.where for one in found.placed] == ["whole", "nowhere", "outside"]
    assert not any(one.codes or one.mark for one in found.placed)
    told = {note.kind: note.values["names"] for note in found.notes()}
    assert told == {
        "interventions for the whole": ["Hela"],
        "interventions without a place": ["Ingen"],
        "interventions outside the map": ["Borta"],
    }


def test_a_place_that_is_not_there_is_told_with_what_is(town):
    with pytest.raises(DataError) as caught:
        placed(town, row(where="Norrangen"))
    assert caught.value.values["near"] == ["Norrängen"]
    assert "Norrängen" in caught.value.told("en")


rows_of_any = st.lists(
    st.tuples(
        st.sets(st.sampled_from([*INTERVENTION_LEVELS]), min_size=1),
        st.sets(st.sampled_from([*INTERVENTION_PARTS]), min_size=1),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(rows_of_any)
def test_the_grid_counts_each_row_once_in_each_of_its_cells(town, chosen):
    rows = [row(levels=tuple(levels), parts=tuple(parts)) for levels, parts in chosen]
    grid = placed(town, *rows).grid()
    assert grid.shape == (3, 6)
    assert grid.to_numpy().sum() == sum(len(levels) * len(parts) for levels, parts in chosen)
    for level in INTERVENTION_LEVELS:
        for part in INTERVENTION_PARTS:
            brute = sum(level in levels and part in parts for levels, parts in chosen)
            assert grid.loc[level, part] == brute


# --- In the outputs ----------------------------------------------------------------------------


def test_the_tables_agree_with_the_list_and_with_each_other(demo_results, demo_view):
    named = tables.named(demo_results, demo_view)
    rows, grid = named["interventions"], named["interventions-grid"]["interventions"]
    assert len(rows) == len(demo_view.interventions.placed)
    for (level, _, part), count in grid.items():
        assert count == (rows[f"level_{level}"] & rows[f"criterion_{part}"]).sum()
    for name in ("interventions", "interventions-grid", "interventions-by-place"):
        for column in (*named[name].index.names, *named[name]):
            assert demo_view.heading(column) != column


def test_a_place_is_touched_by_what_has_an_area_in_it(demo_results, demo_view):
    table = tables.named(demo_results, demo_view)["interventions-by-place"]
    held = demo_view.interventions
    for one in demo_results.dataset.neighbourhoods:
        brute = sum(bool(set(one.codes) & each.codes) for each in held.placed)
        assert table.loc[("neighbourhood", one.name), "interventions"] == brute
    kinds = table.index.get_level_values("place_kind").tolist()
    assert kinds.count("pole") == 2
    assert kinds.count("cluster") == 2 * len(demo_results.clusterings)


def test_the_report_tells_what_has_none_and_no_more(demo_folder, demo_view):
    page = (demo_folder / "report.html").read_text(encoding="utf-8")
    assert page.count('id="interventions"') == page.count('id="what-is-done"') == 1
    told = page.split('id="what-is-done"')[1]
    assert "Av rutnätets 18 rutor är 7 tomma." in told
    assert "Ingen insats med plats i listan berör Solviken;" in told
    for one in demo_view.interventions.placed:
        assert one.row.name in told
    alt = (demo_folder / "maps" / "interventions.txt").read_text(encoding="utf-8")
    assert "Individ: Orsaker 2, Potentialer 1" in alt


def test_every_marked_place_is_a_point_on_the_maps(demo_results, demo_view):
    (overlay,) = marks(demo_view)
    places = {(one.mark.x, one.mark.y) for one in demo_view.interventions.placed if one.mark}
    assert {(point.x, point.y) for point in overlay.geometry} == places
    assert "Läxhjälp efter skolan, Bostadsrätter byggs" in overlay.names


HOSTILE = ("=1+1", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "a" * 200)


def test_hostile_names_stay_texts(demo_results, demo_view, listed):
    rows = listed(*(f'"{name}";;;;individ;orsaker;' for name in HOSTILE))
    data = demo_results.dataset
    held = place(rows, data, demo_view.mask(data.geometry.index), file="list.csv")
    view = replace(demo_view, interventions=held)
    written = tables.csv(tables.named(demo_results, view)["interventions"]).decode()
    assert "\n2,'=1+1," in written
    told = section(demo_results, view, ())
    page = html.write(Report("", "", "sv", (), (), (told,)))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("page", [*figure.PAGES])
def test_the_grid_keeps_within_its_page(page):
    names = [
        [[f"En insats med ett långt namn {i}" for i in range(n)] for n in (0, 1, 3, 9, 2, 5)]
    ] * 3
    columns = [(group, part) for group in ("Första", "Andra", "Tredje") for part in ("a", "b")]
    drawn = figure.matrix(names, rows=["x", "y", "z"], columns=columns, title="Rutnät", page=page)
    wide, high = drawn.get_size_inches() * 25.4
    assert wide == pytest.approx(figure.PAGES[page].width)
    assert high <= figure.PAGES[page].height + 0.1
    for axes in drawn.axes:
        for patch in axes.patches:
            assert patch.get_y() >= 0
            assert patch.get_x() + patch.get_width() <= wide + 0.1
