"""Deterministic algorithms within a training, torch's settings as they were outside."""

import os

import pytest
import torch

from toolkit.errors import ConfigurationError
from toolkit.training.determinism import deterministic, prepare

CPU = torch.device("cpu")


@pytest.mark.parametrize("before", [False, True])
def test_settings_are_put_back(before: bool) -> None:
    torch.use_deterministic_algorithms(before)
    try:
        with deterministic(CPU):
            assert torch.are_deterministic_algorithms_enabled()
        assert torch.are_deterministic_algorithms_enabled() is before
        assert torch.utils.deterministic.fill_uninitialized_memory is True
    finally:
        torch.use_deterministic_algorithms(False)


def test_an_operation_without_a_deterministic_form_is_named() -> None:
    told = "trainer.cuda_device: on cpu .*put_.* does not have a deterministic implementation"
    with pytest.raises(ConfigurationError, match=told), deterministic(CPU):
        torch.zeros(3).put_(torch.tensor([0, 0]), torch.tensor([1.0, 2.0]), accumulate=False)
    assert not torch.are_deterministic_algorithms_enabled()


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="size"), deterministic(CPU):
        torch.zeros(3) + torch.zeros(4)


def test_cublas_is_told_before_a_gpu_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    prepare(CPU)
    assert "CUBLAS_WORKSPACE_CONFIG" not in os.environ
    prepare(torch.device("cuda", 0))
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    prepare(torch.device("cuda", 0))
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":16:8"
