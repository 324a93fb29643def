"""How clustering was tested and what came out, in sentences: every option that was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Text, count, inside_sentence, number
from grannskap.outputs import headings
from grannskap.outputs.report import cells, pairs
from grannskap.outputs.report import poles as ends

if TYPE_CHECKING:
    from grannskap.analysis import Analysis

__all__ = ["OVERALL", "heading", "method", "overall", "poles", "scope"]

OVERALL = {
    "moran": Text("Morans I", "Moran's I"),
    "bivariate_moran": Text("Bivariat Morans I", "Bivariate Moran's I"),
    "geary": Text("Gearys C", "Geary's C"),
    "g": Text("Getis–Ords G", "Getis–Ord G"),
}
"""What each overall statistic is called."""

_LOCAL = {
    "moran": Text("lokal Moran (Anselin 1995)", "local Moran (Anselin 1995)"),
    "bivariate_moran": Text("bivariat lokal Moran", "bivariate local Moran"),
    "geary": Text("lokal Geary (Anselin 2019)", "local Geary (Anselin 2019)"),
    "g": Text("lokal Getis–Ord G (1992)", "local Getis–Ord G (1992)"),
    "g_star": Text("lokal Getis–Ord G* (Ord och Getis 1995)", "local G* (Ord and Getis 1995)"),
    "join_counts": Text(
        "lokala grannräkningar (Anselin och Li 2019)", "local join counts (Anselin and Li 2019)"
    ),
}


def _variable(analysis: Analysis) -> str:
    return headings.quantity(analysis.clustering.variable, analysis.project)


def heading(analysis: Analysis) -> str:
    """Return the heading of the section: it names both poles."""
    text = (
        Text("Var är låg och hög inkomst samlad?", "Where are low and high incomes clustered?")
        if ends.of_income(analysis)
        else Text(
            "Var är låga och höga värden samlade?", "Where are low and high values clustered?"
        )
    )
    return text(analysis.project.language)


def poles(analysis: Analysis) -> tuple[str, str]:
    """Return the words for a cluster of the poor pole and for one of the rich."""
    language = analysis.project.language
    if ends.of_income(analysis):
        words = Text("Samlad låg inkomst|Samlad hög inkomst", "Clustered low income|high income")
        low, high = words(language).split("|")
        return (low, high) if language == "sv" else (low, f"Clustered {high}")
    words = Text("Höga värden samlade|Låga värden samlade", "Clustered high values|low values")
    first, second = words(language).split("|")
    return (first, second) if language == "sv" else (first, f"Clustered {second}")


def overall(analysis: Analysis) -> str:
    """The overall statistic, what chance would give, p and how p was made."""
    language, result = analysis.project.language, analysis.clustering.overall
    name = OVERALL[result.statistic]
    value, expected = (
        number(v, decimals=3, language=language) for v in (result.value, result.expected)
    )
    p = cells.p_value(result.p, language)
    sides = 2 if result.alternative == "two-sided" else 1
    least = result.p * (result.permutations + 1) < sides * (1 + 1e-9)
    smallest = Text(
        ", det minsta som så många omkastningar kan ge",
        ", the smallest that so many rearrangements can give",
    )
    error = number(result.monte_carlo_error, decimals=4, language=language)
    permutations, seed = count(result.permutations, language), result.seed
    rates, across = _rates(analysis), _across(analysis)
    return Text(
        f"{_variable(analysis)}{rates.sv}: {name.sv} är {value}; av slumpen väntas {expected}. "
        f"{_verdict(analysis).sv} p = {p}{smallest.sv if least else ''} ({_sides(analysis).sv}; "
        f"{permutations} slumpvisa omkastningar, frö {seed}; slumpfel i p {error}).{across.sv}",
        f"{_variable(analysis)}{rates.en}: {name.en} is {value}; chance would give {expected}. "
        f"{_verdict(analysis).en} p = {p}{smallest.en if least else ''} ({_sides(analysis).en}; "
        f"{permutations} random rearrangements, seed {seed}; sampling error of p {error})."
        f"{across.en}",
    )(language)


def _rates(analysis: Analysis) -> Text:
    """Say that the tested values are not the shares themselves, where they are not."""
    if not analysis.project.autocorrelation.empirical_bayes:
        return Text("", "")
    return Text(" (standardiserad med empirisk Bayes)", " (standardised by empirical Bayes)")


def _across(analysis: Analysis) -> Text:
    """Say that the overall number does not stay within municipalities though the test does."""
    if analysis.clustering.within is None:
        return Text("", "")
    tested = int((analysis.clustering.within["status"] == "tested").sum())
    return Text(
        " Det talet gäller alla områden och alla grannpar, också över kommungränser. Kartan "
        "jämför däremot bara inom kommuner; hela kommuner för sig står i tabellen Varje kommun "
        f"för sig ({count(tested)} prövade).",
        " That number is for all areas and all pairs of neighbours, also across municipal "
        "borders. The map compares only within municipalities; each of them by itself is in the "
        f"table Each municipality by itself ({count(tested, 'en')} tested).",
    )


def _verdict(analysis: Analysis) -> Text:
    """Say what the overall statistic means at the level that the project asks for."""
    result = analysis.clustering.overall
    if result.p > analysis.project.autocorrelation.fdr:
        return Text("Det går inte att skilja från slumpen.", "It cannot be told from chance.")
    larger = result.value > result.expected
    if result.statistic == "g":
        which = Text("Höga", "High") if larger else Text("Låga", "Low")
        return Text(
            f"{which.sv} värden ligger närmare varandra än slumpen ger.",
            f"{which.en} values lie closer to each other than chance gives.",
        )
    if result.statistic == "bivariate_moran":
        sv, en = ("Höga", "high") if larger else ("Låga", "low")
        return Text(
            f"{sv} värden runt omkring följer med höga i området mer än slumpen ger.",
            f"Around high values the other variable is {en} more than chance gives.",
        )
    if larger == (result.statistic == "moran"):
        return Text(
            "Områden liknar sina grannar mer än slumpen ger.",
            "Areas are more like their neighbours than chance gives.",
        )
    return Text(
        "Områden skiljer sig från sina grannar mer än slumpen ger.",
        "Areas differ from their neighbours more than chance gives.",
    )


def _sides(analysis: Analysis) -> Text:
    return {
        "two-sided": Text("tvåsidig prövning", "two-sided test"),
        "greater": Text(
            "ensidig prövning: bara större än väntat", "one-sided test: only larger than expected"
        ),
        "less": Text(
            "ensidig prövning: bara mindre än väntat", "one-sided test: only smaller than expected"
        ),
    }[analysis.project.autocorrelation.alternative]


def scope(analysis: Analysis) -> str:
    """Say what was tested and what is shown: two things, in one sentence."""
    language, options = analysis.project.language, analysis.project.autocorrelation
    local = analysis.clustering.local
    tested, held = int(local["p"].notna().sum()), len(local)
    shown = count(len(analysis.shown), language)
    within = (
        Text(
            " Varje område jämförs bara med andra i samma kommun.",
            " Each area is compared only with others of its municipality.",
        )
        if options.within
        else Text("", "")
    )
    named = options.scope
    asked = "" if named is None else ", ".join([named] if isinstance(named, str) else named)
    told = Text(f" (scope = {asked})" if asked else "", f" (scope = {asked})" if asked else "")
    return Text(
        f"Prövningen gäller {count(tested, language)} av {count(held, language)} områden"
        f"{told.sv}; kartan visar {shown}.{within.sv}",
        f"The test covers {count(tested, language)} of {count(held, language)} areas"
        f"{told.en}; the map shows {shown}.{within.en}",
    )(language)


def method(analysis: Analysis) -> tuple[str, ...]:
    """How each area was tested: statistic, inference, correction, rates, neighbours."""
    language, options = analysis.project.language, analysis.project.autocorrelation
    said = [_local(analysis), _inference(analysis), _correction(analysis)]
    if options.empirical_bayes:
        said.append(
            Text(
                "Andelarna är först standardiserade efter områdenas storlek (empirisk Bayes; "
                "Assunção och Reis 1999), eftersom en andel av få hushåll varierar mer.",
                "The shares are first standardised for the size of the areas (empirical Bayes; "
                "Assunção and Reis 1999), because a share of few households varies more.",
            )
        )
    graph = analysis.clustering.description
    about = [
        graph.sentence(language),
        pairs.directed(analysis)(language),
        pairs.used(analysis)(language),
    ]
    return (
        " ".join(text(language) for text in said),
        " ".join(sentence for sentence in about if sentence),
    )


def _local(analysis: Analysis) -> Text:
    options = analysis.project.autocorrelation
    name, what = _LOCAL[options.statistic], inside_sentence(_variable(analysis))
    around, rates = Text("", ""), _rates(analysis)
    if options.around is not None:
        other = inside_sentence(headings.quantity(options.around, analysis.project))
        around = Text(f" i området och {other} hos grannarna", f" in the area, {other} around it")
    return Text(
        f"Varje område prövas med {name.sv} av {what}{rates.sv}{around.sv}, {_sides(analysis).sv}.",
        f"Each area is tested by {name.en} of {what}{rates.en}{around.en}, {_sides(analysis).en}.",
    )


def _inference(analysis: Analysis) -> Text:
    options, local = analysis.project.autocorrelation, analysis.clustering.local
    language = analysis.project.language
    drawn = local.loc[local["p"].notna(), "monte_carlo_error"] > 0
    if options.inference == "exact" and not drawn.all():
        told = local.attrs["parameters"]
        some = told["bounded"] or told["drawn"]
        below = Text(" Undantagen står nedan.", " The exceptions are told below.")
        return Text(
            "p räknas över alla tänkbara grannskap, utan slumpdragning: utan fel för antal, för "
            "värden med få decimaler och där få grannskap är ovanligare, annars med ett fel på "
            "högst en tiondel av p. Där det inte går "
            "skattas p med slumpade grannskap, eller ges en övre gräns för det, hellre för stor "
            f"än för liten.{below.sv if some else ' Här behövdes ingetdera.'}",
            "p is counted over all possible neighbourhoods, without sampling: without error for "
            "counts, for values of few decimals and where few neighbourhoods are rarer, elsewhere "
            "with an error of at most a tenth of p. Where "
            "that cannot be done, p is estimated from random neighbourhoods, or an upper bound of "
            "it is given, too large rather than too small."
            f"{below.en if some else ' Here neither was needed.'}",
        )
    permutations = count(options.permutations, language)
    error = number(float(local["monte_carlo_error"].max()), decimals=4, language=language)
    return Text(
        f"p är skattat med {permutations} slumpade grannskap (frö {options.seed}); slumpfelet i "
        f"p är högst {error}.",
        f"p is estimated from {permutations} random neighbourhoods (seed {options.seed}); its "
        f"sampling error is at most {error}.",
    )


def _correction(analysis: Analysis) -> Text:
    options, language = analysis.project.autocorrelation, analysis.project.language
    percent = round(100 * options.fdr, 6)
    level = number(percent, decimals=0 if percent.is_integer() else 1, language=language)
    sv, en = f"{level} %", f"{level}%"
    false_discovery = Text(
        f"så att högst {sv} av de utpekade områdena väntas vara falska träffar",
        f"so that at most {en} of the areas pointed out are expected to be false",
    )
    return {
        "bh": Text(
            "Många områden prövas samtidigt; p är därför rättat till q (Benjamini och Hochberg "
            f"1995), {false_discovery.sv}.",
            "Many areas are tested at once; p is therefore adjusted to q (Benjamini and Hochberg "
            f"1995), {false_discovery.en}.",
        ),
        "by": Text(
            "Många områden prövas samtidigt; p är därför rättat till q (Benjamini och Yekutieli "
            f"2001, som tål att områdena beror av varandra), {false_discovery.sv}.",
            "Many areas are tested at once; p is therefore adjusted to q (Benjamini and Yekutieli "
            f"2001, which allows for areas that depend on each other), {false_discovery.en}.",
        ),
        "bonferroni": Text(
            "Många områden prövas samtidigt; p är därför rättat till q (Bonferroni), så att "
            f"risken för en enda falsk träff är högst {sv}.",
            "Many areas are tested at once; p is therefore adjusted to q (Bonferroni), so that "
            f"the risk of a single false one is at most {en}.",
        ),
        "none": Text(
            f"p är inte rättat för att många områden prövas samtidigt: omkring {sv} av dem kan "
            "pekas ut av en slump.",
            f"p is not corrected for testing many areas at once: about {en} of them may be "
            "pointed out by chance.",
        ),
    }[options.correction]
