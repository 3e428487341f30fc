"""Z3 through the library of its wheel: the same SMT-LIB front end as the ``z3`` executable.

The library is called directly, because importing Z3's Python package takes 45 ms more.
"""

from __future__ import annotations

import ctypes

from verify.core.smtlib import get_value, script
from verify.engines.runners.main import Ask, QueryText, Request, Response


def _load(path: str) -> ctypes.CDLL:
    z3 = ctypes.CDLL(path)
    z3.Z3_mk_config.restype = ctypes.c_void_p
    z3.Z3_del_config.argtypes = [ctypes.c_void_p]
    z3.Z3_mk_context.restype = ctypes.c_void_p
    z3.Z3_mk_context.argtypes = [ctypes.c_void_p]
    z3.Z3_del_context.argtypes = [ctypes.c_void_p]
    z3.Z3_set_error_handler.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    z3.Z3_eval_smtlib2_string.restype = ctypes.c_char_p
    z3.Z3_eval_smtlib2_string.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    z3.Z3_global_param_set.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    return z3


def prepare(arguments: list[str], request: Request) -> Ask:
    """``arguments``: path of the shared library."""
    z3 = _load(arguments[0])
    z3.Z3_global_param_set(b"memory_max_size", str(request["memory_mb"]).encode())

    def ask(query: QueryText) -> Response:
        config = z3.Z3_mk_config()
        context = z3.Z3_mk_context(config)
        z3.Z3_del_config(config)
        # Without a handler an error ends the process; errors show in the output all the same.
        z3.Z3_set_error_handler(context, None)
        try:
            out: str = z3.Z3_eval_smtlib2_string(
                context, script(query["text"], query["inputs"], request["options"]).encode()
            ).decode()
            more = ""
            if out == "sat\n" and query["inputs"]:
                more = get_value(query["inputs"])
            elif out == "unknown\n":
                more = "(get-info :reason-unknown)"
            if more:
                out += z3.Z3_eval_smtlib2_string(context, more.encode()).decode()
        finally:
            z3.Z3_del_context(context)
        return out, "", 0

    return ask
