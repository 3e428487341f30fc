"""Yosys as a peer: the two scripts that are usually written for an equivalence check."""

from __future__ import annotations

import ast
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.beside.case import Case, Outcome, Time, clock
from extract.rtl.design import Design
from verify.core.process import Completed, Limits, run
from verify.engines import yosys

_READING: Final = 5.0  # seconds for the start and the reading, which are not counted
_MARK: Final = "solving starts here"
_MODEL: Final = re.compile(
    r"^SAT (temporal induction )?proof finished - model found.*FAIL", re.MULTILINE
)
_STAMP: Final = re.compile(r"^\[(\d+\.\d+)\] ?(.*)$", re.MULTILINE)


class CannotExpress(Exception):  # noqa: N818 - the name says it
    """The question has no form in these scripts; the message says why."""


def equiv(case: Case, time: Time) -> Outcome:
    """``equiv_make; equiv_simple; equiv_induct``: can prove, and never refutes."""
    assumes = " -set-assumes" if case.question.assume else ""
    undef = " -undef" if case.open_gold is not None else ""
    return _run(
        case,
        [
            "equiv_make gold gate equiv",
            "hierarchy -top equiv",
            f"equiv_simple{undef}{assumes}",
            f"equiv_induct{undef}{assumes}",
            "equiv_status -assert",
        ],
        time,
    )


def sat(case: Case, time: Time) -> Outcome:
    """``miter; sat -tempinduct``, with the reset in the first cycles."""
    open_ = case.open_gold is not None
    ignore = " -ignore_gold_x" if open_ else ""
    words = ["sat -verify -prove trigger 0"]
    if open_:
        words.append("-enable_undef -set-def-inputs")
    if case.question.assume:
        words.append("-set-assumes")
    if case.sequential:
        words.append("-tempinduct")
        reset = case.question.reset
        if reset is not None:
            words.append(f"-seq {reset.cycles}")
            words += [
                f"-set-at {k + 1} in_{reset.port} {reset.active}" for k in range(reset.cycles)
            ]
    miter = f"miter -equiv{ignore} -flatten -make_outputs gold gate miter"
    return _run(case, [miter, " ".join([*words, "miter"])], time)


def _run(case: Case, solving: Sequence[str], time: Time) -> Outcome:
    tool = yosys.find()
    with tempfile.TemporaryDirectory(prefix="verify-bench-") as name:
        folder = Path(name)
        script = [*_reading(case, tool, folder), f"log {_MARK}", *solving, "log done"]
        (folder / "script.ys").write_text("\n".join(script) + "\n")
        started = clock()
        done = _child(tool, folder, time)
        return _judge(done, clock() - started)


def _child(tool: yosys.Yosys, folder: Path, time: Time) -> Completed:
    environment = {**os.environ, "YOWASP_MOUNT": f"{tool.root}=/"} if tool.mounts else None
    argv = [*tool.command, "-t", "-Q", "-s", f"{tool.root}{folder.resolve()}/script.ys"]
    limits = Limits(_READING * time.patience + time.wall, _READING + time.seconds, None)
    return run(argv, cwd=folder, env=environment, limits=limits)


def _reading(case: Case, tool: yosys.Yosys, folder: Path) -> list[str]:
    lines = []
    for side, design, path in zip(
        ("gold", "gate"), (case.gold, case.gate), case.rtlil, strict=True
    ):
        inner = f"inner_{side}" if case.question.assume else side
        lines += [f"read_rtlil {tool.root}{path}", f"rename {design.netlist.top} {inner}"]
        lines += ["setattr -mod -unset top *"]
        if case.question.assume:
            (folder / f"{side}.sv").write_text(_wrapper(side, design, case.question.assume))
            lines += [f"read_verilog -formal -sv {tool.root}{folder.resolve()}/{side}.sv"]
    if case.question.assume:
        lines += ["proc", "chformal -lower", "flatten"]
    # Registers were marked so that none is lost while our own front end reads.
    return [*lines, "setattr -unset keep t:*", "memory_map", "async2sync", "dffunmap", "opt_clean"]


def _judge(done: Completed, spent: float) -> Outcome:
    """``spent`` is for the whole child: the stamps tell how much of it went into solving."""
    stamps = _STAMP.findall(done.stdout.decode(errors="replace"))
    starts = [float(at) for at, text in stamps if _MARK in text]
    if not starts:
        log = (done.stdout + done.stderr).decode(errors="replace").strip().splitlines()
        return Outcome("unknown", spent, f"not read: {(log or [''])[-1][:120]}")
    text = "\n".join(text for _, text in stamps) + done.stderr.decode(errors="replace")
    solving = float(stamps[-1][0]) - starts[0]
    if done.outcome != "timeout":
        spent *= solving / max(done.seconds, solving, 1e-3)
    if done.outcome != "ok":
        return Outcome("unknown", spent, done.outcome)
    if done.returncode == 0:
        return Outcome("proved", spent)
    if _MODEL.search(text):
        return Outcome("refuted", spent)
    errors = re.findall(r"ERROR: (.*)", text)
    return Outcome("unknown", spent, (errors or ["no reason given"])[-1][:120])


# Assumptions ------------------------------------------------------------------------------------


def _wrapper(side: str, design: Design, assumptions: Sequence[str]) -> str:
    """A module around a design that assumes; in Verilog, as it would be written by hand."""
    net = design.netlist
    ports = [("input", w.name, w.width, w.lsb) for w in net.inputs]
    ports += [("output", w.name, w.width, w.lsb) for w in net.outputs]
    if design.clock is not None:
        ports.append(("input", design.clock.port, 1, 0))
    declared = ", ".join(f"{kind} [{n + low - 1}:{low}] {name}" for kind, name, n, low in ports)
    wired = ", ".join(f".{name}({name})" for _, name, _, _ in ports)
    assumed = " ".join(f"assume ({verilog(text)});" for text in assumptions)
    return (
        f"module {side}({declared});\n  inner_{side} dut({wired});\n"
        f"  always @* begin {assumed} end\nendmodule\n"
    )


def verilog(text: str) -> str:
    """An assumption in Verilog. Raises `CannotExpress` where numbers would have other widths."""
    return _expression(ast.parse(text.strip(), mode="eval").body)


_COMPARED: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def _expression(node: ast.expr) -> str:
    match node:
        case ast.BoolOp(op, values):
            word = " && " if isinstance(op, ast.And) else " || "
            return f"({word.join(map(_expression, values))})"
        case ast.UnaryOp(ast.Not(), operand):
            return f"!{_expression(operand)}"
        case ast.Compare(left, [op], [right]) if type(op) in _COMPARED:
            return f"({_expression(left)} {_COMPARED[type(op)]} {_expression(right)})"
        case ast.Call(ast.Name("onehot"), [argument], []):
            x = _expression(argument)
            return f"({x} != 0 && ({x} & ({x} - 1)) == 0)"
        case ast.Name(name):
            return name
        case ast.Constant(int(value)):
            return str(value)
        case ast.Subscript(value, ast.Slice(ast.Constant(int(high)), ast.Constant(int(low)), None)):
            return f"{_expression(value)}[{high}:{low}]"
        case ast.Subscript(value, ast.Constant(int(at))):
            return f"{_expression(value)}[{at}]"
    raise CannotExpress(f"the assumption `{ast.unparse(node)}`")
