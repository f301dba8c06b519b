"""Names of trackers, and plug-ins, the broken ones included."""

import subprocess
import sys
from importlib import metadata

import pytest

from toolkit.errors import TrackerError
from toolkit.runs import Project
from toolkit.testing.toy import toy_header
from toolkit.trackers import enabled, make_tracker, tracker_names
from toolkit.trackers.memory import MemoryTracker

POINTS = metadata.EntryPoints(
    [
        metadata.EntryPoint("theirs", "toolkit.trackers.memory:MemoryTracker", "toolkit.trackers"),
        metadata.EntryPoint("broken", "no_such_package:Tracker", "toolkit.trackers"),
    ]
)


@pytest.fixture
def _plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "entry_points", lambda **wanted: POINTS.select(**wanted))


@pytest.mark.usefixtures("_plugins")
def test_a_plug_in_is_found_by_its_name() -> None:
    assert tracker_names() == ["mlflow", "wandb", "tensorboard", "memory", "broken", "theirs"]
    assert isinstance(make_tracker("theirs", Project.here(), toy_header(), {}), MemoryTracker)


@pytest.mark.usefixtures("_plugins")
def test_a_plug_in_that_fails_to_load_is_named() -> None:
    with pytest.raises(
        TrackerError, match=r"tracker 'broken' cannot be loaded \(ModuleNotFoundError: .*no_such"
    ):
        make_tracker("broken", Project.here(), toy_header(), {})


def test_false_switches_a_tracker_off_and_nothing_else_does() -> None:
    tracking = {"mlflow": {}, "wandb": False, "tensorboard": None, "memory": {"x": 1}}
    header = toy_header(tracking=tracking)
    assert enabled(header) == {"mlflow": {}, "tensorboard": {}, "memory": {"x": 1}}


def test_importing_the_room_loads_no_service() -> None:
    heavy = {"mlflow", "wandb", "tensorboard", "tensorboardX", "numpy"}
    code = f"import sys, toolkit.trackers; print({heavy!r} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
