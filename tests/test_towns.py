"""Every municipality in a folder of its own: tested together, told apart, and none lost."""

import json
import os
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

from grannskap import analysis, cli, dataset, project
from grannskap.analysis import Options, View
from grannskap.analysis.interventions import place
from grannskap.errors import OutputError
from grannskap.outputs import claim, ownership, pictures, processes, tables, towns, write
from grannskap.outputs import folder as folders
from grannskap.outputs.towns import collection, making, page, workers
from grannskap.outputs.towns.collection import PAGE, RECORD, TABLE, is_whole, put
from grannskap.outputs.towns.outline import outline
from grannskap.project import MapOptions, ReportOptions
from grannskap.sources.interventions import Intervention

SIZES = {"9901": 12, "9902": 16, "9903": 2, "9904": 9}
SMALL = "9903"


def country(sizes=SIZES):
    """Municipalities side by side, one of two areas: too few for a map."""
    codes, shapes = [], []
    for k, (code, size) in enumerate(sizes.items()):
        for n in range(size):
            y, x = divmod(n, 4)
            codes.append(f"{code}C{1010 + 10 * n:04d}")
            at = x * 400.0 + k * 1600.0, y * 400.0
            shapes.append(shapely.box(*at, at[0] + 400, at[1] + 400))
    index = pd.Index(codes, name="deso", dtype="str")
    areas = gpd.GeoDataFrame(geometry=shapes, index=index, crs="EPSG:3006")
    rng = np.random.default_rng(3)
    poor = np.linspace(20, 200, len(codes)) + rng.integers(0, 60, len(codes))
    counts = pd.DataFrame({"low": poor.round(), "high": (260 - poor).round()}, index=index)
    counts["medium_low"], counts["medium_high"] = 100.0, 100.0
    counts["households"] = counts.sum(axis=1)
    return dataset.from_frames(areas, counts, year=2020)


@pytest.fixture(scope="module")
def results():
    return analysis.run(country(), Options())


VIEW = View(title="Fyra kommuner", map=MapOptions(inset=False), report=ReportOptions(formats=[]))


@pytest.fixture(scope="module")
def once(results, tmp_path_factory):
    """A first run, and what stands there after it; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("once") / "towns"
    with towns.hold(folder) as held:
        done = towns.run(results, VIEW, held, stamp="first")
    return folder, done


@pytest.fixture
def quick(monkeypatch):
    """Have a town's folder hold a report alone, which is written like any other."""

    def run(_results, view, folder, *, stamp):
        view.mask(_results.areas.index)
        told = json.dumps({"stamp": stamp}).encode()
        folders.replace(folder, {"report.html": view.title.encode(), folders.MANIFEST: told})

    monkeypatch.setattr(write, "run", run)


@pytest.fixture
def standing(quick, results, tmp_path):
    again(results, tmp_path / "towns", "first")
    return tmp_path / "towns"


def again(results, folder, stamp, **options):
    with towns.hold(folder) as held:
        return towns.run(results, VIEW, held, stamp=stamp, **options)


def own(results, code):
    town = next(one for one in making.towns(results, VIEW) if one.code == code)
    focus = results.areas.index[results.areas["municipality"] == code]
    beside = making._around(results, focus)
    cut = analysis.within(results, focus, beside=beside)
    work = making.Work(results, VIEW, None, "")
    return cut, making.view_of(work, town)


# -- the results of a part ---------------------------------------------------------------------


def test_what_is_told_of_a_town_is_what_was_measured_of_it_with_all_others(results):
    cut, _ = own(results, "9902")
    kept = cut.areas.index
    for name, one in results.measured.items():
        table = cut.measured[name].table
        pd.testing.assert_frame_equal(table, one.table.loc[table.index])
        assert set(one.at("area", 2020).index) & set(kept) == set(cut.at(name, "area").index)
    assert cut.row("balance", ("municipality", "9902")).equals(
        results.row("balance", ("municipality", "9902"))
    )
    for one, whole in zip(cut.clusterings, results.clusterings, strict=True):
        pd.testing.assert_frame_equal(one.local, whole.local)
    assert set(cut.dataset.counts.index.get_level_values("deso")) == set(kept)


def test_the_parts_of_a_town_sum_to_its_own_dissimilarity_and_not_to_that_of_all(results):
    cut, _ = own(results, "9902")
    low, high = (cut.dataset.count(name, year=2020).value for name in ("low", "high"))
    mine = low.index.str.startswith("9902")
    shares = low[mine] / low[mine].sum() - high[mine] / high[mine].sum()
    contribution = cut.areas["contribution_dissimilarity"]
    assert contribution.dropna().index.str.startswith("9902").all()
    assert contribution.sum() == pytest.approx(shares.abs().sum() / 2, abs=1e-12)


