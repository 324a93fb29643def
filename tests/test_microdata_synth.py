"""The made-up country of persons: as many as are asked for, with the marginals that are stated."""

import math

import pandas as pd
import pytest
from typer.testing import CliRunner

from grannskap import cli, errors
from grannskap.sources.microdata import count, synth

PERSONS = 120_000
KINDS = {"one adult": (1, 0), "couple": (2, 0), "three": (3, 0)}


def written(country, folder):
    for name, write in synth.files(country, "persons").items():
        (folder / name).parent.mkdir(parents=True)
        write(folder / name)
    return folder / "persons"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    return written(synth.Country(PERSONS), tmp_path_factory.mktemp("country"))


@pytest.fixture(scope="module")
def people(rows):
    return pd.read_parquet(rows / "year=2017")


@pytest.fixture(scope="module")
def counted(rows):
    return count(synth.asked_of(str(rows)))


def test_the_persons_and_areas_are_as_many_as_are_asked_for(people):
    assert len(people) == PERSONS
    assert people["deso"].nunique() == round(PERSONS / 1700)
    assert people.groupby("household")["deso"].nunique().max() == 1
    sizes = people["deso"].value_counts()
    assert sizes.max() - sizes.min() <= 1


def test_the_bounds_are_the_real_ones_and_grow_as_is_said(counted):
    for year, bounds in counted.bounds.items():
        growth = synth.GROWTH ** (year - 2017)
        assert bounds == pytest.approx([growth * bound for bound in synth.BOUNDS], rel=0.02)


def near(share, stated, count):
    """Within five standard deviations of a sample whose members are alike within areas."""
    return abs(share - stated) < 5 * math.sqrt(4 * stated * (1 - stated) / count)


def test_the_marginals_are_those_that_are_stated(people, counted):
    sums = counted.frame.xs("all", level="group").groupby("year").sum().loc[2017]
    shares = {
        **{name: (name, "households") for name in ("rented", "tenant_owned", "owned")},
        "public_housing": ("public_housing", "households"),
        "employed": ("employed", "working_age"),
        "post_secondary": ("post_secondary", "education_base"),
        "born_outside_eu": ("born_outside_eu", "population"),
    }
    for name, (part, base) in shares.items():
        assert near(sums[part] / sums[base], synth.MARGINALS[name], sums[base]), name
    homes = people.groupby("household").agg(
        adults=("age", lambda ages: (ages >= 20).sum()),
        size=("age", "size"),
        income=("income", "sum"),
    )
    kinds = {
        **{
            name: (homes["adults"] == adults) & (homes["size"] == adults)
            for name, (adults, _) in KINDS.items()
        },
        "one parent": (homes["adults"] == 1) & (homes["size"] > 1),
        "family": (homes["adults"] == 2) & (homes["size"] > 2),
        "nothing": homes["income"] <= 0,
    }
    for name, found in kinds.items():
        assert near(found.mean(), synth.MARGINALS[name], len(homes)), name


def test_the_country_has_both_poles(counted):
    """A tenth of its areas or more have twice as many low as high, and as many the other way."""
    frame = counted.frame.xs((2017, "all"), level=["year", "group"])
    balance = frame["low"] / frame["high"]
    assert (balance > 2).mean() > 0.1
    assert (balance < 0.5).mean() > 0.1
    assert balance[frame["low"] > frame["high"]].index.size / len(frame) == pytest.approx(
        0.5, abs=0.2
    )


def test_the_same_seed_gives_the_same_rows_and_another_others(tmp_path):
    small = [
        pd.read_parquet(written(synth.Country(3000, (2012,), seed), tmp_path / str(n)))
        for n, seed in enumerate((1, 1, 2))
    ]
    pd.testing.assert_frame_equal(small[0], small[1])
    assert not small[0]["income"].equals(small[2]["income"])


def test_the_command_writes_a_country_that_a_project_counts(tmp_path):
    folder = tmp_path / "country"
    asked = ["microdata", "synth", str(folder), "--persons", "5000", "--year", "2017"]
    done = CliRunner().invoke(cli.app, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert [one.name for one in sorted((folder / "persons").iterdir())] == ["year=2017"]
    lines = (folder / "microdata.toml").read_text(encoding="utf-8")
    assert 'path = "persons"' in lines
    found = count(synth.asked_of(str(folder / "persons")))
    assert found.rows == 5000
    assert not [note for note in found.notes if note.kind == "microdata refused"]


def test_a_writer_that_fails_leaves_no_part_of_a_country(tmp_path, monkeypatch):
    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(synth, "_rows", fails)
    asked = ["microdata", "synth", str(tmp_path / "country"), "--persons", "5000"]
    with pytest.raises(errors.OutputError):
        CliRunner().invoke(cli.app, asked, catch_exceptions=False)
    assert not [*tmp_path.iterdir()]


def test_the_demo_walks_the_whole_road_from_rows(tmp_path):
    from grannskap import analysis, project
    from grannskap.datasets import write_inputs
    from grannskap.demo import _put_rows

    file = write_inputs(tmp_path)
    _put_rows(file)
    data, options, _ = analysis.read(project.read(file))
    results = analysis.run(data, options)
    assert data.years == (2012, 2017)
    assert data.protection["threshold"] == 5  # rows always pass the gate
    assert {"all", "public_housing", "rented"} <= set(data.groups)
    balance = results.areas["balance"]
    assert balance.min() < 0.5
    assert balance.max() > 2
    assert len(results.components) == 3
