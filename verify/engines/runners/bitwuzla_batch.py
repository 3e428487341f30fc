"""Bitwuzla through the bindings of its wheel, with its own SMT-LIB parser."""

from __future__ import annotations

import sys
import time

from verify.engines.runners.main import Ask, QueryText, Request, Response


def prepare(arguments: list[str], request: Request) -> Ask:
    """``arguments``: the folder in which the ``bitwuzla`` module lies."""
    sys.path.append(arguments[0])
    import bitwuzla  # noqa: PLC0415 - only now is its folder on the path

    def ask(query: QueryText) -> Response:
        options = bitwuzla.Options()
        options.set(bitwuzla.Option.PRODUCE_MODELS, bool(query["inputs"]))
        options.set(bitwuzla.Option.TIME_LIMIT_PER, int(request["limit"] * 1000))
        options.set(bitwuzla.Option.MEMORY_LIMIT, request["memory_mb"])
        parser = bitwuzla.Parser(bitwuzla.TermManager(), options, base=16)
        parser.parse(query["text"], True, False)
        solver = parser.bitwuzla()
        started = time.perf_counter()
        out = str(solver.check_sat())
        if out == "sat" and query["inputs"]:
            terms = ((name, parser.parse_term(name)) for name in query["inputs"])
            pairs = (f"({name} {solver.get_value(term).str(16)})" for name, term in terms)
            out += f"\n({' '.join(pairs)})"
        elif out == "unknown" and time.perf_counter() - started >= 0.9 * request["limit"]:
            out += "\n(:reason-unknown timeout)"
        return out, "", 0

    return ask