def test_pictures_of_a_part_are_those_drawn_from_the_whole(results):
    """What lies around the town is kept as far as any map draws it."""
    cut, view = own(results, "9902")
    drawn, whole = (pictures.draw(one, view).files for one in (cut, results))
    names = ["maps/balance.png", "maps/balance.svg", "maps/clusters.png"]
    assert [name for name in names if drawn[name] != whole[name]] == []


def test_a_neighbourhood_of_the_next_town_is_not_among_its_places(results):
    here = [code for code in results.areas.index if code.startswith("9902")]
    there = [code for code in results.areas.index if code.startswith("9901")]
    named = tuple(
        dataset.Neighbourhood(name, tuple(codes[:3]), results.areas.geometry[codes[:3]].union_all())
        for name, codes in (("Här", here), ("Där", there))
    )
    more = analysis.run(replace(country(), neighbourhoods=named), Options())
    cut, view = own(more, "9902")
    assert [name for name in view.places(cut) if name in ("Här", "Där")] == ["Här"]


def test_an_intervention_is_told_of_in_its_own_town_and_one_without_a_place_in_all(results):
    codes = {code[:4]: code for code in results.areas.index}
    rows = [
        Intervention(n, name, codes.get(name, ""), None, ("individual",), ("causes",), None, None)
        for n, name in enumerate(("9901", "9902", "överallt"), start=2)
    ]
    data = results.dataset
    listed = place(rows, data, np.ones(len(data.geometry), dtype=bool), file="i.csv")
    told = replace(results, notes=(*results.notes, *listed.notes()))
    work = making.Work(told, replace(VIEW, interventions=listed), None, "")
    one, other, *_ = making.towns(results, VIEW)
    held = making.view_of(work, one).interventions
    assert [found.row.name for found in held.placed] == ["9901", "överallt"]
    held = making.view_of(work, other).interventions
    assert [found.row.name for found in held.placed] == ["9902", "överallt"]
    notes = making._notes(told, listed, held)
    of_lists = [note.kind for note in notes if note.kind.startswith("interventions")]
    assert of_lists == [note.kind for note in held.notes()]


# -- a run -------------------------------------------------------------------------------------


def test_each_town_has_its_folder_and_one_that_fails_stops_no_other(once, results):
    folder, done = once
    assert (done.made, done.kept, [one.town.code for one in done.failed]) == (3, 0, [SMALL])
    for town in making.towns(results, VIEW):
        assert (folder / town.folder / "report.html").exists() == (town.code != SMALL)
    text = (folder / PAGE).read_text(encoding="utf-8")
    assert done.failed[0].why in text.replace("&#39;", "'").replace("&gt;", ">")
    with pytest.raises(OutputError, match="9903"):
        done.refuse_failed()
    assert not [one.name for one in folder.iterdir() if one.name.startswith(".")]


def test_every_link_of_the_page_leads_to_a_file(once):
    folder, _ = once
    links = re.findall(r'href="([^"]+)"', (folder / PAGE).read_text(encoding="utf-8"))
    assert len(links) >= 3 * 4
    assert [link for link in links if not (folder / link).is_file()] == []


def test_the_table_has_what_each_town_tells_of_itself(once, results):
    folder, _ = once
    table = pd.read_csv(folder / TABLE, dtype={"municipality": str}).set_index("municipality")
    assert table.index.tolist() == list(SIZES)
    assert table["written"].tolist() == [code != SMALL for code in SIZES]
    own_table = pd.read_csv(folder / table.loc["9902", "folder"] / "tables/balance.csv").iloc[0]
    row = table.loc["9902"]
    assert (row["low"], row["high"], row["areas"]) == (
        own_table["low"],
        own_table["high"],
        own_table["areas"],
    )
    assert row["balance"] == pytest.approx(row["low"] / row["high"], rel=1e-5)
    local = results.clusterings[0].local
    held = (local["cluster"] == "high-high") & local.index.str.startswith("9904")
    assert table.loc["9904", "clusters_low_income_share_high_high"] == held.sum()


def test_a_town_of_many_has_the_files_of_its_own_run_with_its_own_areas(once):
    folder, _ = once
    areas = pd.read_csv(folder / "9901-9901" / "tables/areas.csv")
    shown = areas[areas["in_view"]]
    assert set(shown["deso"].str[:4]) == {"9901"}
    assert len(shown) == SIZES["9901"]


# -- a second run ------------------------------------------------------------------------------


def test_what_was_made_from_the_same_is_left_alone_and_the_rest_is_made(standing, results):
    before = {path: path.stat().st_mtime_ns for path in standing.glob("9901*/**/*")}
    (standing / "9904-9904" / "report.html").unlink()
    told = []
    done = again(results, standing, "first", on_town=lambda town, *_: told.append(town.code))
    assert sorted(told) == [SMALL, "9904"]
    assert (done.made, done.kept) == (1, 2)
    assert before == {path: path.stat().st_mtime_ns for path in standing.glob("9901*/**/*")}
    assert (standing / "9904-9904" / "report.html").exists()


