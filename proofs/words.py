"""Which Lean text may reach Lean when we did not write it: an allow-list of tokens.

Comments are taken out first, so that what is judged here is what Lean sees. What is left may hold
names, numbers, the symbols and the words listed here. A word that Lean knows and that is not
listed ends the matter: such words start commands, run code, leave the proof, or claim without
proving.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 1 << 21  # characters


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROOF_WORDS: Final = _words(
    "at by calc else exists forall from fun generalizing have if let match nofun nomatch only "
    "repeat rfl show suffices then try using with"
)
"""Words of Lean's grammar that a proof may use; names of tactics need no mention."""

STATEMENT_WORDS: Final = PROOF_WORDS | _words(
    "abbrev def end in inductive instance mutual namespace noncomputable section set_option "
    "structure theorem universe variable where "
    "config native option stop"
)
"""What definitions and lemmas may use besides, and words that there can only be names."""

# Every reserved word of Lean 4.35 (with the tactics that do more than prove), by what it does.
_REFUSED: Final = {
    "claims without a proof": """
        sorry admit stop axiom axioms opaque sorryAx""",
    "runs code, or has code run": """
        run_tac run_cmd run_elab run_meta by_elab eval native_decide native unsafe unsafe_
        implemented_by extern csimp initialize builtin_initialize init_quot dbg_trace idbg do for
        while return
        break continue unless catch finally mut assert_not_exists assert_not_imported nano oml
        until partial meta meta_ reduceBool ofReduceBool ofReduceNat trustCompiler
        config lcProof lcUnreachable lcErased lcAny lcVoid trace_state""",
    "reads another file": """
        import include_str prelude public export""",
    "starts another command": """
        theorem lemma def abbrev example instance inductive structure class coinductive deriving
        namespace section end mutual variable variables universe universes attribute omit include
        open hiding renaming noncomputable nonrec protected private local scoped recall
        recommended_spelling register_tactic_tag add_decl_doc docs_to_verso deprecated_module
        deprecated_syntax grind_pattern tactic_alt tactic_extension tactic_name tactic_tag
        with_weak_namespace unlock_limits""",
    "changes the language": """
        syntax macro macro_rules notation infix infixl infixr prefix postfix elab elab_rules
        declare_syntax_cat binder_predicate trailing_parser leading_parser match_expr let_expr
        let_fun let_delayed let_tmp show_term show_term_elab without_expected_type no_index nondep
        unhygienic _hyg _root_ _private""",
    "changes options": "set_option option in",
    "declares something beside the proof": """
        where rec termination_by decreasing_by extends partial_fixpoint inductive_fixpoint
        coinductive_fixpoint partial_correctness monotonicity_by provided""",
}  # fmt: skip
_WHY: Final = {word: why for why, words in _REFUSED.items() for word in words.split()}

# Names of Lean's internals: nothing in an honest proof is called so, wherever it stands in a name.
_NEVER: Final = _words(
    "sorryAx ofReduceBool ofReduceNat reduceBool reduceNat trustCompiler lcProof lcUnreachable "
    "lcErased lcAny lcVoid _root_ _private _hyg Lean"
)

