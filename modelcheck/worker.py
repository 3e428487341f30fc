"""Child process that runs one of our search engines on the circuit on its standard input.

Arguments: the folder of our packages, the engine's name, its options as JSON. Each line of output
is a JSON object with news: ``bound``, ``trace``, ``invariant``, ``note``; the last has ``end``.
What was reported before a limit struck is still there for the parent.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeAlias

Report: TypeAlias = Callable[..., None]

ENGINES: Final = {
    "bmc": ("modelcheck.bmc", "search"),
    "induction": ("modelcheck.induction", "search"),
    "correspond": ("modelcheck.correspond", "search"),
    "check": ("modelcheck.check_invariant", "search"),
    "cover": ("modelcheck.cover", "search"),
}


def main() -> None:
    """Run the engine."""
    root, name, options = sys.argv[1:]
    sys.path.insert(0, root)
    # News goes out on a channel of our own: what a solver prints can't be taken for it.
    channel = os.dup(1)
    os.dup2(2, 1)

    def report(**news: Any) -> None:
        line = json.dumps(news).encode() + b"\n"
        while line:
            line = line[os.write(channel, line) :]

    module, function = ENGINES[name]
    data = sys.stdin.buffer.read()
    getattr(import_module(module), function)(data, report, **json.loads(options))
    report(end=True)
    os._exit(0)  # at once: taking a solver down in good order can take long


if __name__ == "__main__":
    main()
