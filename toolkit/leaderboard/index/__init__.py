"""The index: what the journals say, in one sqlite file that answers at a million runs.

It is made from the journals alone, goes on where it left off whenever it is opened, and may be deleted at
any time. `schema` says what lies in it, `opening` where, `catching_up` how it follows the journals, `writing`
how a run becomes a row, `standings` how rows become leaderboards.
"""

from toolkit.leaderboard.index.catching_up import catch_up
from toolkit.leaderboard.index.opening import Index, in_memory, open_index
from toolkit.leaderboard.index.standings import answer, in_groups, rank, standings

__all__ = ["Index", "answer", "catch_up", "in_groups", "in_memory", "open_index", "rank", "standings"]
