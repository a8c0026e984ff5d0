"""A small room of bots, with a Redis under it that gets into trouble: nobody's line ends, nothing grows."""

from over_ssh import Workshop

from tests.serve.attacks.bots import TROUBLES, run


async def test_a_room_of_bots(tmp_path, redis_server):
    """Whatever becomes of Redis, everybody is answered; descriptors and processes go as they came."""
    with Workshop(tmp_path, "--bus", redis_server.url) as workshop:
        room, sizes = await run(workshop, 6, 15, 0.5, 3, redis_server, is_disturbed=True)
        assert room.errors == []
        assert set(room.keys) <= {"calm", *TROUBLES}
        assert sizes["after"]["processes"] == 0
        assert sizes["after"]["descriptors"] <= sizes["before"]["descriptors"] + 4
        assert sizes["at the end"]["front MB"] < sizes["all there"]["front MB"] + 20
        assert workshop.errors == ""
