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

from grannskap import analysis, notes
from grannskap.analysis import headline
from grannskap.catalogue import CLUSTERS, cluster_poles
from grannskap.language import count, counted, number
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
    r"från|till|som|jämförelse|källa|slumpen|medelvärde|startvärde|visa|alla)\b",
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


def rerun(read, **update):
    """The made-up town, tested in another way."""
    data, options, _ = read
    asked = options.autocorrelation.model_copy(update=update)
    return analysis.run(data, options.model_copy(update={"autocorrelation": asked}))


def asking(results, **update):
    """The same results under other words for how they were tested."""
    asked = results.options.autocorrelation.model_copy(update=update)
    options = results.options.model_copy(update={"autocorrelation": asked})
    return replace(results, options=options)


def swatches(html):
    """Colours beside the classes in the tables of a page: label and colour, in order."""
    cell = re.compile(r'fill="(#[0-9a-f]{6})" stroke="#8c8c8c"/>.*?</svg>\s*([^<]+)', re.DOTALL)
    return [(label.strip(), colour) for colour, label in cell.findall(html)]


def with_test(results, **update):
    """The results with another first test, and no second one."""
    return replace(results, clusterings=(replace(results.clustering, **update),))


PICTURES = (
    Picture("balance", "Titel", "Text", "Alt", PIXEL, "maps/map.html#m=balance"),
    Picture("clusters-scatter", "Titel", "", "Alt", PIXEL),
    Picture("unknown", "Titel", "", "Alt", PIXEL),
)


def html_of(results, view, pictures=PICTURES):
    styles = atlas.cluster_styles(results, view)
    return report.build(results, view, pictures, cluster_styles=styles)


def built(results, view):
    return Page(html_of(results, view))


