"""The options of `gdsim serve`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the server waits for a client, in seconds.

    login: until it has logged in, including the time to confirm the fingerprint.
    screen: from then on until it has asked for its screen.
    silence: until a silent client is asked whether it is there; `silences` unanswered requests end the connection.
    """

    login: float = 120
    screen: float = 20
    silence: float = 15
    silences: int = 3


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a workshop is served; the fields are named as the command line names its arguments.

    scenarios: names or files; empty for all of `folder` (None: the bundled ones), or for those of `course`, whose
    chapters the instructor opens unless `is_course_open`. host, port: where to listen, port 0 for any free one.
    code, instructor_code: the codes for learners and instructors, empty to make one up.
    authorized_keys: a file of keys that also let learners in. is_open: only the instructor is asked for a code.
    host_key: None for the one in the user's data folder. max_learners: how many may be connected at a time, not
    counting instructors. idle_timeout: seconds without a key, 0 for no limit. log: None for stderr.
    balancers: addresses of load balancers, whose connections begin with a PROXY header; empty if there are none.
    bus: the address of a Redis through which several servers share a room, empty for none; room: that room's name.
    handouts: the folder for hand-outs. patience: time limits for clients.
    """

    scenarios: Sequence[str] = ()
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
    balancers: Sequence[str] = ()
    bus: str = ""
    room: str = "workshop"
    handouts: Path = Path()
    patience: Patience = Patience()
