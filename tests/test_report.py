"""The report: true numbers, both poles, every option, one language, and an inert page."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from grannskap import analysis, notes, project
from grannskap.catalogue import CLUSTERS
from grannskap.language import Text, count, number
from grannskap.maps import atlas
from grannskap.notes import Note
from grannskap.outputs import report, tables
from grannskap.outputs.report import Picture, cells

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CLUSTERED = ("high-high", "low-low", "high-low", "low-high")
VOID = {"meta", "img", "br", "rect", "path"}

SWEDISH = re.compile(
    r"\b(och|områden|område|kommun|balans|låg|hög|saknas|ej|ja|nej|andel|av|inte|är|med|för|"
    r"från|till|som|prövning|källa|slumpen|medel|frö|visa|alla)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(and|areas(?!\.gpkg)|municipality|balance|low|high|missing|yes|no|share|of|not|is|with|for|from|"
    r"to|which|source|chance|mean|seed|show|more)\b",
    re.IGNORECASE,
)


class Page(HTMLParser):
    """The tags of a page with their attributes, and the texts that a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts, self.open, self.tables = [], [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append({"caption": "", "rows": []})
        if tag == "tr":
            self.tables[-1]["rows"].append([])
        if tag in ("th", "td"):
            self.tables[-1]["rows"][-1].append("")

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open or not data.strip():
            return
        self.texts.append((self.open[-1] if self.open else "", data.strip()))
        if "caption" in self.open:
            self.tables[-1]["caption"] += data
        if {"th", "td"} & set(self.open):
            self.tables[-1]["rows"][-1][-1] += data

    def table(self, caption):
        return next(t["rows"] for t in self.tables if t["caption"].startswith(caption))

    @property
    def text(self):
        return " ".join(data for _, data in self.texts)


def rerun(demo_folder, **update):
    read = project.read(demo_folder / "project.toml")
    options = read.autocorrelation.model_copy(update=update)
    return analysis.run(read.model_copy(update={"autocorrelation": options}))


def with_project(result, **update):
    return replace(result, project=result.project.model_copy(update=update))


PICTURES = (
    Picture("balance", "Titel", "Text", "Alt", PIXEL, "maps/balance.html"),
    Picture("clusters-scatter", "Titel", "", "Alt", PIXEL),
    Picture("unknown", "Titel", "", "Alt", PIXEL),
)


def built(result):
    return Page(report.build(result, PICTURES))


@pytest.fixture(scope="module")
def thorough(demo_folder):
    """The made-up town with every option of clustering in use."""
    return rerun(
        demo_folder,
        scope="9999",
        within="municipality",
        inference="sampled",
        permutations=4999,
        seed=7,
        correction="by",
        alternative="greater",
        empirical_bayes=True,
        sensitivity=True,
        correlogram=True,
    )


@pytest.fixture(scope="module")
def page(thorough):
    return built(thorough)


@pytest.fixture(scope="module")
def plain(demo_analysis):
    return built(demo_analysis)


# --- Numbers -------------------------------------------------------------------------------


def test_balances_equal_the_table(demo_analysis, plain):
    table = tables.balance(demo_analysis)
    _, *rows = plain.table("Balans per plats")
    words = {"Alla": "all", "Allmännyttan": "public_housing"}
    assert len(rows) == int(((table["low"] + table["high"]) > 0).sum())
    for place, year, group, low, high, ratio, *_ in rows:
        row = table.loc[place, int(year), words[group]]
        assert low == count(row["low"])
        assert high == count(row["high"])
        assert ratio == cells.balance(row["ratio_of_sums"], "sv")


def test_classes_add_up_to_the_areas(demo_analysis, plain):
    _, *rows = plain.table("Områden per klass")
    assert sum(int(row[1]) for row in rows) == len(demo_analysis.shown)
    assert sum(int(row[2]) for row in rows) == len(demo_analysis.clustering.local)


def test_the_index_names_the_worst_and_the_best(demo_analysis, plain):
    row = demo_analysis.municipalities.iloc[0]
    _, told = plain.table("Segregationsindex per kommun")
    assert told[1] == number(row["segregation_index"], decimals=2)
    scores = demo_analysis.shown["score"]
    assert scores.idxmin() in " ".join(told)
    assert scores.idxmax() in " ".join(told)


def test_areas_are_told_by_code_and_name(demo_analysis, plain):
    worst = demo_analysis.municipalities["worst_area"].iloc[0]
    name = demo_analysis.areas.loc[worst, "regso_name"]
    assert f"{worst} {name}" in plain.text


def test_nothing_is_told_of_places_where_nobody_is_counted(plain):
    assert not re.findall(r"\b(?:nan|NaN|None)\b", plain.text)
    assert not [text for _, text in plain.texts if re.search(r"\d,\d{5,}|\d\.\d{5,}", text)]


def test_two_years_stand_beside_each_other(demo_analysis, plain):
    head, *rows = plain.table("Indikatorer: Påhittköping")
    assert head[1:3] == ["Alla 2012", "Alla 2017"]
    by_name = {row[0]: row[1:] for row in rows}
    shares = demo_analysis.indicators.loc["Påhittköping"]
    row = shares.loc[(2012, "all")]
    held = int(row["areas"] - row["low_income_share_missing"])
    assert held < row["areas"]
    assert by_name["Andel med låg köpkraft"][0] == (
        f"{number(100 * row['low_income_share'], decimals=0)}\u00a0%* {held} av {row['areas']:.0f}"
    )
    assert "så många av platsens områden som står under det" in plain.text


def test_the_share_in_public_housing_says_nothing_of_its_own_group(demo_analysis, plain):
    head, *rows = plain.table("Indikatorer: Påhittköping")
    told = next(row for row in rows if row[0] == "Andel i allmännyttan")
    own = [cell for name, cell in zip(head, told, strict=True) if name.startswith("Allmännyttan")]
    assert own == ["–", "–"]


# --- Clustering ----------------------------------------------------------------------------


def test_every_option_of_the_test_is_shown(thorough, page):
    shown = {row[0]: row[1] for row in page.table("Alla inställningar")[1:]}
    options = thorough.project.autocorrelation
    assert set(type(options).model_fields) - {"neighbours"} <= set(shown)
    assert {f"neighbours.{n}" for n in type(options.neighbours).model_fields} <= set(shown)
    assert shown["seed"] == "7"
    assert shown["correction"] == "by"
    assert shown["sensitivity"] == "ja"


@pytest.mark.parametrize(
    "words",
    [
        "Yekutieli",
        "frö 7",
        "4\u00a0999",
        "ensidig",
        "empirisk Bayes",
        "scope = 9999",
        "samma kommun",
    ],
)
def test_the_options_are_told_in_words(page, words):
    assert words in page.text


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ({"correction": "bh", "fdr": 0.1}, "Hochberg 1995), så att högst 10 %"),
        ({"correction": "bonferroni"}, "Bonferroni"),
        ({"correction": "none", "fdr": 0.025}, "omkring 2,5 %"),
        ({"alternative": "less"}, "bara mindre än väntat"),
        ({"statistic": "g_star"}, "Getis–Ord G*"),
        ({"statistic": "geary"}, "lokal Geary"),
    ],
)
def test_each_method_has_its_words(demo_analysis, update, words):
    options = demo_analysis.project.autocorrelation.model_copy(update=update)
    assert words in built(with_project(demo_analysis, autocorrelation=options)).text


