"""Every number is made once: read, joined, measured, and after that only told."""

import importlib
import inspect
import pkgutil
import sys
from collections import Counter
from dataclasses import replace

import pytest

from grannskap import analysis, areas, datasets, measures, project, sources
from grannskap.catalogue import SHARES
from grannskap.measures import autocorrelation, balance, neighbours, proportion, segregation
from grannskap.outputs import write
from grannskap.sources import boundaries, register


@pytest.fixture
def counted(monkeypatch):
    """Count the calls of functions: a name and what it was called with to how many times."""
    calls = Counter()

    def count(module, name, key=lambda *_, **__: ""):
        really = getattr(module, name)

        def told(*given, **options):
            calls[f"{module.__name__.rpartition('.')[2]}.{name}", key(*given, **options)] += 1
            return really(*given, **options)

        monkeypatch.setattr(module, name, told)

    count(register, "read", lambda path, **_: path.name)
    count(boundaries, "read", lambda path, **_: path.name)
    count(areas, "join")
    for name in ("areas", "places", "change", "change_of_places"):
        count(balance, name)
    count(proportion, "areas", lambda part, base, **_: f"{part.value.name}/{base.value.name}")
    count(neighbours, "find")
    count(segregation, "scores")
    count(segregation, "segregation_index")
    for name in ("local", "overall", "scatter"):
        count(autocorrelation, name, lambda values, *_, **__: values.name)
    return calls


def times(calls, function):
    """How often a function was called, by what it was called with."""
    return {key: held for (name, key), held in calls.items() if name == function}


def test_a_register_count_is_read_joined_and_measured_once(tmp_path, counted):
    asked = project.read(datasets.write_inputs(tmp_path))
    data, options, view = analysis.read(asked)
    assert times(counted, "register.read") == {"register.csv": 1}
    assert times(counted, "boundaries.read") == {"boundaries.geojson": 1}
    assert times(counted, "areas.join") == {"": 1}
    read = counted.copy()
    results = analysis.run(data, options)
    for name in ("register.read", "boundaries.read", "areas.join"):
        assert times(counted, name) == times(read, name), name
    # Every year and group at once; places once more on the areas that every year knows.
    assert times(counted, "balance.areas") == {"": 1}
    assert times(counted, "balance.places") == {"": 2}
    # A change is a measure of its own; each group is a family of tests.
    assert times(counted, "balance.change") == {"": len(data.groups)}
    assert times(counted, "balance.change_of_places") == {"": 1}
    pairs = {
        f"{share.part}/{share.base}" for name, share in SHARES.items() if name in results.areas
    }
    assert set(times(counted, "proportion.areas")) == pairs
    # Once in all years; a change is read off them.
    assert set(times(counted, "proportion.areas").values()) == {1}
    # The borders of areas are not the neighbours of their test, which may be asked for otherwise.
    assert times(counted, "neighbours.find") == {"": 2}
    # Clusters and the index over the years: once each year.
    assert times(counted, "segregation.scores") == {"": len(data.years)}
    assert times(counted, "segregation.segregation_index") == {"": len(data.years)}
    both = {"low_income_share": 1, "high_income_share": 1}
    for name in ("overall", "scatter"):
        assert times(counted, f"autocorrelation.{name}") == both
    each_year = dict.fromkeys(both, len(data.years))
    assert times(counted, "autocorrelation.local") == each_year
    measured = counted.copy()
    write.run(results, view, tmp_path / "out")
    assert counted == measured


# What puts a graph into words is told, not measured.
WORDS = ("grannskap.measures.neighbours.wording", "grannskap.measures.neighbours.description")


def forbid(monkeypatch, *packages):
    """Let every function of these packages fail when it is called."""

    def no(*_given, **_options):
        raise AssertionError("measured, joined or read while it should only be told")

    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    names = tuple(package.__name__ for package in packages)
    held = 0
    for module in [m for name, m in sys.modules.items() if name.startswith("grannskap")]:
        for name, function in list(vars(module).items()):
            home = getattr(function, "__module__", None) or ""
            if inspect.isfunction(function) and home.startswith(names) and home not in WORDS:
                monkeypatch.setattr(module, name, no)
                held += 1
    assert held > 200


@pytest.fixture(scope="module")
def thorough(demo_read):
    """The made-up town with every test and every picture asked for."""
    data, options, view = demo_read
    more = {"sensitivity": True, "correlogram": True, "permutations": 199}
    asked = options.autocorrelation.model_copy(update=more)
    also = ["years", "groups", "hexagons", "two-variables", "neighbours", "scatterplot", "cores"]
    pictures = view.map.model_copy(update={"also": [*also, "reference"]})
    results = analysis.run(data, options.model_copy(update={"autocorrelation": asked}))
    return results, replace(view, map=pictures)


def test_nothing_is_measured_joined_or_read_while_it_is_written(thorough, tmp_path, monkeypatch):
    results, view = thorough
    forbid(monkeypatch, measures, areas, sources)
    with pytest.raises(AssertionError, match="should only be told"):
        balance.areas()
    written = write.run(results, view, tmp_path / "out")
    assert (written.folder / "report.html").is_file()


def test_nothing_is_measured_while_results_are_drawn_at_a_prompt(demo_results, monkeypatch):
    forbid(monkeypatch, measures, areas, sources)
    assert demo_results.plot("balance").get_label()
    assert demo_results.page().startswith("<!DOCTYPE html>")
    assert "<img" in demo_results._repr_html_()
    demo_results.explore()
