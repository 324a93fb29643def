"""How clustering was tested and what came out, in sentences: every option that was used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grannskap.language import Language, count, inside_sentence, number
from grannskap.outputs.report import cells, findings
from grannskap.wording import say

if TYPE_CHECKING:
    from grannskap.analysis import Clustering, Results, View

__all__ = ["heading", "method", "overall", "overall_name", "scope"]


def heading(view: View, clustering: Clustering) -> str:
    """Return the heading of the section: it names what was tested."""
    subject = findings.what_is(clustering.variable, view)
    return say("report.heading.test", view.language, {"subject": subject})


def overall_name(results: Results, language: Language) -> str:
    """Return what the statistic of all areas together is called."""
    asked = results.options.autocorrelation.statistic
    values = {"statistic": "g" if asked == "g_star" else asked}
    return say("report.test.overall_name", language, values)


def overall(results: Results, view: View, clustering: Clustering) -> str:
    """The overall statistic, what chance would give, p and how p was made."""
    language, result = view.language, clustering.overall
    if result is None:
        return _within(clustering, language)
    sides = 2 if result.alternative == "two-sided" else 1
    least = result.p * (result.permutations + 1) < sides * (1 + 1e-9)
    values: dict[str, object] = {
        "what": view.called(clustering.variable),
        "rates": _rates(results, language),
        "name": say("report.test.overall_name", language, {"statistic": result.statistic}),
        "value": number(result.value, decimals=3, language=language),
        "expected": number(result.expected, decimals=3, language=language),
        "verdict": _verdict(results, clustering, language),
        "p": cells.p_value(result.p, language),
        "least": say("report.test.least", language) if least else "",
        "sided": _sides(results, language),
        "permutations": result.permutations,
        "seed": str(result.seed),
        "error": number(result.monte_carlo_error, decimals=4, language=language),
    }
    return say("report.test.overall", language, values)


def _within(clustering: Clustering, language: Language) -> str:
    """Say where the numbers of each municipality stand: none is given across their borders."""
    table = clustering.within
    tested = 0 if table is None else int((table["status"] == "tested").sum())
    return say("report.test.within", language, {"tested": tested})


def _rates(results: Results, language: Language) -> str:
    """Say that the tested values are not the shares themselves, where they are not."""
    used = results.options.autocorrelation.empirical_bayes
    return say("report.test.rates", language) if used else ""


def _verdict(results: Results, clustering: Clustering, language: Language) -> str:
    """Say what the overall statistic means at the level that the project asks for."""
    result = clustering.overall
    assert result is not None
    if result.p > results.options.autocorrelation.fdr:
        return say("report.test.by_chance", language)
    larger = result.value > result.expected
    if result.statistic == "bivariate_moran":
        return say("report.test.follows_high" if larger else "report.test.follows_low", language)
    if result.statistic == "g":
        return say("report.test.high_near" if larger else "report.test.low_near", language)
    alike = larger == (result.statistic == "moran")
    return say("report.test.alike" if alike else "report.test.unlike", language)


def _sides(results: Results, language: Language) -> str:
    asked = results.options.autocorrelation.alternative
    return say("report.test.sides", language, {"alternative": asked})


def scope(results: Results, view: View, clustering: Clustering) -> str:
    """Say what was tested and what is shown: two things, in one sentence."""
    language, options = view.language, results.options.autocorrelation
    chosen = options.scope
    asked = "" if chosen is None else ", ".join([chosen] if isinstance(chosen, str) else chosen)
    values: dict[str, object] = {
        "shown": len(view.shown(results)),
        "tested": int(clustering.local["p"].notna().sum()),
        "held": len(clustering.local),
        "named": say("report.test.named", language, {"asked": asked}) if asked else "",
        "within": say("report.test.own_municipality", language) if options.within else "",
    }
    return say("report.test.scope", language, values)


def method(results: Results, view: View, clustering: Clustering) -> tuple[str, ...]:
    """How each area was tested: statistic, inference, correction, rates, neighbours."""
    language, options = view.language, results.options.autocorrelation
    said = [
        _local(results, view, clustering),
        _inference(results, clustering, language),
        _correction(results, clustering, language),
    ]
    if options.empirical_bayes:
        said.append(say("report.test.empirical_bayes", language))
    graph = clustering.description
    about = [
        graph.sentence(language),
        "" if graph.symmetric else say("report.test.directed", language),
        _used(results, clustering, language),
    ]
    return " ".join(said), " ".join(sentence for sentence in about if sentence)


def _local(results: Results, view: View, clustering: Clustering) -> str:
    options, language = results.options.autocorrelation, view.language
    around = ""
    if options.around is not None:
        other = {"other": inside_sentence(view.called(options.around))}
        around = say("report.test.around", language, other)
    values: dict[str, object] = {
        "name": say("report.test.local_name", language, {"statistic": options.statistic}),
        "what": inside_sentence(view.called(clustering.variable)),
        "rates": _rates(results, language),
        "around": around,
        "sided": _sides(results, language),
    }
    return say("report.test.local_how", language, values)


def _inference(results: Results, clustering: Clustering, language: Language) -> str:
    options, local = results.options.autocorrelation, clustering.local
    drawn = local.loc[local["p"].notna(), "monte_carlo_error"] > 0
    if options.inference == "exact" and not drawn.all():
        told = local.attrs["parameters"]
        some = told["bounded"] or told["drawn"]
        key = "report.test.some_exceptions" if some else "report.test.no_exceptions"
        return say("report.test.exact", language, {"exceptions": say(key, language)})
    values: dict[str, object] = {
        "permutations": options.permutations,
        "seed": str(options.seed),
        "error": number(float(local["monte_carlo_error"].max()), decimals=4, language=language),
    }
    return say("report.test.sampled", language, values)


def _correction(results: Results, clustering: Clustering, language: Language) -> str:
    """Say how p was adjusted, over which areas, and what that holds down."""
    options = results.options.autocorrelation
    percent = round(100 * options.fdr, 6)
    rate = number(percent, decimals=0 if percent.is_integer() else 1, language=language)
    values: dict[str, object] = {
        "correction": options.correction,
        "areas": int(clustering.local.attrs["parameters"]["family"]),
        "rate": f"{rate}\u00a0%" if language == "sv" else f"{rate}%",
    }
    return say("report.test.correction", language, values)


def _used(results: Results, clustering: Clustering, language: Language) -> str:
    """Say how many of the pairs the test of each area rests on, where not on all."""
    every = clustering.description.links
    resting = int(clustering.local.attrs["parameters"]["pairs"])
    if resting == every:
        return ""
    within = results.options.autocorrelation.within is not None
    inside = say("report.test.inside", language) if within else ""
    return say("report.test.used", language, {"pairs": count(resting, language), "inside": inside})