def test_what_is_tested_and_what_is_shown_are_told_apart(demo_analysis, plain):
    tested = int(demo_analysis.clustering.local["p"].notna().sum())
    held, shown = len(demo_analysis.areas), len(demo_analysis.shown)
    assert f"gäller {tested} av {held} områden" in plain.text
    assert f"kartan visar {shown}." in plain.text


def test_exact_p_is_told_with_its_bound_and_sampled_p_with_its_error(thorough, page, plain):
    assert "utan slumpdragning" in plain.text
    assert "övre gräns" in plain.text
    assert "under 1 % av p" not in plain.text
    error = float(thorough.clustering.local["monte_carlo_error"].max())
    assert f"högst {number(error, decimals=4)}" in page.text


def test_weights_that_differ_have_no_exact_way_and_the_report_says_so(demo_folder):
    neighbours = {"kind": "kernel", "bandwidth": 3000.0}
    options = project.read(demo_folder / "project.toml").autocorrelation.neighbours
    text = built(
        rerun(demo_folder, neighbours=options.model_copy(update=neighbours), permutations=199)
    ).text
    assert "p är exakt" not in text
    assert "p är skattat med 199 slumpade grannskap" in text
    assert "slumpade grannskap var, eftersom 199 inte" in text


def test_within_municipalities_the_two_tests_are_told_apart(thorough, page):
    assert "också över kommungränser" in page.text
    own = thorough.areas["municipality"]
    known = thorough.clustering.scatter["z"].notna()
    known = set(known.index[known])
    used = {
        frozenset((first, second))
        for (first, second), weight in thorough.clustering.graph.adjacency.items()
        if weight > 0 and own[first] == own[second] and {first, second} <= known
    }
    assert thorough.clustering.local.attrs["parameters"]["pairs"] == len(used)
    if len(used) < thorough.clustering.description.links:
        assert f"vilar på {count(len(used))} av grannparen" in page.text


