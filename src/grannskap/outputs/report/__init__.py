"""One report that holds it all, and its writers: a page, a Word file, a PDF."""

from grannskap.outputs.report.documents import documents, profile_files, without_sign
from grannskap.outputs.report.html import fragment
from grannskap.outputs.report.model import Picture, Report, Section
from grannskap.outputs.report.page import build
from grannskap.outputs.report.parts import compose
from grannskap.outputs.report.profiles import profiles
from grannskap.outputs.report.remarks import of_data, of_test

__all__ = [
    "Picture",
    "Report",
    "Section",
    "build",
    "compose",
    "documents",
    "fragment",
    "of_data",
    "of_test",
    "profile_files",
    "profiles",
    "without_sign",
]
