"""Scopes by name, and files outside a project's folder."""

import shutil
import unicodedata

import pytest

from grannskap import analysis, dataset, datasets, project
from grannskap.errors import ProjectError
from grannskap.sources.boundaries.names import place_names


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return datasets.write_inputs(tmp_path_factory.mktemp("stad"))


def changed(file, folder, *lines):
    """The town's project with more lines at its top, in a folder of its own."""
    shutil.copytree(file.parent, folder, dirs_exist_ok=True)
    text = file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("view")]
    (folder / "project.toml").write_text("\n".join([*lines, *kept]), encoding="utf-8")
    return folder / "project.toml"


def codes_of(view, file, folder):
    read = project.read(changed(file, folder, f"view = {view}"))
    _, options, seen = analysis.read(read)
    assert options.scopes == (seen.scope,)
    return seen.scope


def test_a_municipality_may_be_named_as_the_files_call_it(town, tmp_path):
    (name,) = set(dataset.read(project.read(town)).geometry["municipality_name"])
    marked = unicodedata.normalize("NFD", name)
    plain = "".join(one for one in marked if not unicodedata.combining(one)).lower()
    for place, called in enumerate((name, plain, f"{name} kommun")):
        assert codes_of(f'"{called}"', town, tmp_path / str(place)) == "9999"
    assert codes_of(f'["{name}", "9999C"]', town, tmp_path / "both") == ("9999", "9999C")


def test_every_municipality_and_county_is_found_by_its_name_without_marks():
    from grannskap.sources.scb import places

    known = place_names()
    for code, name in known.items():
        assert places.code(name, known) == places.code(name.upper(), known) == code
        parts = unicodedata.normalize("NFD", name)
        bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
        assert places.code(bare, known) == {"Håbo": "0643"}.get(name, code)  # Habo is another


@pytest.mark.parametrize(
    "lines", ['view = "Upsala"', 'view = "9999"\n[autocorrelation]\nscope = "Upsala"']
)
def test_a_name_that_nobody_has_is_answered_with_the_nearest(town, tmp_path, lines):
    shutil.copytree(town.parent, tmp_path, dirs_exist_ok=True)
    text = town.read_text(encoding="utf-8").replace("[autocorrelation]", "[x]", 1)
    first, _, second = lines.partition("\n")
    text = text.replace("[x]", second or "[autocorrelation]", 1) if "[x]" in text else text + second
    kept = [line for line in text.splitlines() if not line.startswith("view")]
    (tmp_path / "project.toml").write_text("\n".join([first, *kept]), encoding="utf-8")
    with pytest.raises(ProjectError, match="did you mean Uppsala") as caught:
        analysis.read(project.read(tmp_path / "project.toml"))
    assert "Menade du Uppsala" in caught.value.told("sv")


def outside(file, folder):
    """The town's project with its inputs beside its folder."""
    made = folder / "projekt"
    made.mkdir(parents=True)
    shutil.copytree(file.parent / "inputs", folder / "data")
    text = file.read_text(encoding="utf-8").replace('"inputs/', '"../data/')
    return text, made / "project.toml"


def test_a_file_outside_the_folder_is_read_where_its_folder_is_a_root_or_all_are_allowed(
    town, tmp_path
):
    text, file = outside(town, tmp_path)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProjectError, match="--allow-outside") as caught:
        project.read(file)
    assert f'roots = ["{tmp_path / "data"}"]' in caught.value.told("sv")
    allowed = dataset.read(project.read(file, allow_outside=True))
    file.write_text(f'roots = ["../data"]\n{text}', encoding="utf-8")
    rooted = dataset.read(project.read(file))
    assert rooted.counts.equals(allowed.counts)
    assert "boundaries.geojson" in {source.name for source in rooted.provenance}


def test_a_root_opens_its_own_folder_and_no_other(town, tmp_path):
    text, file = outside(town, tmp_path)
    (tmp_path / "secret").mkdir()
    shutil.move(tmp_path / "data" / "register.csv", tmp_path / "secret" / "register.csv")
    (tmp_path / "data" / "register.csv").symlink_to(tmp_path / "secret" / "register.csv")
    file.write_text(f'roots = ["../data"]\n{text}', encoding="utf-8")
    with pytest.raises(ProjectError, match="climbs out"):
        project.read(file)
    file.write_text(f'roots = ["../data"]\n{text}'.replace("../data/places", "../places"), "utf-8")
    with pytest.raises(ProjectError, match="climbs out"):
        project.read(file)
