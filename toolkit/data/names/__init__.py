"""Invented German business names with the label of their line of business, for searches to play on.

Every row is drawn from hand-written word lists and a small grammar per label; none is taken from a
directory. Standard library only, and the same bytes on every Python. `docs/data-card.md` tells what
the rows look like and how they were measured.
"""

from toolkit.data.names.sets import SETS, NameSet, draw_rows, make_files, write_files

__all__ = ["SETS", "NameSet", "draw_rows", "make_files", "write_files"]
