"""Only what was tested is claimed, under the confidence and within the borders asked for."""

import json
import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

import towns
from grannskap import analysis, autocorrelation
from grannskap.analysis import Options, View
from grannskap.language import number
from grannskap.maps import atlas
from grannskap.outputs import manifest, report, tables, workbook
from grannskap.outputs.report import findings, summary
from grannskap.project import AutocorrelationOptions, BalanceOptions, MapOptions
from test_report import Page
from test_webmap import unpacked

VIEW = View(title="Stad 2017")
EVERY = ["neighbours", "scatterplot", "cores"]


@pytest.fixture(scope="module")
def town():
    return towns.with_few_poor_in_one_corner()


@pytest.fixture(scope="module")
def results(town):
    return analysis.run(town.dataset())


def html_of(results, view=VIEW):
    styles = atlas.cluster_styles(results, view)
    return report.build(results, view, [], cluster_styles=styles)


def every_text(results, view=VIEW):
    """All that a reader meets, by where it stands."""
    from openpyxl import load_workbook

    printed = atlas.maps(results, view)
    found = {"report": ". ".join(text for _, text in Page(html_of(results, view)).texts)}
    for which in printed:
        style, alt = which.style, atlas.draw(results, view, which).get_label()
        found[f"map {style.name}"] = " ".join((style.title, style.caption, *style.labels, alt))
    for extra in atlas.extras(results, view):
        label = extra.figure.get_label()
        found[f"picture {extra.name}"] = f"{extra.title} {extra.caption} {label}"
    head, _ = unpacked(atlas.page(results, view))
    found["page"] = json.dumps(head, ensure_ascii=False)
    book = load_workbook(BytesIO(workbook.build(results, view, atlas.styles_by_column(printed))))
    found["workbook"] = "; ".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
    )
    found["manifest"] = manifest.content(results, view).decode()
    for stem, table in tables.named(results, view).items():
        found[f"table {stem}"] = tables.csv(table).decode()
    return found


# --- What was tested ------------------------------------------------------------------------


def test_both_poles_are_tested_unless_something_else_is_asked_for(results, town):
    assert [one.variable for one in results.clusterings] == [
        "low_income_share",
        "high_income_share",
    ]
    assert {"clusters_low_income_share", "clusters_high_income_share"} <= set(results.measured)
    one = Options(autocorrelation=AutocorrelationOptions(variable=["high_income_share"]))
    alone = analysis.run(town.dataset(), one)
    assert [clustering.variable for clustering in alone.clusterings] == ["high_income_share"]


def test_few_poor_are_told_as_few_poor(results):
    low = results.areas["cluster"].value_counts()
    high = results.areas["cluster_high_income_share"]
    assert low["low-low"] >= 9
    assert not high.isin(["high-high", "low-low"]).any()
    told = " ".join(summary.summary(results, VIEW))
    assert told.startswith("På hela kartan finns")
    assert "Grannområden liknar varandra i fråga om andelen med låg köpkraft, mer än" in told
    assert f"I {low['low-low']} områden är den låg, även hos grannarna" in told
    assert low["high-high"] == 1
    assert "I ett av 256 områden är den hög, även hos grannarna" in told
    assert "Var andelen med hög köpkraft är hög eller låg kan bero på slumpen" in told


def test_nothing_that_was_not_tested_is_claimed(results):
    for where, text in every_text(results).items():
        assert not re.search(r"hög inkomst", text, re.IGNORECASE), where
        assert not re.search(r"\bsamlad", text, re.IGNORECASE), where
        assert not re.search(r"high income (is )?cluster", text, re.IGNORECASE), where
    figures = findings.key_figures(results, VIEW)
    told = {figure.name: figure.value for figure in figures}
    assert told["Andelen med hög köpkraft är hög, även hos grannarna"] == "0"
    poor = results.areas["cluster"].eq("high-high").sum()
    assert told["Andelen med låg köpkraft är hög, även hos grannarna"] == str(poor)


def test_a_run_of_one_pole_says_nothing_of_the_other(town):
    one = Options(autocorrelation=AutocorrelationOptions(variable=["low_income_share"]))
    results = analysis.run(town.dataset(), one)
    for where, text in every_text(results).items():
        claims = re.findall(r"[^.:;]*hög köpkraft[^.:;]*grannarna", text)
        assert not claims, where


