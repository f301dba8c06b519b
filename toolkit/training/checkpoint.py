"""The state of an unfinished training on disk."""

import io
import os
import pickle
from pathlib import Path
from typing import Any

import torch

from toolkit.errors import ModelError
from toolkit.nn import TextClassifier

STATE_FILE = "training_state.pt"


def write_state(folder: Path, state: dict[str, Any]) -> None:
    """Write tensors, numbers and strings into the folder, all or nothing.

    Raises:
        OSError: there is no room, or no permission.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    torch.save(state, content)  # to a path it would say of a full disk no more than "unexpected pos"
    aside = folder / f"{STATE_FILE}.{os.getpid()}.tmp"
    try:
        aside.write_bytes(content.getbuffer())
        aside.replace(folder / STATE_FILE)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def read_state(folder: Path, model: TextClassifier, device: torch.device) -> dict[str, Any]:
    """Read what `write_state` wrote; code that a file might carry is never run.

    Raises:
        ModelError: there is no state, it is damaged, or its weights are not those of the model.
    """
    path = folder / STATE_FILE
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        raise ModelError(f"{path}: there is no state of a training") from None
    except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise ModelError(f"{path}: is damaged: {str(error).partition(chr(10))[0]}") from None
    if not isinstance(state, dict) or "model" not in state:
        raise ModelError(f"{path}: is no state of a training")
    shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {name: tuple(value.shape) for name, value in state["model"].items()}
    if shapes != found:
        differing = sorted(
            name for name in shapes.keys() | found.keys() if shapes.get(name) != found.get(name)
        )
        raise ModelError(f"{path}: is the state of another model, {', '.join(differing)} differ")
    return state
