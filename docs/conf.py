"""How the documentation is built: `python -m sphinx -W --keep-going docs made-docs`."""

import sys
from pathlib import Path

import grannskap

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "grannskap"
author = "The grannskap developers"
version = release = grannskap.__version__
language = "en"

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "generated_pages",
    "mathml",
    "offline",
]
exclude_patterns = ["_ext"]
myst_heading_anchors = 3

html_math_renderer = "mathml"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = "grannskap"
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
copyright = "the grannskap developers; data: SCB (CC0)"  # noqa: A001
