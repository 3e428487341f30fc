"""A solver's executable, started once a query on a script in a file.

Script and output are files in the working folder, which the parent removes; so a grandchild that
outlives the solver holds no pipe. All of them stay in this process's group and inherit its limits;
the parent ends the group.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from verify.core.smtlib import get_value, script
from verify.engines.runners.main import Ask, QueryText, Request, Response

_MOST = 4 << 20  # bytes of output looked at
_SHORT, _LONG = 0.0005, 0.01  # seconds between looks whether it has ended


def prepare(arguments: list[str], request: Request) -> Ask:
    """``arguments``: argv of the executable, to which the script's path is added."""
    path = str(Path("query.smt2").absolute())

    def ask(query: QueryText) -> Response:
        deadline = time.monotonic() + request["limit"]
        text = script(query["text"], query["inputs"], request["options"])
        response = _run([*arguments, path], text, deadline)
        if response[0].strip() == "sat" and response[2] == 0 and query["inputs"]:
            response = _run([*arguments, path], text + get_value(query["inputs"]), deadline)
        return response

    return ask


def _run(argv: list[str], text: str, deadline: float) -> Response:
    path = Path(argv[-1])
    path.write_text(text, encoding="utf-8")
    said, complained = path.with_suffix(".out"), path.with_suffix(".err")
    with said.open("w+b") as out, complained.open("w+b") as err:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
            (os.POSIX_SPAWN_DUP2, err.fileno(), 2),
        ]
        # Python ignores these signals, and a child would inherit that.
        default = [signal.SIGPIPE, signal.SIGXFSZ]
        pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions, setsigdef=default)
        status = _wait(pid, deadline)
        if status is None:
            return "unknown\n(:reason-unknown timeout)", "", 0
        out.seek(0)
        err.seek(0)
        return (
            out.read(_MOST).decode(errors="replace"),
            err.read(_MOST).decode(errors="replace"),
            status,
        )


def _wait(pid: int, deadline: float) -> int | None:
    """Exit status (negative for a signal), or ``None`` if it had to be stopped."""
    pause = _SHORT
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return None
        time.sleep(pause)
        pause = min(2 * pause, _LONG)