def test_standardised_shares_are_not_told_as_the_shares_themselves(thorough, page, plain):
    assert page.text.count("(standardiserad med empirisk Bayes)") == 2
    assert "(standardiserad med empirisk Bayes)" not in plain.text
    (clusters,) = [m for m in atlas.maps(thorough) if m.style.name == "clusters"]
    assert "(empirisk Bayes)" in clusters.style.caption


def test_neighbours_one_way_are_told_so(demo_folder):
    options = project.read(demo_folder / "project.toml").autocorrelation.neighbours
    nearest = options.model_copy(update={"kind": "knn", "k": 4})
    assert "går åt ett håll" in built(rerun(demo_folder, neighbours=nearest)).text


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("municipality", "medianen av områdena i Påhittköping"),
        ("register", "ovägda medlet av alla områden i registret"),
        (
            {"employment_rate": 0.7, "disposable_income": 250000, "post_secondary_share": 0.3},
            "angiven i projektfilen: förvärvsfrekvens 70,0\u00a0%, disponibel inkomst 250\u00a0000",
        ),
    ],
    ids=["municipality", "register", "stated"],
)
def test_the_reference_of_the_score_is_told_with_its_values(demo_folder, reference, told):
    read = project.read(demo_folder / "project.toml")
    asked = read.segregation.model_copy(update={"reference": reference})
    result = analysis.run(read.model_copy(update={"segregation": asked}))
    text = built(result).text
    assert told in text
    if reference == "municipality":
        row = tables.municipalities(result).iloc[0]
        assert f"förvärvsfrekvens {number(100 * row['reference_employment_rate'], decimals=1)}" in (
            text
        )
    else:
        value = result.recipe.reference["employment_rate"]
        assert f"förvärvsfrekvens {number(100 * value, decimals=1)}" in text


def test_how_many_clustered_areas_stay_in_their_class(thorough, page):
    table = thorough.clustering.sensitivity
    table = table[thorough.clustering.local["p"].notna()]
    settings = int(table["settings"].iloc[0])
    steady = table["same"] == settings
    clustered = table["cluster"].isin(CLUSTERED)
    held = count(clustered.sum())
    assert f"Av {held} områden i kluster står sig {(steady & clustered).sum()} i alla" in page.text
    assert f"är det {steady.sum()} av {len(table)}." in page.text
    assert len(page.table("Områden i kluster")) - 1 == (
        thorough.shown["cluster"].isin(CLUSTERED).sum()
    )


