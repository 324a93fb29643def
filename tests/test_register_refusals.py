"""The register refuses what cannot be right, and names it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import CodeError, ColumnError, DataError, GrannskapError, InputFileError
from grannskap.sources import register


@pytest.fixture
def read(tmp_path):
    """A function that writes text to a file and reads it as a register."""

    def write_and_read(text, *, columns, name="register.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return register.read(path, columns=columns, **options)

    return write_and_read


# Columns ----------------------------------------------------------------------------------


def test_a_missing_column_lists_the_files_columns_and_the_nearest(read):
    with pytest.raises(ColumnError) as told:
        read("deso;Kvartil1;Kvartil4\n9999A0010;1;2\n", columns={"low": "Kvartil_1"})
    assert "deso, Kvartil1, Kvartil4" in str(told.value)
    assert "did you mean 'Kvartil1'?" in str(told.value)


def test_a_missing_code_column_lists_the_files_columns(read):
    with pytest.raises(ColumnError, match="område, n"):
        read("område;n\n9999A0010;1\n", columns={"low": "n"}, code="deso")


def test_a_heading_is_found_but_for_case_spaces_and_how_its_letters_are_made(read):
    decomposed = "Lågå".replace("å", "a\u030a")
    frame = read(f"deso;{decomposed}   köpkraft\n9999A0010;1\n", columns={"low": "lågå köpkraft"})
    assert frame["low"].tolist() == [1]


def test_a_heading_that_stands_twice_is_refused(read):
    with pytest.raises(ColumnError, match="2 of that name"):
        read("deso;n;n\n9999A0010;1;2\n", columns={"low": "n"})


def test_two_columns_of_codes_must_be_told_apart(read):
    text = "gammal;ny;n\n9999A0010;9999A0020;1\n9999B1010;9999B1020;2\n"
    with pytest.raises(ColumnError, match="gammal, ny"):
        read(text, columns={"low": "n"})
    frame = read(text, columns={"low": "n"}, code="ny")
    assert frame.index.get_level_values("deso").tolist() == ["9999A0020", "9999B1020"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"columns": {}}, "none"),
        ({"columns": {"deso": "n"}}, "deso"),
        ({"columns": {"low_status": "n"}}, "low_status"),
        ({"columns": {"low": []}}, "low"),
        ({"columns": {"low": "n"}, "percent": {"low": "households"}}, "households"),
        ({"columns": {"low": "n"}, "percent": {"high": "low"}}, "high"),
        ({"columns": {"low": "n"}, "percent": {"low": "low"}}, "low"),
        ({"columns": {"low": "n"}, "amounts": ["high"]}, "high"),
        ({"columns": {"median_income": ["n", "n"]}}, "median_income"),
    ],
)
def test_names_that_do_not_fit_each_other_are_refused(read, options, word):
    with pytest.raises(ColumnError, match=word):
        read("deso;n\n9999A0010;1\n", **options)


# Values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("200,5", "whole"),
        ("tolv", "tolv"),
        ("12 5", "12 5"),
        ("1 2345", "1 2345"),
        ("1.234", "thousands or decimals"),
        ("1,000", "thousands or decimals"),
        ("1.234.567", "1.234.567"),
        ("0x10", "0x10"),
        ("inf", "inf"),
        ("١٢", "١٢"),
        ("=A1", "formulas"),
        ("12%", "12%"),
        ("9" * 400, "9999"),
        ("1E2", "all their digits"),
        ("1,2e+05", "all their digits"),
        ("20 000 001", "none above"),
    ],
)
def test_what_cannot_be_a_count_is_refused_with_its_code(read, cell, word):
    with pytest.raises(DataError) as told:
        read(f"deso;n\n9999A0010;400\n9999B1010;{cell}\n", columns={"low": "n"})
    assert word in str(told.value)
    assert "9999B1010" in str(told.value)
    assert "9999A0010" not in str(told.value)
    assert "low" in str(told.value)


def test_at_most_five_codes_are_named(read):
    rows = "".join(f"9999A{k:04d};x\n" for k in range(10, 200, 10))
    with pytest.raises(DataError) as told:
        read("deso;n\n" + rows, columns={"low": "n"})
    assert str(told.value).count("9999A") == 5


def test_what_looks_like_per_cent_in_a_count_is_told(read):
    with pytest.raises(DataError, match="percent = "):
        read("deso;n\n9999A0010;12,5\n9999B1010;40\n", columns={"low": "n"})


def test_a_fraction_in_an_unknown_column_proposes_amounts(read):
    text = "deso;n\n9999A0010;12,5\n9999B1010;40\n"
    with pytest.raises(DataError, match="amounts"):
        read(text, columns={"cars": "n"})
    assert read(text, columns={"cars": "n"}, amounts=["cars"])["cars"].tolist() == [12.5, 40]


@pytest.mark.parametrize("cells", [("0,5", "0,25"), ("120", "5"), ("-1", "5")])
def test_what_is_no_percentage_is_refused(read, cells):
    text = f"deso;p;n\n9999A0010;{cells[0]};10\n9999B1010;{cells[1]};20\n"
    with pytest.raises(DataError, match="per cent"):
        read(text, columns={"low": "p", "households": "n"}, percent={"low": "households"})


def incomes(read, *cells):
    codes = ["9999A0010", "9999B1010", "9999C1010", "9999C1020"]
    rows = "".join(f"{code};{cell}\n" for code, cell in zip(codes, cells, strict=False))
    return read("deso;n\n" + rows, columns={"median_income": "n"})


@pytest.mark.parametrize("cell", ["228.074", "228,074", "-228.074"])
def test_an_amount_whose_mark_may_part_thousands_is_refused(read, cell):
    with pytest.raises(DataError, match="thousands or decimals") as told:
        incomes(read, "198", cell, "..")
    assert cell in str(told.value)
    assert "9999B1010" in str(told.value)


@pytest.mark.parametrize("shown", ["228.1", "228.0745", "1228.074", "1 228.074", "228."])
def test_a_mark_that_elsewhere_parts_decimals_does_so_everywhere(read, shown):
    assert incomes(read, "228.074", shown)["median_income"].iloc[0] == 228.074
    with pytest.raises(DataError, match="thousands or decimals"):
        incomes(read, "228.074", shown.replace(".", ","))


def test_per_cent_is_never_in_thousands(read):
    text = "deso;p;n\n9999A0010;12,125;800\n"
    frame = read(text, columns={"low": "p", "households": "n"}, percent={"low": "households"})
    assert frame["low"].tolist() == [97]


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("0", "above 0"),
        ("0,00", "above 0"),
        ("1" + "0" * 30, "none above"),
        ("1e30", "all their digits"),
        ("2.28E5", "all their digits"),
        ("1000000001", "none above"),
        ("inf", "inf"),
        ("-1", "negative"),
    ],
)
def test_an_income_of_nothing_or_of_more_than_there_is_is_refused(read, cell, word):
    with pytest.raises(DataError, match=word) as told:
        incomes(read, "228", cell)
    assert "9999B1010" in str(told.value)


def test_incomes_that_look_to_be_of_two_units_are_told(read):
    one_unit = incomes(read, "228", "190", "301,5")
    assert "amounts far apart" not in {note.kind for note in notes.of(one_unit)}
    two = incomes(read, "228", "190000", "301,5", "205")
    told = {note.kind: note.codes for note in notes.of(two)}
    assert told["amounts far apart"] == ("9999B1010",)


def test_own_counts_and_amounts_end_where_floats_are_no_longer_whole(read):
    text = "deso;n\n9999A0010;9007199254740992\n9999B1010;{}\n"
    own = {"columns": {"steps": "n"}}
    assert read(text.format(1), **own)["steps"].iloc[0] == 2**53
    for options in (own, {**own, "amounts": ["steps"]}):
        with pytest.raises(DataError, match="9999B1010"):
            read(text.format(9007199254740994), **options)


def test_a_negative_income_is_refused(read):
    with pytest.raises(DataError, match="negative"):
        read("deso;n\n9999A0010;-1\n", columns={"median_income": "n"})


def test_a_column_without_a_number_is_refused_and_says_why(read):
    with pytest.raises(DataError, match="1 missing, 2 suppressed"):
        read("deso;n\n9999A0010;..\n9999B1010;..\n9999C1010;\n", columns={"low": "n"})


def test_a_file_wholly_outside_its_division_is_refused(read):
    with pytest.raises(DataError, match="1 outside division"):
        read("deso;n\n9999A0010;3\n", columns={"low": "n"}, year=2024, division=2018)


# Rows -------------------------------------------------------------------------------------


def test_repeated_rows_are_refused_and_say_in_what_they_differ(read):
    text = "deso;kön;n\n9999A0010;män;1\n9999A0010;kvinnor;2\n9999B1010;män;3\n"
    with pytest.raises(CodeError) as told:
        read(text, columns={"low": "n"})
    assert "9999A0010" in str(told.value)
    assert "9999B1010" not in str(told.value)
    assert "kön" in str(told.value)
    frame = read(text, columns={"low": "män | n", "high": "kön=kvinnor | n"})
    assert frame["low"].tolist() == [1, 3]
    assert frame["high_status"].tolist() == ["value", "missing"]


def test_rows_repeated_outright_are_refused(read):
    with pytest.raises(CodeError, match="remove"):
        read("deso;n\n9999A0010;1\n9999A0010;1\n", columns={"low": "n"})


def test_the_same_area_with_and_without_its_zero_is_refused(read):
    with pytest.raises(CodeError, match="0114A0010"):
        read("deso;n\n114A0010;1\n0114A0010;1\n", columns={"low": "n"})


@pytest.mark.parametrize("row", ["9999X0010;5", "9999A00;5", "Norra;5", ";5", "9999A0010x;5"])
def test_a_row_whose_code_is_wrong_is_never_dropped(read, row):
    for place in (1, 2):
        rows = ["9999A0010;1", "9999B1010;2"]
        rows.insert(place, row)
        with pytest.raises(GrannskapError):
            read("\n".join(["deso;n", *rows, ""]), columns={"low": "n"})


@pytest.mark.parametrize("row", ["9999B1010", "9999B1010;1;2", '9999B1010;"1'])
def test_a_row_that_is_cut_short_or_too_long_is_refused(read, row):
    with pytest.raises((DataError, InputFileError)):
        read(f"deso;n\n9999A0010;1\n{row}\n9999C1010;3\n", columns={"low": "n"})


def test_a_file_without_a_header_is_refused(read):
    with pytest.raises(InputFileError, match="names above"):
        read("9999A0010;1\n9999B1010;2\n", columns={"low": "n"})


def test_groups_that_nobody_explained_are_named(read):
    text = "deso;form;n\n9999A0010;Kooperativ;1\n9999B1010;Hyresrätt;1\n"
    with pytest.raises(DataError, match="Kooperativ"):
        read(text, columns={"low": "n"}, group="form")
    with pytest.raises(DataError, match="hyra"):
        read(text, columns={"low": "n"}, group="form", groups={"Kooperativ": "hyra"})
    frame = read(text, columns={"low": "n"}, group="form", groups={"Kooperativ": "rented"})
    assert set(frame.index.get_level_values("group")) == {"rented"}


def test_a_year_that_is_none_is_refused(read):
    with pytest.raises(DataError, match="22"):
        read("deso;år;n\n9999A0010;22;1\n", columns={"low": "n"})
    with pytest.raises(ColumnError, match="period"):
        read("deso;n\n9999A0010;1\n", columns={"low": "n"}, year="period")


@settings(max_examples=200, deadline=None)
@given(
    junk=st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='9A0;,\t\n" x.-=|ÅC1', max_size=80).map(
            lambda text: f"deso;n\n9999A0010;1\n{text}".encode()
        ),
        st.text(alphabet='{}[]":,0id', max_size=40).map(lambda text: f"{{{text}".encode()),
    )
)
def test_whatever_a_file_holds_the_answer_is_a_frame_or_one_of_our_errors(junk, tmp_path_factory):
    path = tmp_path_factory.mktemp("junk") / "file"
    path.write_bytes(junk)
    try:
        frame = register.read(path, columns={"low": "n"})
    except GrannskapError:
        return
    assert len(frame) >= 1
    assert frame.index.is_unique
