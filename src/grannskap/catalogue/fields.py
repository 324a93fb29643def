"""The columns that our own tables have beside counts, amounts and shares."""

from __future__ import annotations

from grannskap.catalogue.classes import GROUP_LABELS, TYPE_LABELS
from grannskap.catalogue.interventions import INTERVENTION_LEVELS, INTERVENTION_PARTS
from grannskap.catalogue.model import Field, Kind
from grannskap.language import Text


def _fields(kind: Kind, rows: dict[str, tuple[str, str]]) -> dict[str, Field]:
    return {name: Field(Text(sv, en), kind) for name, (sv, en) in rows.items()}


FIELDS: dict[str, Field] = {
    **_fields(
        "text",
        {
            "deso": ("DeSO", "DeSO"),
            "place": ("Plats", "Place"),
            "measure": ("Mått", "Measure"),
            "partition": ("Indelad efter", "Parted by"),
            "part": ("Del (nyckel)", "Part (key)"),
            "part_name": ("Del", "Part"),
            "change_part": ("Del av förändringen", "Part of the change"),
            "evenness_status": ("Räknat", "Measured"),
            "first": ("Sidan med högre andel låg", "Side with more low"),
            "second": ("Andra sidan", "Other side"),
            "first_name": ("Sidan med högre andel låg, namn", "Side with more low, name"),
            "second_name": ("Andra sidan, namn", "Other side, name"),
            "frontier": ("Gränsen", "Border"),
            "frontier_then": ("Gränsen då", "Border then"),
            "border_years": ("Över åren", "Over the years"),
            "became": ("Förändring", "Change"),
            "tenure_first": ("Vanligaste upplåtelseform", "Main tenure"),
            "tenure_second": ("Vanligaste upplåtelseform, andra sidan", "Main tenure, other side"),
            "over_share": ("Andel som jämförs", "Share compared"),
            "over_variable": ("Vad som jämförs", "What is compared"),
            "cluster_first": ("Klass första året", "Class, first year"),
            "cluster_last": ("Klass sista året", "Class, last year"),
            "over_became": ("Över åren", "Over the years"),
            "intervention": ("Insats", "Intervention"),
            "intervention_place": ("Plats enligt listan", "Place by the list"),
            "intervention_where": ("Var", "Where"),
            "intervention_level": ("Nivå", "Level"),
            "criterion": ("Kriterium", "Criterion"),
            "criterion_part": ("Del av kriteriet", "Part of the criterion"),
            "place_kind": ("Slag av plats", "Kind of place"),
            "clusters_years": ("Kluster över åren", "Clusters over the years"),
            "over_years_low": ("Andel låg över åren", "Low share over the years"),
            "over_years_high": ("Andel hög över åren", "High share over the years"),
            "indicator": ("Indikator", "Indicator"),
            "level": ("Nivå", "Level"),
            "group": ("Grupp", "Group"),
            "municipality": ("Kommunkod", "Municipality code"),
            "municipality_name": ("Kommun", "Municipality"),
            "regso": ("RegSO", "RegSO"),
            "regso_name": ("RegSO-namn", "RegSO name"),
            "translated": ("Flyttad från annan indelning", "Moved from another division"),
            "kind": (
                "Typ (A landsbygd, B tätort, C centralort)",
                "Kind (A rural, B town, C main town)",
            ),
            "cluster": ("Klass på klusterkartan", "Class on the cluster map"),
            "area_type": ("Områdestyp", "Area type"),
            "mean_of_shares_group": (
                "Grupp efter medelvärdet av tre andelar",
                "Group by the mean of three shares",
            ),
            "quadrant": ("Kvadrant", "Quadrant"),
            "status": ("Jämförd", "Tested"),
            "worst_area": ("Område med lägst värde", "Area with the lowest value"),
            "best_area": ("Område med högst värde", "Area with the highest value"),
            "lowest_area": ("Område med lägst balansmått", "Area with the lowest balance"),
            "highest_area": ("Område med högst balansmått", "Area with the highest balance"),
            "balance_lowest_area": ("Område med lägst balansmått", "Area with the lowest balance"),
            "balance_highest_area": (
                "Område med högst balansmått",
                "Area with the highest balance",
            ),
        },
    ),
    **_fields(
        "year",
        {
            "year": ("År", "Year"),
            "first_year": ("Första år", "First year"),
            "last_year": ("Sista år", "Last year"),
            "across_break": ("Över ett brott i serien", "Across a break in the series"),
        },
    ),
    **_fields(
        "flag",
        {
            "in_view": ("Visas på kartan", "Shown on the map"),
            "tenure_differs": ("Olika upplåtelseform", "Unlike tenure"),
            "complete": ("Hela kommunen finns med", "The whole municipality is here"),
            "change_within_chance": ("Förändringen kan bero på slumpen", "Change within chance"),
            "within_chance": ("Förändringen kan bero på slumpen", "Change within chance"),
            "points_unknown": (
                "Det som inte är känt kan vända förändringen",
                "What is not known could turn the change",
            ),
        },
    ),
    **{f"level_{name}": Field(words, "flag") for name, words in INTERVENTION_LEVELS.items()},
    **{
        f"criterion_{name}": Field(words, "flag") for name, (_, words) in INTERVENTION_PARTS.items()
    },
    **_fields(
        "ratio",
        {
            "balance": ("Balansmått", "Balance"),
            "balance_first": ("Balansmått", "Balance"),
            "balance_second": ("Balansmått, andra sidan", "Balance, other side"),
            "balance_lower": ("Balansmått, osäkerhet från", "Balance, lower bound"),
            "balance_upper": ("Balansmått, osäkerhet till", "Balance, upper bound"),
            "segregation_index": ("Segregationsindex", "Segregation index"),
            "segregation_index_lower": (
                "Segregationsindex, osäkerhet från",
                "Segregation index, lower bound",
            ),
            "segregation_index_upper": (
                "Segregationsindex, osäkerhet till",
                "Segregation index, upper bound",
            ),
            "index_p05": ("Segregationsindex mot 5:e percentilen", "Index over 5th percentile"),
            "index_p10": ("Segregationsindex mot 10:e percentilen", "Index over 10th percentile"),
            "index_worst_mean": (
                "Segregationsindex mot medelvärdet av de tre lägsta",
                "Index over the mean of the lowest three",
            ),
            "index_without_worst": (
                "Segregationsindex utan området med lägst värde",
                "Index without the area with the lowest value",
            ),
            "index_without_students": (
                "Segregationsindex utan områden med minst 30 % 20–29 år",
                "Index without areas where 30% are aged 20–29",
            ),
            "index_rarefied_without_students": (
                "Räknat på nio områden, utan dem med minst 30 % 20–29 år",
                "Index of nine areas, without those where 30% are aged 20–29",
            ),
            "index_rarefied": (
                "Segregationsindex räknat på nio områden",
                "Index of nine areas",
            ),
            "index_rarefied_lower": (
                "Räknat på nio områden, från",
                "Index of nine areas, from",
            ),
            "index_rarefied_upper": (
                "Räknat på nio områden, till",
                "Index of nine areas, to",
            ),
            "points": ("Förändring (procentenheter)", "Change (percentage points)"),
            "points_at_least": ("Förändring, minst", "Change, at least"),
            "points_at_most": ("Förändring, högst", "Change, at most"),
            "median": ("Median av levnadsvillkor", "Median of living conditions"),
            "worst_score": ("Lägsta levnadsvillkor", "Lowest living conditions"),
            "best_score": ("Högsta levnadsvillkor", "Highest living conditions"),
            "ratio_of_sums": ("Balansmått (på summan)", "Balance (of sums)"),
            "ratio_then": ("Balansmått då", "Balance then"),
            "ratio_now": ("Balansmått nu", "Balance now"),
            "lower": ("Osäkerhet från", "Lower bound"),
            "upper": ("Osäkerhet till", "Upper bound"),
            "at_least": ("Minst", "At least"),
            "at_most": ("Högst", "At most"),
            "mean_of_ratios": ("Balansmått (medelvärde av områden)", "Balance (mean of areas)"),
            "lowest": ("Lägsta balansmått", "Lowest balance"),
            "highest": ("Högsta balansmått", "Highest balance"),
            "balance_mean": ("Balansmått (medelvärde av områden)", "Balance (mean of areas)"),
            "balance_lowest": ("Lägsta balansmått", "Lowest balance"),
            "balance_highest": ("Högsta balansmått", "Highest balance"),
        },
    ),
    "score": Field(Text("Levnadsvillkor", "Living conditions"), "ratio", "low"),
    "socioeconomic_index": Field(
        Text("Socioekonomiskt index", "Socio-economic index"), "ratio", "high"
    ),
    "mean_of_shares": Field(
        Text("Medelvärde av tre andelar (procent)", "Mean of three shares (per cent)"),
        *("ratio", "high"),
    ),
    **_fields(
        "ratio",
        {
            "low_standard_percent": (
                "Låg ekonomisk standard, procent av alla",
                "Low economic standard, per cent of all",
            ),
            "low_education_percent": (
                "Förgymnasial utbildning, procent av 20–64 år",
                "Pre-secondary education, per cent of ages 20–64",
            ),
            "benefits_or_unemployed_percent": (
                "Långvarigt ekonomiskt bistånd eller arbetslösa, procent av 20–64 år",
                "Lasting social assistance or unemployed, per cent of ages 20–64",
            ),
            "mean_index": ("Medelvärde över områdena", "Mean of the areas"),
            "lowest_index": ("Lägst", "Lowest"),
            "highest_index": ("Högst", "Highest"),
        },
    ),
    **_fields(
        "fine",
        {
            "local_statistic": ("Lokal statistika", "Local statistic"),
            "statistic": ("Statistika", "Statistic"),
            "expected": ("Väntat av slumpen", "Expected by chance"),
            "z": ("Värde (standardavvikelser)", "Value (standard deviations)"),
            "lag": (
                "Grannarnas medelvärde (standardavvikelser)",
                "Neighbours' mean (standard deviations)",
            ),
            "influence": ("Inverkan på Morans I", "Influence on Moran's I"),
            "log2_change": ("Balansmåttets förändring (log2)", "Change of the balance (log2)"),
            "change_log2": ("Balansmåttets förändring (log2)", "Change of the balance (log2)"),
            "change_lower": ("Förändring, osäkerhet från", "Change, lower bound"),
            "change_upper": ("Förändring, osäkerhet till", "Change, upper bound"),
            "contribution": (
                "Bidrag till olikhetsindex, medelvärdet = 1 (under noll: övervikt av hög)",
                "Contribution to dissimilarity, mean = 1 (below zero: surplus of high)",
            ),
            "parted": ("Theils H", "Theil's H"),
            "parted_contribution": ("Bidrag till Theils H", "Contribution to Theil's H"),
            "parted_even": ("Om alla bodde på måfå", "If all lived at random"),
            "contribution_dissimilarity": (
                "Bidrag till olikhetsindex",
                "Contribution to dissimilarity",
            ),
            "information": ("Ömsesidig information (nat)", "Mutual information (nats)"),
            "nearest_dissimilarity": ("Olikhetsindex", "Index of dissimilarity"),
            "nearest_theil_h": ("Theils H", "Theil's H"),
            "nearest_isolation": ("Isoleringsindex, låg", "Isolation, low"),
            "nearest_isolation_of_second": ("Isoleringsindex, hög", "Isolation, high"),
            "contribution_theil_h": ("Bidrag till Theils H", "Contribution to Theil's H"),
            "contribution_information": (
                "Bidrag till ömsesidig information (nat)",
                "Contribution to mutual information (nats)",
            ),
            "expected_areas": ("Om åren vore oberoende", "If years were independent"),
            "over_statistic": ("G² (Williams)", "G² (Williams)"),
            "border_log2_ratio": ("Balansmåttens skillnad (log2)", "Ratio of balances (log2)"),
            "border_log2_ratio_lower": ("Skillnad (log2), minst", "Ratio (log2), at least"),
            "border_log2_ratio_upper": ("Skillnad (log2), högst", "Ratio (log2), at most"),
            "border_interval_lower": ("Skillnad (log2), osäkerhet från", "Ratio, lower bound"),
            "border_interval_upper": ("Skillnad (log2), osäkerhet till", "Ratio, upper bound"),
            "border_log2_change": ("Skillnadens förändring (log2)", "Change of odds ratio (log2)"),
            "evenness_raw": ("Okorrigerat", "Uncorrected"),
            "evenness_even": ("Om alla bodde på måfå", "If all lived at random"),
            "evenness_bias": ("Slumpens bidrag", "Bias"),
            "evenness_corrected": ("Slumpkorrigerat", "Bias-corrected"),
            "evenness_se": ("Medelfel", "Standard error"),
            "evenness_lower": ("Osäkerhet från", "Lower bound"),
            "evenness_upper": ("Osäkerhet till", "Upper bound"),
        },
    ),
    **_fields(
        "p",
        {
            "over_p": ("p-värde", "p"),
            "over_q": ("Justerat p-värde (q)", "q (adjusted p)"),
            "over_q_least": ("Justerat p-värde, minst", "q, at least"),
            "border_p": ("p-värde", "p"),
            "border_q": ("Justerat p-värde (q)", "q (adjusted p)"),
            "border_q_least": ("Justerat p-värde, minst", "q, at least"),
            "border_p_change": ("Förändring, p-värde", "Change, p"),
            "border_q_change": ("Förändring, justerat p-värde (q)", "Change, q (adjusted p)"),
            "border_q_least_change": ("Förändring, justerat p-värde, minst", "Change, q, at least"),
            "evenness_p": ("p-värde mot att alla bor på måfå", "p of living at random"),
            "p": ("p-värde", "p"),
            "q": ("Justerat p-värde (q)", "q (adjusted p)"),
            "local_p": ("Lokalt p-värde", "Local p"),
            "local_q": ("Lokalt justerat p-värde (q)", "Local q (adjusted p)"),
            "change_p": ("Förändring, p-värde", "Change, p"),
            "change_q": ("Förändring, justerat p-värde (q)", "Change, q (adjusted p)"),
            "monte_carlo_error": ("Slumpfel i p", "Sampling error of p"),
            "least_p": ("Minsta möjliga p-värde", "Least attainable p"),
        },
    ),
    **_fields(
        "share",
        {
            "over_first": ("Andel första året", "Share, first year"),
            "over_last": ("Andel sista året", "Share, last year"),
            "over_least": ("Lägsta andel", "Lowest share"),
            "over_most": ("Högsta andel", "Highest share"),
            "share_first": ("Andel låg", "Low share"),
            "share_second": ("Andel låg, andra sidan", "Low share, other side"),
            "high_share_first": ("Andel hög", "High share"),
            "high_share_second": ("Andel hög, andra sidan", "High share, other side"),
            "border_difference": ("Skillnad i andel låg", "Difference of low shares"),
            "border_difference_lower": ("Skillnad, minst", "Difference, at least"),
            "border_difference_upper": ("Skillnad, högst", "Difference, at most"),
            "border_difference_then": ("Skillnad då", "Difference then"),
            "frontier_share": ("Andel av gränslängden som är skarp", "Share of length, frontier"),
            "frontier_share_lower": ("Andel skarp, minst", "Share, at least"),
            "frontier_share_upper": ("Andel skarp, högst", "Share, at most"),
            "change_share": ("Andel av förändringen", "Share of the change"),
            "parted_share": ("Andel av helheten", "Share of the whole"),
            "distortion": ("Förvrängning", "Distortion"),
            "distortion_pole": (
                "Förvrängning (under noll: övervikt av hög på vägen)",
                "Distortion (below zero: surplus of high on the way)",
            ),
            "share_same": (
                "Andel inställningar med samma klass",
                "Share of settings with the same class",
            ),
            "worst_student_share": (
                "Andel 20–29 år i området med lägst värde",
                "Share aged 20–29 in the area with the lowest value",
            ),
        },
    ),
    **_fields(
        "count",
        {
            "same": ("Inställningar med samma klass", "Settings with the same class"),
            "settings": ("Inställningar", "Settings"),
            "from": ("Från (m)", "From (m)"),
            "to": ("Till (m)", "To (m)"),
            "pairs": ("Par av områden", "Pairs of areas"),
            "draws": ("Slumpdragningar", "Random draws"),
            "over_years": ("År med uppgift", "Years with data"),
            "low_first": ("Låg", "Low"),
            "low_second": ("Låg, andra sidan", "Low, other side"),
            "high_first": ("Hög", "High"),
            "high_second": ("Hög, andra sidan", "High, other side"),
            "line_width": ("Linjens bredd", "Width of the line"),
            "border_length": ("Gränsens längd (m)", "Length of the border (m)"),
            "frontier_frontier_length": ("Skarpa gränser (m)", "Frontiers (m)"),
            "frontier_tested_length": ("Jämförda gränser (m)", "Tested borders (m)"),
            "frontier_frontiers": ("Skarpa gränser", "Frontiers"),
            "frontier_unsure": ("Kan vara skarpa", "May be frontiers"),
            "frontier_borders": ("Gränser", "Borders"),
            "frontier_untested": ("Gränser utan uppgift", "Borders without data"),
            "evenness_people": ("I båda grupperna", "In both groups"),
            "index_rank": ("Plats, räknat på nio områden", "Rank by nine areas"),
            "index_rank_lower": ("Plats, från", "Rank, from"),
            "index_rank_upper": ("Plats, till", "Rank, to"),
            "nearest": ("Så många i omgivningen", "So many in the surroundings"),
            "people_until": (
                "Så många av båda grupperna innan blandningen är hela platsens",
                "People of both groups until the mix is that of the whole",
            ),
            "metres_until": (
                "Så långt innan blandningen är hela platsens (m)",
                "Distance until the mix is that of the whole (m)",
            ),
            **{
                f"type_{key}": (f"Typ {text.sv}", f"Type {text.en}")
                for key, text in TYPE_LABELS.items()
            },
            **{
                f"group_{key}": (f"Grupp {text.sv}", f"Group {text.en}")
                for key, text in GROUP_LABELS.items()
            },
            "areas": ("Områden", "Areas"),
            "list_row": ("Rad i listan", "Row of the list"),
            "interventions": ("Insatser", "Interventions"),
            "intervention_areas": ("Områden", "Areas"),
            "areas_missing": ("Områden utan uppgift", "Areas without data"),
            "areas_without_high": ("Områden utan någon hög", "Areas with nobody high"),
            "balance_areas_without_high": ("Områden utan någon hög", "Areas with nobody high"),
            "areas_without_either": (
                "Områden med ingen i någon grupp",
                "Areas with nobody in either group",
            ),
            "areas_rounded_to_zero": (
                "Områden med ett antal avrundat till noll",
                "Areas with a count rounded to zero",
            ),
            "balance_areas_rounded_to_zero": (
                "Områden med ett antal avrundat till noll",
                "Areas with a count rounded to zero",
            ),
            "worst_areas": ("Områden med lägst värde", "Areas with the lowest value"),
            "lowest_areas": ("Områden med lägst balansmått", "Areas with the lowest balance"),
            "highest_areas": ("Områden med högst balansmått", "Areas with the highest balance"),
            "balance_lowest_areas": (
                "Områden med lägst balansmått",
                "Areas with the lowest balance",
            ),
            "balance_highest_areas": (
                "Områden med högst balansmått",
                "Areas with the highest balance",
            ),
            "score_areas": ("Områden med levnadsvillkor", "Areas with living conditions"),
            "score_areas_missing": (
                "Levnadsvillkor: områden utan uppgift",
                "Living conditions: areas without data",
            ),
            "balance_areas": ("Områden i balansmåttet", "Areas in the balance"),
            "balance_areas_without_either": (
                "Områden med ingen i någon grupp",
                "Areas with nobody in either group",
            ),
            "balance_areas_missing": (
                "Balansmått: områden utan uppgift",
                "Balance: areas without data",
            ),
        },
    ),
}
"""Columns of our own tables, beside the counts, amounts and shares."""

SURROUNDINGS = ("distortion", "distortion_pole", "people_until", "metres_until")
"""Columns of areas that share their surroundings with their neighbours: alike by their making."""