def test_seeds_are_counted_only_where_p_is_drawn(demo_folder, page):
    assert "× 3 frön)" in page.text
    assert "1 frö)" not in page.text
    exact = built(rerun(demo_folder, sensitivity=True))
    assert re.search(r"slags grannskap × 3 nivåer\)", exact.text)


# --- Summary, extremes, students -----------------------------------------------------------


def test_the_summary_names_every_area_at_both_poles_or_counts_it(demo_analysis, plain):
    told = next(text for text in (data for _, data in plain.texts) if text.startswith("Låg ink"))
    shown = demo_analysis.shown
    for word, key in (("Låg", "high-high"), ("Hög", "low-low")):
        members = shown[shown["cluster"] == key]
        sentence = re.search(rf"{word} inkomst är samlad i (\d+) av (\d+) områden: ([^.]*)", told)
        assert int(sentence[1]) == len(members)
        assert int(sentence[2]) == len(shown)
        assert set(re.sub(r" \(\d+ områden?\)", "", sentence[3]).split(", ")) <= (
            set(members["regso_name"])
        )
        counted = [int(n) for n in re.findall(r"\((\d+) områden?\)", sentence[3])]
        alone = len(sentence[3].split(", ")) - len(counted)
        assert sum(counted) + alone == len(members)
    row = demo_analysis.balance.xs((2017, "all"), level=("year", "group")).iloc[0]
    assert f"Balansen är {cells.balance(row['ratio_of_sums'], 'sv')}" in told
    then = demo_analysis.register.xs((2012, "all"), level=("year", "group"))
    pairs = [frame.loc[:, ["low", "high"]] for frame in (then.reindex(shown.index), shown)]
    both = pairs[0].notna().all(axis=1) & pairs[1].notna().all(axis=1)
    sums = [pair[both].sum() for pair in pairs]
    first, last = (cells.balance(total["low"] / total["high"], "sv") for total in sums)
    assert f"gick balansen från {first} till {last} (i {both.sum()} områden" in told
    beyond = demo_analysis.change["within_chance"][demo_analysis.areas["in_view"]].eq(False).sum()
    assert f"i {beyond} av" in told.split("Från 2012 till 2017")[1]


def test_no_pole_without_clusters_is_passed_over(demo_analysis):
    areas = demo_analysis.areas.copy()
    areas.loc[areas["cluster"] == "low-low", "cluster"] = "not significant"
    text = built(replace(demo_analysis, areas=areas)).text
    assert "Hög inkomst är inte samlad i något område" in text


def test_the_ten_at_each_end_are_the_extremes(demo_analysis, plain):
    known = demo_analysis.shown["balance"].dropna()
    for caption, best in (("lägst", known.nsmallest(10)), ("högst", known.nlargest(10))):
        rows = plain.table(f"Områden med {caption} balans")[1:]
        assert [row[1] for row in rows] == [cells.balance(value, "sv") for value in best]
        for row in rows:
            code, name = row[0].split(" ", 1)
            assert demo_analysis.areas.loc[code, "regso_name"] == name


def with_young(result, share, key="high-high"):
    """The analysis with this share aged 20–29 in every area of a class, and 10 % elsewhere."""
    young = np.where(result.areas["cluster"] == key, share, 0.1)
    return replace(result, areas=result.areas.assign(student_share=young))


@pytest.mark.parametrize(
    ("share", "key", "warns"),
    [(0.45, "high-high", True), (0.29, "high-high", False), (0.45, "low-low", False)],
)
def test_students_are_not_told_as_poor(demo_analysis, share, key, warns):
    seen = built(with_young(demo_analysis, share, key))
    head, *rows = seen.table("Områden i kluster på kartan")
    assert head[2] == "20–29 år"
    assert {f"{round(100 * share)}\u00a0%", "10\u00a0%"} == {row[2] for row in rows}
    assert ("områdena med samlad låg inkomst är minst" in seen.text) == warns
    many = int((demo_analysis.shown["cluster"] == key).sum())
    if warns:
        assert seen.text.count(f"I alla de {many} områdena med samlad låg") == 2
        assert seen.text.count(f"({round(100 * share)}\u00a0%)") >= 2 * many