@pytest.fixture(scope="module")
def thorough(demo_read):
    """The made-up town with every option of clustering in use."""
    return rerun(
        demo_read,
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
def far(demo_read):
    """The made-up town compared across all its borders, in other settings and by distance."""
    return rerun(demo_read, sensitivity=True, correlogram=True, permutations=199)


@pytest.fixture(scope="module")
def page(thorough, demo_view):
    return built(thorough, demo_view)


@pytest.fixture(scope="module")
def plain(demo_results, demo_view):
    return built(demo_results, demo_view)


# --- Numbers -------------------------------------------------------------------------------


def test_balances_equal_the_table(demo_results, demo_view, plain):
    table = tables.balance(demo_results, demo_view)
    _, *rows = plain.table("Balansmått per plats, år och grupp")
    words = {"Alla": "all", "Allmännyttan": "public_housing"}
    assert len(rows) == int(((table["low"] + table["high"]) > 0).sum())
    for place, year, group, low, high, ratio, *_ in rows:
        row = table.loc[place, int(year), words[group]]
        assert low == count(row["low"])
        assert high == count(row["high"])
        assert ratio.split(" ")[0] == headline.balance(row["ratio_of_sums"], "sv")
        between = headline.bounds(row["at_least"], row["at_most"], "sv")
        assert ("alla områden" in ratio) == (row["areas_missing"] > 0)
        assert between in ratio


def test_classes_add_up_to_the_areas(demo_results, demo_view, plain):
    found = [t["rows"][1:] for t in plain.tables if t["caption"].startswith("Områden per klass")]
    assert len(found) == len(demo_results.clusterings) == 2
    for rows, clustering in zip(found, demo_results.clusterings, strict=True):
        assert sum(int(row[1]) for row in rows) == len(demo_view.shown(demo_results))
        assert sum(int(row[2]) for row in rows) == len(clustering.local)


def test_the_index_names_the_worst_and_the_best(demo_results, demo_view, plain):
    row = demo_view.index(demo_results).iloc[0]
    _, told = plain.table("Segregationsindex per kommun")
    assert told[1] == number(row["segregation_index"], decimals=2)
    scores = demo_view.shown(demo_results)["score"]
    names = demo_results.areas["regso_name"]
    for end in (scores.idxmin(), scores.idxmax()):
        assert f"{names[end]} ({end[4:]})" in " ".join(told)


def test_areas_are_told_by_name_and_codes_stand_apart(demo_results, demo_view):
    """A code in full stands only where it is asked for."""
    html = html_of(demo_results, demo_view, ())
    worst = demo_results.index["worst_area"].iloc[0]
    name = demo_results.areas.loc[worst, "regso_name"]
    assert f"{name} ({worst[4:]})" in Page(html).text
    main = html.split('<section id="appendix">')[0]
    assert not re.findall(
        r"9999[ABC]\d{4}", re.sub(r"<details>.*?</details>", "", main, flags=re.S)
    )


def test_nothing_is_told_of_places_where_nobody_is_counted(plain):
    assert not re.findall(r"\b(?:nan|NaN|None)\b", plain.text)
    assert not [text for _, text in plain.texts if re.search(r"\d,\d{5,}|\d\.\d{5,}", text)]


def test_two_years_stand_beside_each_other(demo_results, plain):
    head, *rows = plain.table("Indikatorer: Påhittköping")
    assert head[1:3] == ["Alla 2012", "Alla 2017"]
    by_name = {row[0]: row[1:] for row in rows}
    row = demo_results.indicators.loc[("municipality", "9999", 2012, "all")]
    held = int(row["areas"] - row["low_income_share_missing"])
    assert held < row["areas"]
    assert by_name["Andel med låg köpkraft"][0] == (
        f"{number(100 * row['low_income_share'], decimals=0)}\u00a0%* {held} av {row['areas']:.0f}"
    )
    assert plain.text.count("* Alla områden har inte uppgift") == 1


def test_the_share_in_public_housing_says_nothing_of_its_own_group(demo_results, plain):
    head, *rows = plain.table("Indikatorer: Påhittköping")
    told = next(row for row in rows if row[0] == "Andel i allmännyttan")
    own = [cell for name, cell in zip(head, told, strict=True) if name.startswith("Allmännyttan")]
    assert own == ["–", "–"]


# --- Clustering ----------------------------------------------------------------------------


def test_every_option_of_the_test_is_shown(thorough, page):
    shown = {row[0]: row[1] for row in page.table("Alla inställningar")[1:]}
    options = thorough.options.autocorrelation
    assert set(type(options).model_fields) - {"neighbours"} <= set(shown)
    assert {f"neighbours.{n}" for n in type(options.neighbours).model_fields} <= set(shown)
    assert shown["seed"] == "7"
    assert shown["correction"] == "by"
    assert shown["sensitivity"] == "ja"


def test_each_test_is_told_in_the_colours_of_its_own_map(demo_results, demo_view):
    """Orange is the poor pole: many of the poor, and few of the rich."""
    html = html_of(demo_results, demo_view, ())
    drawn = {which.style.name: which.style for which in atlas.maps(demo_results, demo_view)}
    parts = html.split("<caption>Områden per klass")[1:]
    assert len(parts) == 2
    for part, name in zip(parts, ("clusters", "clusters-high_income_share"), strict=True):
        on_map = dict(zip(drawn[name].labels, drawn[name].colours, strict=True))
        table = part.partition("</table>")[0]
        told = [(label, colour) for label, colour in swatches(table) if label in on_map]
        assert len(told) >= len(on_map)
        assert all(colour == on_map[label] for label, colour in told)


def test_the_classes_are_as_many_as_on_the_map_also_of_those_without_a_value(
    demo_results, demo_view
):
    page = Page(html_of(demo_results, demo_view, ()))
    style = atlas.maps(demo_results, demo_view)[0].style
    rows = {row[0]: row[1:] for row in page.table("Områden per klass")[1:]}
    assert {gap.label for gap in style.gaps[:2]} == {"Uppgift saknas", "Dold av sekretess"}
    status = demo_results.areas["low_income_share_status"].value_counts()
    assert rows["Dold av sekretess"] == [str(status["suppressed"])] * 2
    assert rows["Uppgift saknas"] == [str(status.get("missing", 0))] * 2


@pytest.mark.parametrize(
    "words",
    [
        "Yekutieli",
        "startvärde 7",
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
        ({"statistic": "geary"}, "Lokal Geary"),
    ],
)
def test_each_method_has_its_words(demo_results, demo_view, update, words):
    text = built(asking(demo_results, **update), demo_view).text
    assert words in text.replace("\u00a0", " ")


def test_what_is_tested_and_what_is_shown_are_told_apart(demo_results, demo_view, plain):
    tested = int(demo_results.clustering.local["p"].notna().sum())
    held, shown = len(demo_results.areas), len(demo_view.shown(demo_results))
    assert f"Kartan visar {shown} områden, jämförda med {tested} av {held}." in plain.text


def test_a_correction_tells_how_many_areas_it_was_made_over(demo_results, plain):
    for clustering in demo_results.clusterings:
        family = int(clustering.local["p"].notna().sum())
        assert clustering.local.attrs["parameters"]["family"] == family
        assert f"Samtidigt jämförs {family} områden" in plain.text


def test_exact_p_is_told_with_its_bound_and_sampled_p_with_its_error(thorough, page, plain):
    assert "utan slumpdragning" in plain.text
    assert "övre gräns" in plain.text
    assert "under 1 % av p" not in plain.text
    error = float(thorough.clustering.local["monte_carlo_error"].max())
    assert f"högst {number(error, decimals=4)}" in page.text


def test_weights_that_differ_have_no_exact_way_and_the_report_says_so(demo_read, demo_view):
    neighbours = demo_read[1].autocorrelation.neighbours
    kernel = neighbours.model_copy(update={"kind": "kernel", "bandwidth": 3000.0})
    results = rerun(demo_read, neighbours=kernel, permutations=199)
    text = built(results, demo_view).text
    assert "utan slumpdragning" not in text
    assert "p är skattat med 199 slumpade grannar" in text


def test_within_municipalities_nothing_is_told_across_their_borders(thorough, page):
    assert thorough.clustering.overall is None
    assert "Områden jämförs bara inom sin egen kommun." in page.text
    assert not re.search(r"Morans I är", page.text)
    assert "Områden jämförs bara med andra i samma kommun." in page.text
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


def test_standardised_shares_are_not_told_as_the_shares_themselves(
    thorough, demo_view, page, plain
):
    tests = len(thorough.clusterings)
    assert page.text.count("(standardiserad med empirisk Bayes)") == tests == 2
    assert "(standardiserad med empirisk Bayes)" not in plain.text
    clusters = [m for m in atlas.maps(thorough, demo_view) if m.style.name.startswith("clusters")]
    assert len(clusters) == tests
    assert all("(empirisk Bayes)" in which.style.title for which in clusters)


def test_neighbours_one_way_are_told_so(demo_read, demo_view):
    neighbours = demo_read[1].autocorrelation.neighbours
    nearest = neighbours.model_copy(update={"kind": "knn", "k": 4})
    text = built(rerun(demo_read, neighbours=nearest), demo_view).text
    assert "Grannar räknas åt ett håll" in text


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("municipality", "medianen av områdena i Påhittköping"),
        ("register", "andelar på summan av alla områden, belopp som ovägt medelvärde"),
        (
            {"employment_rate": 0.7, "disposable_income": 250000, "post_secondary_share": 0.3},
            "angiven i projektfilen: förvärvsfrekvens 70,0\u00a0%, disponibel inkomst 250\u00a0000",
        ),
    ],
    ids=["municipality", "register", "stated"],
)
def test_the_reference_of_the_score_is_told_with_its_values(demo_read, demo_view, reference, told):
    data, options, _ = demo_read
    asked = options.segregation.model_copy(update={"reference": reference})
    result = analysis.run(data, options.model_copy(update={"segregation": asked}))
    text = built(result, demo_view).text
    assert told in text
    if reference == "municipality":
        row = tables.municipalities(result, demo_view).iloc[0]
        assert f"förvärvsfrekvens {number(100 * row['reference_employment_rate'], decimals=1)}" in (
            text
        )
    else:
        value = result.recipe.reference["employment_rate"]
        if reference == "register":
            everybody = data.counts.xs((2017, "all"), level=["year", "group"])
            summed = everybody["employed"].sum() / everybody["working_age"].sum()
            assert value == pytest.approx(summed)
        assert f"förvärvsfrekvens {number(100 * value, decimals=1)}" in text


