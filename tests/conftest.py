"""Settings of every test: no telemetry, no network beyond loopback, nothing written outside tmp_path."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.update(
    {
        "RAY_USAGE_STATS_ENABLED": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "1",
        "WANDB_MODE": "offline",
        "WANDB_ERROR_REPORTING": "false",
        "WANDB_SILENT": "true",
        "DVC_NO_ANALYTICS": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
)
for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "WANDB_PROJECT", "WANDB_ENTITY", "WANDB_DIR"):
    os.environ.pop(name, None)
for name in ("TRACKIO_DIR", "TRACKIO_BUCKET_ID"):
    os.environ.pop(name, None)


def skip(reason: str) -> None:
    """Skip the test with its reason; continuous integration fails instead."""
    if os.environ.get("TOOLKIT_TESTS_MAY_NOT_SKIP"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty project root: a folder with a dvc.yaml, which is the working directory."""
    root = tmp_path / "a project's root"
    root.mkdir()
    (root / "dvc.yaml").write_text("stages: {}\n")
    monkeypatch.chdir(root)
    yield root
