"""What is wrong with a set-up, in sentences: each check a small function that looks and changes nothing.

No check waits long, none asks anybody but the stores that are configured, and none loads a heavy library.
"""

from toolkit.doctor.examining import examine
from toolkit.doctor.finding import Finding, Level
from toolkit.doctor.setup import Setup

__all__ = ["Finding", "Level", "Setup", "examine"]
