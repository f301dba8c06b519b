"""Trackio as a tracker: a plug-in that takes the door of every other one, in a package beside `toolkit`.

It is found by its entry point and knows only public names of `toolkit`; nothing there knows of it. The
extra `mlops-toolkit[trackio]` brings the library, which is imported when a search is shipped or read.
"""

from toolkit_trackio.reader import TrackioReader
from toolkit_trackio.tracker import TrackioTracker

__all__ = ["TrackioReader", "TrackioTracker"]
