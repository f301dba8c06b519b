"""Every tracker keeps the contract; the real services store, their own readers read back."""

from typing import Any

import pytest

from toolkit.testing.tracker_contract import TrackerContract
from toolkit.trackers._mlflow_reader import MlflowReader
from toolkit.trackers._tensorboard_reader import TensorboardReader
from toolkit.trackers._wandb_reader import WandbReader
from toolkit.trackers.memory import MemoryStore
from toolkit.trackers.memory_reader import MemoryReader


class TestMemory(TrackerContract):
    tracker = "memory"
    reader = MemoryReader

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        return {"store": MemoryStore()}


class TestTensorboard(TrackerContract):
    tracker = "tensorboard"
    reader = TensorboardReader


class TestWandb(TrackerContract):
    tracker = "wandb"
    reader = WandbReader


class TestMlflowFile(TrackerContract):
    tracker = "mlflow"
    reader = MlflowReader

    @pytest.fixture(scope="class")
    def store(self, tmp_path_factory: pytest.TempPathFactory) -> str:
        return f"sqlite:///{tmp_path_factory.mktemp('an mlflow store') / 'mlflow.db'}"

    @pytest.fixture
    def options(self, store: str) -> dict[str, Any]:
        return {"uri": store}
