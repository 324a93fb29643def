"""An analysis without what living conditions are built from: no index, and nothing empty."""

import re

import pytest

import towns
from grannskap import analysis
from grannskap.analysis import Options, View
from grannskap.project import SegregationOptions
from test_claims import every_text

NAMED = ["employment_rate", "disposable_income", "post_secondary_share"]


@pytest.mark.parametrize("components", [NAMED, []], ids=["named and missing", "none wanted"])
def test_without_components_everything_is_written_but_the_index(components):
    options = Options(segregation=SegregationOptions(components=components))
    results = analysis.run(towns.with_few_poor_in_one_corner().dataset(), options)
    assert results.recipe is None
    assert "score" not in results.areas
    texts = every_text(results, View(title="Stad 2017"))
    assert "Segregationsindex kan inte räknas" in texts["report"]
    for where, text in texts.items():
        assert not re.search(r"\bscore\b", text) or where == "manifest", where
        assert "Levnadsvillkor (" not in text, where


def test_a_component_that_is_missing_is_left_out_and_told():
    town = towns.with_few_poor_in_one_corner()
    data = town.dataset()
    there = [name for name in NAMED if name in data.variables]
    assert len(there) < len(NAMED)
    options = Options(segregation=SegregationOptions(components=[*NAMED, "low_income_share"]))
    results = analysis.run(data, options)
    assert "low_income_share" in results.components
    assert results.recipe is not None
    told = {note.kind for note in results.notes}
    assert any("component" in kind for kind in told), told
