"""Names of trackers, and plug-ins, the broken ones included."""

import subprocess
import sys
from importlib import metadata
from typing import Any

import pytest

from toolkit.errors import ConfigurationError, TrackerError
from toolkit.runs import Project
from toolkit.testing.toy import toy_header
from toolkit.trackers import check_tracking, enabled, make_tracker, tracker_names
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


@pytest.mark.usefixtures("_plugins")
@pytest.mark.parametrize(
    ("tracking", "message"),
    [
        ({"wnadb": {}}, "tracking.wnadb: is no tracker, did you mean 'wandb'?"),
        ({"wandb": {"mode": "ofline"}}, "tracking.wandb.mode: cannot be 'ofline', did you mean 'offline'?"),
        ({"wandb": {"mode": True}}, "tracking.wandb.mode: must be text, got True"),
        ({"mlflow": {"uril": "x"}}, "tracking.mlflow.uril: mlflow has no such option, did you mean 'uri'?"),
        (
            {"tensorboard": {"dir": "x"}},
            "tracking.tensorboard.dir: tensorboard has no such option: it has none",
        ),
        ({"wandb": "offline"}, "tracking.wandb: must be a dictionary of options, got 'offline'"),
    ],
)
def test_what_no_adapter_would_take_is_refused(tracking: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        check_tracking(tracking)
    assert str(raised.value) == message


@pytest.mark.usefixtures("_plugins")
def test_what_adapters_take_is_let_through() -> None:
    check_tracking({"mlflow": {"uri": "sqlite:///x.db", "experiment": None}, "wandb": {"mode": "disabled"}})
    check_tracking({"theirs": {"anything": 1}, "memory": {"store": object()}, "tensorboard": {}})


def test_checking_loads_no_service() -> None:
    code = (
        "import sys, toolkit.trackers as t; t.check_tracking({'mlflow': {}, 'wandb': {'mode': 'offline'}}); "
        "print({'mlflow', 'wandb'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
