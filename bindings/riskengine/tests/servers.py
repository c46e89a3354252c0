"""Real servers for the tests: on free loopback ports, in folders of their own, stopped by their process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

REQUIRED = os.environ.get("MTS_REQUIRE_SERVICES") == "1"


def program(name):
    """Where Debian keeps it, before the path: a wrapper of the same name may do something else."""
    places = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True), Path("/usr/sbin", name)]
    found = next((str(place) for place in places if place.is_file()), None) or shutil.which(name)
    if found is None and REQUIRED:
        pytest.fail(f"{name} is required and not installed")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on `port`; `stop` and `start` may follow one another."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self.process = None

    def command(self):
        raise NotImplementedError

    def options(self):
        return {}

    def start(self):
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self.options()
            )
        for _ in range(200):
            assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and self.ready():
                    return self
            time.sleep(0.05)
        pytest.fail("the server does not listen")

    def ready(self):
        return True

    def stop(self, how=signal.SIGTERM):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)


class Nats(Server):
    def command(self):
        return [program("nats-server"), "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"


class Postgres(Server):
    """A cluster in a folder of its own. Postgres refuses to run as root, so it runs as `postgres` if we are root."""

    def __init__(self, folder):
        super().__init__(folder)
        self.number = 0
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        make = [
            program("initdb"),
            "-D",
            str(self.folder / "data"),
            "-U",
            "risk",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **self.options())

    def options(self):
        if os.geteuid() != 0:
            return {}
        account = pwd.getpwnam("postgres")
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def command(self):
        settings = ["-c", "listen_addresses=127.0.0.1", "-k", str(self.folder), "-c", "fsync=off"]
        return [program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *settings]

    def ready(self):
        import psycopg

        try:
            psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how=signal.SIGINT):
        super().stop(how)  # The fast shutdown, which does not wait for clients.

    def dsn(self, database):
        return f"postgresql://risk@127.0.0.1:{self.port}/{database}"

    def database(self):
        """The address of a new, empty database."""
        import psycopg

        self.number += 1
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"create database trial{self.number}")
        return self.dsn(f"trial{self.number}")
