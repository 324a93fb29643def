"""Languages: Swedish by default, and numbers as each language writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grannskap import language
from grannskap.catalogue import AMOUNTS, CLUSTERS, COUNTS, GROUPS, SHARES, Status

LANGUAGES = ["sv", "en"]
MARKS = {"sv": (",", "\u00a0", "−"), "en": (".", ",", "−")}


def read_back(text, tongue):
    decimal, thousands, minus = MARKS[tongue]
    plain = text.replace(thousands, "").replace(decimal, ".").replace(minus, "-")
    return float(plain)


numbers = st.floats(-1e9, 1e9)


@given(numbers, st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_number_reads_back_to_its_decimals(value, decimals, tongue):
    text = language.number(value, decimals=decimals, language=tongue)
    assert read_back(text, tongue) == pytest.approx(value, abs=0.501 * 10**-decimals)


@given(numbers, st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_number_has_exactly_its_decimals(value, decimals, tongue):
    text = language.number(value, decimals=decimals, language=tongue)
    _, mark, tail = text.partition(MARKS[tongue][0]) if tongue == "sv" else text.rpartition(".")
    assert (mark != "") == (decimals > 0)
    assert decimals == 0 or len(tail) == decimals


@given(st.floats(-1e9, -1.0), st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_number_below_nothing_begins_with_its_languages_minus(value, decimals, tongue):
    text = language.number(value, decimals=decimals, language=tongue)
    minus = MARKS[tongue][2]
    assert text.startswith(minus)
    assert not {"-", "−"} & set(text.removeprefix(minus))


@given(st.floats(-0.49, 0.0), st.sampled_from(LANGUAGES))
def test_nothing_is_never_negative(value, tongue):
    assert language.number(value, decimals=0, language=tongue) == "0"


@given(st.integers(0, 10**9), st.sampled_from(LANGUAGES))
def test_a_count_is_grouped_by_three(value, tongue):
    mark = MARKS[tongue][1]
    parts = language.count(value, tongue).split(mark)
    assert "".join(parts) == str(value)
    assert all(len(part) == 3 for part in parts[1:])
    assert 1 <= len(parts[0]) <= 3


@given(st.floats(-1e18, 1e18), st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_number_is_written_as_the_locale_data_of_unicode_have_it(value, decimals, tongue):
    babel = pytest.importorskip("babel.numbers")
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    locale = {"sv": "sv_SE", "en": "en_GB"}[tongue]
    theirs = babel.format_decimal(round(value, decimals) + 0.0, format=pattern, locale=locale)
    ours = language.number(value, decimals=decimals, language=tongue)
    assert ours == theirs.replace("-", MARKS[tongue][2])


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_missing_and_endless_numbers_have_signs_of_their_own(tongue):
    assert language.number(math.nan, decimals=2, language=tongue) == "–"
    assert language.number(math.inf, decimals=2, language=tongue) == "∞"
    assert language.number(-math.inf, decimals=2, language=tongue) == "−∞"
    assert language.count(math.nan, tongue) == "–"
    assert language.ratio(math.nan, tongue) == "–"
    assert language.share(math.nan, tongue) == "–"
    assert language.ratio(math.inf, tongue) == "∞"


@pytest.mark.parametrize(
    ("value", "swedish"),
    [(1.57, "1,57×"), (0.48, "0,48×"), (4.76, "4,76×"), (13.0, "13×"), (11, "11×"), (63, "63×"),
     (7.8, "7,80×"), (1.0, "1,00×"), (0.0, "0,00×"), (9.994, "9,99×"), (9.996, "10×")],
)  # fmt: skip
def test_ratios_are_written_as_the_report_writes_them(value, swedish):
    assert language.ratio(value) == swedish
    assert language.ratio(value, "en") == swedish.replace(",", ".")


@given(st.floats(0, 1), st.integers(0, 2))
def test_a_share_is_per_cent_only_in_its_label(value, decimals):
    swedish = language.share(value, decimals=decimals)
    english = language.share(value, "en", decimals=decimals)
    assert swedish.endswith("\u00a0%")
    assert read_back(swedish.removesuffix("\u00a0%"), "sv") == pytest.approx(
        100 * value, abs=0.501 * 10**-decimals
    )
    assert read_back(english.removesuffix("%"), "en") == read_back(
        swedish.removesuffix("\u00a0%"), "sv"
    )


def test_swedish_is_the_default():
    assert language.number(1234.5, decimals=1) == "1\u00a0234,5"
    assert language.share(0.5) == language.share(0.5, "sv")


def test_a_text_speaks_the_language_asked_for():
    text = language.Text("låg", "low")
    assert (text("sv"), text("en")) == ("låg", "low")


def test_everything_a_reader_sees_has_words_in_both_languages():
    texts = [
        *GROUPS.values(),
        *CLUSTERS.values(),
        *(share.label for share in SHARES.values()),
        *(text for column in (COUNTS | AMOUNTS).values() for text in (column.label, column.unit)),
        *(status.label() for status in Status),
    ]
    for text in texts:
        assert text.sv.strip() == text.sv != ""
        assert text.en.strip() == text.en != ""


def test_every_share_is_a_count_over_a_count():
    for name, share in SHARES.items():
        assert share.name == name
        assert {share.part, share.base} <= set(COUNTS)
        assert COUNTS[share.part].unit == COUNTS[share.base].unit
