"""Lean's command out of its shared library: ``lean.py LIBRARY ARGUMENTS…``."""

import ctypes
import os
import sys


def main(library: str, arguments: list[str]) -> int:
    """Run Lean's command and return its exit status."""
    argv = [b"lean", *map(os.fsencode, arguments)]
    lean = ctypes.CDLL(library, ctypes.RTLD_GLOBAL)
    return int(lean.lean_main(len(argv), (ctypes.c_char_p * (len(argv) + 1))(*argv, None)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
