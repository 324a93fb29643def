"""From a dataset to results: what is asked, what was found, and what of it is shown."""

from grannskap.analysis.anatomy import Anatomy
from grannskap.analysis.area_types import AreaTypes
from grannskap.analysis.asked import check_pictures
from grannskap.analysis.calibration import Calibration, calibrate
from grannskap.analysis.describe import describe
from grannskap.analysis.history import History
from grannskap.analysis.interventions import Interventions, Placed
from grannskap.analysis.options import Options
from grannskap.analysis.reading import checksums, read
from grannskap.analysis.results import Clustering, Measured, Results
from grannskap.analysis.run import STAGES, check, run
from grannskap.analysis.view import OverlayLayer, View
from grannskap.analysis.within import within

__all__ = [
    "STAGES",
    "Anatomy",
    "AreaTypes",
    "Calibration",
    "Clustering",
    "History",
    "Interventions",
    "Measured",
    "Options",
    "OverlayLayer",
    "Placed",
    "Results",
    "View",
    "calibrate",
    "check",
    "check_pictures",
    "checksums",
    "describe",
    "read",
    "run",
    "within",
]
