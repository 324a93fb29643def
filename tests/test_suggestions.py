"""What an error suggests: parts of names, RegSO where there is RegSO, and the line to paste."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from grannskap import dataset
from grannskap.dataset import scopes
from grannskap.dataset.alike import alike
from grannskap.errors import ColumnError, GrannskapError, InputFileError, ProjectError
from grannskap.sources import register

NAMES = ["Norra Gottsunda", "Gottsunda centrum-Östra Gottsunda", "Södra Gottsunda", "Flogsta"]
CODES = [f"9999C{place}010" for place in range(1, 5)]


def test_a_part_of_a_name_names_all_that_hold_it():
    assert alike(["gottsunda"], NAMES) == [NAMES[1], NAMES[0], NAMES[2]]
    assert alike(["ÖSTRA"], NAMES) == [NAMES[1]]
    assert alike(["Flogtsa"], NAMES) == ["Flogsta"]
    assert alike(["Xyz"], NAMES) == alike([""], NAMES) == []


def frame_of_areas():
    boxes = [shapely.box(x, 0, x + 900, 900) for x in range(0, 3600, 900)]
    return gpd.GeoDataFrame(geometry=boxes, index=pd.Index(CODES, name="deso"), crs="EPSG:3006")


def of_town(neighbourhoods):
    areas = frame_of_areas()
    counts = pd.DataFrame({"low": 3.0, "high": 2.0, "households": 9.0}, index=areas.index)
    names = pd.Series(NAMES, index=areas.index)
    return dataset.from_frames(areas, counts, names=names, neighbourhoods=neighbourhoods)


def test_a_neighbourhood_of_an_unknown_name_is_answered_with_the_names_that_hold_it():
    with pytest.raises(GrannskapError) as caught:
        of_town({"Gottsunda": ["Gottsunda"]})
    told = caught.value.told("sv")
    assert all(name in told for name in NAMES[:3])
    assert "Menade du" in told
    assert NAMES[3] not in told


def test_a_view_that_is_in_names_of_regso_is_answered_with_them(tmp_path):
    areas = frame_of_areas().assign(
        municipality="9999", municipality_name="Påhitt", regso_name=NAMES
    )
    from test_project import SMALL, read

    project = read(tmp_path, SMALL.replace("[boundaries]", 'view = "Gottsunda"\n[boundaries]', 1))
    with pytest.raises(ProjectError, match="names of RegSO") as caught:
        scopes.by_code(project, areas)
    assert "[[neighbourhoods]]" in caught.value.told("sv")
    assert NAMES[3] not in str(caught.value)


def written(tmp_path, text):
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_regso_alone_is_told_as_that(tmp_path):
    path = written(tmp_path, "region;low\n0380R001;12\n0380R002;14\n")
    with pytest.raises(InputFileError, match="RegSO alone") as caught:
        register.read(path, columns={"low": "low"})
    assert 'level = "regso"' in caught.value.told("sv")


LONG = "region;kvartil;antal\n" + "".join(
    f"{code};{quarter};{number}\n"
    for code in CODES
    for number, quarter in enumerate(("Kvartil 1 låg", "Kvartil 4 hög"), 3)
)


@pytest.mark.parametrize("wanted", ["Kvartil 1 låg", "Kvartil 1 lag"])
def test_a_category_in_place_of_a_column_is_answered_with_the_line_to_paste(tmp_path, wanted):
    path = written(tmp_path, LONG)
    with pytest.raises(ColumnError) as caught:
        register.read(path, columns={"low": wanted})
    line = 'low = "Kvartil 1 låg | antal"'
    assert line in str(caught.value)
    assert line in caught.value.told("sv")
    address = line.partition(" = ")[2].strip('"')
    assert register.read(path, columns={"low": address})["low"].tolist() == [3.0] * 4
