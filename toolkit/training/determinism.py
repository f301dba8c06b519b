"""Training that gives the same bits each time: torch's deterministic algorithms, on a GPU too.

On the CPU, at a fixed number of threads, this costs nothing that could be measured. On a GPU some operations
get slower, and one that has no deterministic form is an error instead of a result that cannot be repeated.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from toolkit.errors import ConfigurationError

# Sizes of cuBLAS's buffers, in KiB and how many; without them its results vary between streams.
# https://docs.nvidia.com/cuda/cublas/index.html#results-reproducibility
_CUBLAS = ("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def prepare(device: torch.device) -> None:
    """To be called before anything is put on the device: cuBLAS reads its settings only once."""
    if device.type == "cuda":
        os.environ.setdefault(*_CUBLAS)


@contextmanager
def deterministic(device: torch.device) -> Iterator[None]:
    """Inside, torch takes deterministic algorithms only; afterwards its settings are as they were.

    Raises:
        ConfigurationError: an operation has no deterministic form on this device.
    """
    on, warn_only = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    filled = torch.utils.deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]
    benchmark = torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    # Nothing here reads what it has not written.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False
    try:
        yield
    except RuntimeError as error:
        if "deterministic" not in str(error):
            raise
        raise ConfigurationError(
            f"trainer.cuda_device: on {device} this training cannot be repeated bit by bit "
            f"({str(error).partition(',')[0]}); -1 trains on the CPU"
        ) from error
    finally:
        torch.use_deterministic_algorithms(on, warn_only=warn_only)
        torch.utils.deterministic.fill_uninitialized_memory = filled  # type: ignore[attr-defined]
        torch.backends.cudnn.benchmark = benchmark
