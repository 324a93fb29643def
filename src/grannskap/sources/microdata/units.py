"""Consumption units: what the members of a household weigh together, in hundredths."""

from __future__ import annotations

from typing import Any

from grannskap.sources.microdata.asked import Scale

__all__ = ["of_members"]


def of_members(made: Any, scale: Scale, *, couples: bool, turns: bool) -> Any:  # noqa: ANN401 - Ibis has none
    """Return hundredths of consumption units; of children alone one counts as the first adult.

    Parameters
    ----------
    made : ibis table
        ``adults``, ``partners``, ``children`` and ``in_turns`` (some of the children).
    scale : Scale
        Weights.
    couples : bool
        Whether ``partners`` tells of couples; otherwise the second adult is the first's partner.
    turns : bool
        Whether ``in_turns`` tells of children who live in turns; otherwise none does.
    """
    import ibis

    alone = (made.adults == 0).cast("int32")
    adults = made.adults + alone
    second: Any = scale.partner
    if couples:
        second = ibis.ifelse(made.partners >= 2, scale.partner, scale.adult)
    grown = ibis.ifelse(adults > 1, second, 0) + scale.adult * ibis.greatest(adults - 2, 0)
    children = _of_children if turns else _of_children_who_stay
    return 100 + grown + children(made, scale, alone)


def _of_children_who_stay(made: Any, scale: Scale, alone: Any) -> Any:  # noqa: ANN401
    """Return what children add where all always live there."""
    import ibis

    always = made.children - alone
    first = ibis.ifelse(always > 0, scale.child, 0)
    return first + scale.children * ibis.greatest(always - 1, 0)


def _of_children(made: Any, scale: Scale, alone: Any) -> Any:  # noqa: ANN401
    """Return what children add: the first child is one who always lives there, if any does."""
    import ibis

    always = made.children - made.in_turns
    spared = ibis.least(always, alone)
    always, turns = always - spared, made.in_turns - (alone - spared)
    others = scale.children * ibis.greatest(always - 1, 0)
    first_in_turns = (always == 0) & (turns > 0)
    return (
        ibis.ifelse(always > 0, scale.child, 0)
        + others
        + ibis.ifelse(first_in_turns, scale.turn, 0)
        + scale.turns * (turns - first_in_turns.cast("int32"))
    )
