"""A Redis of a test's own."""

import pytest
from workshops import RedisServer, has_redis


@pytest.fixture
def redis_server(tmp_path):
    if not has_redis():
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()
