"""What a reader sees above a column, for a class and for a group: the words of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from grannskap.catalogue import AMOUNTS, COUNTS, GROUPS, SHARES, label
from grannskap.language import Language, Text, inside_sentence

if TYPE_CHECKING:
    from grannskap.maps.style import Style
    from grannskap.project import Project

__all__ = [
    "classes",
    "column",
    "concerned",
    "every_column",
    "group",
    "pole",
    "quantity",
    "summed_column",
]

_HEADINGS: dict[str, Text] = {
    "deso": Text("DeSO", "DeSO"),
    "place": Text("Plats", "Place"),
    "year": Text("År", "Year"),
    "group": Text("Grupp", "Group"),
    "municipality": Text("Kommunkod", "Municipality code"),
    "municipality_name": Text("Kommun", "Municipality"),
    "regso": Text("RegSO", "RegSO"),
    "regso_name": Text("RegSO-namn", "RegSO name"),
    "kind": Text(
        "Typ (A landsbygd, B tätort, C centralort)", "Kind (A rural, B town, C main town)"
    ),
    "in_view": Text("Visas på kartan", "Shown on the map"),
    "complete": Text("Hela kommunen finns med", "The whole municipality is here"),
    "balance": Text("Balans", "Balance"),
    "balance_lower": Text("Balans, undre gräns", "Balance, lower bound"),
    "balance_upper": Text("Balans, övre gräns", "Balance, upper bound"),
    "score": Text("Levnadsvillkor", "Living conditions"),
    "local_statistic": Text("Lokal statistika", "Local statistic"),
    "local_p": Text("Lokalt p", "Local p"),
    "local_q": Text("Lokalt q (rättat p)", "Local q (adjusted p)"),
    "cluster": Text("Klass på klusterkartan", "Class on the cluster map"),
    "statistic": Text("Statistika", "Statistic"),
    "expected": Text("Väntat av slumpen", "Expected by chance"),
    "p": Text("p", "p"),
    "q": Text("q (rättat p)", "q (adjusted p)"),
    "quadrant": Text("Kvadrant", "Quadrant"),
    "monte_carlo_error": Text("Slumpfel i p", "Sampling error of p"),
    "z": Text("Värde (standardavvikelser)", "Value (standard deviations)"),
    "lag": Text("Grannarnas medel (standardavvikelser)", "Neighbours' mean (standard deviations)"),
    "pull": Text("Dragning i Morans I", "Pull on Moran's I"),
    "same": Text("Inställningar med samma klass", "Settings with the same class"),
    "settings": Text("Inställningar", "Settings"),
    "share_same": Text(
        "Andel inställningar med samma klass", "Share of settings with the same class"
    ),
    "status": Text("Prövad", "Tested"),
    "from": Text("Från (m)", "From (m)"),
    "to": Text("Till (m)", "To (m)"),
    "pairs": Text("Par av områden", "Pairs of areas"),
    "segregation_index": Text("Segregationsindex", "Segregation index"),
    "median": Text("Median av levnadsvillkor", "Median of living conditions"),
    "worst_area": Text("Sämsta område", "Worst area"),
    "worst_score": Text("Levnadsvillkor i botten", "Living conditions at the bottom"),
    "worst_student_share": Text(
        "Andel 20–29 år i sämsta området", "Share aged 20–29 in the worst area"
    ),
    "best_area": Text("Bästa område", "Best area"),
    "best_score": Text("Bästa områdets levnadsvillkor", "Living conditions of the best area"),
    "areas": Text("Områden", "Areas"),
    "areas_missing": Text("Områden utan uppgift", "Areas without data"),
    "ratio_of_sums": Text("Balans (på summan)", "Balance (of sums)"),
    "lower": Text("Undre gräns", "Lower bound"),
    "upper": Text("Övre gräns", "Upper bound"),
    "mean_of_ratios": Text("Balans (medel av områden)", "Balance (mean of areas)"),
    "lowest": Text("Lägsta balans", "Lowest balance"),
    "lowest_area": Text("Område med lägst balans", "Area with the lowest balance"),
    "highest": Text("Högsta balans", "Highest balance"),
    "highest_area": Text("Område med högst balans", "Area with the highest balance"),
    "areas_without_either": Text(
        "Områden med ingen i någon pol", "Areas with nobody in either pole"
    ),
    "score_areas": Text("Områden med levnadsvillkor", "Areas with living conditions"),
    "score_areas_missing": Text(
        "Levnadsvillkor: områden utan uppgift", "Living conditions: areas without data"
    ),
    "balance_mean": Text("Balans (medel av områden)", "Balance (mean of areas)"),
    "balance_lowest": Text("Lägsta balans", "Lowest balance"),
    "balance_lowest_area": Text("Område med lägst balans", "Area with the lowest balance"),
    "balance_highest": Text("Högsta balans", "Highest balance"),
    "balance_highest_area": Text("Område med högst balans", "Area with the highest balance"),
    "balance_areas": Text("Områden i balansen", "Areas in the balance"),
    "balance_areas_without_either": Text(
        "Områden med ingen i någon pol", "Areas with nobody in either pole"
    ),
    "balance_areas_missing": Text("Balans: områden utan uppgift", "Balance: areas without data"),
    "change_log2": Text("Balansens förändring (log2)", "Change of the balance (log2)"),
    "change_lower": Text("Förändring, undre gräns", "Change, lower bound"),
    "change_upper": Text("Förändring, övre gräns", "Change, upper bound"),
    "change_p": Text("Förändring, p", "Change, p"),
    "change_q": Text("Förändring, q (rättat p)", "Change, q (adjusted p)"),
    "change_within_chance": Text("Förändring inom slumpen", "Change within chance"),
}

_WITHOUT = Text("{label}: områden utan uppgift", "{label}: areas without data")
_REFERENCE = Text("Referens: {label}", "Reference: {label}")
_WITHOUT_POLE = Text("Områden med 0 {pole}", "Areas with 0 {pole}")


def column(name: str, project: Project) -> str:
    """Return the heading of a column: the project's own label, ours, or its name.

    Parameters
    ----------
    name : str
        A canonical name, such as ``"low_income_share"`` or ``"segregation_index"``.
    project : Project
        Whose language and ``[labels]`` are used.

    Returns
    -------
    str
        Words.
    """
    if name in project.labels:
        return project.labels[name]
    if name in _HEADINGS:
        return _HEADINGS[name](project.language)
    if name.startswith("reference_"):
        part = inside_sentence(quantity(name.removeprefix("reference_"), project))
        return _REFERENCE(project.language).format(label=part)
    if name.removeprefix("balance_") == "areas_without_high":
        return _WITHOUT_POLE(project.language).format(pole=inside_sentence(pole(project, "high")))
    if name.endswith("_missing"):
        part = quantity(name.removesuffix("_missing"), project)
        return _WITHOUT(project.language).format(label=part)
    return label(name)(project.language)


def every_column(names: Iterable[str], project: Project) -> dict[str, str]:
    """Return the heading of each column; a status column's says whose gaps it explains."""
    why = Text("{label}: varför uppgift saknas", "{label}: why it is missing")(project.language)

    def told(name: str) -> str:
        if name.endswith("_status"):
            return why.format(label=column(name.removesuffix("_status"), project))
        return column(name, project)

    return {name: told(name) for name in names}


