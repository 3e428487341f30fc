from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.config import Config, ConfigError, load
from verify.constants import MAX_BITS, ConstantError, evaluate
from verify.toml_lines import Place, positions

GOOD = """\
[project]
name = "plonky3"
timeout = 30
memory = 2048

[constants]
P = "2**31 - 1"
Q = "P + 1"

[[define]]
name = "power_sum"
params = { c = "[Mersenne31]", x = "int", k = "int" }
result = "int"
body = "0 if k <= 0 else power_sum(c, x, k - 1) + c[k - 1].value * x ** (k - 1)"
decreases = "k"

[[dependency]]
crate = "p3-field"
version = "=0.8.0"

[[rust]]
crate = "p3-mersenne-31"
version = "=0.8.0"
default-features = false

[[rust.function]]
id = "mersenne31.add"
path = "<Mersenne31 as Add>::add"
requires = [
    "self.value <= P",
    "rhs.value <= P",
]
ensures = ["result.value % P == (self.value + rhs.value) % P"]
panics = "never"

[[rust.function]]
path = "<Mersenne31 as Neg>::neg"
panics = "self.value > P"
expect = "bounded"
contract = false
unroll = 4

[[rust.function.loop]]
function = "rfold"
invariants = ["x == 1"]
"""


def write(folder: Path, text: str) -> Path:
    (folder / "verify.toml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(write(folder, text))
    lines = list(caught.value.problems)
    assert lines
    for line in lines:
        assert "\n" not in line, "one line each"
        assert re.match(r".*verify\.toml(:\d+)?: ", line), line
    return lines


def only(folder: Path, text: str) -> str:
    lines = problems(folder, text)
    assert len(lines) == 1, lines
    return lines[0].removeprefix(f"{folder}/")


def replaced(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def test_a_good_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD))
    assert isinstance(config, Config)
    assert config.root == tmp_path.resolve()
    assert config.file == tmp_path.resolve() / "verify.toml"
    assert (config.project.timeout, config.project.memory) == (30.0, 2048)
    assert config.constants == {"P": 2**31 - 1, "Q": 2**31}
    (definition,) = config.definitions
    assert list(definition.params) == ["c", "x", "k"]
    (source,) = config.rust
    assert not source.default_features
    add, neg = source.functions
    assert (add.id, neg.id) == ("mersenne31.add", "Mersenne31.Neg.neg")
    assert (add.use_for_calls, neg.use_for_calls) == (True, False)
    assert (add.panics.text, neg.panics.text) == ("never", "self.value > P")
    assert neg.loops[0].function == "rfold"
    assert config.dependencies[0].crate == "p3-field"


def test_places_are_lines_of_the_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD))
    lines = GOOD.splitlines()
    add, neg = config.rust[0].functions
    for clause in (*add.requires, *add.ensures, neg.panics, *neg.loops[0].invariants):
        assert clause.text in lines[clause.span.line - 1]
    assert lines[add.span.line - 1] == "[[rust.function]]"
    assert lines[neg.loops[0].span.line - 1] == "[[rust.function.loop]]"


def test_panics_default_to_never_at_the_function(tmp_path: Path) -> None:
    text = GOOD.replace('panics = "never"\n', "")
    add = load(write(tmp_path, text)).rust[0].functions[0]
    assert add.panics.text == "never"
    assert add.panics.span == add.span


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("expect =", "expct =", "rust[0].function[1].expct: unknown key; did you mean `expect`?"),
        ("[[define]]", "[[dafny]]", "dafny: unknown table or key; known here: project"),
        ('name = "plonky3"\n', "", ":1: project.name: is missing"),
        ('"plonky3"', "3", "project.name: must be a string"),
        ('"plonky3"', '"a b"', "project.name: must consist of"),
        ("timeout = 30", "timeout = 0", "project.timeout: input should be greater than 0"),
        ("timeout = 30", 'timeout = "1"', "project.timeout: must be a number"),
        ("timeout = 30", "timeout = inf", "project.timeout: input should be less"),
        ("memory = 2048", "memory = true", "project.memory: must be an integer"),
        ('"bounded"', '"bounde"', "did you mean `bounded`?"),
        ("unroll = 4", "unroll = 0", "function[1].unroll: input should be greater"),
        ('version = "=0.8.0"', 'version = "0.8"', "must be one exact version"),
        ('version = "=0.8.0"', 'checksum = "ab"', "checksum: must be the SHA-256"),
        ('"p3-mersenne-31"', '"--config=x"', "rust[0].crate: must be a crate's name"),
        ("default-features = false", 'features = ["--x"]', "must be the name of a feature"),
        ('"mersenne31.add"', '"*"', "function[0].id: must consist of"),
        ('"mersenne31.add"', '"Mersenne31.Neg.neg"', "id `Mersenne31.Neg.neg` is taken at line"),
        ('panics = "never"', "panics = 1", "panics: must be a string that holds an expression"),
        ('"x == 1"', '" "', "invariants[0]: is empty"),
        ('invariants = ["x == 1"]', "index = 1", "loop[0]: needs `invariants` or `decreases`"),
        ("[[rust.function]]", "[rust.function]", "not valid TOML"),
        ('c = "[Mers', '"c c" = "[Mers', "define[0].params.'c c': must be a plain name"),
        ('name = "power_sum"', 'name = "P"', "there is a constant `P` already"),
        ('name = "power_sum"', 'name = "if"', "is not a name that an expression can use"),
        ('Q = "P', 'result = "P', "constants.result: is not a name that an expression can use"),
        ('Q = "P', 'Q = "R', "constants.Q: unknown constant `R`"),
        ('"P + 1"', '"9**9**9"', f"constants.Q: has more than {MAX_BITS} bits"),
        ('"P + 1"', "\"__import__('os')\"", "is not allowed in a constant"),
        ('"P + 1"', "1.5", "must be an integer or a string"),
        ('path = "<Mersenne31 as Add>::add"', 'path = ""', "function[0].path: is empty"),
    ],
)
def test_each_mistake_is_one_clear_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in line for line in problems(tmp_path, replaced(old, new)))


