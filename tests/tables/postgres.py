"""A PostgreSQL of the tests' own, where its programs are installed, on a socket alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Postgres:
    """A server, asked through `psql`."""

    socket: str

    def run(self, sql: str, *options: str) -> list[list[str]]:
        """Return the rows of the last statement as texts; raise what the server says is wrong."""
        ask = ["psql", "-h", self.socket, "-U", "tests", "-d", "postgres", "-XqAt"]
        done = subprocess.run(
            [*ask, "-F", _BETWEEN, "-v", "ON_ERROR_STOP=1", *options, "-f", "-"],
            input=sql,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [line.split(_BETWEEN) for line in done.stdout.splitlines()]


def _program(name: str) -> str:
    """Return where a program of the server is: Debian keeps them apart."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(kept[-1]) if kept else None)
    if found is None or shutil.which("psql") is None:
        pytest.skip("PostgreSQL is not installed")
    return found


@contextmanager
def running() -> Iterator[Postgres]:
    """Start a server and stop it again; it never runs as root, which it refuses."""
    initdb, server = _program("initdb"), _program("postgres")
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        other: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(name, nobody.pw_uid, nobody.pw_gid)
            other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        data = f"{name}/data"
        made = [initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*made, "--locale=C"], check=True, cwd=name, **quiet, **other)
        alone = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "jit=off"]
        command = [server, "-D", data, "-k", name, *alone]
        with subprocess.Popen(command, cwd=name, **quiet, **other) as run:
            try:
                yield _when_ready(Postgres(name))
            finally:
                run.terminate()


def _when_ready(server: Postgres) -> Postgres:
    """Return the server once it answers."""
    for _ in range(100):
        try:
            server.run("SELECT 1")
        except RuntimeError as e:
            said = str(e)
        else:
            return server
        time.sleep(0.1)
    raise RuntimeError(said)