def test_how_many_clustered_areas_stay_in_their_class(thorough, demo_view, page):
    table = thorough.clustering.sensitivity
    table = table[thorough.clustering.local["p"].notna()]
    settings = int(table["settings"].iloc[0])
    steady = table["same"] == settings
    clustered = table["cluster"].isin(CLUSTERED)
    held = counted(int(clustered.sum()), "area").sv
    stay = (steady & clustered).sum()
    assert f"Av {held} i kluster har {stay} samma klass i alla {settings} inst" in page.text
    assert f"är det {steady.sum()} av {len(table)}." in page.text
    shown = demo_view.shown(thorough)["cluster"].isin(CLUSTERED)
    rows = page.table(CLUSTERS_OF["low_income_share"])[1:]
    assert sum(int(row[2]) for row in rows) == shown.sum()
    in_all = table.reindex(shown.index[shown])["share"].eq(1).sum()
    assert sum(int(row[-1]) for row in rows) == in_all


def test_areas_in_clusters_stand_by_place_not_one_by_one(demo_results, demo_view, plain):
    shown = demo_view.shown(demo_results)
    for clustering in demo_results.clusterings:
        classes = shown[column_of(demo_results, clustering)]
        members = shown[classes.isin(CLUSTERED)]
        by_place = members.groupby([members["regso_name"], classes[members.index].astype(str)])
        expected = sorted((name, len(codes)) for (name, _), codes in by_place.groups.items())
        rows = plain.table(CLUSTERS_OF[clustering.variable])[1:]
        assert sorted((row[0], int(row[2])) for row in rows) == expected


