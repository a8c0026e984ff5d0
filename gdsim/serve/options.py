"""What `gdsim serve` is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client is waited for, in seconds.

    login: until it has logged in, the question about the fingerprint included.
    screen: from then on until it has asked for its screen.
    silence: without a word before it is asked whether it is there; so many `silences` without an answer are too many.
    """

    login: float = 120
    screen: float = 20
    silence: float = 15
    silences: int = 3


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a workshop is served.

    scenarios: names or files; none: all of `folder`, None for the bundled ones; or those of a `course`, whose chapters
    the instructor opens unless `is_course_open`. host, port: where to listen, port 0
    for any that is free. code, instructor_code: what lets people in, empty to make one up. authorized_keys: a file of
    keys that do, too. is_open: nobody is asked for a code but the instructor.
    host_key: None for the one kept in the user's data folder. max_learners: connected at a time, the instructor not
    counted. idle_timeout: seconds without a key, 0 for no limit. log: None for stderr.
    balancers: addresses whose connections begin with a header of the PROXY protocol; empty where there is none.
    bus: address of a Redis by which several servers share a room, empty for none; room: which room of it.
    handouts: the folder for hand-outs, None for the one the server is started in.
    patience: with clients that do not do what they should.
    """

    scenarios: tuple[str, ...] = ()
    folder: Path | None = None
    course: Path | None = None
    is_course_open: bool = False
    host: str = "127.0.0.1"
    port: int = 2222
    code: str = ""
    instructor_code: str = ""
    authorized_keys: Path | None = None
    is_open: bool = False
    host_key: Path | None = None
    max_learners: int = 100
    idle_timeout: float = 3600
    log: Path | None = None
    balancers: tuple[str, ...] = field(default=())
    bus: str = ""
    room: str = "workshop"
    handouts: Path | None = None
    patience: Patience = Patience()
