"""Names of areas come from a key file, by code and never by position."""

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