def test_seeds_are_counted_only_where_p_is_drawn(demo_read, demo_view, page):
    assert "× 3 startvärden)" in page.text
    assert "1 startvärden)" not in page.text
    exact = built(rerun(demo_read, sensitivity=True), demo_view)
    assert re.search(r"sätt att välja grannar × 3 nivåer\)", exact.text)


# --- Summary, extremes, students -----------------------------------------------------------


def summary_of(seen):
    """The paragraphs that a reader meets first, in one."""
    paragraphs = [data for tag, data in seen.texts if tag == "p"]
    last = next(i for i, one in enumerate(paragraphs) if one.startswith("Siffrorna visar var"))
    return " ".join(paragraphs[: last + 1])


SUBJECTS = {
    "low_income_share": "andelen med låg köpkraft",
    "high_income_share": "andelen med hög köpkraft",
}
CLUSTERS_OF = {
    name: f"Var {subject} är hög eller låg, även hos grannarna"
    for name, subject in SUBJECTS.items()
}
WHERE = {"high-high": "hög, även hos grannarna", "low-low": "låg, även hos grannarna"}


def column_of(results, clustering):
    first = clustering.variable == results.clusterings[0].variable
    return "cluster" if first else f"cluster_{clustering.variable}"


def test_the_summary_names_every_area_at_both_ends_of_what_was_tested(
    demo_results, demo_view, plain
):
    shown = demo_view.shown(demo_results)
    for clustering in demo_results.clusterings:
        subject = SUBJECTS[clustering.variable]
        told = summary_of(plain).split(f"{subject}", 1)[1]
        classes = shown[column_of(demo_results, clustering)]
        for key in cluster_poles(clustering.variable):
            members = shown[classes == key]
            (sentence,) = re.findall(rf"I [^.]* är den {WHERE[key]}[^.]*\.", told)[:1]
            if members.empty:
                assert sentence.startswith("I inget område är den")
                continue
            held = "ett" if len(members) == 1 else str(len(members))
            assert re.match(rf"I {held} (av {len(shown)} områden|områden?) är den", sentence)
            names = sentence.rstrip(".").split(": ")[1]
            plain_names = re.sub(r" \(\d+ områden?\)| och \d+ områden? till", "", names)
            listed = re.split(", | och ", plain_names)
            assert set(listed) <= set(members["regso_name"])
            several = [int(n) for n in re.findall(r"\((\d+) områden?\)", names)]
            more = [int(n) for n in re.findall(r"och (\d+) områden? till", names)]
            assert sum(several) + sum(more) + len(listed) - len(several) == len(members)
        quiet = (classes == "not significant").sum()
        assert f"I {quiet} områden kan mönstret bero på slumpen." in told


def test_the_summary_tells_the_balance_by_people_and_what_is_not_known_of_it(
    demo_results, demo_view, plain
):
    told = summary_of(plain)
    row = tables.balance(demo_results, demo_view).loc[("Påhittköping", 2017, "all")]
    known, least, most = (
        round(100 * row[name]) for name in ("ratio_of_sums", "at_least", "at_most")
    )
    assert least < known < most
    gone, held = row["areas_missing"], row["areas"] + row["areas_missing"]
    assert told.startswith(
        f"I Påhittköping finns mellan {least} och {most} hushåll med låg köpkraft på 100 med hög. "
        f"Spannet beror på att {gone} område av {held} saknar uppgift. "
        f"I de övriga är talet {known} på 100. "
    )
    low, high = count(row["low"]), count(row["high"])
    assert f"Det är {low} hushåll med låg köpkraft och {high} med hög." in told


def test_the_summary_counts_the_areas_on_each_side_of_as_many(demo_results, demo_view, plain):
    shown = demo_view.shown(demo_results)
    known = shown[["low", "high"]].dropna()
    more, fewer = (known["low"] > known["high"]).sum(), (known["low"] < known["high"]).sum()
    assert f"I {more} av {len(shown)} områden är hushåll med låg köpkraft fler än de med hög" in (
        summary_of(plain)
    )
    assert f"i {fewer} färre" in summary_of(plain)


def with_overall(results, p, classes):
    """The results with this p of all areas together, and these classes of every area."""
    one = results.clustering
    overall = replace(one.overall, p=p)
    areas = results.areas.assign(cluster=classes)
    return replace(results, areas=areas, clusterings=(replace(one, overall=overall),))