# --- The confidence asked for --------------------------------------------------------------


@pytest.fixture(scope="module")
def eighty(town):
    return analysis.run(town.dataset(), Options(balance=BalanceOptions(confidence=0.8)))


def test_every_label_of_an_interval_follows_the_confidence_asked_for(eighty):
    head, _ = unpacked(atlas.page(eighty, VIEW))
    assert {layer["confidence"] for layer in head["layers"]} == {0.8}
    seen = Page(html_of(eighty))
    (columns, *_) = seen.table("Balansmått per plats")
    assert "Osäkerhet (80 %)" in [name.replace("\u00a0", " ") for name in columns]
    for where, text in every_text(eighty).items():
        assert not re.search(r"95[\s\u00a0]?%", text), where
    told = json.loads(manifest.content(eighty, VIEW))
    assert told["measures"]["balance"]["parameters"]["confidence"] == 0.8


def test_intervals_are_those_of_the_confidence_asked_for(eighty, results):
    for level in ("area", "municipality"):
        narrow, wide = eighty.at("balance", level), results.at("balance", level)
        assert (narrow["interval_lower"] > wide["interval_lower"]).all()
        assert (narrow["interval_upper"] < wide["interval_upper"]).all()
        assert (narrow["estimate"] == wide["estimate"]).all()


# --- Within municipalities -----------------------------------------------------------------


@pytest.fixture(scope="module")
def within(town):
    asked = AutocorrelationOptions(
        within="municipality", sensitivity=True, correlogram=True, permutations=199
    )
    return analysis.run(town.dataset(), Options(autocorrelation=asked))


def test_within_municipalities_no_unrestricted_statistic_is_printed(within):
    view = replace(VIEW, map=MapOptions(also=EVERY))
    texts = every_text(within, view)
    for clustering in within.clusterings:
        assert clustering.overall is None
        values = within.areas[clustering.variable]
        unrestricted = autocorrelation.overall(values, clustering.graph, permutations=99).value
        assert unrestricted != pytest.approx(clustering.slope, abs=5e-4)
        written = {number(unrestricted, decimals=3), f"{unrestricted:.6g}", str(unrestricted)}
        assert not [where for where, text in texts.items() if any(one in text for one in written)]
    told = json.loads(texts["manifest"])
    assert [test["overall"] for test in told["tests"]] == [None, None]
    assert "Morans I är" not in texts["report"]


def test_the_number_beside_the_scatterplots_line_is_its_slope(within, results):
    for found in (within, results):
        head, _ = unpacked(atlas.page(found, VIEW))
        assert len(head["scatter"]) == len(found.clusterings) == 2
        for told, clustering in zip(head["scatter"], found.clusterings, strict=True):
            points = clustering.scatter.dropna(subset=["z", "lag"])
            slope = np.polyfit(points["z"], points["lag"], 1)[0]
            assert clustering.slope == pytest.approx(slope, abs=1e-9)
            assert told["slope"] == pytest.approx(slope, abs=1e-6)
    for clustering in results.clusterings:
        assert clustering.slope == pytest.approx(clustering.overall.value)


def test_within_municipalities_there_is_no_correlogram_of_all_areas(within):
    assert [clustering.correlogram for clustering in within.clusterings] == [None, None]
    assert not [name for name in tables.named(within, VIEW) if name.startswith("correlogram")]


def test_correlogram_and_manifest_agree_on_the_draws(town):
    asked = AutocorrelationOptions(correlogram=True, permutations=199, seed=3)
    found = analysis.run(town.dataset(), Options(autocorrelation=asked))
    told = json.loads(manifest.content(found, VIEW))
    for test, clustering in zip(told["tests"], found.clusterings, strict=True):
        made = clustering.correlogram.attrs["parameters"]
        assert test["correlogram"]["permutations"] == made["permutations"]
        assert test["correlogram"]["seed"] == made["seed"]
        smallest = clustering.correlogram["p"].min()
        assert smallest >= 1 / (made["permutations"] + 1)


def test_without_a_correlogram_the_manifest_tells_of_none(results):
    told = json.loads(manifest.content(results, VIEW))
    assert [test["correlogram"] for test in told["tests"]] == [None, None]
