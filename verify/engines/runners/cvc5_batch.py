"""cvc5 through the bindings of its wheel, with its own SMT-LIB parser."""

from __future__ import annotations

import sys

from verify.core.smtlib import get_value, script
from verify.engines.runners.main import Ask, QueryText, Request, Response


def prepare(arguments: list[str], request: Request) -> Ask:
    """``arguments``: the folder in which the ``cvc5`` package lies."""
    sys.path.append(arguments[0])
    import cvc5  # noqa: PLC0415 - only now is its folder on the path

    def ask(query: QueryText) -> Response:
        manager = cvc5.TermManager()
        solver = cvc5.Solver(manager)
        symbols = cvc5.SymbolManager(manager)
        parser = cvc5.InputParser(solver, symbols)

        def say(text: str) -> str:
            parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "query")
            said = ""
            while not (command := parser.nextCommand()).isNull():
                said += command.invoke(solver, symbols)
            return said

        out = say(script(query["text"], query["inputs"], request["options"]))
        if out == "sat\n" and query["inputs"]:
            out += say(get_value(query["inputs"]))
        elif out == "unknown\n":
            out += say("(get-info :reason-unknown)")
        return out, "", 0

    return ask
