"""What a fetch of the country costs: python tests/benchmarks/fetching.py [first year] [last year].

Against the stub of SCB's services in this process; the fetch goes on in a fresh one, whose memory
and calls are told. Its waiting is not waited for: at one call a second it takes as many seconds as
there are calls.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import shapely

import scb_stub

FETCH = """
import json, sys
from pathlib import Path
from grannskap.sources import scb
from grannskap.sources.scb.web import Clock

base, maps, folder, first, last, without = sys.argv[1:]
passed = [0.0]
def sleep(seconds):
    passed[0] += seconds
clock = Clock(now=lambda: passed[0], sleep=sleep)
web, store = scb.Web(clock=clock), scb.Store(Path(folder) / "kept")
order = scb.Order(scb.find(["riket"]), (int(first), int(last)), without=frozenset(without.split()))
done = scb.fetch(
    order, Path(folder) / "riket",
    service=scb.Service(web, store, base), maps=scb.Maps(web, store, maps),
)
# Not ru_maxrss: a new process begins with the largest that its parent ever was.
status = Path("/proc/self/status").read_text(encoding="utf-8")
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"peak": peak, "calls": web.calls, "paced": passed[0], "files": len(done.files)}))
"""


def detailed(layers: dict) -> dict:
    """The same areas with as many vertices as the true ones have, and as many squares."""
    found = {}
    for name, features in layers.items():
        found[name] = [
            {**one, "geometry": json.loads(shapely.to_geojson(shapely.segmentize(shape, 9)))}
            if "SO_" in name
            else one
            for one in features
            for shape in [shapely.from_geojson(json.dumps(one["geometry"]))]
        ]
    squares = [(k % 300, k // 300) for k in range(115_118)]
    found["stat:befolkning_1km_2025"] = [
        {
            "type": "Feature",
            "properties": {"rutid_scb": f"{300 + x}000{6200 + y}000", "beftotalt": 1 + x},
            "geometry": json.loads(shapely.to_geojson(shapely.box(x, y, x + 1, y + 1))),
        }
        for x, y in squares
    ]
    return found


def measured(first: int, last: int, *, without: str = "", true_size: bool = False) -> dict:
    """Peak memory in MiB, calls, and seconds that a fetch of the country would wait."""
    shapes = scb_stub.shapes()
    stub = scb_stub.Stub(scb_stub.country(), detailed(shapes) if true_size else shapes)
    stub.config["maxCallsPerTimeWindow"] = 10**6  # time passes in the other process alone
    with scb_stub.served(stub), tempfile.TemporaryDirectory() as folder:
        words = [stub.base, stub.maps, folder, str(first), str(last), without]
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", FETCH, *words], check=True, stdout=subprocess.PIPE, text=True
        )
        told = json.loads(done.stdout)
        told["seconds"] = time.perf_counter() - begun
        told["bytes"] = sum(path.stat().st_size for path in Path(folder).rglob("*"))
        cells = [stub_cells(call.chosen) for call in stub.data_calls()]
        assert max(cells) <= stub.config["maxDataCells"]
    return told


def stub_cells(chosen: dict) -> int:
    """Cells of one query."""
    total = 1
    for codes in chosen.values():
        total *= len(codes)
    return total


if __name__ == "__main__":
    years = [int(word) for word in sys.argv[1:3]] or [2011, 2024]
    print(json.dumps(measured(*years, true_size=True), indent=1))
