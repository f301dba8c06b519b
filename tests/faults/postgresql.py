"""A PostgreSQL cluster of our own, on loopback, that can be killed and started again."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import psycopg

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
    "max_connections": "30",
    "shared_buffers": "16MB",
}


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, which Debian keeps out of the path; None where there is none."""
    found = shutil.which("pg_ctl")
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return homes[-1] if homes else None if found is None else Path(found).resolve().parent


class Cluster:
    """Made in an empty folder; not started yet.

    PostgreSQL refuses to run as root: then it runs as the user `postgres`, who must be able to enter the
    folder.
    """

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found is not None
        self._programs, self.folder, self.data = found, folder, folder / "data"
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(folder, self._user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._call("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--no-instructions")
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in {**_SETTINGS, "port": self.port}.items())

    def uri(self, database: str) -> str:
        """Without a user: PGUSER has to say `postgres`."""
        return f"postgresql://127.0.0.1:{self.port}/{database}"

    def make(self, database: str) -> str:
        """Make an empty database; its URI."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.uri(database)

    def start(self) -> None:
        """Start it where it does not run, and return when it answers."""
        if not self._runs():
            self._call("pg_ctl", "--wait", "--silent", f"--log={self.folder / 'log'}", "start")

    def kill(self) -> None:
        """End it without a word to its clients and without a checkpoint, where it runs."""
        if self._runs():
            self._call("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def _runs(self) -> bool:
        return self._call("pg_ctl", "status", check=False) == 0

    def _call(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [str(self._programs / program), f"--pgdata={self.data}", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, user=self._user, check=check, stdout=subprocess.DEVNULL, timeout=60
        )
        return done.returncode