def test_line_numbers_of_mistakes(tmp_path: Path) -> None:
    text = replaced("expect =", "expct =")
    line = next(i for i, row in enumerate(text.splitlines(), 1) if row.startswith("expct"))
    assert only(tmp_path, text).startswith(f"verify.toml:{line}: ")


def test_all_mistakes_come_together_in_order(tmp_path: Path) -> None:
    text = replaced("expect =", "expct =").replace("timeout = 30", "timeout = -1")
    first, second = problems(tmp_path, text)
    assert "timeout" in first
    assert "expct" in second


def test_a_function_that_claims_nothing(tmp_path: Path) -> None:
    text = replaced('panics = "self.value > P"', 'panics = "may"')
    assert "claims nothing" in only(tmp_path, text)


def test_the_same_loop_twice(tmp_path: Path) -> None:
    again = '\n[[rust.function.loop]]\nfunction = "rfold"\ninvariants = ["y"]\n'
    assert "index 0 of rfold twice" in only(tmp_path, GOOD + again)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ('crate = "a"', "needs the exact `version`"),
        ("features = []", "needs `crate` and `version`, or `path`"),
        ('path = "a.rs"\nversion = "=1.0.0"', "has both `path` and `version`"),
        ('path = "missing"', "no such file or folder: missing"),
        ('path = ""', "must be a path relative"),
        ('path = "a\\u0000b"', "must be a path relative"),
    ],
)
def test_origin_of_a_source(tmp_path: Path, origin: str, expected: str) -> None:
    (tmp_path / "a.rs").touch()
    text = f'[project]\nname = "x"\n[[rust]]\n{origin}\n'
    assert expected in only(tmp_path, text)


def source_at(path: str) -> str:
    return f'[project]\nname = "x"\n[[rust]]\npath = "{path}"\n'


def test_paths_stay_in_the_project(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    (inside / "src").mkdir(parents=True)
    (inside / "src" / "a.rs").touch()
    (tmp_path / "secret.rs").touch()
    (inside / "out.rs").symlink_to(tmp_path / "secret.rs")
    (inside / "in.rs").symlink_to(inside / "src" / "a.rs")
    (inside / "loop.rs").symlink_to(inside / "loop.rs")

    for path in ("../secret.rs", "src/../../secret.rs", "out.rs", str(tmp_path / "secret.rs")):
        line = only(inside, source_at(path))
        assert line.startswith("verify.toml:4: rust[0].path: ")
        assert "leads out of the project's folder" in line
    assert "no such file" in only(inside, source_at("loop.rs"))
    source = load(write(inside, source_at("in.rs"))).rust[0]
    assert source.path == (inside / "src" / "a.rs").resolve()
    assert source.label == "a"
    text = '[project]\nname = "x"\nlock = "../secret.rs"\n'
    assert "leads out" in only(inside, text)


def test_the_file_itself_may_not_be_a_link_out(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path / "elsewhere", GOOD)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "verify.toml").symlink_to(tmp_path / "elsewhere" / "verify.toml")
    with pytest.raises(ConfigError, match="is a link out of its folder"):
        load(tmp_path / "project")


