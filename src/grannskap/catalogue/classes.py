"""Classes and statuses that measures put areas into, and the measures of evenness."""

from __future__ import annotations

from grannskap.language import Text

BALANCE_STATUSES: dict[str, Text] = {
    "nobody high": Text("ingen i den höga gruppen", "nobody in the high category"),
    "nobody either": Text("ingen i någon av grupperna", "nobody in either category"),
    "rounded to zero": Text("avrundat till noll", "rounded to zero"),
}
"""Why a balance is infinite, or none, though both counts have a value."""

TRANSLATED = "translated"
"""The column that tells how counts were moved from the other division."""

WAYS: dict[str, Text] = {
    "same": Text("samma område", "the same area"),
    "sum": Text("summa av hela områden", "sum of whole areas"),
    "squares": Text("efter befolkningsrutor", "by population squares"),
    "area": Text("efter yta", "by ground"),
    "key": Text("efter en nyckel", "by a key"),
    "unknown": Text("går inte att flytta", "cannot be moved"),
}
"""How they can be moved, the surest first."""

FRONTIERS: dict[str, Text] = {
    "frontier": Text("skarp gräns", "frontier"),
    "chance": Text("kan bero på slumpen", "may be due to chance"),
    "unsure": Text("avgörs av det som inte är känt", "hangs on what is not known"),
    "untested": Text("uppgift saknas", "no data"),
}
"""What a border can be, with the words that outputs use."""

FRONTIER_CHANGES: dict[str, Text] = {
    "opened": Text("har blivit en skarp gräns", "became a frontier"),
    "closed": Text("är ingen skarp gräns längre", "is no frontier any more"),
    "wider": Text("större skillnad", "greater difference"),
    "narrower": Text("mindre skillnad", "smaller difference"),
    "chance": Text("kan bero på slumpen", "may be due to chance"),
    "unsure": Text("avgörs av det som inte är känt", "hangs on what is not known"),
    "untested": Text("uppgift saknas", "no data"),
}
"""What can have become of a border, with the words that outputs use."""

OVER_YEARS: dict[str, Text] = {
    "changed": Text("har ändrats", "has changed"),
    "chance": Text("kan bero på slumpen", "may be due to chance"),
    "unsure": Text("avgörs av det som inte är känt", "hangs on what is not known"),
    "untested": Text("uppgift saknas", "no data"),
}
"""What a share over several years can be, with the words that outputs use."""

FRONTIER_YEARS: dict[str, Text] = {
    "stayed": Text("skarp båda åren", "frontier in both years"),
    "opened": Text("har blivit skarp", "became a frontier"),
    "closed": Text("är inte skarp längre", "is no frontier any more"),
    "once": Text("skarp ett av åren, utan säker förändring", "in one year, no sure change"),
    "neither": Text("inte skarp något av åren", "frontier in neither year"),
    "unknown": Text("avgörs av det som inte är känt", "hangs on what is not known"),
}
"""What a border was over two years, with the words that outputs use."""

CLUSTERS: dict[str, Text] = {
    "high-high": Text("Hög andel, även hos grannarna", "High share, as its neighbours"),
    "low-low": Text("Låg andel, även hos grannarna", "Low share, as its neighbours"),
    "high-low": Text("Hög andel, låg hos grannarna", "High share, low among neighbours"),
    "low-high": Text("Låg andel, hög hos grannarna", "Low share, high among neighbours"),
    "not significant": Text("Kan bero på slumpen", "May be due to chance"),
    "no neighbours": Text("Saknar grannar", "No neighbours"),
    "no data": Text("Uppgift saknas", "No data"),
}
"""Classes of a local statistic, in the order of every table and legend."""

CLUSTER_KEYS = ("high-high", "low-low", "high-low", "low-high")
"""The classes of areas that chance does not explain."""

AREA_TYPES: dict[str, Text] = {
    "1": Text(
        "Områden med stora socioekonomiska utmaningar",
        "Areas with great socio-economic challenges",
    ),
    "2": Text(
        "Områden med socioekonomiska utmaningar",
        "Areas with socio-economic challenges",
    ),
    "3": Text("Socioekonomiskt blandade områden", "Socio-economically mixed areas"),
    "4": Text(
        "Områden med goda socioekonomiska förutsättningar",
        "Areas with good socio-economic conditions",
    ),
    "5": Text(
        "Områden med mycket goda socioekonomiska förutsättningar",
        "Areas with very good socio-economic conditions",
    ),
}
"""The official types of RegSO, in the words of Statistics Sweden."""

TYPE_LABELS: dict[str, Text] = {
    "1": Text("1 stora utmaningar", "1 great challenges"),
    "2": Text("2 utmaningar", "2 challenges"),
    "3": Text("3 blandat", "3 mixed"),
    "4": Text("4 goda förutsättningar", "4 good conditions"),
    "5": Text("5 mycket goda", "5 very good"),
}
"""The same in a legend and over a column."""

GROUP_LABELS: dict[str, Text] = {
    "1": Text("1: över +2 (högst)", "1: above +2 (highest)"),
    "2": Text("2: +1 till +2", "2: +1 to +2"),
    "3": Text("3: 0 till +1", "3: 0 to +1"),
    "4": Text("4: −1 till 0", "4: −1 to 0"),
    "5": Text("5: under −1 (lägst)", "5: below −1 (lowest)"),
}
"""Groups of areas by the mean of three shares that are not the official ones: in deviations."""

OFFICIAL = ("socioeconomic_index", "area_type")
"""The official index of an area and its type, as published or made of the official shares."""

OFFICIAL_SHARES = (
    *("low_standard_percent", "low_education_percent", "benefits_or_unemployed_percent"),
)
"""The shares that the official index is the mean of, in per cent, as they are published."""

MEAN_OF_SHARES = ("mean_of_shares", "mean_of_shares_group")
"""The like of the official index where its third share is not to be had, and its groups."""

EVENNESS = {
    "dissimilarity": Text("Olikhetsindex", "Index of dissimilarity"),
    "gini": Text("Gini", "Gini"),
    "theil_h": Text("Theils H", "Theil's H"),
    "atkinson": Text("Atkinson", "Atkinson"),
    "isolation": Text("Isoleringsindex, låg", "Isolation, low"),
    "isolation_of_second": Text("Isoleringsindex, hög", "Isolation, high"),
    "exposure": Text("Kontakt, låg med hög", "Exposure, low to high"),
    "correlation_ratio": Text("Korrelationskvot", "Correlation ratio"),
    "rank_order": Text("Rangordnat entropiindex", "Rank-order information theory index"),
    "ordinal": Text("Entropiindex för ordnade grupper", "Ordinal information theory index"),
}
"""Measures of how unevenly the low and the high live over the areas of a place."""

ORDERED = ("rank_order", "ordinal")
"""Those of them that are of all groups in order from the low to the high, such as quarters."""

MEASURES_OF_CHANGE = {
    **EVENNESS,
    "information": Text("Ömsesidig information (nat)", "Mutual information (nats)"),
}
"""The measures of evenness, and that whose change is parted."""

EVENNESS_STATUSES = {
    "ok": Text("med osäkerhet", "with an interval"),
    "estimate alone": Text("utan osäkerhet", "without an interval"),
    "too few areas": Text("utan osäkerhet: för få områden", "no interval: too few areas"),
    "one area": Text("ett område", "one area"),
    "nobody in a group": Text("ingen i en grupp", "nobody in a group"),
}
"""How a measure of evenness could be made, with the words that outputs use."""