def test_with_other_inputs_all_is_made_again(standing, results):
    assert again(results, standing, "second").made == 3
    assert again(results, standing, "").made == 3, "what has no stamp is never known to be whole"


def test_a_file_that_was_changed_is_kept_and_the_town_told(standing, results):
    edited = standing / "9902-9902" / "report.html"
    edited.write_text("min egen", encoding="utf-8")
    assert again(results, standing, "first").kept == 3
    done = again(results, standing, "second")
    assert edited.read_text(encoding="utf-8") == "min egen"
    assert {one.town.code for one in done.failed} == {"9902", SMALL}
    assert "report.html" in next(one.why for one in done.failed if one.town.code == "9902")


@pytest.mark.usefixtures("quick")
def test_nothing_is_read_where_nothing_changed(tmp_path):
    good = analysis.run(country({code: n for code, n in SIZES.items() if code != SMALL}), Options())
    with towns.hold(tmp_path / "towns") as held:
        towns.run(good, VIEW, held, stamp="first")
    with towns.hold(tmp_path / "towns") as held:
        assert towns.standing(held, "first").kept == 3
        assert towns.standing(held, "second") is None
        assert towns.standing(held, "") is None
    (tmp_path / "towns" / TABLE).unlink()
    with towns.hold(tmp_path / "towns") as held:
        assert towns.standing(held, "first") is None


# -- whose the folder is -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [PAGE, TABLE, RECORD])
def test_a_changed_file_above_the_towns_is_refused_and_kept(standing, name):
    (standing / name).write_text("min egen", encoding="utf-8")
    told = name if name != RECORD else "9901-9901"
    with pytest.raises(OutputError, match=told), towns.hold(standing):
        pass
    assert (standing / name).read_text(encoding="utf-8") == "min egen"


