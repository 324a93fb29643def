"""What is asked of an analysis: which year, which balance, which index, which tests."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict

from grannskap.project import (
    AreaTypesOptions,
    AutocorrelationOptions,
    BalanceOptions,
    IndicatorOptions,
    Project,
    SegregationOptions,
)

__all__ = ["Options"]


class Options(BaseModel):
    """What to measure; nothing of what is shown, or in which language.

    Attributes
    ----------
    year : int or None
        The year in focus; the latest that the dataset holds unless given.
    compare : int or None
        An earlier year that the year in focus is compared with.
    balance : BalanceOptions
        Which two counts are held against each other, and how sure the interval is.
    segregation : SegregationOptions
        How living conditions are combined.
    area_types : AreaTypesOptions
        Where areas are cut into types, when no file holds the country's areas.
    autocorrelation : AutocorrelationOptions
        What is tested for clustering, over what, and how.
    indicators : IndicatorOptions
        Which shares stand in the tables of indicators, and whether the country does.
    scopes : tuple
        Further places to measure, each a scope of `grannskap.deso.in_scope`.

    Examples
    --------
    >>> Options(year=2022).balance.low
    'low'
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int | None = None
    compare: int | None = None
    balance: BalanceOptions = BalanceOptions()
    segregation: SegregationOptions = SegregationOptions()
    area_types: AreaTypesOptions = AreaTypesOptions()
    autocorrelation: AutocorrelationOptions = AutocorrelationOptions()
    indicators: IndicatorOptions = IndicatorOptions()
    scopes: tuple[str | tuple[str, ...], ...] = ()

    def settled(self, columns: Collection[str]) -> Options:
        """Return these options for data of these columns, with what they leave open."""
        balance = self.balance.settled(columns)
        tests = self.autocorrelation.settled(balance, columns)
        return self.model_copy(update={"balance": balance, "autocorrelation": tests})

    @classmethod
    def of(cls, project: Project) -> Options:
        """Return what a project file asks to be measured."""
        view = project.view if isinstance(project.view, str) else tuple(project.view)
        return cls(
            year=project.year,
            compare=project.compare,
            balance=project.balance,
            segregation=project.segregation,
            area_types=project.area_types,
            autocorrelation=project.autocorrelation,
            indicators=project.indicators,
            scopes=(view,),
        )
