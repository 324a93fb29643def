"""SCB: tables and boundaries fetched from its open services, for a project that runs."""

from grannskap.sources.scb.fetching import Done, fetch
from grannskap.sources.scb.folder import origins
from grannskap.sources.scb.orders import PARTS, Order, division, police_year, years_asked
from grannskap.sources.scb.places import Place, find
from grannskap.sources.scb.service import Service, base_address
from grannskap.sources.scb.store import Store, home
from grannskap.sources.scb.verifying import verify
from grannskap.sources.scb.web import Web
from grannskap.sources.scb.wfs import Maps, map_address

__all__ = [
    "PARTS",
    "Done",
    "Maps",
    "Order",
    "Place",
    "Service",
    "Store",
    "Web",
    "base_address",
    "division",
    "fetch",
    "find",
    "home",
    "map_address",
    "origins",
    "police_year",
    "verify",
    "years_asked",
]
