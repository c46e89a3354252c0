"""Fixtures of the risk engine's own tests. Hermetic: tmp_path, a driven clock, loopback only."""

import tempfile

import pytest
from servers import Nats, Postgres
from support import Clock


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
        server.stop()


@pytest.fixture
def postgres(postgres_cluster):
    if postgres_cluster.process.poll() is not None:
        postgres_cluster.start()
    return postgres_cluster
