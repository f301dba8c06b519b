"""Experiments, the trackers that they name, and what the environment says instead."""

import importlib.util
from importlib import metadata

from toolkit.doctor.finding import Findings, ok, problem, warning
from toolkit.doctor.setup import Setup
from toolkit.errors import ConfigurationError
from toolkit.runs.secrets import without_credentials
from toolkit.trackers.registry import ENTRY_POINT_GROUP, check_tracking, enabled
from toolkit.trackers.wandb_account import has_account

_PACKAGES = {"mlflow": "mlflow", "wandb": "wandb", "tensorboard": "tensorboardX"}
_SHOWN = (
    "MLFLOW_TRACKING_URI",
    "MLFLOW_EXPERIMENT_NAME",
    "WANDB_MODE",
    "WANDB_PROJECT",
    "WANDB_ENTITY",
    "WANDB_DIR",
    "WANDB_BASE_URL",
    "CUDA_VISIBLE_DEVICES",
)
_SECRET = ("WANDB_API_KEY", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN")


def experiments(setup: Setup) -> Findings:
    """Whether each experiment file says what can be, and its data are there."""
    for path, file in setup.experiment_files.items():
        name = path.relative_to(setup.project.root)
        if isinstance(file, ConfigurationError):
            yield problem(str(file), f"correct {name}")
            continue
        try:
            check_tracking(file.tracking)
        except ConfigurationError as error:
            yield problem(f"{name}: {error}", "correct it, or install the package of that tracker")
            continue
        needed = [file.data.train, file.data.valid, *([file.data.test] if file.data.test is not None else [])]
        missing = [one for one in needed if not (setup.project.root / one).is_file()]
        if missing:
            yield problem(f"{name}: there is no {', '.join(missing)}", "dvc pull, or correct the paths")
        else:
            yield ok(f"{name} can be run")
    if not setup.experiment_files:
        yield warning("there is no file in experiments/", "toolkit new NAME --data DIR")


def trackers(setup: Setup) -> Findings:
    """Whether what the trackers of experiments and searches need is installed."""
    named = {name for file in setup.experiments for name in file.tracking}
    named |= {name for search in setup.searches for name in enabled(search.header)}
    for name in sorted(named - {"memory"}):
        package = _PACKAGES.get(name) or _package_of_plugin(name)
        if package is None:
            yield problem(
                f"no tracker is called {name}", "install its package, or switch it off under tracking"
            )
        elif importlib.util.find_spec(package) is None:
            yield problem(
                f"the tracker {name} needs {package}, which is not installed", f"pip install {package}"
            )
        else:
            yield ok(f"the tracker {name} is installed")


def _package_of_plugin(name: str) -> str | None:
    points = metadata.entry_points(group=ENTRY_POINT_GROUP, name=name)
    return next((point.module.partition(".")[0] for point in points), None)


def variables(setup: Setup) -> Findings:
    """Which variables decide instead of files; of secrets only that they are set."""
    shown = [
        f"{name}={without_credentials(value)}"
        for name in _SHOWN
        if (value := setup.environment.get(name)) is not None
    ]
    secret = [f"{name} (not shown)" for name in _SECRET if setup.environment.get(name)]
    yield ok("set, and winning over files: " + (", ".join([*shown, *secret]) or "none"))
    uri = setup.environment.get("MLFLOW_TRACKING_URI")
    overridden = [
        file.name for file in setup.experiments if file.tracking.get("mlflow", {}).get("uri", uri) != uri
    ]
    if uri and overridden:
        yield warning(
            f"MLFLOW_TRACKING_URI wins over the uri in the files of {', '.join(overridden)}",
            "unset it if that is not meant",
        )


def wandb(setup: Setup) -> Findings:
    """Where W&B's runs go."""
    logged_in = has_account(setup.environment)
    given, usual = setup.environment.get("WANDB_MODE"), "online" if logged_in else "offline"
    modes = {given or options.get("mode") or usual for options in setup.options_of("wandb")}
    for mode in sorted(modes):
        if mode == "online" and not logged_in:
            yield problem(
                "W&B is to be online, but there is no account", "wandb login, or WANDB_MODE=offline"
            )
        elif mode == "offline":
            yield ok("W&B writes into wandb/ offline; `wandb sync wandb/offline-run-*` uploads")
        elif mode in ("online", "disabled"):
            yield ok(f"W&B is {mode}")
        else:
            yield problem(f"the mode of W&B is {mode!r}", "set WANDB_MODE to online, offline or disabled")
