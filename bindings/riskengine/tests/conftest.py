"""Fixtures of the risk engine's own tests. Hermetic: tmp_path, a driven clock, loopback only."""

import signal
import subprocess
import tempfile

import pytest
from servers import Nats, Postgres
from support import Clock, Desk


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def nats(tmp_path):
    folder = tmp_path / "nats"
    folder.mkdir()
    server = Nats(folder).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_cluster():
    # Not below pytest's folder: the account that Postgres runs as cannot look into it.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = Postgres(folder).start()
        yield server
        server.stop(signal.SIGQUIT)  # Nothing of it is needed any more.


@pytest.fixture
def postgres(postgres_cluster):
    if postgres_cluster.process.poll() is not None:
        postgres_cluster.start()
    return postgres_cluster


@pytest.fixture
def make_desk(clock):
    made = []

    def make(**options):
        made.append(Desk(clock, **options))
        return made[-1]

    yield make
    for desk in made:
        desk.engine.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for localhost that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run([*make, "-keyout", key, "-out", cert, *subject], check=True, capture_output=True)
    return cert, key