def concerned(code: str, project: Project) -> str:
    """Return what a note concerns: a column by its words, all else as it stands."""
    if any(code in known for known in (COUNTS, AMOUNTS, SHARES, project.labels)):
        return inside_sentence(quantity(code, project))
    return code


def summed_column(name: str, project: Project) -> str:
    """Return the heading in a table of places, where ``low`` and ``high`` are the two poles."""
    return pole(project, name) if name in ("low", "high") else column(name, project)


def quantity(name: str, project: Project) -> str:
    """Return what a count, amount or share is called: by the project, or by the catalogue."""
    return project.labels.get(name) or label(name)(project.language)


def pole(project: Project, which: str) -> str:
    """Return the words for the ``low`` or the ``high`` category of the balance."""
    options = project.balance
    own, name = (
        (options.low_label, options.low) if which == "low" else (options.high_label, options.high)
    )
    return own or quantity(name, project)


def group(key: str, language: Language) -> str:
    """Return the words for a group of households or persons.

    Examples
    --------
    >>> group("public_housing", "sv")
    'Allmännyttan'
    """
    return GROUPS[key](language) if key in GROUPS else key


def classes(style: Style) -> dict[str, str]:
    """Return the words of each category of a style, as its map's legend has them."""
    return dict(zip(style.categories, style.labels, strict=True))