@pytest.mark.parametrize(
    ("p", "some", "says", "says_not"),
    [
        (0.0002, True, "Grannområden liknar varandra i fråga om", "Men inte i något"),
        (0.0002, False, "Men inte i något enskilt område på kartan är likheten", "I 0 "),
        (0.6, True, "kan sammantaget bero på slumpen, men inte i alla områden", "liknar varandra"),
        (0.6, False, "hög eller låg kan bero på slumpen: inget område", "liknar varandra"),
    ],
)
def test_what_all_areas_show_and_what_each_shows_are_joined(
    demo_results, demo_view, p, some, says, says_not
):
    classes = demo_results.areas["cluster"] if some else "not significant"
    told = summary_of(built(with_overall(demo_results, p, classes), demo_view))
    assert says in told
    assert says_not not in told


def test_the_summary_compares_years_over_the_areas_known_in_both(demo_results, demo_view, plain):
    told, shown = summary_of(plain), demo_view.shown(demo_results)
    everybody = demo_results.dataset.counts.xs("all", level="group")
    pairs = [
        everybody.xs(year, level="year").reindex(shown.index)[["low", "high"]]
        for year in (2012, 2017)
    ]
    both = pairs[0].notna().all(axis=1) & pairs[1].notna().all(axis=1)
    sums = [pair[both].sum() for pair in pairs]
    then, now = (round(100 * total["low"] / total["high"]) for total in sums)
    assert now < then
    assert f"minskade talet från {then} till {now} på 100 (i {both.sum()} områden" in told
    change = demo_results.change.loc[shown.index, "within_chance"]
    beyond = change.eq(False).sum()
    assert f"I {beyond} av {change.notna().sum()} områden" in told.split("Från 2012 till 2017")[1]


def test_no_pole_without_clusters_is_passed_over(demo_results, demo_view):
    areas = demo_results.areas.copy()
    areas.loc[areas["cluster"] == "low-low", "cluster"] = "not significant"
    text = built(replace(demo_results, areas=areas), demo_view).text
    assert "I inget område är den låg, även hos grannarna." in text
    areas["cluster"] = "not significant"
    text = built(replace(demo_results, areas=areas), demo_view).text
    assert "Men inte i något enskilt område på kartan" in text


def test_the_ten_at_each_end_are_the_extremes(demo_results, demo_view, plain):
    known = demo_view.shown(demo_results)["balance"].dropna()
    for pole, best in (("hög", known.nsmallest(10)), ("låg", known.nlargest(10))):
        rows = plain.table(f"Störst övervikt av {pole} köpkraft")[1:]
        assert [row[1] for row in rows] == [headline.balance(value, "sv") for value in best]
        for row in rows:
            name, code = re.fullmatch(r"(.*) \((.*)\)", row[0]).groups()
            assert demo_results.areas.loc[f"9999{code}", "regso_name"] == name


@pytest.mark.parametrize(("known", "each"), [(7, 3), (6, 3), (3, 1), (2, 1), (40, 10)])
def test_the_two_ends_never_meet(demo_results, demo_view, known, each):
    areas = demo_results.areas.copy()
    order = areas["balance"].dropna().sort_values().index
    spread = pd.Series(np.geomspace(0.1, 9, known), index=order[:known])
    areas["balance"] = spread.reindex(areas.index)
    seen = built(replace(demo_results, areas=areas), demo_view)
    ends = [seen.table(f"Störst övervikt av {word} köpkraft")[1:] for word in ("hög", "låg")]
    assert [len(rows) for rows in ends] == [each, each]
    named = [row[0] for rows in ends for row in rows]
    assert len(set(named)) == 2 * each


def test_a_single_known_area_has_no_table_of_ends(demo_results, demo_view):
    areas = demo_results.areas.copy()
    areas["balance"] = areas["balance"].where(areas.index == areas["balance"].idxmax())
    seen = built(replace(demo_results, areas=areas), demo_view)
    assert not [table for table in seen.tables if table["caption"].startswith("Störst övervikt")]


def test_a_table_of_ends_says_which_side_is_larger_only_where_it_is(demo_results, demo_view):
    areas = demo_results.areas.copy()
    areas["balance"] = areas["balance"] / areas["balance"].max()
    captions = {
        table["caption"] for table in built(replace(demo_results, areas=areas), demo_view).tables
    }
    assert {"Störst övervikt av hög köpkraft", "Områden med högst balansmått"} <= captions
    assert "Störst övervikt av låg köpkraft" not in captions


def with_young(result, share, key="high-high"):
    """The analysis with this share aged 20–29 in every area of a class, and 10 % elsewhere."""
    young = np.where(result.areas["cluster"] == key, share, 0.1)
    return replace(result, areas=result.areas.assign(student_share=young))


