"""Where a model is trained and used."""

import warnings

import torch


def choose_device(cuda_device: int | None) -> torch.device:
    """The GPU of that index, the CPU for -1, and for None the first GPU when there is one.

    A GPU that is asked for and absent becomes the CPU, with a `UserWarning`.
    """
    if cuda_device is None:
        return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")
    if cuda_device < 0:
        return torch.device("cpu")
    count = torch.cuda.device_count()
    if cuda_device >= count:
        found = "there is no GPU" if count == 0 else f"there are {count} GPUs, counted from 0"
        warnings.warn(
            f"cuda_device is {cuda_device}, but {found}: the CPU is used", UserWarning, stacklevel=2
        )
        return torch.device("cpu")
    return torch.device("cuda", cuda_device)
