"""Starting: what lies in a folder becomes a project file that runs as it stands."""

from grannskap.starting.looking import Looked, look
from grannskap.starting.writing import project_file

__all__ = ["Looked", "look", "project_file"]
