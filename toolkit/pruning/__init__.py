"""What searches leave on disk that can be made again, or that nobody reads: found, and removed.

Journals, results, cursors and receipts are no such thing, nor is any file whose name neither our layout nor
Ray decides.
"""

from toolkit.pruning.leftovers import Leftover, SearchLeftovers, find_leftovers, superseded_bytes
from toolkit.pruning.removing import Removal, remove

__all__ = ["Leftover", "Removal", "SearchLeftovers", "find_leftovers", "remove", "superseded_bytes"]
