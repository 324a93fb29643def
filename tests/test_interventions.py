"""A list of interventions: read by row, placed by name or point, counted, and told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import analysis, datasets, project
from grannskap.analysis.interventions import place
from grannskap.catalogue import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.errors import ColumnError, DataError, GrannskapError, InputFileError
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
