"""Child process that answers a batch of queries, one line of JSON each, as it goes.

Arguments: the folder that holds our packages, the name of a module next to this one, and that
module's own arguments. Standard input: a `Request` as JSON. Each line of output: ``i`` (index of
the query), ``out`` (what the solver said), ``err``, ``status`` (0 if it ended well), ``seconds``.
The process dies of SIGALRM in a query that outlasts its limit, and of a crash in the solver: the
parent sees from the lines which query that was, and asks the later ones again.

Kept to few imports: it runs with ``-I -S``, and start-up costs more than most queries.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import TypeAlias, TypedDict


class QueryText(TypedDict):
    """One query: a script without ``check-sat``, and the terms whose values are wanted if sat."""

    text: str
    inputs: list[str]


class Request(TypedDict):
    """A batch. ``limit`` is seconds a query, ``grace`` how much longer until the process dies.

    No query is begun after ``until``, a time of `time.monotonic`, which all processes share.

    ``options`` are ``set-option`` commands for solvers that read them, ``memory_mb`` is a limit in
    MiB for solvers that keep to one themselves.
    """

    limit: float
    grace: float
    until: float
    memory_mb: int
    options: str
    queries: list[QueryText]


Response: TypeAlias = tuple[str, str, int]
"""Output, error output and status of one query."""

Ask: TypeAlias = Callable[[QueryText], Response]
"""Puts one query to a solver, as fresh as newly started."""

FULL = 3
"""Exit status after an allocation failed: the process is no longer to be relied on."""


def _answer(ask: Ask, query: QueryText) -> Response:
    try:
        out, err, status = ask(query)
    except MemoryError:
        return "", "out of memory", FULL
    except Exception as error:  # noqa: BLE001 - bindings raise whatever they like; it is reported
        return "", f"{type(error).__name__}: {error}", 1
    return out, err, FULL if "out of memory" in out else status


def main() -> None:
    """Answer the batch on standard input."""
    root, name, *arguments = sys.argv[1:]
    sys.path.insert(0, root)
    # Answers go out on a channel of our own: what a solver prints can't be taken for one.
    channel = os.dup(1)
    os.dup2(2, 1)
    request: Request = json.loads(sys.stdin.buffer.read())
    ask: Ask = import_module(f"verify.engines.runners.{name}").prepare(arguments, request)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for index, query in enumerate(request["queries"]):
        if time.monotonic() >= request["until"]:
            break
        signal.setitimer(signal.ITIMER_REAL, request["limit"] + request["grace"])
        started = time.perf_counter()
        out, err, status = _answer(ask, query)
        seconds = time.perf_counter() - started
        signal.setitimer(signal.ITIMER_REAL, 0)
        line = {"i": index, "out": out, "err": err, "status": status, "seconds": seconds}
        os.write(channel, json.dumps(line).encode() + b"\n")
        if status == FULL:
            os._exit(FULL)
    os._exit(0)  # at once: taking a solver down in good order can take long


if __name__ == "__main__":
    main()