def test_missing_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file; `verify init"):
        load(tmp_path)


def test_file_by_name(tmp_path: Path) -> None:
    write(tmp_path, GOOD).joinpath("verify.toml").rename(tmp_path / "other.toml")
    assert load(tmp_path / "other.toml").project.name == "plonky3"


@pytest.mark.parametrize(
    "text",
    ["a = [" * 5000, "a = " + "9" * 5000, "a = 1\na = 2", "\x00", "[[x]]\n[x]", "= 1"],
    ids=["deep", "long", "twice", "nul", "clash", "nokey"],
)
def test_broken_toml(tmp_path: Path, text: str) -> None:
    problems(tmp_path, text)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "verify.toml").write_bytes(b'[project]\nname = "\xff"\n')
    with pytest.raises(ConfigError, match=r"verify\.toml:2: not UTF-8"):
        load(tmp_path)


def test_too_large(tmp_path: Path) -> None:
    assert "larger than" in only(tmp_path, "#" * (4 * 1024 * 1024 + 1))


# Constants


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2**31 - 2**27 + 1", 2**31 - 2**27 + 1),
        ("-(7 // 2) % 5", -(7 // 2) % 5),
        ("+1 << 10 >> 3", 128),
        ("P * P", 25),
        ("0x7f000001", 0x7F000001),
        (" 1 ", 1),
        ("0 ** 999999999999", 0),
        ("(-1) ** 999999999999", -1),
        ("0 << 10000", 0),
    ],
)
def test_constants(text: str, value: int) -> None:
    assert evaluate(text, {"P": 5}) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "1.0", "True", "'a'", "1 / 2", "~1", "1 < 2", "P.real", "P()", "[1]", "x",
        "lambda: 1", "1 if 1 else 2", "2 ** -1", "1 << -1", "1 >> -1", "1 // 0", "1 % 0",
        "9**9**9", "2 ** 10001", "1 << 10**9", "1 << 10001", "(2**9000) * (2**9000)",
        "-" * 1500 + "1", "(" * 1000 + "1" + ")" * 1000, "9" * 5000, "1\x00", "1; 2",
        "(x := 1)", "f'{1}'", "1_0.", "__import__",
    ],
)  # fmt: skip
def test_what_is_no_constant(text: str) -> None:
    with pytest.raises(ConstantError) as caught:
        evaluate(text, {"P": 5})
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.text(alphabet="0123456789P+-*/%<>() ", max_size=60))
def test_constants_never_surprise(text: str) -> None:
    try:
        value = evaluate(text, {"P": 5})
    except ConstantError:
        return
    assert value.bit_length() <= MAX_BITS
    assert isinstance(value, int)


# Places


def places(value: object, path: Place = ()) -> Iterator[Place]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from places(item, (*path, i))


TRICKY = '''\
# [not] = "a table"
"quoted key" = 'x # y = [1]' # = [
a.b."c.d" = 1
multi = """
[[no]]
k = "v" \\""" x
"""""
literal = \'\'\'
a = 1\'\'\'
nested = [ [1, "]"], # ]
  { x = 1, y.z = "}" }, [
  ] , ]
when = 1979-05-27 07:32:00
[t.u]
v = "\\\\"
[[t.list]]
w = 1
[t.list.sub]
deep = true
[[t.list.more]]
[[t.list.more]]
z = +inf
[[t.list]]
[[ "t" . list . more ]]
q = ""
[after]
end = "é" # last line without newline'''


def test_every_key_has_its_place() -> None:
    found = positions(TRICKY)
    assert set(places(tomllib.loads(TRICKY))) <= set(found)
    lines = TRICKY.splitlines()
    for place, start in {
        ("a", "b", "c.d"): "a.b.",
        ("literal",): "literal",
        ("nested", 1, "y", "z"): "  { x",
        ("t", "list", 0, "more", 1): "[[t.list.more]]",
        ("t", "list", 0, "more", 1, "z"): "z =",
        ("t", "list", 1, "more", 0, "q"): "q =",
        ("after", "end"): "end",
    }.items():
        assert lines[found[place][0] - 1].startswith(start)


@pytest.mark.parametrize("text", [GOOD, TRICKY, GOOD.replace("\n", "\r\n"), ""])
def test_places_cover_whole_files(text: str) -> None:
    found = positions(text)
    assert set(places(tomllib.loads(text))) <= set(found)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in found.values())


toml_values = st.recursive(
    st.one_of(
        st.integers().map(str),
        st.booleans().map(lambda b: str(b).lower()),
        st.text(alphabet="ab\"'\\#[]{}=,\n.", max_size=8).map(
            lambda s: '"' + s.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        ),
        st.text(alphabet='ab"#[]{}=,\n.', max_size=8).map(lambda s: f"'''\n{s}'''"),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", # ]\n".join([*items, "]"])),
        st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{i} = {v}" for i, v in enumerate(items)) + "}"
        ),
    ),
    max_leaves=8,
)


@given(st.lists(toml_values, max_size=6))
def test_places_of_generated_files(values: list[str]) -> None:
    rows = [f"{'[[t]]' if i % 3 == 2 else ''}\nkey{i} = {v}" for i, v in enumerate(values)]
    text = "\n".join(rows)
    found = positions(text)
    assert set(places(tomllib.loads(text))) <= set(found)
    lines = text.split("\n")
    for place, (line, column) in found.items():
        if isinstance(place[-1], str) and place[-1].startswith("key"):
            assert lines[line - 1][column - 1 :].startswith(f"{place[-1]} = ")