@pytest.mark.parametrize(
    ("share", "told", "warns"), [(0.13, "13\u00a0%", False), (0.5, "50\u00a0%", True)]
)
def test_under_the_index_the_warning_fits(demo_analysis, share, told, warns):
    table = demo_analysis.municipalities.assign(worst_student_share=share)
    areas = demo_analysis.areas.drop(columns="student_share")
    text = built(replace(demo_analysis, municipalities=table, areas=areas)).text
    assert f"I det sämsta området är {told} av invånarna 20–29 år." in text
    assert ("studenter" in text) == warns


def test_poles_that_hold_less_than_half_say_so(demo_analysis, plain):
    doubled = demo_analysis.areas.assign(households=10 * demo_analysis.areas["households"])
    sums = doubled[doubled["in_view"]][["low", "high", "households"]].dropna().sum()
    held = round(100 * (sums["low"] + sums["high"]) / sums["households"])
    text = built(replace(demo_analysis, areas=doubled)).text
    assert f"omfattar tillsammans {held}\u00a0% av alla hushåll" in text
    full = demo_analysis.areas.assign(households=demo_analysis.areas[["low", "high"]].sum(axis=1))
    assert "omfattar tillsammans" not in built(replace(demo_analysis, areas=full)).text


def with_bands(result, q, statistic=0.5):
    """The analysis with four bands of distance, the first of which holds no pair."""
    starts = [0.0, 1000.0, 2000.0, 3000.0]
    bands = pd.DataFrame(
        {
            "from": starts,
            "to": [start + 1000 for start in starts],
            "pairs": [0, 40, 80, 120],
            "areas": [0, 30, 40, 40],
            "statistic": [np.nan, statistic, statistic, statistic],
            "expected": [np.nan, -0.01, -0.01, -0.01],
            "lower": [np.nan, -0.1, -0.1, -0.1],
            "upper": [np.nan, 0.1, 0.1, 0.1],
            "p": [np.nan, *q],
            "q": [np.nan, *q],
        }
    )
    return replace(result, clustering=replace(result.clustering, correlogram=bands))


@pytest.mark.parametrize(
    ("q", "statistic", "told"),
    [
        ((0.01, 0.01, 0.2), 0.5, "upp till 3,0 km"),
        ((0.01, 0.2, 0.01), 0.5, "upp till 2,0 km"),
        ((0.2, 0.01, 0.01), 0.5, "kortaste avståndet med par av områden (1,0–2,0 km)"),
        ((0.01, 0.01, 0.01), -0.5, "kortaste avståndet med par av områden (1,0–2,0 km)"),
    ],
)
def test_distances_without_pairs_say_nothing_and_q_decides(demo_analysis, q, statistic, told):
    result = with_bands(demo_analysis, q, statistic)
    seen = built(result)
    assert told in seen.text
    assert [row[0] for row in seen.table("Morans I efter avstånd")[1:]] == [
        "1,0–2,0",
        "2,0–3,0",
        "3,0–4,0",
    ]
    (drawn,) = [e for e in atlas.extras(result) if e.name == "clusters-correlogram"]
    assert f"{sum(value <= 0.05 for value in q)} av 3 avstånd" in drawn.figure.get_label()
    assert "q ≤ 0,05" in drawn.caption


def test_too_few_distances_with_pairs_give_no_picture(demo_analysis):
    result = with_bands(demo_analysis, (0.01, 0.01, 0.01))
    bands = result.clustering.correlogram.iloc[:3]
    result = replace(result, clustering=replace(result.clustering, correlogram=bands))
    assert "clusters-correlogram" not in [extra.name for extra in atlas.extras(result)]