def test_files_of_others_are_refused_and_files_beside_the_towns_are_left(standing, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brev.txt").write_text("hej", encoding="utf-8")
    with pytest.raises(OutputError, match=r"brev\.txt"), towns.hold(tmp_path / "mine"):
        pass
    (standing / "brev.txt").write_text("hej", encoding="utf-8")
    with towns.hold(standing) as held:
        put(held, {PAGE: b"new", TABLE: b"new"}, told={})
    assert (standing / "brev.txt").read_text(encoding="utf-8") == "hej"


@pytest.mark.parametrize("after", [RECORD, PAGE])
def test_a_run_that_was_killed_between_two_files_leaves_a_folder_that_is_taken_up(
    standing, monkeypatch, after
):
    kill = {RECORD: 1, PAGE: 2}[after]
    wrote = []

    def until(path, content):
        if len(wrote) == kill:
            raise KeyboardInterrupt
        wrote.append(path.name)
        path.write_bytes(content)

    with monkeypatch.context() as patched:
        patched.setattr(collection, "_write", until)
        with pytest.raises(KeyboardInterrupt), towns.hold(standing) as held:
            put(held, {PAGE: b"new", TABLE: b"new"}, told={})
    with towns.hold(standing) as held:
        put(held, {PAGE: b"newer", TABLE: b"newer"}, told={})
    assert (standing / TABLE).read_bytes() == b"newer"


def test_a_folder_into_which_nothing_came_is_gone(tmp_path):
    with towns.hold(tmp_path / "a" / "towns"):
        assert ownership.read(tmp_path / "a" / "towns" / RECORD) is not None
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_one_town_does_not_take_the_folder_of_many(standing, results):
    with pytest.raises(OutputError), claim.claim(standing):
        pass


def test_two_files_of_one_name_outside_the_project_are_told_apart(
    demo_folder, tmp_path, monkeypatch
):
    """A change in either makes another stamp."""
    read = project.read(demo_folder / "project.toml")
    paths = [tmp_path / one / "counts.csv" for one in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("1", encoding="utf-8")
    monkeypatch.setattr(type(read), "files", lambda _self: paths)
    stamps = {towns.stamp(read, analysis.checksums(read))}
    for changed in paths:
        changed.write_text(f"2 {changed.parent.name}", encoding="utf-8")
        stamps.add(towns.stamp(read, analysis.checksums(read)))
    assert len(stamps) == 3
    assert towns.stamp(read, None) == ""


def test_the_map_says_of_a_town_without_a_value_why_there_is_none(results):
    told = towns.table(results, making.towns(results, VIEW))
    told.loc["9901", ["balance", "at_least", "at_most"]] = [np.nan, 0.0, np.inf]
    for status, words in (("suppressed", "Dold av sekretess"), ("missing", "Uppgift saknas")):
        held = outline(results, VIEW, told.assign(status=status)).classes
        assert {one.label: one.towns for one in held}[words] == 1


# -- processes ---------------------------------------------------------------------------------


def no_stamp(folder):
    """Every file below a folder but for what each run names by itself."""
    return {
        path.relative_to(folder).as_posix(): ownership.checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_processes_write_what_one_writes(once, results, tmp_path):
    done = again(results, tmp_path / "towns", "first", jobs=2)
    assert done.made == 3
    assert no_stamp(tmp_path / "towns") == no_stamp(once[0])


class Deadly(str):
    """A name at which the process that reads it ends."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_process_that_dies_loses_its_town_alone(results, tmp_path):
    work = making.Work(results, VIEW, tmp_path, "")
    first, second, *_ = making.towns(results, VIEW)
    listed = [replace(first, county=Deadly()), replace(first, name="Ett"), second]
    found = {one.town.name: one.why for one in workers.made(work, listed, jobs=2)}
    assert found.pop(first.name), "it is told"
    assert found == {"Ett": "", second.name: ""}


def test_an_interrupt_leaves_whole_folders_and_no_process(results, tmp_path, monkeypatch):
    started = []
    begin = processes.start
    monkeypatch.setattr(processes, "start", lambda name: started.append(begin(name)) or started[-1])

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(results, tmp_path / "towns", "first", jobs=2, on_town=interrupt)
    assert [one.poll() is None for one in started] == [False, False]
    names = {one.name for one in (tmp_path / "towns").iterdir()} - {RECORD}
    assert names
    assert all(is_whole(tmp_path / "towns" / name, "first") for name in names)


def test_where_no_process_can_be_started_this_one_writes(results, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "start", lambda _name: None)
    town = making.towns(results, VIEW)[0]
    work = making.Work(results, VIEW, tmp_path, "")
    assert [one.why for one in workers.made(work, [town, town], jobs=2)] == ["", ""]


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Örnsköldsvik", "2284-ornskoldsvik"),
        ("Upplands-Bro", "2284-upplands-bro"),
        ("../../x", "2284-x"),
        ("", "2284"),
        ("å" * 200, "2284-" + "a" * 40),
    ],
)
def test_a_folder_has_a_name_that_every_disk_takes(name, folder):
    assert making._folder("2284", name) == folder


def test_hostile_names_are_text(results):
    town = making.Town("9901", "<script>alert(1)</script>", "", "9901-x")
    told = towns.table(results, [town])
    text = page.write(results, VIEW, told, [town], failed={"9901": "<b>"}).decode()
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert b"'=1" in tables.csv(told.assign(municipality_name="=1"))


# -- the command line --------------------------------------------------------------------------


@pytest.mark.usefixtures("quick")
def test_the_command_writes_reads_nothing_twice_and_tells(demo_folder, tmp_path, monkeypatch):
    project_file = demo_folder / "project.toml"
    command = ["run", str(project_file), "--each", "municipality", "--out", str(tmp_path / "out")]
    first = CliRunner().invoke(cli.app, command)
    assert first.exit_code == 0, first.output
    assert "1 kommun" in first.output
    assert (tmp_path / "out" / PAGE).exists()
    monkeypatch.setattr(analysis, "read", None)
    second = CliRunner().invoke(cli.app, command)
    assert second.exit_code == 0, second.output
    assert "0 kommuner" in second.output


def test_jobs_without_each_are_refused(demo_folder):
    command = ["run", str(demo_folder / "project.toml"), "--jobs", "2"]
    assert isinstance(CliRunner().invoke(cli.app, command).exception, OutputError)


# -- the page ----------------------------------------------------------------------------------


@pytest.fixture
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.mark.browser
def test_the_page_searches_and_sorts_by_keyboard(once, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto((once[0] / PAGE).as_uri())

    def shown():
        return page.eval_on_selector_all(
            "tbody tr:not([hidden])", "rows => rows.map((row) => row.dataset.town)"
        )

    assert shown() == list(SIZES)
    areas = page.get_by_role("button", name="Områden", exact=True)
    areas.focus()
    page.keyboard.press("Enter")
    assert shown() == sorted(SIZES, key=lambda code: -SIZES[code])
    page.keyboard.press("Enter")
    assert shown() == sorted(SIZES, key=SIZES.__getitem__)
    page.get_by_label("Sök kommun").fill("9904")
    assert shown() == ["9904"]
    assert page.locator("#found").inner_text() == "1 av 4"
    assert page.locator("path.faint").count() == len(SIZES) - 1
    page.get_by_role("link", name="9904").first.click()
    page.wait_for_url("**/9904-9904/report.html")
    page.close()
    assert told == []