@pytest.mark.parametrize(
    ("share", "key", "warns"),
    [(0.45, "high-high", True), (0.29, "high-high", False), (0.45, "low-low", False)],
)
def test_students_are_not_told_as_poor(demo_results, demo_view, share, key, warns):
    seen = built(with_young(demo_results, share, key), demo_view)
    head, *rows = seen.table(CLUSTERS_OF["low_income_share"])
    assert head[3] == "20–29 år"
    assert {f"{round(100 * share)}\u00a0%", "10\u00a0%"} == {row[3] for row in rows}
    of_people = "är minst 30 procent av invånarna 20–29 år"
    assert (of_people in seen.text) == warns
    many = int((demo_view.shown(demo_results)["cluster"] == key).sum())
    if warns:
        assert f"I alla de {many} områdena {of_people}: " in summary_of(seen)
        assert seen.text.count(f"({round(100 * share)}\u00a0%)") == many


@pytest.mark.parametrize(
    ("share", "told", "warns"), [(0.13, "13 procent", False), (0.5, "50 procent", True)]
)
def test_under_the_index_the_warning_fits(demo_results, demo_view, share, told, warns):
    table = demo_results.index.assign(worst_student_share=share)
    areas = demo_results.areas.drop(columns="student_share")
    text = built(replace(demo_results, index=table, areas=areas), demo_view).text
    assert f"I området med lägst värde är {told} av invånarna 20–29 år." in text
    assert ("studenter" in text) == warns


def test_what_the_poles_hold_of_all_is_told_unless_they_hold_all(demo_results, demo_view):
    shown = demo_results.areas[demo_view.mask(demo_results.areas.index)]
    sums = shown[["low", "high", "households"]].dropna().sum()
    held = round(100 * (sums["low"] + sums["high"]) / sums["households"])
    text = built(demo_results, demo_view).text
    assert f"Tillsammans är det {held} procent av alla hushåll; övriga ingår inte" in text
    full = demo_results.areas.assign(households=demo_results.areas[["low", "high"]].sum(axis=1))
    text = built(replace(demo_results, areas=full), demo_view).text
    assert "Tillsammans är det" not in text


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
    return with_test(result, correlogram=bands)


@pytest.mark.parametrize(
    ("q", "statistic", "told"),
    [
        ((0.01, 0.01, 0.2), 0.5, "upp till 3,0 km"),
        ((0.01, 0.2, 0.01), 0.5, "upp till 2,0 km"),
        ((0.2, 0.01, 0.01), 0.5, "kortaste avståndet med par av områden (1,0–2,0 km)"),
        ((0.01, 0.01, 0.01), -0.5, "kortaste avståndet med par av områden (1,0–2,0 km)"),
    ],
)
def test_distances_without_pairs_say_nothing_and_q_decides(
    demo_results, demo_view, q, statistic, told
):
    result = with_bands(demo_results, q, statistic)
    seen = built(result, demo_view)
    assert told in seen.text
    assert [row[0] for row in seen.table("Morans I efter avstånd")[1:]] == [
        "1,0–2,0",
        "2,0–3,0",
        "3,0–4,0",
    ]
    (drawn,) = [e for e in atlas.extras(result, demo_view) if e.name == "clusters-correlogram"]
    assert f"{sum(value <= 0.05 for value in q)} av 3 avstånd" in drawn.figure.get_label()
    assert "q ≤ 0,05" in drawn.caption


def test_too_few_distances_with_pairs_give_no_picture(demo_results, demo_view):
    result = with_bands(demo_results, (0.01, 0.01, 0.01))
    result = with_test(result, correlogram=result.clustering.correlogram.iloc[:3])
    assert "clusters-correlogram" not in [extra.name for extra in atlas.extras(result, demo_view)]


def test_what_was_not_asked_for_is_not_there(plain):
    captions = [table["caption"] for table in plain.tables]
    assert not any(caption.startswith(("Hur fasta", "Varje kommun")) for caption in captions)


def test_the_head_of_the_report_tells_each_tested_variable_and_nothing_else(
    demo_results, demo_view, plain
):
    shown = demo_view.shown(demo_results)
    for clustering in demo_results.clusterings:
        high = int((shown[column_of(demo_results, clustering)] == "high-high").sum())
        subject = SUBJECTS[clustering.variable].capitalize()
        assert f"{subject} är hög, även hos grannarna {high} av {len(shown)} områden" in plain.text
    counts = shown["cluster"].value_counts()
    alone = replace(demo_results, clusterings=demo_results.clusterings[:1])
    text = built(alone, demo_view).text
    for key, words in WHERE.items():
        assert f"Andelen med låg köpkraft är {words} {counts[key]} av" in text
    assert "Andelen med hög köpkraft är" not in text


