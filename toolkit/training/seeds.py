"""One seed, many independent streams of random numbers.

The order of the examples and the dropout of an epoch depend on (seed, purpose, epoch) alone, not on
what was drawn before: a training that resumes at an epoch draws what it would have drawn.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

_PURPOSES = ("order", "dropout")


def _sequence(seed: int, purpose: str, epoch: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, _PURPOSES.index(purpose), epoch])


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """A permutation of 0 .. count - 1, another one for each epoch."""
    return np.random.default_rng(_sequence(seed, "order", epoch)).permutation(count)


@contextmanager
def epoch_dropout(seed: int, epoch: int, device: torch.device) -> Iterator[None]:
    """Inside, torch draws the epoch's own numbers; afterwards its random state is as it was before."""
    value = int(_sequence(seed, "dropout", epoch).generate_state(1, np.uint64)[0] >> np.uint64(1))
    gpus = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=gpus):
        torch.default_generator.manual_seed(value)
        if gpus:
            with torch.cuda.device(device):
                torch.cuda.manual_seed(value)
        yield
