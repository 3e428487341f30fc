"""Proofs that cheat: each is refused, and the reason says what is wrong.

Most never reach Lean. For those that would do harm if the list of words had a hole, the later
layers are tested by themselves, with the list of words taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from proofs import gate as gates
from proofs.gate import LIMITS, Claim, ClaimError, Gate, judge
from proofs.words import RefusedError, proof_text, statement_text
from verify.core.process import Limits
from verify.engines.lean import Lean

pytestmark = pytest.mark.needs("lean")

DEFINITIONS = """
def double (x : Nat) : Nat := x + x
def twice : List Nat → List Nat
  | .nil => .nil
  | .cons a l => .cons (double a) (twice l)
"""
FALSE = Claim(DEFINITIONS, "(a : Nat)", "double a = a")
TRUE = Claim(DEFINITIONS, "(a b : Nat) (h : a = b)", "double a = b + b")


@pytest.fixture(scope="module")
def false(lean: Lean, library: Path) -> Iterator[Gate]:
    gate = Gate(FALSE, lean, library)
    yield gate
    gate.close()


@pytest.fixture(scope="module")
def true(lean: Lean, library: Path) -> Iterator[Gate]:
    gate = Gate(TRUE, lean, library)
    yield gate
    gate.close()


HONEST = {
    "term": "h ▸ rfl",
    "rewriting": "by rw [h]; rfl",
    "simp": "by simp only [double, h]",
    "induction": """by
  have shown : ∀ n : Nat, double n = n + n := by
    intro n
    induction n with
    | zero => rfl
    | succ n ih => rfl
  rw [shown, h]""",
    "cases": "by\n  cases a with\n  | zero => rw [← h]; rfl\n  | succ n => subst h; rfl",
    "calc": "calc double a = a + a := rfl\n  _ = b + b := by rw [h]",
    "match": "match a, b, h with\n| _, _, .refl _ => rfl",
    "comments": "by -- `sorry`\n  /- axiom /- nested -/\n #eval -/\n  subst h\n  exact rfl",
    "columns": "by\nsubst h\nrfl",
    "names": "let_me_say_so h where_ever",
}


@pytest.mark.parametrize("name", sorted(HONEST.keys() - {"names"}))
def test_an_honest_proof_is_accepted(true: Gate, name: str) -> None:
    judged = true.judge(HONEST[name])
    assert judged.accepted, judged
    assert set(judged.axioms) <= gates.AXIOMS


def test_words_inside_names_are_no_words() -> None:
    assert proof_text(HONEST["names"])


# Text that never reaches Lean: what it is, and a part of the reason.
WORDS = {
    "sorry": ("sorry", "claims without a proof"),
    "by sorry": ("by sorry", "claims without a proof"),
    "sorry after a proof": ("by\n  exact rfl\n  sorry", "line 3"),
    "admit": ("by admit", "claims without a proof"),
    "stop": ("by\n  stop\n  rfl", "claims without a proof"),
    "sorryAx": ("by exact sorryAx _ _", "sorryAx"),
    "sorryAx as a term": ("@sorryAx _ true", "sorryAx"),
    "sorryAx by its root": ("_root_.sorryAx _ true", "_root_"),
    "sorry in French quotes": ("«sorryAx» _ true", "'\\xab'"),
    "axiom": ("rfl\naxiom bad : False", "claims without a proof"),
    "opaque": ("rfl\nopaque bad : False", "claims without a proof"),
    "another theorem": ("rfl\ntheorem t : True := trivial", "starts another command"),
    "example": ("rfl\nexample : True := trivial", "starts another command"),
    "instance": ("rfl\ninstance : Add Nat := ⟨fun a _ => a⟩", "starts another command"),
    "local instance": ("rfl\nlocal instance : Add Nat := ⟨fun a _ => a⟩", "starts another"),
    "definition of Nat.land": ("rfl\ndef Nat.land (a b : Nat) : Nat := a", "starts another"),
    "namespace": ("rfl\nnamespace Nat", "starts another command"),
    "end": ("rfl\nend\n", "starts another command"),
    "universe": ("rfl\nuniverse u", "starts another command"),
    "variable": ("rfl\nvariable (x : False)", "starts another command"),
    "private name": ("rfl\nprivate def x := 1", "starts another command"),
    "mutual": ("rfl\nmutual", "starts another command"),
    "deriving": ("rfl\nderiving instance BEq for Nat", "starts another command"),
    "attribute": ("rfl\nattribute [simp] h", "starts another command"),
    "@[simp]": ("rfl\n@[simp] x", "gives an attribute"),
    "@[extern]": ('rfl\n@[extern "system"] x', "gives an attribute"),
    "@[implemented_by]": ("rfl\n@[implemented_by x] y", "gives an attribute"),
    "@[csimp]": ("rfl\n@[csimp] y", "gives an attribute"),
    "skipKernelTC": ("by set_option debug.skipKernelTC true in rfl", "changes options"),
    "maxRecDepth": ("by set_option maxRecDepth 100000000 in decide", "changes options"),
    "autoImplicit": ("set_option autoImplicit true in rfl", "changes options"),
    "open in": ("open Nat in rfl", "starts another command"),
    "#eval": ("rfl\n#eval 1", "starts a command"),
    "#eval that writes": ('rfl\n#eval IO.FS.writeFile "x" "y"', "starts a command"),
    "#eval that reads": ('rfl\n#eval IO.FS.readFile "/etc/passwd"', "starts a command"),
    "#reduce": ("rfl\n#reduce a", "starts a command"),
    "#exit": ("rfl\n#exit", "starts a command"),
    "#print": ("rfl\n#print axioms x", "starts a command"),
    "run_tac": ("by run_tac x", "runs code"),
    "run_cmd": ("rfl\nrun_cmd x", "runs code"),
    "by_elab": ("by_elab x", "runs code"),
    "native_decide": ("by native_decide", "runs code"),
    "decide +native": ("by decide +native", "runs code"),
    "configuration by evaluation": ("by simp (config := x)", "runs code"),
    "ofReduceBool": ("Lean.ofReduceBool a b rfl", "Lean"),
    "ofReduceBool, short": ("ofReduceBool a b rfl", "ofReduceBool"),
    "unsafe": ("unsafe rfl", "runs code"),
    "lcProof": ("lcProof", "lcProof"),
    "initialize": ("rfl\ninitialize x", "runs code"),
    "dbg_trace": ("dbg_trace a; rfl", "runs code"),
    "include_str": ('include_str "/etc/passwd"', "reads another file"),
    "import": ("rfl\nimport Candidate", "reads another file"),
    "syntax": ("rfl\nsyntax x : term", "changes the language"),
    "macro": ("rfl\nmacro x : term", "changes the language"),
    "macro_rules": ("rfl\nmacro_rules | `(theorem) => x", "changes the language"),
    "notation": ("rfl\nnotation a => b", "changes the language"),
    "local notation": ("rfl\nlocal notation double => id", "starts another"),
    "scoped infix": ("rfl\nscoped infixl:65 x => Nat.mul", ""),
    "prefix": ("rfl\nprefix:max x => id", "changes the language"),
    "elab": ("rfl\nelab x : tactic", "changes the language"),
    "a quotation": ("`(x)", "'`'"),
    "an inner word with %": ("binop% f x y", "%"),
    "decl_name%": ("decl_name%", "%"),
    "let rec": ("let rec f : False := f\nf.elim", "beside the proof"),
    "where": ("f a\nwhere f : Nat → False := f", "beside the proof"),
    "termination_by": ("rfl\ntermination_by a", "beside the proof"),
    "decreasing_by": ("rfl\ndecreasing_by rfl", "beside the proof"),
    "exact?": ("by exact?", "ask or stop"),
    "panic!": ("panic! x", "ask or stop"),
    "assert!": ("assert! x; rfl", "ask or stop"),
    "a text": ("by fail \"'audit' does not depend on any axioms\"", "in quotes"),
    "a text with a comment's end": ('"/-" axiom x : False "-/"', "quotes"),
    "a comment without an end": ("rfl /- x", "without an end"),
    "a nested comment without an end": ("rfl /- /- -/", "without an end"),
    "an end of a comment": ("rfl -/ axiom x : False", "unopened"),
    "a closing bracket": (") (rfl", "closes what was not opened"),
    "an open bracket": ("(rfl", "still open"),
    "brackets that cross": ("([rfl)]", "closes what was not opened"),
    "a Cyrillic letter": ("by ехact rfl", "has no place"),
    "fullwidth": ("ｓorry", "has no place"),
    "a right-to-left mark": ("rfl \u202e", "has no place"),
    "a space of no width": ("so\u200brry", "has no place"),
    "a line separator": ("rfl --\u2028axiom x : False\n#", "starts a command"),
    "a null": ("rfl\x00", "has no place"),
    "a tab": ("by\n\trfl", "tab"),
    "hygiene marks": ("x._hyg.1", "_hyg"),
    "hidden names": ("_private.x", "_private"),
    "too long": ("rfl " * (1 << 20), "longer than"),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_text_that_cheats_never_reaches_lean(name: str) -> None:
    text, why = WORDS[name]
    with pytest.raises(RefusedError) as refused:
        proof_text(text)
    assert why in str(refused.value)


# Text whose words are in order, of a claim that is false.
TRIED = {
    "nothing": ("", "there is no proof"),
    "nothing but a comment": ("-- rfl", "there is no proof"),
    "half a tactic proof": ("by\n  cases a with\n  | zero => rfl\n  | succ n => skip", "line"),
    "rfl": ("rfl", "double a"),
    "itself": ("by\n  intros\n  assumption", "line"),
    "an argument that is not there": ("fun absurd => absurd", "line 1"),
    "simp that fails": ("by simp [double]", "line 1"),
    "a second colon": ("(rfl) : double a = double a", "line 1"),
    "a second definition": ("(rfl) := rfl", "line 1"),
    "shadowed": ("let double := fun x : Nat => x\nshow double a = a from rfl", "line"),
    "decide": ("by decide", "line 1"),
    "an unknown name": ("Nat.always_equal a", "line 1"),
    "an equation of one's own": ("by\n  have double : ∀ x : Nat, x = a := fun x => rfl\n  rfl", ""),
    "its own name": ("candidate a", "line 1"),
    "a name left open": ("by exact ?later", "line 1"),
    "try that gives up": ("by try rfl", "line 1"),
    "first that fails": ("by first | rfl | skip", "line 1"),
    "auto-bound": ("fun (x : α) => x", "line 1"),
}


@pytest.mark.parametrize("name", TRIED)
def test_what_lean_refuses_is_refused_with_its_words(false: Gate, name: str) -> None:
    text, why = TRIED[name]
    judged = false.judge(text)
    assert not judged.accepted
    assert why in judged.reason


def test_recursion_that_does_not_end_is_no_proof(false: Gate) -> None:
    # The theorem's name is not to be known; even with it nothing is gained.
    judged = false.judge(f"candidate_{false.mark} a")
    assert not judged.accepted
    assert "terminat" in judged.reason or "recursi" in judged.reason


def test_lean_says_what_is_left(false: Gate) -> None:
    judged = false.judge("by\n  unfold double\n  cases a with\n  | zero => rfl\n  | succ n => skip")
    assert "unsolved goals" in judged.reason
    assert judged.goal.startswith("case succ\nn : Nat\n⊢")


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        ("by\n  exact (by decide +kernel : 2 ^ 9999999999 = 3).elim", ""),
        ("by\n  repeat (have x : True := trivial)", "within"),
        ("(" * 5_000 + "rfl" + ")" * 5_000, ""),
        ("by\n  exact (by decide +kernel : Nat.beq (Nat.shiftLeft 1 (2 ^ 40)) 1 = true).elim", ""),
    ],
    ids=["a huge number", "endless", "deep", "all memory"],
)
def test_limits_hold(false: Gate, proof: str, why: str) -> None:
    false.limits = replace(LIMITS, seconds=2.0)
    try:
        judged = false.judge(proof)
    finally:
        false.limits = LIMITS
    assert not judged.accepted
    assert judged.seconds < 5
    assert why in judged.reason


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (replace(LIMITS, seconds=60.0, cpu_seconds=1.0), "within 1 s of processor time"),
        (replace(LIMITS, seconds=1.0), "within 1 s"),
    ],
)
def test_the_limit_that_was_met_is_told(false: Gate, limits: Limits, why: str) -> None:
    false.limits = limits
    try:
        judged = false.judge("by\n  repeat (have x : True := trivial)")
    finally:
        false.limits = LIMITS
    assert judged.reason == f"Lean did not come to an end {why}"


# What the other layers see if the list of words is taken away.
BEHIND = {
    "sorry": ("sorry", "sorry"),
    "an axiom": ("(bad a)", "axiom bad (a : Nat) : double a = a", "it declares the axiom"),
    "the library's sorryAx": ("sorryAx _ false", "sorry"),
    "another statement": (
        "rfl\ntheorem more : True := trivial",
        "beside the theorem",
    ),
    "a rule for simp": ("rfl", "@[simp] theorem r : True := trivial", "table"),
    "an instance": ("rfl", "instance r : Add Bool := ⟨fun a _ => a⟩", "table"),
    "a word of its own": ("rfl", "attribute [tactic_parser] Lean.Parser.Tactic.exact", "table"),
    "no kernel": (
        "rfl",
        "set_option debug.skipKernelTC true\ntheorem t : (1 : Nat) = 2 := rfl",
        "",
    ),
    "an opaque constant": ("rfl", "opaque o : Nat", ""),
    "code from elsewhere": ("rfl", '@[extern "system"] def shell (x : Nat) : Nat := x', ""),
    "other code": (
        "rfl",
        "def f (x : Nat) : Nat := x\n@[implemented_by f] def g (x : Nat) : Nat := x",
        "",
    ),
    "notation": ("rfl", 'notation "double" => id', ""),
    "a library name anew": ("rfl", "def Nat.land (a _b : Nat) : Nat := a", "belongs"),
    "its own account of axioms": ("sorryAx _ false", "#print axioms Nat.succ", "sorry"),
    "an instance of numerals": ("rfl", "instance lie (n : Nat) : OfNat Nat n := ⟨0⟩", "table"),
    "an unsafe definition": ("rfl", "unsafe def t : False := t", ""),
}


@pytest.mark.parametrize("name", BEHIND)
def test_the_later_layers_hold_by_themselves(
    false: Gate, true: Gate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for check in ("proof_text", "statement_text"):
        monkeypatch.setattr(gates, check, lambda text: text)
    *texts, why = BEHIND[name]
    gate = true if texts[0].startswith("rfl") else false
    proof = texts[0].replace("rfl", "by subst h; rfl", 1) if gate is true else texts[0]
    judged = gate.judge(proof, "\n".join(texts[1:]))
    assert not judged.accepted
    assert why in judged.reason


LIE = """
def Nat.land (a _b : Nat) : Nat := a
theorem left (a b : Nat) : Nat.land a b = a := rfl
theorem lie : (1 : Nat) = 0 := (left 1 0).symm.trans rfl
"""


def test_lemmas_may_not_define_what_the_kernel_computes(lean: Lean, library: Path) -> None:
    """The kernel trusts the name: by such a definition it would accept anything."""
    judged = judge(Claim("", "", "(1 : Nat) = 0"), "lie", lean, library, lemmas=LIE)
    assert not judged.accepted
    assert judged.reason == "it declares `Nat.land`, a name that belongs to the library"


def test_what_a_theorem_rests_on_is_looked_at(true: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "AXIOMS", frozenset({"Quot.sound"}))
    judged = true.judge(HONEST["simp"])
    assert not judged.accepted
    assert judged.reason == "it rests on propext"


def test_a_theorem_that_says_something_else_fails_the_audit(
    false: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the proof had got hold of the statement before it."""
    monkeypatch.setattr(false, "claim", replace(FALSE, proposition="double a = double a"))
    judged = false.judge("rfl")
    assert not judged.accepted
    assert judged.reason.startswith("it proves something else")