def test_both_ends_are_told_for_any_variable_the_poor_one_first(demo_results, demo_view):
    counts = demo_view.shown(demo_results)["cluster"].value_counts()
    income = built(with_test(demo_results, variable="median_income"), demo_view).text
    low, high = (
        f"Medianinkomst är {WHERE[key]} {counts[key]} av" for key in ("low-low", "high-high")
    )
    assert income.index(low) < income.index(high)
    text = built(with_test(demo_results, variable="rented_share"), demo_view).text
    assert f"Andelen hyresrätter är hög, även hos grannarna {counts['high-high']} av" in text
    assert f"Andelen hyresrätter är låg, även hos grannarna {counts['low-low']} av" in text
    assert "låg inkomst" not in text.lower()


# --- Language, labels, notes ---------------------------------------------------------------


def without_data(result, view, text):
    """The text without what the data and the project file say in their own language."""
    places = {place.name for place in result.dataset.neighbourhoods}
    names = {str(n) for n in result.areas["regso_name"]} | places
    names |= {one.row.name for one in view.interventions.placed} if view.interventions else set()
    for words in sorted({*names, view.title, "Påhittköping"}, key=len, reverse=True):
        text = text.replace(words, " ")
    for note in result.notes:
        for code in note.codes if note.kind == "footnotes" else ():
            text = text.replace(code, " ")
    for one in result.dataset.provenance:
        text = text.replace(one.source, " ") if one.source else text
    return text


@pytest.mark.parametrize(("language", "foreign"), [("sv", ENGLISH), ("en", SWEDISH)])
def test_the_report_is_in_one_language(thorough, far, demo_view, language, foreign):
    view = replace(demo_view, language=language)
    for results in (thorough, far):
        seen = Page(html_of(results, view, ()))
        told = without_data(results, view, seen.text)
        options = next(table for table in seen.tables if "[autocorrelation]" in table["caption"])
        for row in options["rows"][1:]:
            told = told.replace(" ".join(row), " ")
        assert not foreign.findall(told)
        assert seen.tags[0] == ("html", {"lang": language})


def test_how_far_likeness_reaches_is_told_of_each_tested_variable(far, demo_view):
    seen = built(far, demo_view)
    tables_told = [t for t in seen.tables if t["caption"].startswith("Morans I efter avstånd")]
    assert len(tables_told) == len(far.clusterings) == 2
    for table, clustering in zip(tables_told, far.clusterings, strict=True):
        bands = clustering.correlogram
        bands = bands[bands["pairs"] > 0]
        assert [row[1] for row in table["rows"][1:]] == [count(n) for n in bands["pairs"]]
        assert [row[2] for row in table["rows"][1:]] == [
            number(value, decimals=3) for value in bands["statistic"]
        ]


def test_the_views_own_labels_are_used(demo_results, demo_view):
    own = replace(demo_view, labels={"low": "SFI-hushåll", "rented_share": "Hyrda"})
    text = built(demo_results, own).text
    assert "SFI-hushåll på 100 hög köpkraft" in text
    assert "Hyrda" in text
    assert "Andel hyresrätter" not in text


def test_long_lists_of_codes_are_folded(demo_results, demo_view):
    codes = tuple(f"{i:04d}C1010" for i in range(1, 2001))
    note = Note("areas not joined", {"areas": len(codes)}, codes)
    seen = built(replace(demo_results, notes=(note,)), demo_view)
    assert ("summary", "Visa vilka (2\u00a0000)") in seen.texts
    assert codes[-1] not in seen.text
    assert "1\u00a0940 till" in seen.text


@pytest.mark.parametrize(("held", "folded"), [(1, False), (5, False), (6, True)])
def test_few_codes_stand_in_the_line_and_more_are_folded(demo_results, demo_view, held, folded):
    codes = tuple(f"{i:04d}C1010" for i in range(1, held + 1))
    note = Note("areas not joined", {"areas": len(codes)}, codes)
    results = replace(demo_results, notes=(note,))
    (remark,) = report.of_data(results, demo_view)
    assert bool(remark.folded) == folded
    assert (remark.names == ", ".join(codes)) == (not folded)
    assert remark.summary == (f"Visa vilka ({held})" if folded else "")


@pytest.mark.parametrize(("held", "left"), [(60, ""), (61, "och 1 till")])
def test_codes_are_folded_up_to_sixty(demo_results, demo_view, held, left):
    codes = tuple(f"{i:04d}C1010" for i in range(1, held + 1))
    note = Note("areas not joined", {"areas": len(codes)}, codes)
    (remark,) = report.of_data(replace(demo_results, notes=(note,)), demo_view)
    (told,) = remark.folded
    assert codes[59] in told
    assert not set(codes[60:]) & set(told.split(", "))
    assert ("till" in told) == bool(left)
    assert left in told


