"""What others, and the definitions read aloud, give of the measures of segregation.

Each function takes counts of shape (areas, groups) and returns a number for each measure it has.
"""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd

STATS = "stats/deso2018_sweden_5984_stats_2022.csv"

PYSAL_TWO = {
    "dissimilarity": "Dissim",
    "gini": "Gini",
    "theil_h": "Entropy",
    "atkinson": "Atkinson",
    "isolation": "Isolation",
    "exposure": "Interaction",
    "correlation_ratio": "CorrelationR",
}
PYSAL_MANY = {
    "dissimilarity": "MultiDissim",
    "gini": "MultiGini",
    "theil_h": "MultiInfoTheory",
    "information": "MultiDivergence",
}
EQUIPOP = {
    "dissimilarity": "D",
    "gini": "Gini",
    "theil_h": "H",
    "atkinson": "Atkinson_0.5",
    "isolation": "Isolation",
    "exposure": "Interaction",
    "correlation_ratio": "CorrelationV",
}


def pysal_two(counts):
    """PySAL's single-group classes."""
    from segregation import singlegroup

    table = pd.DataFrame({"x": counts[:, 0], "t": counts.sum(axis=1)})
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = {
            name: float(getattr(singlegroup, theirs)(table, "x", "t").statistic)
            for name, theirs in PYSAL_TWO.items()
        }
        table["x"] = counts[:, 1]
        found["isolation_of_second"] = float(singlegroup.Isolation(table, "x", "t").statistic)
    return found


def pysal_many(counts):
    """PySAL's multigroup classes."""
    from segregation import multigroup

    names = [f"g{number}" for number in range(counts.shape[1])]
    table = pd.DataFrame(counts, columns=names)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return {
            name: float(getattr(multigroup, theirs)(table, names).statistic)
            for name, theirs in PYSAL_MANY.items()
        }


def equipop(counts):
    """EquiPop's indices at one scale, here the areas themselves."""
    from equipop.segregation import seg_indices_at_scale

    whole = counts.sum(axis=1)
    found = seg_indices_at_scale(whole, counts[:, 0], counts[:, 0].sum() / whole.sum())
    return {name: float(found[theirs]) for name, theirs in EQUIPOP.items()}


def scikit(counts):
    """scikit-learn's mutual information of a table of contingency, and H by SciPy's entropy."""
    from scipy.stats import entropy
    from sklearn.metrics import mutual_info_score

    found = mutual_info_score(None, None, contingency=counts)
    return {"information": float(found), "theil_h": float(found / entropy(counts.sum(axis=0)))}


def aloud(counts):
    """The definitions, in loops over areas."""
    areas = [[float(one) for one in row] for row in counts if sum(row)]
    groups = [sum(column) for column in zip(*areas, strict=True)]
    whole = sum(groups)
    shares = [one / whole for one in groups]
    mixed = sum(p * (1 - p) for p in shares)
    apart = sum(
        sum(row) * abs(x / sum(row) - p) for row in areas for x, p in zip(row, shares, strict=True)
    )
    people = np.array(areas).sum(axis=1)
    inside = np.array(areas) / people[:, None]
    pairs = sum(
        (size * people[:, None] * np.abs(here - inside)).sum()
        for size, here in zip(people, inside, strict=True)
    )
    information = sum(
        x / whole * np.log(x / sum(row) / p)
        for row in areas
        for x, p in zip(row, shares, strict=True)
        if x
    )
    entropy = -sum(p * np.log(p) for p in shares if p)
    return {
        "dissimilarity": apart / (2 * whole * mixed),
        "gini": pairs / (2 * whole**2 * mixed),
        "information": information,
        "theil_h": information / entropy,
    }


def aloud_two(counts):
    """The definitions of two groups."""
    areas = [(float(x), float(y)) for x, y in counts if x + y]
    first, second = (sum(row[g] for row in areas) for g in (0, 1))
    isolation = sum(x / first * x / (x + y) for x, y in areas)
    share = first / (first + second)
    return {
        "dissimilarity": sum(abs(x / first - y / second) for x, y in areas) / 2,
        "atkinson": 1 - sum(np.sqrt(x / first * y / second) for x, y in areas) ** 2,
        "isolation": isolation,
        "isolation_of_second": sum(y / second * y / (x + y) for x, y in areas),
        "exposure": sum(x / first * y / (x + y) for x, y in areas),
        "correlation_ratio": sum((x + y) * (x / (x + y) - share) ** 2 for x, y in areas)
        / ((first + second) * share * (1 - share)),
    }


def aloud_ordered(counts):
    """The ordinal indices: one cut of the order after the other, one area after the other."""
    variations = {
        "ordinal": lambda c: -sum(p * np.log2(p) for p in (c, 1 - c) if p > 0),
        "ordinal_variance": lambda c: 1 - (1 - 2 * c) ** 2,
        "ordinal_root": lambda c: 2 * np.sqrt(c - c**2),
    }
    areas = [[float(one) for one in row] for row in counts if sum(row)]
    groups = [sum(column) for column in zip(*areas, strict=True)]
    found = {"rank_order": aloud_rank_order(counts)}
    for name, variation in variations.items():
        town = sum(
            variation(sum(groups[: cut + 1]) / sum(groups)) for cut in range(len(groups) - 1)
        )
        inside = sum(
            sum(row) * variation(sum(row[: cut + 1]) / sum(row))
            for row in areas
            for cut in range(len(groups) - 1)
        )
        found[name] = 1 - inside / (sum(groups) * town)
    return found


