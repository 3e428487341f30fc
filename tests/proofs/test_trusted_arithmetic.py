"""The arithmetic that the kernel computes by itself is what our library defines."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import pytest

from proofs.library import SOURCES
from verify.engines.lean import Checked

LeanFile = Callable[[str], Checked]

BINARY: Final[dict[str, Callable[[int, int], int]]] = {
    "add": operator.add,
    "sub": lambda a, b: max(a - b, 0),
    "mul": operator.mul,
    "div": lambda a, b: a // b if b else 0,
    "mod": lambda a, b: a % b if b else a,
    "gcd": math.gcd,
    "beq": lambda a, b: int(a == b),
    "ble": lambda a, b: int(a <= b),
    "land": operator.and_,
    "lor": operator.or_,
    "xor": operator.xor,
    "shiftLeft": operator.lshift,
    "shiftRight": operator.rshift,
    "pow": operator.pow,
}
"""What the kernel accelerates, by name, beside ``log2``."""

TRUTHS: Final = {"beq", "ble"}
SMALL_RIGHT: Final = {"shiftLeft", "shiftRight", "pow"}
_DEFINITION: Final = re.compile(
    r"^(?:@\[extern [^\]]*\] |noncomputable )?(def Nat\.(\w+) [^\n]*\n(?:  [^\n]*\n)*)",
    re.MULTILINE,
)


def log2(n: int) -> int:
    return n.bit_length() - 1 if n else 0


def says(prefix: str, name: str, arguments: tuple[int, ...], result: int) -> str:
    value = f"{prefix}.{name} {' '.join(map(str, arguments))}"
    return f"Nat.beq ({f'cond ({value}) 1 0' if name in TRUTHS else value}) {result}"


def theorem(name: str, checks: list[str]) -> str:
    """Every check by itself: a list that the kernel could cut short would hide the rest."""
    goal = " ∧ ".join(f"{c} = true" for c in checks)
    return f"theorem {name} : {goal} := by decide +kernel\n"


def large(name: str, rng: Random) -> Iterator[tuple[int, int]]:
    edges = (0, 1, 2, 2**31 - 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**65 + 7)
    for _ in range(12):
        a = rng.choice([rng.choice(edges), rng.getrandbits(64), rng.getrandbits(200)])
        b = rng.choice([rng.choice(edges), rng.getrandbits(40), rng.getrandbits(200), a])
        yield a, (b % 90 if name in SMALL_RIGHT else b)
    yield rng.getrandbits(80), 0
    yield 0, 0


def test_the_kernel_computes_what_python_does(lean_file: LeanFile) -> None:
    rng = Random(1)  # noqa: S311 (no secret)
    text = ["prelude\nimport Verify.Nat\n"]
    for name, meaning in BINARY.items():
        pairs = list(large(name, rng))
        text.append(theorem(f"{name}_", [says("Nat", name, p, meaning(*p)) for p in pairs]))
    numbers = [0, 1, 2, 3, 2**64 - 1, 2**64, rng.getrandbits(300)]
    text.append(theorem("log2_", [says("Nat", "log2", (n,), log2(n)) for n in numbers]))
    done = lean_file("".join(text))
    assert done.ok, done.problem


def copies() -> str:
    """The definitions, under names that the kernel does not know."""
    sources = "".join((SOURCES / "Verify" / f"{f}.lean").read_text() for f in ("Core", "Arith"))
    found = {m[2]: m[1] for m in _DEFINITION.finditer(sources)}
    accelerated = [*BINARY, "log2"]
    assert set(accelerated) <= set(found)
    names = {*accelerated, "bits"}
    out = []
    for name, text in found.items():
        if name in names:
            renamed = re.sub(
                r"Nat\.(\w+)", lambda m: f"Slow.{m[1]}" if m[1] in names else m[0], text
            )
            out.append(f"noncomputable {renamed}")
    return "".join(out)


def small(name: str) -> list[tuple[int, int]]:
    most = 4 if name == "pow" else 6
    pairs = [(a, b) for a in range(most) for b in range(most)]
    return pairs if name in SMALL_RIGHT else [*pairs, (12, 10), (13, 4), (9, 15), (16, 16)]


def test_the_definitions_say_what_python_does(lean_file: LeanFile) -> None:
    text = ["prelude\nimport Verify.Nat\nset_option maxRecDepth 100000\n", copies()]
    for name, meaning in BINARY.items():
        text.append(theorem(f"{name}_", [says("Slow", name, p, meaning(*p)) for p in small(name)]))
    text.append(theorem("log2_", [says("Slow", "log2", (n,), log2(n)) for n in range(18)]))
    done = lean_file("".join(text))
    assert done.ok, done.problem


@pytest.mark.parametrize("prefix", ["Nat", "Slow"])
def test_what_is_wrong_is_not_accepted(prefix: str, lean_file: LeanFile) -> None:
    wrong = theorem("wrong", [says(prefix, "div", (7, 0), 1)])
    done = lean_file(f"prelude\nimport Verify.Nat\n{copies()}{wrong}")
    assert not done.ok
    assert "is false" in done.problem or "false" in str(done.errors)