def test_a_proof_of_one_claim_leaves_nothing_for_the_next(true: Gate) -> None:
    assert true.judge(HONEST["term"]).accepted
    assert not true.judge("by assumption").accepted
    assert not (true.folder / "Candidate.olean").exists()


@pytest.mark.parametrize(
    ("definitions", "proposition", "why"),
    [
        ("axiom a : False", "True", "claims without a proof"),
        ("def Nat.land (a b : Nat) : Nat := a", "True", "belongs to the library"),
        ("namespace Nat\ndef land (a b : Nat) : Nat := a\nend Nat", "True", "belongs"),
        ("def f (x : Nat) : Nat := g x", "True", "2"),
        ("", "no_such_thing", "no_such_thing"),
        ("set_option debug.skipKernelTC true", "True", "no option to set"),
        ("@[extern x] def f (x : Nat) : Nat := x", "True", "gives an attribute"),
    ],
)
def test_a_claim_that_cheats_is_an_error(
    lean: Lean, library: Path, definitions: str, proposition: str, why: str
) -> None:
    with pytest.raises(ClaimError, match=why):
        judge(Claim(definitions, "", proposition), "trivial", lean, library)


def test_definitions_may_hold_texts_and_sections() -> None:
    text = 'noncomputable section\ndef m : String := "attempt to -- /- add"\nend'
    assert statement_text(text) == text
