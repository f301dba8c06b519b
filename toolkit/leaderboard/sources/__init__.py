"""Where runs are ranked from: journals, results in git, stores of trackers; and several of them as one."""

from toolkit.leaderboard.sources.gathering import gather
from toolkit.leaderboard.sources.merging import Merged, merged
from toolkit.leaderboard.sources.source import Source

__all__ = ["Merged", "Source", "gather", "merged"]
