"""Names of areas come from a key file, by code and never by position."""

import shutil

import pytest

from grannskap import boundaries, register
from grannskap.errors import CodeError, ColumnError


def test_names_meet_areas_by_code(tmp_path):
    file = tmp_path / "key.csv"
    file.write_text("DeSO;Namn\n9999C1020;Sjö\n9999C1010;Ås\n", encoding="cp1252")
    assert register.read_names(file, name="Namn").to_dict() == {
        "9999C1010": "Ås",
        "9999C1020": "Sjö",
    }


def test_two_names_for_one_area_are_refused(tmp_path):
    file = tmp_path / "key.csv"
    file.write_text("DeSO;Namn\n9999C1010;Sjö\n9999C1010;Ås\n", encoding="utf-8")
    with pytest.raises(CodeError, match="9999C1010"):
        register.read_names(file, name="Namn")


def test_an_unknown_column_is_told(tmp_path):
    file = tmp_path / "key.csv"
    file.write_text("DeSO;Namn\n9999C1010;Sjö\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="Namn"):
        register.read_names(file, name="RegSO")


@pytest.mark.real
def test_scbs_key_names_every_area_of_a_county(shared_data):
    names = register.read_names(
        shared_data / "keys" / "deso2018_regso2020_key_5984.csv",
        code="DeSO_2018",
        name="RegSO_2020",
    )
    assert len(names) == 5984
    areas = boundaries.read(
        shared_data / "polygons" / "deso2018_uppsala_lan_plus_neighbours_262.gpkg", division=2018
    )
    assert names.reindex(areas.index).notna().all()
    assert names["0380C1150"] == "Södra Valsätra-Norra Gottsunda"


def test_a_neighbourhood_may_be_named_by_its_regso(tmp_path, demo_folder):
    from grannskap import dataset, project

    folder = tmp_path / "copy"
    shutil.copytree(demo_folder / "inputs", folder / "inputs")
    text = (demo_folder / "project.toml").read_text(encoding="utf-8")
    listed = 'areas = ["9999C1150", "9999C1160", "9999C1170", "9999C1180", "9999C1190"]'
    assert listed in text
    (folder / "project.toml").write_text(
        text.replace(listed, 'areas = ["Norrängen"]'), encoding="utf-8"
    )
    by_name = dataset.read(project.read(folder / "project.toml"))
    by_code = dataset.read(project.read(demo_folder / "project.toml"))
    assert by_name.neighbourhoods[0].codes == by_code.neighbourhoods[0].codes
    (folder / "project.toml").write_text(
        text.replace(listed, 'areas = ["Ingenstans"]'), encoding="utf-8"
    )
    with pytest.raises(CodeError, match="Ingenstans"):
        dataset.read(project.read(folder / "project.toml"))
