"""The demo's maps and tests by hand, as the packages' own documentation shows them.

    python tests/benchmarks/by_hand.py

makes the made-up town, does the work once with geopandas, esda, mapclassify and folium and
once with ``grannskap demo``, each in a fresh process, and prints both times and their ratio.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3


def by_hand(folder: Path, out: Path) -> None:
    """Read, join, measure, test, draw and write, with the packages directly."""
    import esda
    import geopandas
    import libpysal
    import mapclassify
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    out.mkdir()
    areas = geopandas.read_file(folder / "inputs" / "boundaries.geojson").set_index("deso")
    text = (folder / "inputs" / "register.csv").read_text(encoding="utf-8-sig").splitlines()
    start = next(i for i, line in enumerate(text) if line.count(";") > 3)
    stop = next((i for i in range(start, len(text)) if text[i].count(";") < 3), len(text))
    rows = [[cell.strip('"') for cell in line.split(";")] for line in text[start:stop]]
    register = pd.DataFrame(rows[1:], columns=rows[0])
    keys = list(register.columns[:3])
    numbers = register.drop(columns=keys).apply(
        lambda c: pd.to_numeric(
            c.str.replace(r"\s", "", regex=True).str.replace(",", "."), "coerce"
        )
    )
    register = register[keys].join(numbers)
    everybody = register[register[keys[2]] == register[keys[2]].iloc[0]].set_index(keys[0])
    then, now = (frame for _, frame in everybody.groupby(keys[1]))
    joined = areas.join(now.drop(columns=keys[1:]))
    low, high, households = joined["Kvartil1"], joined["Kvartil4"], joined["Totalt"]
    joined["balance"] = (low / high).replace(np.inf, np.nan)
    joined["change"] = np.log2(joined["balance"] / (then["Kvartil1"] / then["Kvartil4"]))
    joined["share"] = low / households
    parts = pd.DataFrame(
        {
            "income": joined["MedianInk"],
            "work": joined["Förvärvsarbetande 20-64 år"] / joined["Folkmängd 20-64 år"],
            "school": joined["Eftergymnasial utbildning 3 år eller längre 25-64 år"]
            / joined["Känd utbildning 25-64 år"],
        }
    )
    joined["score"] = (parts / parts.median()).mean(axis=1, skipna=False)

    complete = joined.dropna(subset=["share", "balance", "score"]).copy()
    weights = libpysal.graph.Graph.build_contiguity(complete, rook=False).transform("r")
    moran = esda.Moran(complete["share"].to_numpy(), weights, permutations=9999)
    local = esda.Moran_Local(complete["share"].to_numpy(), weights, permutations=9999)
    complete["local"] = local.Is
    complete["p"] = local.p_sim
    complete["cluster"] = local.get_cluster_labels(crit_value=0.05)
    print(f"Moran's I {moran.I:.3f}, p {moran.p_sim:.4f}")

    police = geopandas.read_file(folder / "inputs" / "police.geojson")
    estates = geopandas.read_file(folder / "inputs" / "estates.geojson")
    places = geopandas.read_file(folder / "inputs" / "places.geojson")
    for name, scheme in (
        ("balance", "user"),
        ("cluster", None),
        ("score", "quantiles"),
        ("change", "quantiles"),
    ):
        figure, axes = plt.subplots(figsize=(7, 9))
        if scheme is None:
            complete.plot(name, categorical=True, legend=True, ax=axes, edgecolor="white")
        else:
            classes = (
                mapclassify.UserDefined(complete[name], [0.25, 0.5, 0.8, 1.25, 2, 4])
                if scheme == "user"
                else mapclassify.Quantiles(complete[name], k=5)
            )
            complete.assign(classes=classes.yb).plot(
                "classes", categorical=True, cmap="PuOr_r", legend=True, ax=axes, edgecolor="white"
            )
        police.boundary.plot(ax=axes, color="green")
        estates.plot(ax=axes, facecolor="none", edgecolor="black", hatch="///")
        for label, point in zip(places["namn"], places.geometry, strict=True):
            axes.annotate(label, (point.x, point.y))
        axes.set_title(name)
        axes.set_axis_off()
        for kind in ("png", "svg", "pdf"):
            figure.savefig(out / f"{name}.{kind}", dpi=300)
        plt.close(figure)
        complete[[name, "geometry"]].explore(name).save(out / f"{name}.html")
    complete.drop(columns="geometry").to_csv(out / "areas.csv")
    complete.reset_index().to_file(out / "areas.gpkg", driver="GPKG")


def seconds(command: list[str]) -> float:
    """Wall time of one command in a fresh process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare() -> float:
    """Print both times, each the best of some alternating rounds; return their ratio."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for i in range(ROUNDS):
            demo = base / f"demo{i}"
            ours.append(seconds([sys.executable, "-m", "grannskap", "demo", "--out", str(demo)]))
            hand = [sys.executable, __file__, "--demo", str(demo), "--out", str(base / f"hand{i}")]
            theirs.append(seconds(hand))
    ratio = min(theirs) / min(ours)
    print(f"by hand         {min(theirs):6.2f} s")
    print(f"grannskap demo  {min(ours):6.2f} s")
    print(f"ratio           {ratio:6.2f}")
    return ratio


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, help="a folder that the demo has written")
    parser.add_argument("--out", type=Path, help="where the work by hand is written")
    given = parser.parse_args()
    if given.demo:
        by_hand(given.demo, given.out)
    else:
        compare()
