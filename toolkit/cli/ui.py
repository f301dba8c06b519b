"""`toolkit ui`: MLflow and TensorBoard on this project's stores, and where everything else lies."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from toolkit.runs import Project
from toolkit.runs.secrets import without_credentials

_HOST = "127.0.0.1"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Service:
    """A web page that a process of its own serves on loopback."""

    name: str
    command: list[str]
    url: str


@click.command(name="ui")
@click.option("--where", is_flag=True, help="Only say where things lie and how to look at them.")
def command(where: bool) -> None:
    """Open MLflow and TensorBoard on this project's stores; Ctrl-C stops both.

    Both listen on this machine only.

    \b
    Example:
      toolkit ui
      toolkit ui --where
    """
    project = Project.here()
    if where:
        click.echo(_places(project))
        return
    _serve(_services(project, _free_port(5000), _free_port(6006)), project)


def _services(project: Project, mlflow_port: int, tensorboard_port: int) -> list[Service]:
    mlflow_url = os.environ.get("MLFLOW_TRACKING_URI", "")
    tensorboard = Service(
        "TensorBoard",
        [*_tensorboard(project), "--host", _HOST, "--port", str(tensorboard_port)],
        f"http://{_HOST}:{tensorboard_port}",
    )
    if mlflow_url.startswith(("http://", "https://")):  # a server has its own page
        return [tensorboard]
    page = [*_mlflow(project), "--host", _HOST, "--port", str(mlflow_port), "--workers", "1"]
    return [Service("MLflow", page, f"http://{_HOST}:{mlflow_port}"), tensorboard]


def _mlflow(project: Project) -> list[str]:
    """The command of MLflow's page, without address; artifacts are read where they were written."""
    return [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", project.mlflow_uri]


def _tensorboard(project: Project) -> list[str]:
    return [sys.executable, "-m", "tensorboard.main", "--logdir", str(project.runs)]


def _serve(services: list[Service], project: Project) -> None:
    project.runs.mkdir(parents=True, exist_ok=True)
    environment = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", **os.environ}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the pages stop with us
    processes = [
        subprocess.Popen(
            service.command,
            cwd=project.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for service in services
    ]
    try:
        for service, process in zip(services, processes, strict=True):
            click.echo(f"{service.name:12} {_wait_for(service, process)}")
        _tell_of_a_server()
        click.echo("Ctrl-C stops both.", err=True)
        for process in processes:
            process.wait()
    except KeyboardInterrupt:
        click.echo("", err=True)
    finally:
        _stop(processes)


def _wait_for(service: Service, process: subprocess.Popen[bytes]) -> str:
    """The service's address as soon as it answers; why not, in words, when it does not."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(service.url, timeout=1).close()
            return service.url
        time.sleep(0.2)
    return f"did not start; see what it says: {shlex.join(service.command)}"


def _tell_of_a_server() -> None:
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    if uri.startswith(("http://", "https://")):
        click.echo(f"{'MLflow':12} {without_credentials(uri)}")


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End the pages with their worker processes, which are of their groups."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _free_port(wanted: int) -> int:
    """The port itself if nobody listens there, else one that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port on {_HOST}")


def _places(project: Project) -> str:
    wandb = project.wandb_dir / "wandb"
    rows = [
        ("all at once", "toolkit ui", "MLflow and TensorBoard in the browser"),
        ("leaderboard", "toolkit compare", "runs of all searches, ranked"),
        ("results", _short(project.results), "leaderboards, metrics, best configurations and models"),
        ("MLflow", _mlflow_line(project), "the searches' pages"),
        ("TensorBoard", f"tensorboard --logdir {_quoted(project.runs)}", "curves and HPARAMS"),
        ("W&B", f"wandb sync {_quoted(wandb)}/offline-run-*", "uploads, once you have an account"),
        ("journals", _short(project.runs), "the record that all of these are made from"),
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"  {name:{widths[0]}}  {what:{widths[1]}}  {why}" for name, what, why in rows]
    return "Where to look next:\n" + "\n".join(line.rstrip() for line in lines)


def _mlflow_line(project: Project) -> str:
    uri = without_credentials(project.mlflow_uri)
    if uri.startswith(("http://", "https://")):
        return uri
    own = f"sqlite:///{project.home / 'mlflow.db'}"
    shown = "sqlite:///mlflow.db" if uri == own and project.home == Path.cwd() else uri
    return f"mlflow ui --backend-store-uri {shlex.quote(shown)}"


def _short(path: Path) -> str:
    """Relative to the working directory where it lies below it."""
    with suppress(ValueError):
        return f"{path.resolve().relative_to(Path.cwd())}/"
    return str(path)


def _quoted(path: Path) -> str:
    return shlex.quote(_short(path).rstrip("/"))
