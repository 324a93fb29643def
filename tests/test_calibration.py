"""Ways of making the segregation index against the published: found where one is the truth."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from grannskap import segregation
from grannskap.cli import app
from grannskap.errors import DataError, OutputError
from grannskap.outputs import calibration

NAMES = ["employment_rate", "disposable_income", "post_secondary_share"]
SIZES = {"2582": (0.7, 240.0, 0.2), "1480": (0.6, 280.0, 0.3), "0581": (0.5, 200.0, 0.25),
         "0181": (0.65, 220.0, 0.15)}  # fmt: skip

MIDDLES = {"2582": (815_000, 7_315_000), "1480": (319_000, 6_400_000),
           "0581": (569_000, 6_495_000), "0181": (650_000, 6_563_000)}  # fmt: skip


def town(code, published):
    """Five areas whose lowest has the mean of its relatives, unequal, at one over the index."""
    low = np.array([0.8, 1.0, 1.2]) / published
    rows = np.vstack([low, *([share] * 3 for share in (1.0, 1.0, 1.1, 1.2))])
    index = pd.Index([f"{code}C10{i}0" for i in range(1, 6)], name="deso")
    return pd.DataFrame(rows * np.array(SIZES[code]), index=index, columns=NAMES)


def towns():
    return pd.concat([town(code, value) for code, value in segregation.PUBLISHED.items()])


def found_of(table):
    place = table.index.to_series().str[:4]
    return segregation.calibrate(table, place, pooled=table.mean())


def test_the_one_way_that_is_the_truth_is_found_and_alone():
    found = found_of(towns())
    first = found.iloc[0]
    assert (first["method"], first["reference"], first["worst"]) == (
        "relative", "municipality", "min"
    )  # fmt: skip
    assert first["distance"] == pytest.approx(0, abs=1e-12)
    assert found["exact"].tolist() == [True] + [False] * (len(found) - 1)
    assert found["distance"].is_monotonic_increasing
    assert not found.duplicated(["method", "reference", "worst"]).any()


def test_distances_are_those_of_the_values_beside_them():
    found = found_of(towns())
    apart = (found[list(segregation.PUBLISHED)] - pd.Series(segregation.PUBLISHED)).abs()
    assert found["distance"].to_numpy() == pytest.approx(apart.mean(axis=1).to_numpy())
    assert found["furthest"].to_numpy() == pytest.approx(apart.max(axis=1).to_numpy())
    own = towns()
    bounds = {name: (0.0, float(own[name].max())) for name in NAMES}
    place = own.index.to_series().str[:4]
    scored = segregation.scores(own, place, method="minmax", bounds=bounds)
    expected = segregation.segregation_index(scored, place, worst="p10")["index"]
    row = found.query("reference == 'zero' and worst == 'p10'").iloc[0]
    assert row[expected.index].astype(float).tolist() == pytest.approx(expected.tolist())


def test_other_areas_move_what_is_held_to_all_of_them_and_nothing_else():
    more = pd.concat([towns(), town("2582", 1.2).mul(3).rename(lambda one: f"0380{one[4:]}")])
    one, other = (
        f.set_index(["method", "reference", "worst"]) for f in map(found_of, (towns(), more))
    )
    same = one["distance"].sub(other["distance"]).abs() < 1e-12
    assert same["relative"]["municipality"].all()
    assert same["geometric"].all()
    assert not same["relative"][["pooled", "mean"]].any()


def test_a_yardstick_cancels_in_a_geometric_mean():
    own = towns()
    place = own.index.to_series().str[:4]
    one, other = (
        segregation.segregation_index(
            segregation.scores(own, place, method="geometric", reference=reference), place
        )["index"]
        for reference in (None, own.mean())
    )
    assert one.to_numpy() == pytest.approx(other.to_numpy())


def test_without_the_municipalities_of_the_study_it_is_refused_by_name():
    with pytest.raises(DataError) as error:
        found_of(town("2582", 1.4).rename(lambda one: f"0380{one[4:]}"))
    assert "2582" in error.value.told("sv")


@pytest.fixture(scope="module")
def project_of(tmp_path_factory):
    """Write a project of the towns, with counts for the shares."""
    import geopandas as gpd
    import shapely

    folder = tmp_path_factory.mktemp("towns")
    table = towns()
    squares = [
        shapely.box(x + 1000 * i, y, x + 1000 * (i + 1), y + 1000)
        for x, y in (MIDDLES[code] for code in segregation.PUBLISHED)
        for i in range(5)
    ]
    gpd.GeoDataFrame({"deso": table.index}, geometry=squares, crs="EPSG:3006").to_file(
        folder / "areas.gpkg"
    )
    counts = pd.DataFrame({"deso": table.index, "low": 10, "high": 20, "households": 100})
    many = 1e7
    for part, base, name in (("employed", "working_age", NAMES[0]),
                             ("post_secondary", "education_base", NAMES[2])):  # fmt: skip
        counts[part], counts[base] = (table[name].to_numpy() * many).round(), many
    counts["disposable_income"] = table[NAMES[1]].to_numpy()
    counts.to_csv(folder / "counts.csv", index=False, float_format="%.9f")

    named = "\n".join(f'{name} = "{name}"' for name in counts if name != "deso")

    def write(year="2017", columns=""):
        text = f"""title = "Fyra städer"
[boundaries]
path = "areas.gpkg"
division = 2018
[[register]]
path = "counts.csv"
code = "deso"
year = {year}
[register.columns]
{named}
[segregation]
components = [{", ".join(f'"{name}"' for name in (columns.split() or NAMES))}]
"""
        file = folder / "project.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_command_prints_the_distances_and_writes_them_once(project_of, tmp_path):
    out = tmp_path / "distances.csv"
    done = CliRunner().invoke(app, ["calibrate", str(project_of()), "--csv", str(out)])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    told = next(line for line in lines if line.startswith("medelvärde, kommunens median"))
    assert told.split()[-6:] == ["1,42", "2,56", "2,67", "2,60", "0,00", "0,00"]
    assert any(line.startswith("Ett av 21 sätt ger alla studiens tal") for line in lines)
    written = pd.read_csv(out)
    assert len(written) == 21
    assert written.loc[0, ["method", "reference", "worst"]].tolist() == [
        "relative", "municipality", "min"
    ]  # fmt: skip
    again = CliRunner().invoke(app, ["calibrate", str(project_of()), "--csv", str(out)])
    assert isinstance(again.exception, OutputError)
    assert "finns redan" in again.exception.told("sv")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"year": "2018"}, "registren har 2018"),
        ({"columns": "employment_rate born_outside_eu_share"}, "saknar born_outside_eu_share"),
    ],
)
def test_what_is_not_there_is_told_by_name(project_of, asked, said):
    done = CliRunner().invoke(app, ["calibrate", str(project_of(**asked))])
    assert isinstance(done.exception, DataError)
    assert said in done.exception.told("sv")


def test_a_value_that_is_none_or_endless_has_a_sign():
    assert [calibration._number(one, "sv") for one in (np.nan, np.inf, 1.5)] == ["–", "∞", "1,50"]
