"""Levels that interventions work on, and the criteria that they are held against."""

from __future__ import annotations

from grannskap.language import Text

__all__ = [
    "CRITERIA",
    "INTERVENTION_LEVELS",
    "INTERVENTION_PARTS",
    "INTERVENTION_PLACES",
    "INTERVENTION_WHERE",
]

INTERVENTION_LEVELS: dict[str, Text] = {
    "individual": Text("Individ", "Individual"),
    "neighbourhood": Text("Grannskap", "Neighbourhood"),
    "society": Text("Stad eller samhälle", "Town or society"),
}
"""Whom or what an intervention works on, from near to far."""

CRITERIA: dict[str, Text] = {
    "grounds": Text(
        "Arbetar med orsaker och potentialer",
        "Works on causes and potentials",
    ),
    "integration": Text(
        "Integrerar socialt och i system",
        "Integrates socially and into systems",
    ),
    "relation": Text(
        "Berör relationen mellan polerna",
        "Addresses the relation between the poles",
    ),
}
"""What an intervention is asked to do, each in two parts."""

INTERVENTION_PARTS: dict[str, tuple[str, Text]] = {
    "causes": ("grounds", Text("Orsaker", "Causes")),
    "potentials": ("grounds", Text("Potentialer", "Potentials")),
    "social": ("integration", Text("Social integration", "Social integration")),
    "systems": ("integration", Text("Integration i system", "Integration into systems")),
    "conditions": ("relation", Text("Polernas villkor", "Conditions of the poles")),
    "distance": ("relation", Text("Polernas avstånd", "Distance of the poles")),
}
"""The parts: the criterion of each, and its words.

The relation between the poles is social, in unlike conditions of life, and geographic, in where
they live.
"""

INTERVENTION_WHERE: dict[str, Text] = {
    "point": Text("en punkt", "a point"),
    "neighbourhood": Text("ett namngivet grannskap", "a named neighbourhood"),
    "areas": Text("ett eller flera områden", "one or several areas"),
    "whole": Text("allt som visas", "all that is shown"),
    "nowhere": Text("ingen plats angiven", "no place given"),
    "outside": Text("utanför det som visas", "outside what is shown"),
}
"""Where an intervention is."""

INTERVENTION_PLACES: dict[str, Text] = {
    "neighbourhood": Text("Namngivet grannskap", "Named neighbourhood"),
    "pole": Text("Pol", "Pole"),
    "cluster": Text("Samlade områden", "Clusters"),
}
"""What can have interventions, or none."""