def test_codes_outside_the_map_are_counted_and_left_to_the_manifest(demo_results, demo_view):
    note = Note("register rows not joined", {"areas": 2}, ("A1", "B2"))
    text = built(replace(demo_results, notes=(note,)), demo_view).text
    assert "I registret finns 2 områden som inte är med i kartfilen och inte visas. Vilka" in text
    assert "B2" not in text


def test_every_note_that_is_counted_stands_in_a_list(thorough, demo_view):
    class Items(HTMLParser):
        inside, found = False, 0

        def handle_starttag(self, tag, attributes):
            self.inside = ("class", "notes") in attributes if tag == "ul" else self.inside
            self.found += tag == "li" and self.inside

    items = Items()
    items.feed(html_of(thorough, demo_view, ()))
    counted_notes = [*report.of_data(thorough, demo_view), *report.of_test(thorough, demo_view)]
    assert items.found == len(counted_notes) > 0


def test_notes_of_every_test_are_among_those_of_the_analysis(thorough):
    for clustering in thorough.clusterings:
        for table in (clustering.local, clustering.within, clustering.sensitivity):
            assert set(notes.of(table)) <= set(thorough.notes)


def test_notes_of_the_test_of_all_areas_are_among_those_of_the_analysis(demo_results):
    for clustering in demo_results.clusterings:
        assert set(clustering.overall.notes) <= set(demo_results.notes)


def test_classes_look_as_on_the_map(demo_results, demo_view):
    style = atlas.styles_by_column(atlas.maps(demo_results, demo_view))["cluster"]
    looks = {name: cells.class_cell(name, style).texture for name in CLUSTERS}
    assert looks["high-high"] == ""
    assert len({looks["no neighbours"], looks["no data"], ""}) == 3


def test_maps_stand_in_the_main_part_and_what_explains_them_in_the_appendix(
    demo_results, demo_view
):
    pictures = [
        Picture("clusters-neighbours", "Titel", "", "Alt", PIXEL),
        Picture("clusters", "Titel", "", "Alt", PIXEL, "maps/map.html#m=clusters"),
        Picture("balance-years", "Titel", "", "Alt", PIXEL),
    ]
    html = html_of(demo_results, demo_view, pictures)
    order = ('id="clusters"', 'id="appendix"', 'id="clusters-neighbours"', 'id="balance-years"')
    places = [html.index(word) for word in order]
    assert places == sorted(places)


def test_no_note_is_told_twice(demo_results, plain):
    assert len(set(demo_results.notes)) == len(demo_results.notes)
    for note in demo_results.notes:
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


def test_the_policy_allows_the_pages_own_style_and_nothing_else(thorough, demo_view):
    html = html_of(thorough, demo_view)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    checksum = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    seen = Page(html)
    policy = next(a["content"] for tag, a in seen.tags if a.get("http-equiv"))
    assert f"style-src 'sha256-{checksum}'" in policy
    assert "default-src 'none'" in policy
    assert not [tag for tag, a in seen.tags if tag == "script" or "style" in a or "onerror" in a]
    assert all(a["src"].startswith("data:") for tag, a in seen.tags if "src" in a)


def test_hostile_text_is_text_everywhere(demo_results, demo_view):
    hostile = "</style><script>alert(1)</script>{{ 7*7 }}<img src=x onerror=alert(1)>"
    areas = demo_results.areas.copy()
    areas["regso_name"] = hostile
    values = {"name": hostile, "areas": 1, "covered": 0.5, "inside": 0.5}
    note = Note("neighbourhood by its areas", values, (hostile,))
    result = replace(demo_results, areas=areas, notes=(note,))
    view = replace(demo_view, title=hostile, subtitle=hostile, labels={"low": hostile})
    pictures = [Picture(hostile, hostile, hostile, hostile, PIXEL)]
    seen = Page(html_of(result, view, pictures))
    assert "script" not in [tag for tag, _ in seen.tags]
    assert len([1 for tag, _ in seen.tags if tag == "img"]) == 1
    assert "{{ 7*7 }}" in seen.text


def test_the_same_analysis_gives_the_same_report(demo_results, demo_view):
    assert html_of(demo_results, demo_view) == html_of(demo_results, demo_view)


@pytest.mark.parametrize("width", [360, 1100])
def test_it_opens_quietly_at_any_width(chromium, thorough, demo_view, tmp_path, width):
    from playwright.sync_api import sync_playwright

    (tmp_path / "report.html").write_text(html_of(thorough, demo_view), encoding="utf-8")
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
