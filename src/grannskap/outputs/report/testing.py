"""How clustering was tested and what came out, in sentences: every option that was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Text, count, counted, inside_sentence, number
from grannskap.outputs.report import cells, findings

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View

__all__ = ["OVERALL", "heading", "method", "overall", "overall_name", "scope"]

OVERALL = {
    "moran": Text("Morans I", "Moran's I"),
    "geary": Text("Gearys C", "Geary's C"),
    "g": Text("Getis–Ords G", "Getis–Ord G"),
    "bivariate_moran": Text("bivariata Morans I", "bivariate Moran's I"),
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


def _variable(view: View, clustering: Clustering) -> str:
    return view.called(clustering.variable)


def heading(view: View, clustering: Clustering) -> str:
    """Return the heading of the section: it names what was tested, and both its ends."""
    what = findings.what_is(clustering.variable, view)
    return Text(
        f"Var är {what.sv} hög och låg, även hos grannarna?",
        f"Where is {what.en} high and low, also among neighbours?",
    )(view.language)


def overall_name(results: Results) -> Text:
    """Return what the statistic of all areas together is called."""
    statistic = results.options.autocorrelation.statistic
    return OVERALL.get(statistic, OVERALL["g" if statistic == "g_star" else "moran"])


def overall(results: Results, view: View, clustering: Clustering) -> str:
    """The overall statistic, what chance would give, p and how p was made."""
    language, result = view.language, clustering.overall
    if result is None:
        return _within(clustering)(language)
    name = OVERALL[result.statistic]
    value, expected = (
        number(v, decimals=3, language=language) for v in (result.value, result.expected)
    )
    p = cells.p_value(result.p, language)
    sides = 2 if result.alternative == "two-sided" else 1
    least = result.p * (result.permutations + 1) < sides * (1 + 1e-9)
    smallest = Text(
        ", det minsta som så många omfördelningar kan ge",
        ", the smallest that so many rearrangements can give",
    )
    error = number(result.monte_carlo_error, decimals=4, language=language)
    permutations, seed = count(result.permutations, language), result.seed
    rates, verdict = _rates(results), _verdict(results, clustering)
    sided, what = _sides(results), _variable(view, clustering)
    return Text(
        f"{what}{rates.sv}: {name.sv} är {value}; av slumpen väntas "
        f"{expected}. {verdict.sv} p = {p}{smallest.sv if least else ''} ({sided.sv}; "
        f"{permutations} slumpmässiga omfördelningar, startvärde {seed}; slumpfel i p {error}).",
        f"{what}{rates.en}: {name.en} is {value}; chance would give "
        f"{expected}. {verdict.en} p = {p}{smallest.en if least else ''} ({sided.en}; "
        f"{permutations} random rearrangements, seed {seed}; sampling error of p {error}).",
    )(language)


def _within(clustering: Clustering) -> Text:
    """Say where the numbers of each municipality stand: none is given across their borders."""
    table = clustering.within
    tested = 0 if table is None else int((table["status"] == "tested").sum())
    return Text(
        "Områden jämförs bara inom sin egen kommun. Varje kommuns värde står i tabellen Varje "
        f"kommun för sig ({count(tested)} jämförda).",
        "Areas are compared only within their own municipality. The value of each is in the table "
        f"Each municipality by itself ({count(tested, 'en')} compared).",
    )


def _rates(results: Results) -> Text:
    """Say that the tested values are not the shares themselves, where they are not."""
    if not results.options.autocorrelation.empirical_bayes:
        return Text("", "")
    return Text(" (standardiserad med empirisk Bayes)", " (standardised by empirical Bayes)")


def _verdict(results: Results, clustering: Clustering) -> Text:
    """Say what the overall statistic means at the level that the project asks for."""
    result = clustering.overall
    assert result is not None
    if result.p > results.options.autocorrelation.fdr:
        return Text("Det kan bero på slumpen.", "It may be due to chance.")
    larger = result.value > result.expected
    if result.statistic == "bivariate_moran":
        return Text(
            f"Grannarnas värden är {'höga' if larger else 'låga'} där områdets är högt, mer än "
            "slumpen kan förklara.",
            f"The neighbours' values are {'high' if larger else 'low'} where the area's is high, "
            "more than chance can explain.",
        )
    if result.statistic == "g":
        which = Text("Höga", "High") if larger else Text("Låga", "Low")
        return Text(
            f"{which.sv} värden ligger närmare varandra än slumpen kan förklara.",
            f"{which.en} values lie closer to each other than chance gives.",
        )
    if larger == (result.statistic == "moran"):
        return Text(
            "Områden liknar sina grannar mer än slumpen kan förklara.",
            "Areas are more like their neighbours than chance gives.",
        )
    return Text(
        "Områden skiljer sig från sina grannar mer än slumpen kan förklara.",
        "Areas differ from their neighbours more than chance gives.",
    )


def _sides(results: Results) -> Text:
    return {
        "two-sided": Text("tvåsidigt test", "two-sided test"),
        "greater": Text(
            "ensidigt test: bara större än väntat", "one-sided test: only larger than expected"
        ),
        "less": Text(
            "ensidigt test: bara mindre än väntat", "one-sided test: only smaller than expected"
        ),
    }[results.options.autocorrelation.alternative]


def scope(results: Results, view: View, clustering: Clustering) -> str:
    """Say what was tested and what is shown: two things, in one sentence."""
    language, options = view.language, results.options.autocorrelation
    local = clustering.local
    tested, held = int(local["p"].notna().sum()), len(local)
    shown = count(len(view.shown(results)), language)
    within = (
        Text(
            " Varje område jämförs bara med andra i samma kommun.",
            " Each area is compared only with others of its municipality.",
        )
        if options.within
        else Text("", "")
    )
    chosen = options.scope
    asked = "" if chosen is None else ", ".join([chosen] if isinstance(chosen, str) else chosen)
    named = Text(f" (scope = {asked})" if asked else "", f" (scope = {asked})" if asked else "")
    return Text(
        f"Kartan visar {shown} områden, jämförda med {count(tested, language)} av "
        f"{count(held, language)}{named.sv}.{within.sv}",
        f"The map shows {shown} areas, compared with {count(tested, language)} of "
        f"{count(held, language)}{named.en}.{within.en}",
    )(language)


def method(results: Results, view: View, clustering: Clustering) -> tuple[str, ...]:
    """How each area was tested: statistic, inference, correction, rates, neighbours."""
    language, options = view.language, results.options.autocorrelation
    said = [
        _local(results, view, clustering),
        _inference(results, view, clustering),
        _correction(results, view, clustering),
    ]
    if options.empirical_bayes:
        said.append(
            Text(
                "Andelarna är först standardiserade efter områdenas storlek (empirisk Bayes; "
                "Assunção och Reis 1999), eftersom en andel av få hushåll varierar mer.",
                "The shares are first standardised for the size of the areas (empirical Bayes; "
                "Assunção and Reis 1999), because a share of few households varies more.",
            )
        )
    graph = clustering.description
    about = [
        graph.sentence(language),
        _directed(clustering)(language),
        _used(results, clustering)(language),
    ]
    return (
        " ".join(text(language) for text in said),
        " ".join(sentence for sentence in about if sentence),
    )


def _local(results: Results, view: View, clustering: Clustering) -> Text:
    options = results.options.autocorrelation
    name, what = _LOCAL[options.statistic], inside_sentence(_variable(view, clustering))
    around, rates = Text("", ""), _rates(results)
    if options.around is not None:
        other = inside_sentence(view.called(options.around))
        around = Text(f" i området och {other} hos grannarna", f" in the area, {other} around it")
    return Text(
        f"{name.sv[:1].upper()}{name.sv[1:]} jämför {what}{rates.sv}{around.sv} i varje område med "
        f"dess grannar, {_sides(results).sv}.",
        f"Each area is tested by {name.en} of {what}{rates.en}{around.en}, {_sides(results).en}.",
    )


def _inference(results: Results, view: View, clustering: Clustering) -> Text:
    options, local = results.options.autocorrelation, clustering.local
    language = view.language
    drawn = local.loc[local["p"].notna(), "monte_carlo_error"] > 0
    if options.inference == "exact" and not drawn.all():
        told = local.attrs["parameters"]
        some = told["bounded"] or told["drawn"]
        below = Text(" Undantagen står nedan.", " The exceptions are told below.")
        return Text(
            "p räknas över alla tänkbara grannar, utan slumpdragning: utan fel för antal och för "
            "värden med få decimaler, annars med ett fel på högst en tiondel av p. Där det inte "
            "går skattas p med slumpade grannar, eller ges en övre gräns för det, hellre för stor "
            f"än för liten.{below.sv if some else ' Här behövdes ingetdera.'}",
            "p is counted over all possible neighbourhoods, without sampling: without error for "
            "counts and for values of few decimals, elsewhere with an error of at most a tenth of "
            "p. Where "
            "that cannot be done, p is estimated from random neighbourhoods, or an upper bound of "
            "it is given, too large rather than too small."
            f"{below.en if some else ' Here neither was needed.'}",
        )
    permutations = count(options.permutations, language)
    error = number(float(local["monte_carlo_error"].max()), decimals=4, language=language)
    return Text(
        f"p är skattat med {permutations} slumpade grannar (startvärde {options.seed}); "
        f"slumpfelet i p är högst {error}.",
        f"p is estimated from {permutations} random neighbourhoods (seed {options.seed}); its "
        f"sampling error is at most {error}.",
    )


def _correction(results: Results, view: View, clustering: Clustering) -> Text:
    """Say how p was adjusted, over which areas, and what that holds down."""
    options, language = results.options.autocorrelation, view.language
    percent = round(100 * options.fdr, 6)
    rate = number(percent, decimals=0 if percent.is_integer() else 1, language=language)
    sv, en = f"{rate}\u00a0%", f"{rate}%"
    family = int(clustering.local.attrs["parameters"]["family"])
    of = Text(f"{counted(family, 'area').sv} jämförs", f"{counted(family, 'area').en} are compared")
    held = Text(
        f"så att högst {sv} av områdena i kluster väntas ligga där av en slump",
        f"so that at most {en} of the areas in clusters are expected to lie there by chance",
    )
    return {
        "bh": Text(
            f"{of.sv} samtidigt; p är därför justerat till q (Benjamini och Hochberg 1995), "
            f"{held.sv}.",
            f"{of.en} at once; p is therefore adjusted to q (Benjamini and Hochberg 1995), "
            f"{held.en}.",
        ),
        "by": Text(
            f"{of.sv} samtidigt; p är därför justerat till q (Benjamini och Yekutieli 2001, som "
            f"tål att områdena beror av varandra), {held.sv}.",
            f"{of.en} at once; p is therefore adjusted to q (Benjamini and Yekutieli 2001, which "
            f"allows for areas that depend on each other), {held.en}.",
        ),
        "bonferroni": Text(
            f"{of.sv} samtidigt; p är därför justerat till q (Bonferroni), så att risken för ett "
            f"enda område i kluster av en slump är högst {sv}.",
            f"{of.en} at once; p is therefore adjusted to q (Bonferroni), so that the risk of a "
            f"single area in a cluster by chance is at most {en}.",
        ),
        "none": Text(
            f"p är inte justerat för att {of.sv} samtidigt: omkring {sv} av dem kan ligga i "
            "kluster av en slump.",
            f"p is not adjusted though {of.en} at once: about {en} of them may lie in clusters by "
            "chance.",
        ),
    }[options.correction]


def _directed(clustering: Clustering) -> Text:
    """Say so where being neighbours goes one way; else nothing."""
    if clustering.description.symmetric:
        return Text("", "")
    return Text(
        "Grannar räknas åt ett håll: ett område kan räkna ett annat som granne utan att räknas "
        "av det. Ett par räknas en gång, även när det gäller åt båda hållen.",
        "Being neighbours goes one way: an area may count another as its neighbour and not be "
        "counted by it. A pair is counted once, also when it holds both ways.",
    )


def _used(results: Results, clustering: Clustering) -> Text:
    """Say how many of the pairs the test of each area rests on, where not on all."""
    every = clustering.description.links
    resting = int(clustering.local.attrs["parameters"]["pairs"])
    if resting == every:
        return Text("", "")
    within = results.options.autocorrelation.within is not None
    inside = Text(" i samma kommun", " of the same municipality") if within else Text("", "")
    return Text(
        f"Jämförelsen av varje område vilar på {count(resting)} av grannparen: de mellan områden"
        f"{inside.sv} som båda har uppgift.",
        f"The comparison of each area rests on {count(resting, 'en')} of the pairs: those between "
        f"areas{inside.en} that both have data.",
    )
