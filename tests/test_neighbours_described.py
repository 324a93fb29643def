"""What a graph says of itself, and its links as lines."""

import json

import pytest
import shapely
from libpysal.graph import Graph

from grannskap.errors import CodeError, DataError
from grannskap.measures import neighbours
from squares import (
    ISLANDS,
    archipelago_areas,
    grid,
    links_of,
    made_country,
    series,
)


@pytest.fixture
def made():
    return made_country()


@pytest.fixture
def archipelago():
    return archipelago_areas()


class TestDescription:
    def test_counts_agree_with_libpysal(self, made):
        graph = neighbours.build(made.geometry.iloc[::3], kind="rook")
        found = neighbours.describe(graph)
        assert found.areas == graph.n
        assert 2 * found.links == graph.n_edges
        assert found.symmetric
        assert len(found.components) == graph.n_components
        assert sum(found.components) == graph.n
        assert set(found.isolated) == set(graph.isolates)
        assert found.mean == pytest.approx(graph.cardinalities.mean())
        assert (found.least, found.most) == (graph.cardinalities.min(), graph.cardinalities.max())

    def test_nearest_are_not_symmetric(self):
        row = series([shapely.Point(x, 0) for x in (0, 10, 11)])
        found = neighbours.describe(neighbours.build(row, kind="knn", k=1))
        assert not found.symmetric
        assert (found.links, found.mean, found.components) == (2, 1.0, (3,))

    @pytest.mark.parametrize("language", ["sv", "en"])
    def test_the_sentence_names_what_the_graph_holds(self, archipelago, language):
        graph = neighbours.build(archipelago, land=ISLANDS, tolerance=2.5)
        text = neighbours.describe(graph).sentence(language)
        for word in (archipelago.index[0], {"sv": "2,5", "en": "2.5"}[language], "land"):
            assert word in text
        assert "{" not in text
        assert text.count(".") >= 4

    def test_every_kind_has_its_words(self, made):
        areas = made.geometry.iloc[:30]
        graphs = [
            neighbours.build(areas, kind="rook", tolerance=1),
            neighbours.build(areas, kind="knn", k=3),
            neighbours.build(areas, kind="distance", threshold=12_345),
            neighbours.build(areas, kind="kernel", bandwidth=54_321),
        ]
        graphs.append(neighbours.union(graphs[0], graphs[1]))
        told = [neighbours.describe(graph) for graph in graphs]
        assert len({found.sentence("sv") for found in told}) == len(graphs)
        assert "12,345 m" in told[2].sentence("en")
        assert "54,321 m" in told[3].sentence("en")
        assert "3 nearest" in told[4].sentence("en")

    def test_it_can_be_written_as_json(self, archipelago):
        west, *_ = archipelago.index
        found = neighbours.describe(neighbours.build(archipelago, land=ISLANDS))
        read = json.loads(json.dumps(found.as_dict()))
        assert read["isolated"][0] == west
        assert read["crossing"] == []
        assert read["rule"]["en"]

    def test_notes_hold_all_the_codes(self):
        spots = series([shapely.box(3 * x, 0, 3 * x + 1, 1) for x in range(8)])
        (note,) = neighbours.describe(neighbours.build(spots)).notes()
        assert note.codes == tuple(spots.index)
        assert "8" in note.text.sv
        assert spots.index[7] not in note.text.sv

    @pytest.mark.parametrize("parts", [1, 2, 5, 6])
    def test_at_most_five_parts_are_sized_the_largest_first(self, parts):
        shapes = [
            shapely.box(100 * p + x, 0, 100 * p + x + 1, 1)
            for p in range(parts)
            for x in range(p + 2)
        ]
        found = neighbours.describe(neighbours.build(series(shapes)))
        sizes = [*range(parts + 1, 1, -1)]
        assert found.components == tuple(sizes)
        assert (found.areas, found.links) == (sum(sizes), sum(n - 1 for n in sizes))
        degrees = [1 if x in (0, p + 1) else 2 for p in range(parts) for x in range(p + 2)]
        assert (found.least, found.most) == (min(degrees), max(degrees))
        assert found.mean == pytest.approx(sum(degrees) / len(degrees))
        told = found.sentence("en")
        if parts == 1:
            assert "All areas hang together." in told
        else:
            listed = ", ".join(map(str, sizes[:5])) + (", …" if parts > 5 else "")
            assert f"form {parts} parts" in told
            assert f"(number of areas: {listed})" in told

    def test_a_graph_from_elsewhere_is_described_by_its_links(self):
        graph = Graph.build_contiguity(grid(3, 2))
        found = neighbours.describe(graph)
        assert found.kind == "unknown"
        assert found.links == graph.n_edges / 2
        assert neighbours.describe(neighbours.build(grid(3, 2)).transform("r")).links == 11

    def test_geometry_and_land_come_together(self, archipelago):
        with pytest.raises(DataError, match="both geometry and land"):
            neighbours.describe(neighbours.build(archipelago), geometry=archipelago)


class TestLinks:
    def test_a_line_for_each_pair_between_points_inside(self, archipelago):
        graph = neighbours.build(archipelago)
        lines = neighbours.links(graph, archipelago[::-1])
        assert set(zip(lines["focal"], lines["neighbor"], strict=True)) == {
            (a, b) for a, b in links_of(graph) if a < b
        }
        assert "crosses_water" not in lines
        assert lines.crs == archipelago.crs
        for row in lines.itertuples():
            assert archipelago[row.focal].contains(shapely.get_point(row.geometry, 0))
            assert archipelago[row.neighbor].contains(shapely.get_point(row.geometry, 1))

    def test_water_is_told_from_the_build_or_from_land(self, archipelago):
        west, middle, *_ = archipelago.index
        built = neighbours.build(archipelago, land=ISLANDS, bridges=[(west, middle)])
        lines = neighbours.links(built, archipelago)
        assert lines["crosses_water"].tolist() == [True, False]
        later = neighbours.links(neighbours.build(archipelago), archipelago, land=ISLANDS)
        assert later["crosses_water"].sum() == 4

    def test_no_links_give_an_empty_frame(self):
        row = series([shapely.box(3 * x, 0, 3 * x + 1, 1) for x in range(3)])
        assert len(neighbours.links(neighbours.build(row), row)) == 0

    def test_an_area_without_geometry_is_named(self):
        row = grid(3, 1)
        with pytest.raises(CodeError, match=row.index[0]):
            neighbours.links(neighbours.build(row), row.iloc[1:])
