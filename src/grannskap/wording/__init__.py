"""The message catalogue: every sentence of the outputs, in plain files of one language each.

The files ``sv/<part>.toml`` and ``en/<part>.toml``, and those in the folders ``sv/<part>`` and
``en/<part>``, hold the same keys. A text has placeholders: ``{name}`` is put in as it is, a number
as the language writes a whole one; ``{name:area}`` is counted ("12 områden"), ``{name:2}`` has two
decimals, ``{name:share}`` is "12 %", ``{name:percent}`` "12 procent", ``{name:cap}`` begins a
sentence, ``{name:inside}`` stands inside one, ``{name:label}`` and ``{name:labels}`` are what
columns are called, ``{name:few}`` the first five of several (``{name:few25}`` the first 25) and
how many more there are, ``{name:quoted}`` stands in quotation marks, and ``{name:notes.method}``
the words that another key has for it. Where the words follow a value, the key is a table:
``choose`` names the value, the other entries are its cases (``one``, ``yes``, ``none``, a word of
a program), and ``other`` is the rest.
"""

from grannskap.wording.catalogue import PARTS, entries, in_both, listed, say, written

__all__ = ["PARTS", "entries", "in_both", "listed", "say", "written"]