def test_what_was_not_asked_for_is_not_there(plain):
    captions = [table["caption"] for table in plain.tables]
    assert not any(caption.startswith(("Hur fasta", "Varje kommun")) for caption in captions)


def test_both_poles_are_told_for_any_variable(demo_analysis):
    counts = demo_analysis.shown["cluster"].value_counts()
    figures = built(demo_analysis).text
    assert f"Samlad låg inkomst {counts['high-high']}" in figures
    assert f"Samlad hög inkomst {counts['low-low']}" in figures
    reverse = replace(
        demo_analysis, clustering=replace(demo_analysis.clustering, variable="median_income")
    )
    assert f"Samlad låg inkomst {counts['low-low']}" in built(reverse).text
    other = replace(
        demo_analysis, clustering=replace(demo_analysis.clustering, variable="rented_share")
    )
    text = built(other).text
    assert "låg inkomst" not in text.lower()
    assert f"Höga värden samlade {counts['high-high']}" in text


# --- Language, labels, notes ---------------------------------------------------------------


def without_data(result, text):
    """The text without what the data and the project file say in their own language."""
    names = {str(n) for n in result.areas["regso_name"]} | {p.name for p in result.places}
    for words in sorted({*names, result.project.title, "Påhittköping"}, key=len, reverse=True):
        text = text.replace(words, " ")
    for note in result.notes:
        for code in note.codes if note.kind == "footnotes" else ():
            text = text.replace(code, " ")
    for part in result.project.register_:
        text = text.replace(part.source, " ")
    return text


@pytest.mark.parametrize(("language", "foreign"), [("sv", ENGLISH), ("en", SWEDISH)])
def test_the_report_is_in_one_language(thorough, language, foreign):
    result = with_project(thorough, language=language)
    seen = Page(report.build(result, ()))
    told = without_data(result, seen.text)
    options = next(table for table in seen.tables if "[autocorrelation]" in table["caption"])
    for row in options["rows"][1:]:
        told = told.replace(" ".join(row), " ")
    assert not foreign.findall(told)
    assert seen.tags[0] == ("html", {"lang": language})


def test_the_projects_own_labels_are_used(demo_analysis):
    own = with_project(demo_analysis, labels={"low": "SFI-hushåll", "rented_share": "Hyrda"})
    text = built(own).text
    assert "SFI-hushåll per hög köpkraft" in text
    assert "Hyrda" in text
    assert "Andel hyresrätter" not in text


def test_long_lists_of_codes_are_folded(demo_analysis):
    codes = tuple(f"{i:04d}C1010" for i in range(1, 2001))
    note = Note("many", Text("Många områden saknas.", "Many areas are missing."), codes)
    seen = built(replace(demo_analysis, notes=(note,)))
    assert ("summary", "Visa vilka (2\u00a0000)") in seen.texts
    assert codes[-1] not in seen.text
    assert "1\u00a0700 till" in seen.text


def test_codes_outside_the_map_are_counted_and_left_to_the_manifest(demo_analysis):
    note = Note("register rows not joined", Text("Två finns inte.", "Two are not."), ("A1", "B2"))
    text = built(replace(demo_analysis, notes=(note,))).text
    assert "Två finns inte. Vilka står i manifest.json." in text
    assert "B2" not in text


def test_every_note_that_is_counted_stands_in_a_list(thorough):
    class Items(HTMLParser):
        inside, found = False, 0

        def handle_starttag(self, tag, attributes):
            self.inside = ("class", "notes") in attributes if tag == "ul" else self.inside
            self.found += tag == "li" and self.inside

    items = Items()
    items.feed(report.build(thorough, ()))
    assert items.found == len(report.of_data(thorough)) + len(report.of_test(thorough)) > 0


def test_notes_of_every_test_are_among_those_of_the_analysis(thorough):
    of_overall = set(thorough.clustering.overall.notes)
    assert of_overall | set(notes.of(thorough.clustering.within)) <= set(thorough.notes)


