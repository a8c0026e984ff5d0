"""A Redis of a test's own, and a workshop that the tests of a file share."""

from functools import partial

import pytest
from over_ssh import Workshop, until
from workshops import MemoryBus, RedisServer, has_redis


@pytest.fixture
def redis_server(tmp_path):
    if not has_redis():
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["memory", "redis"])
def buses(request):
    """A way to make a bus to one and the same room."""
    if request.param == "memory":
        return partial(MemoryBus, {})
    pytest.importorskip("redis")
    from gdsim.classroom.redis_bus import RedisBus

    server = request.getfixturevalue("redis_server")
    return partial(RedisBus, server.url)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """One scenario served to whoever knows the code; at its end no process is left."""
    with Workshop(tmp_path_factory.mktemp("workshop"), "mountain-descent") as served:
        yield served
        assert served.stop() == 0
        until(lambda: not served.processes)