_SYMBOLS: Final = frozenset("()[]{}⟨⟩,;:=≠<≤>≥+-*/%^∧∨¬↔→←↦∀∃.|∣&!×∘‹›∈∉@▸·_?~")
_GREEK: Final = "α-κμ-ωΑ-ΚΜ-ΟΡΤ-Ω"
_NAME: Final = (
    rf"(?:[A-Za-z_{_GREEK}][A-Za-z0-9_'!?{_GREEK}₀-₉]*)"
    rf"(?:\.[A-Za-z_{_GREEK}][A-Za-z0-9_'!?{_GREEK}₀-₉]*|\.[0-9]+)*"
)
_TOKEN: Final = re.compile(
    rf"(?P<space>[ \n]+)|(?P<name>{_NAME})|(?P<number>0x[0-9a-fA-F]+|[0-9]+)"
    r'|(?P<text>"(?:[^"\\\n]|\\["\\nt])*")|(?P<symbol>.)',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What in a text is not allowed: the line (from 1) and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


class RefusedError(Exception):
    """A text is not allowed."""

    def __init__(self, refusal: Refusal) -> None:
        """``refusal`` says where and why."""
        super().__init__(str(refusal))
        self.refusal = refusal


def proof_text(text: str) -> str:
    """The text of a proof as it may be given to Lean. Raises `RefusedError`."""
    return _checked(text, PROOF_WORDS, strings=False)


def statement_text(text: str) -> str:
    """A text of definitions and lemmas as it may be given to Lean. Raises `RefusedError`."""
    plain = _checked(text, STATEMENT_WORDS, strings=True)
    for at in re.finditer(r"\bset_option\s+(\S+)", plain):
        if not re.fullmatch(r"autoImplicit|maxRecDepth|maxHeartbeats|linter\.\w+|genSizeOf", at[1]):
            raise RefusedError(Refusal(_line(plain, at.start()), f"`{at[1]}` is no option to set"))
    return plain


def _checked(text: str, words: frozenset[str], *, strings: bool) -> str:
    if len(text) > LONGEST:
        raise RefusedError(Refusal(1, f"longer than {LONGEST} characters"))
    plain = without_comments(text.replace("\r\n", "\n"), strings=strings)
    for refusal in _refusals(plain, words, strings=strings):
        raise RefusedError(refusal)
    return plain


def without_comments(text: str, *, strings: bool = False) -> str:
    """``text`` with spaces for comments: all else stands where it stood. Raises `RefusedError`."""
    out: list[str] = []
    at = 0
    marks = re.compile(r'--|/-|-/|"(?:[^"\\\n]|\\.)*"' if strings else r"--|/-|-/")
    while (mark := marks.search(text, at)) is not None:
        out.append(text[at : mark.start()])
        if mark[0].startswith('"'):
            out.append(mark[0])
            at = mark.end()
            continue
        if mark[0] == "-/":
            raise RefusedError(Refusal(_line(text, mark.start()), "a comment ends here unopened"))
        at = _line_end(text, mark.end()) if mark[0] == "--" else _block_end(text, mark.start())
        out.append(re.sub(r"[^\n]", " ", text[mark.start() : at]))
    out.append(text[at:])
    return "".join(out)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _block_end(text: str, start: int) -> int:
    depth, at = 1, start + 2
    while depth:
        mark = re.compile(r"/-|-/").search(text, at)
        if mark is None:
            raise RefusedError(Refusal(_line(text, start), "a comment without an end"))
        depth += 1 if mark[0] == "/-" else -1
        at = mark.end()
    return at


def _refusals(text: str, words: frozenset[str], *, strings: bool) -> Iterator[Refusal]:
    open_: list[str] = []
    for token in _TOKEN.finditer(text):
        why = ""
        if token.lastgroup == "name":
            why = _name(token[0], text[token.end() : token.end() + 1], words)
        elif token.lastgroup == "text" and not strings:
            why = "a text in quotes has no place in a proof"
        elif token.lastgroup == "symbol":
            why = _symbol(token[0], text[token.end() : token.end() + 1]) or _bracket(
                token[0], open_
            )
        if why:
            yield Refusal(_line(text, token.start()), why)
    if open_:
        yield Refusal(_line(text, len(text)), f"`{open_[-1]}` is still open at the end")


def _name(name: str, following: str, words: frozenset[str]) -> str:
    parts = name.split(".")
    for part in parts:
        if part in _NEVER or part.startswith(("_aux", "_inst", "_private")):
            return f"`{name}`: {_WHY.get(part, 'a name of what is inside Lean')}"
    if len(parts) == 1 and name not in words:
        if name in _WHY:
            return f"`{name}` {_WHY[name]}"
        if name[-1] in "!?":
            return f"`{name}`: words that end in `{name[-1]}` ask or stop instead of proving"
    if following == "%":
        return f"`{name}%`: write a space before `%`; what is written so are words of Lean's inside"
    return ""


def _symbol(symbol: str, following: str) -> str:
    if symbol == "@" and following == "[":
        return "`@[` gives an attribute"
    if symbol == "#":
        return "`#` starts a command"
    if symbol == "\t":
        return "a tab; Lean wants spaces"
    if symbol not in _SYMBOLS:
        return f"the character {symbol!a} ({symbol}) has no place in a proof"
    return ""


_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "‹": "›"}


def _bracket(symbol: str, open_: list[str]) -> str:
    if symbol in _PAIRS:
        open_.append(symbol)
    elif symbol in _PAIRS.values() and (not open_ or _PAIRS[open_.pop()] != symbol):
        return f"`{symbol}` closes what was not opened here"
    return ""


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