def test_classes_look_as_on_the_map(demo_analysis):
    style = atlas.styles_by_column(atlas.maps(demo_analysis))["cluster"]
    looks = {name: cells.class_cell(name, style).texture for name in CLUSTERS}
    assert looks["high-high"] == ""
    assert len({looks["no neighbours"], looks["no data"], ""}) == 3


def test_pictures_that_explain_the_test_stand_after_what_it_found(demo_analysis):
    names = ("clusters-neighbours", "clusters")
    html = report.build(demo_analysis, [Picture(n, "Titel", "", "Alt", PIXEL) for n in names])
    places = [html.index(word) for word in (names[1], "Vad kartan säger", f'id="{names[0]}"')]
    assert places == sorted(places)


def test_no_note_is_told_twice(demo_analysis, plain):
    assert len(set(demo_analysis.notes)) == len(demo_analysis.notes)
    for note in demo_analysis.notes:
        assert plain.text.count(note.text.sv) <= 1
    assert plain.text.count("Indexet växer") == 1


# --- The page ------------------------------------------------------------------------------


def test_headings_follow_each_other_and_tables_are_named(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(table["caption"] for table in page.tables)
    assert all(row for table in page.tables for row in table["rows"])
    assert all(a.get("alt") for tag, a in page.tags if tag == "img")
    assert len([1 for tag, _ in page.tags if tag == "img"]) == len(PICTURES)


def test_every_row_has_as_many_cells_as_the_head(page):
    for table in page.tables:
        assert {len(row) for row in table["rows"]} == {len(table["rows"][0])}, table["caption"]


def test_the_policy_allows_the_pages_own_style_and_nothing_else(thorough):
    html = report.build(thorough, PICTURES)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    checksum = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    seen = Page(html)
    policy = next(a["content"] for tag, a in seen.tags if a.get("http-equiv"))
    assert f"style-src 'sha256-{checksum}'" in policy
    assert "default-src 'none'" in policy
    assert not [tag for tag, a in seen.tags if tag == "script" or "style" in a or "onerror" in a]
    assert all(a["src"].startswith("data:") for tag, a in seen.tags if "src" in a)


def test_hostile_text_is_text_everywhere(demo_analysis):
    hostile = "</style><script>alert(1)</script>{{ 7*7 }}<img src=x onerror=alert(1)>"
    areas = demo_analysis.areas.copy()
    areas["regso_name"] = hostile
    note = Note("x", Text(hostile, hostile), (hostile,))
    result = replace(
        with_project(demo_analysis, title=hostile, subtitle=hostile, labels={"low": hostile}),
        areas=areas,
        notes=(note,),
    )
    pictures = [Picture(hostile, hostile, hostile, hostile, PIXEL)]
    seen = Page(report.build(result, pictures))
    assert "script" not in [tag for tag, _ in seen.tags]
    assert len([1 for tag, _ in seen.tags if tag == "img"]) == 1
    assert "{{ 7*7 }}" in seen.text


def test_the_same_analysis_gives_the_same_report(demo_analysis):
    assert report.build(demo_analysis, PICTURES) == report.build(demo_analysis, PICTURES)


@pytest.mark.parametrize("width", [360, 1100])
def test_it_opens_quietly_at_any_width(chromium, thorough, tmp_path, width):
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_text(report.build(thorough, PICTURES), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        seen = browser.new_page(viewport={"width": width, "height": 900})
        said, asked = [], []
        seen.on("console", lambda message: said.append(message.text))
        seen.on("request", lambda request: asked.append(request.url))
        seen.goto((tmp_path / "report.html").as_uri())
        across = seen.evaluate("document.documentElement.scrollWidth")
        cut = seen.evaluate(
            "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
            ".map(e => e.ariaLabel)"
        )
        background = seen.evaluate("getComputedStyle(document.querySelector('.figures')).display")
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert across <= width
    assert width < 1100 or cut == []
    assert background == "grid"
