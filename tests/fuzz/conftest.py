"""On Windows no limit of memory and time can be set as these tests set it: they are left out."""

import sys

collect_ignore = (
    ["test_corpus_shapes.py", "test_mutations_shapes.py", "test_project_keys.py"]
    if sys.platform == "win32"
    else []
)
