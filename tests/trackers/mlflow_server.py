"""A real `mlflow server` on loopback that can be killed and started again on the same port and store."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class MlflowServer:
    """One worker over a sqlite store in `folder`; not started yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = f"sqlite:///{folder / 'mlflow.db'}"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it where it does not run, and return when it answers."""
        if self._process is None:
            command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1"]
            command += ["--port", str(self.port), "--workers", "1", "--backend-store-uri", self.store]
            command += ["--artifacts-destination", str(self.folder / "artifacts")]
            environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    command, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
                )
        deadline = time.monotonic() + 90
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill it and its worker, where it runs."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=20)
            self._process = None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/health", timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """The address of a server that keeps everything in the folder, for the time of the block."""
    server = MlflowServer(folder)
    try:
        server.start()
        yield server.url
    finally:
        server.kill()