def aloud_rank_order(counts):
    """The integral, by quadrature, of the polynomial that numpy fits through the cuts."""
    from scipy.integrate import quad

    below = counts.cumsum(axis=1)[:, :-1]
    places = below.sum(axis=0) / counts.sum()
    heights = [
        aloud(np.column_stack([cut, counts.sum(axis=1) - cut]))["theil_h"] for cut in below.T
    ]
    weights = -(places * np.log2(places) + (1 - places) * np.log2(1 - places))
    through = np.polyfit(places, heights, min(len(places) - 1, 4), w=weights)

    def weighed(p):
        return -(p * np.log2(p) + (1 - p) * np.log2(1 - p)) * np.polyval(through, p)

    return 2 * np.log(2) * quad(weighed, 0, 1, epsabs=1e-13, epsrel=1e-13)[0]


# The places


def real_tables(folder: Path):
    """Two groups, many, and groups in order, of real places: name → (areas, groups)."""
    country = pd.read_csv(folder / STATS, dtype={"deso": str, "kommun": str})
    places = {
        "Uppsala": country["kommun"] == "0380",
        "Stockholm": country["kommun"] == "0180",
        "Dalarna": country["kommun"].str.startswith("20"),
    }
    kinds = {
        "two": ["bg_foreign", "bg_swedish"],
        "many": ["dw_hyresratt", "dw_bostadsratt", "dw_aganderatt", "dw_uppgift_saknas"],
        "ordered": [
            "edu_middle_school",
            "edu_gymnasium",
            "edu_post_gymnasium_less_than_3",
            "edu_post_gymnasium_more_than_3",
        ],
    }
    return {
        place: {kind: country.loc[rows, names].to_numpy(float) for kind, names in kinds.items()}
        for place, rows in places.items()
    }


def schools(folder: Path):
    """Schools by race in 2000 and 2005, as the R package segregation carries them."""
    import rdata

    found = {}
    for name in ("schools00", "schools05"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = rdata.read_rda(folder / "oracles" / f"{name}.rda")[name]
        sums = rows.groupby(["school", "race"], observed=True)["n"].sum().unstack(fill_value=0)
        sums.index = sums.index.astype(str)
        found[name] = sums.rename(columns=str)
    return found


def odd_tables():
    """Tables of chance, with zeros in them, and of one area."""
    rng = np.random.default_rng(1)
    return {
        "chance": {
            "two": rng.integers(1, 60, (15, 2)).astype(float),
            "many": rng.integers(1, 60, (15, 4)).astype(float),
            "ordered": rng.integers(1, 60, (15, 6)).astype(float),
        },
        "zeros": {
            "two": np.array([[5.0, 0], [0, 0], [0, 8], [3, 4], [0, 1]]),
            "many": np.array([[5.0, 0, 1], [0, 0, 0], [0, 8, 0], [3, 4, 2], [0, 0, 9]]),
            "ordered": np.array([[5.0, 0, 1, 0], [0, 0, 0, 0], [0, 8, 0, 2], [3, 4, 2, 1]]),
        },
        "one area": {
            "two": np.array([[7.0, 5]]),
            "many": np.array([[7.0, 5, 2]]),
            "ordered": np.array([[7.0, 5, 2, 6]]),
        },
        "nine classes, and a person alone": {
            "ordered": np.vstack([rng.integers(1, 60, (15, 9)), np.eye(9)[:1]]).astype(float),
        },
    }


PEERS = {
    "two": {
        "PySAL": pysal_two,
        "EquiPop": equipop,
        "read aloud": lambda counts: {**aloud(counts), **aloud_two(counts)},
    },
    "many": {"PySAL": pysal_many, "scikit-learn": scikit, "read aloud": aloud},
    "ordered": {"read aloud": aloud_ordered},
}


def differences(tables):
    """Rows of kind, measure, peer, place, ours, theirs."""
    from grannskap import segregation

    rows = []
    for place, kinds in tables.items():
        for kind, counts in kinds.items():
            index = [f"0380A{1000 + number}" for number in range(len(counts))]
            ours = segregation.indices(
                pd.DataFrame(counts, index=index),
                by=pd.Series("place", index=index),
                ordered=kind == "ordered",
                redraws=0,
            ).loc["place", "estimate"]
            rows += [
                (kind, measure, peer, place, ours[measure], theirs)
                for peer, act in PEERS[kind].items()
                for measure, theirs in act(counts).items()
                if measure in ours.index
            ]
    columns = ["kind", "measure", "peer", "place", "ours", "theirs"]
    return pd.DataFrame(rows, columns=columns)


# The table in docs/segregation.md


def table(found):
    """Say in Markdown how far off each measure is from each peer, at most, by place."""
    far = (found["ours"] - found["theirs"]).abs()
    far[found["ours"].isna() & found["theirs"].isna()] = 0.0
    keys = [found[name] for name in ("kind", "measure", "peer", "place")]
    wide = far.groupby(keys, sort=False).max().unstack()
    yield "| groups | measure | peer | " + " | ".join(wide.columns) + " |"
    yield "|---|---|---|" + "---:|" * len(wide.columns)
    for (kind, measure, peer), row in wide.iterrows():
        cells = ["" if np.isnan(one) else f"{one:.0e}" if one else "0" for one in row]
        yield f"| {kind} | {measure} | {peer} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    import sys

    data = Path(sys.argv[1])
    of_schools = {name: {"many": one.to_numpy(float)} for name, one in schools(data).items()}
    print(*table(differences({**real_tables(data), **of_schools, **odd_tables()})), sep="\n")
