"""Trackers: mirrors of a search's journal in MLflow, Weights & Biases, TensorBoard and plug-ins.

The journal is the truth. `mirror` copies it to every tracker of the search, now or live, from the place
where the last copy stopped; `start_follower` lets a process of its own do that while the search runs.
Importing this room loads none of the services.
"""

from toolkit.trackers.follower import start_follower
from toolkit.trackers.mirror import Outcome, mirror, unmirrored
from toolkit.trackers.protocol import Tracker, TrackerFactory
from toolkit.trackers.registry import (
    check_options,
    check_tracking,
    enabled,
    make_reader,
    make_tracker,
    tracker_names,
)
from toolkit.trackers.stored import Reader, StoredRun

__all__ = [
    "Outcome",
    "Reader",
    "StoredRun",
    "Tracker",
    "TrackerFactory",
    "check_options",
    "check_tracking",
    "enabled",
    "make_reader",
    "make_tracker",
    "mirror",
    "start_follower",
    "tracker_names",
    "unmirrored",
]
