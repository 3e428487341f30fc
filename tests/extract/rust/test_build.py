"""Building: what cargo is made to do, what is remembered, and how each failure reads."""

from __future__ import annotations

import multiprocessing
import os
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.rust.build import _toml, build
from extract.rust.crate_spec import CrateSpec, settled
from extract.rust.errors import (
    AmbiguousCrateError,
    CargoFailedError,
    ChecksumMismatchError,
    LockMismatchError,
    NoNetworkError,
    RustCompileError,
    RustError,
    RustTimeoutError,
    RustToolMissingError,
    UnknownCrateError,
    explain,
)
from extract.rust.inputs import Inputs, _dependencies
from extract.rust.lockfile import check_checksums, no_strangers
from extract.rust.workspace import CrateInfo, Workspace

cargo = pytest.mark.needs("cargo", "rustc")

LIBRARY = "pub fn twice(x: u32) -> u32 { debug_assert!(x < 100); x + x }\n"


def package(folder: Path, name: str, source: str = LIBRARY, manifest: str = "") -> Path:
    (folder / "src").mkdir(parents=True)
    head = f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n'
    (folder / "Cargo.toml").write_text(head + manifest)
    (folder / "src" / "lib.rs").write_text(source)
    return folder


def local(folder: Path, name: str = "small-one", source: str = LIBRARY) -> CrateSpec:
    return CrateSpec(name, path=package(folder, name, source))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("a cache")


def mir(workspace: Workspace, crate: str) -> str:
    return workspace.crates()[crate].mir.read_text()


# What a build gives --------------------------------------------------------------------------


@cargo
def test_a_local_crate(tmp_path: Path, cache: Path) -> None:
    base = package(tmp_path / "base", "base-one", 'pub fn word() -> &\'static str { "base" }\n')
    top = package(
        tmp_path / "top",
        "top-one",
        'pub fn f(a: u8, b: u8) -> u8 { if cfg!(feature = "less") { a - b } else { a + b } }\n',
        '[features]\nless = []\n[lib]\nname = "other_name"\n[dependencies]\n'
        'renamed = { package = "base-one", path = "../base" }\n',
    )
    spec = CrateSpec("top-one", path=top, features=("less",))
    workspace = build([spec], lock=None, cache=cache)
    crates = workspace.crates()
    assert set(crates) == {"base_one", "other_name"}
    found = crates["other_name"]
    assert (found.name, found.package, found.version) == ("other_name", "top-one", "0.1.0")
    assert (found.root, found.source, found.edition) == (top, top / "src" / "lib.rs", "2021")
    assert (found.features, found.is_local, found.is_direct) == (("less",), True, True)
    assert found.dependencies == {"base_one": "base_one"}
    assert not crates["base_one"].is_direct
    assert workspace.toolchain.startswith("rustc 1.")
    assert {p["name"] for p in tomllib.loads(workspace.lockfile.read_text())["package"]} == {
        "base-one", "top-one", "verify-harness",
    }  # fmt: skip
    assert base == crates["base_one"].root


@cargo
def test_the_mir_has_checks_and_spans(tmp_path: Path, cache: Path) -> None:
    text = mir(build([local(tmp_path)], lock=None, cache=cache), "small_one")
    assert "AddWithOverflow" in text  # overflow checks
    assert "panic" in text  # debug assertions
    assert f"{tmp_path}/src/lib.rs:1:" in text  # spans
    assert "unwind continue" not in text  # panics abort


@cargo
def test_a_lone_file_is_a_crate(tmp_path: Path, cache: Path) -> None:
    file = tmp_path / "alone here.rs"
    file.write_text("mod beside;\npub fn g() -> u8 { beside::h() }\n")
    (tmp_path / "beside.rs").write_text("pub fn h() -> u8 { 7 }\n")
    spec = CrateSpec("alone", path=file)
    workspace = build([spec], lock=None, cache=cache)
    info = workspace.crates()["alone"]
    assert (info.root, info.source, info.edition) == (tmp_path, file, "2021")
    assert "beside::h" in mir(workspace, "alone")
    (tmp_path / "beside.rs").write_text("pub fn h() -> u8 { 8 }\n")
    again = build([spec], lock=None, cache=cache)
    assert "const 8_u8" in mir(again, "alone")
    assert set(again.index("alone").functions) == {"alone::g", "alone::beside::h"}


@cargo
def test_models_are_one_more_crate(tmp_path: Path, cache: Path) -> None:
    models = package(tmp_path / "models", "my-models")
    workspace = build([local(tmp_path / "c")], lock=None, cache=cache, models=models)
    assert set(workspace.crates()) == {"small_one", "my_models"}


# What is remembered --------------------------------------------------------------------------


@cargo
def test_a_second_build_is_quick_and_the_same(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path)
    first = build([spec], lock=None, cache=cache)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        again = build([spec], lock=None, cache=cache)
        seconds.append(time.perf_counter() - start)
        assert (again.digest, dict(again.crates())) == (first.digest, dict(first.crates()))
    assert min(seconds) < 0.3


@cargo
def test_a_change_is_seen_even_with_the_old_time(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path)
    file = tmp_path / "src" / "lib.rs"
    before = build([spec], lock=None, cache=cache)
    old, times = mir(before, "small_one"), file.stat()
    file.write_text(LIBRARY.replace("100", "200"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = build([spec], lock=None, cache=cache)
    assert "const 200_u32" in mir(after, "small_one")
    assert after.digest != before.digest
    assert mir(before, "small_one") == old  # the earlier workspace keeps what it had
    file.write_text(LIBRARY)
    assert build([spec], lock=None, cache=cache).digest == before.digest


@cargo
def test_lost_mir_is_made_again(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path)
    first = build([spec], lock=None, cache=cache)
    text = mir(first, "small_one")
    for file in cache.rglob("small_one-*.mir"):
        file.unlink()
    assert mir(build([spec], lock=None, cache=cache), "small_one") == text


@cargo
def test_an_index_of_changed_sources_is_refused(tmp_path: Path, cache: Path) -> None:
    workspace = build([local(tmp_path)], lock=None, cache=cache)
    (tmp_path / "src" / "lib.rs").write_text(LIBRARY + "\n// changed\n")
    with pytest.raises(RustError, match=r"lib\.rs changed since it was built"):
        workspace.index("small_one")


@cargo
def test_what_a_build_script_reads_counts(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path, source='include!(concat!(env!("OUT_DIR"), "/made.rs"));\n')
    (tmp_path / "build.rs").write_text(
        'fn main() { let out = std::env::var("OUT_DIR").unwrap();\n'
        'std::fs::copy("table.txt", out + "/made.rs").unwrap(); }\n'
    )  # fmt: skip
    (tmp_path / "table.txt").write_text("pub const N: u8 = 3;")
    first = build([spec], lock=None, cache=cache)
    (tmp_path / "table.txt").write_text("pub const N: u8 = 4;")
    second = build([spec], lock=None, cache=cache)
    assert "const 4_u8" in mir(second, "small_one")
    assert first.digest != second.digest


@cargo
def test_the_digest_does_not_depend_on_the_place(tmp_path: Path, cache: Path) -> None:
    one = build([local(tmp_path / "a")], lock=None, cache=cache)
    two = build([local(tmp_path / "b")], lock=None, cache=cache)
    assert one.digest == two.digest


@cargo
def test_a_variable_that_the_source_reads_counts(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERIFY_TEST_WORD", "one")
    source = 'pub fn f() -> &\'static str { env!("VERIFY_TEST_WORD") }\n'
    spec = local(tmp_path, source=source)
    build([spec], lock=None, cache=cache)
    monkeypatch.setenv("VERIFY_TEST_WORD", "two")
    assert '"two"' in mir(build([spec], lock=None, cache=cache), "small_one")


@cargo
def test_settings_of_the_user_do_not_change_the_mir(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSTFLAGS", "-C overflow-checks=off")
    monkeypatch.setenv("CARGO_ENCODED_RUSTFLAGS", "-Copt-level=3")
    monkeypatch.setenv("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false")
    monkeypatch.setenv("CARGO_BUILD_TARGET", "no-such-machine")
    monkeypatch.setenv("RUSTC_WRAPPER", "/nonexistent/wrapper")
    text = mir(build([local(tmp_path)], lock=None, cache=cache), "small_one")
    assert "AddWithOverflow" in text


def _build_in_process(folder: str, cache: str) -> tuple[str, str]:
    spec = CrateSpec("small-one", path=Path(folder))
    workspace = build([spec], lock=None, cache=Path(cache))
    return workspace.digest, mir(workspace, "small_one")


@cargo
def test_builds_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    folders = [str(package(tmp_path / n, "small-one", LIBRARY.replace("100", n)))
               for n in ("11", "22")]  # fmt: skip
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        jobs = [pool.submit(_build_in_process, f, str(tmp_path / "c")) for f in folders * 2]
        results = [job.result(timeout=120) for job in jobs]
    assert results[0] == results[2]
    assert results[1] == results[3]
    assert "const 11_u32" in results[0][1]
    assert "const 22_u32" in results[1][1]


# Two versions of one crate -------------------------------------------------------------------


@cargo
def test_two_versions_are_never_mixed_up(tmp_path: Path, cache: Path) -> None:
    old = package(tmp_path / "old", "twin", "pub fn f() -> u8 { 1 }\n")
    new = package(tmp_path / "new", "twin", "pub fn f() -> u8 { 2 }\n")
    manifest = new / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("0.1.0", "0.2.0"))
    needs_old = '[dependencies]\ntwin = { path = "../old" }\n'
    user = package(tmp_path / "user", "user", "pub fn g() -> u8 { twin::f() }\n", needs_old)
    specs = [CrateSpec("twin", path=new), CrateSpec("user", path=user)]
    workspace = build(specs, lock=None, cache=cache)
    assert set(workspace.crates()) == {"twin", "twin@0.1.0", "user"}
    assert "const 2_u8" in mir(workspace, "twin")
    assert "const 1_u8" in mir(workspace, "twin@0.1.0")
    assert workspace.resolve("twin", "user") == "twin@0.1.0"
    assert workspace.resolve("twin", "twin") == "twin"
    assert workspace.resolve("core", "user") is None
    indexes = workspace.indexes(["twin", "twin@0.1.0"])
    assert (indexes["twin"].version, indexes["twin@0.1.0"].version) == ("0.2.0", "0.1.0")
    assert old == workspace.crates()["twin@0.1.0"].root


def test_a_name_of_two_versions_out_of_reach_is_an_error(tmp_path: Path) -> None:
    def info(name: str, key: str, *dependencies: str) -> CrateInfo:
        used = {d.partition("@")[0]: d for d in dependencies}
        return CrateInfo(name, name, "1.0.0", tmp_path, "2021", tmp_path, (), is_local=False,
                         is_direct=False, id=key, dependencies=used, source=tmp_path)  # fmt: skip

    crates = {
        "top": info("top", "top", "left", "right"),
        "left": info("left", "left", "x@1.0.0"),
        "right": info("right", "right", "x@2.0.0"),
        "x@1.0.0": info("x", "x@1.0.0"),
        "x@2.0.0": info("x", "x@2.0.0"),
    }
    workspace = Workspace.__new__(Workspace)
    workspace._crates = crates
    assert workspace.resolve("x", "left") == "x@1.0.0"
    with pytest.raises(AmbiguousCrateError, match=r"x@1\.0\.0, x@2\.0\.0"):
        workspace.resolve("x", "top")


# Locks and checksums -------------------------------------------------------------------------


@cargo
def test_a_lock_is_used_as_it_is(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path / "p")
    lock = tmp_path / "Cargo.lock"
    lock.write_bytes(build([spec], lock=None, cache=cache).lockfile.read_bytes())
    workspace = build([spec], lock=lock, cache=cache)
    assert workspace.lockfile.read_bytes() == lock.read_bytes()


@cargo
def test_a_lock_of_other_crates_is_refused(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path / "p")
    lock = tmp_path / "Cargo.lock"
    lock.write_bytes(build([spec], lock=None, cache=cache).lockfile.read_bytes())
    other = local(tmp_path / "q", "another")
    with pytest.raises(LockMismatchError, match="--locked"):
        build([spec, other], lock=lock, cache=cache)


@cargo
def test_a_lock_of_the_users_own_package_serves(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path / "p")
    lock = tmp_path / "Cargo.lock"
    lock.write_text('version = 4\n\n[[package]]\nname = "small-one"\nversion = "0.1.0"\n')
    assert set(build([spec], lock=lock, cache=cache).crates()) == {"small_one"}


def test_a_crate_that_the_lock_does_not_fix_is_refused() -> None:
    registry = "registry+https://example.org/index"
    before = [{"name": "a", "version": "1.0.0", "source": registry, "checksum": "00"}]
    after = [*before, {"name": "b", "version": "2.0.0", "source": registry, "checksum": "11"}]
    no_strangers(before, before)
    with pytest.raises(LockMismatchError, match=r"does not fix b 2\.0\.0"):
        no_strangers(before, after)
    with pytest.raises(LockMismatchError, match=r"does not fix a 1\.0\.0"):
        no_strangers(before, [before[0] | {"checksum": "99"}])


def test_checksums_are_compared() -> None:
    packages = [{"name": "a", "version": "1.0.0", "checksum": "ab" * 32}]
    check_checksums([CrateSpec("a", "1.0.0", checksum="AB" * 32)], packages)
    check_checksums([CrateSpec("a", "1.0.0")], packages)
    with pytest.raises(ChecksumMismatchError, match=r"a 1\.0\.0 has SHA-256 abab"):
        check_checksums([CrateSpec("a", "1.0.0", checksum="cd" * 32)], packages)
    with pytest.raises(ChecksumMismatchError, match="unknown"):
        check_checksums([CrateSpec("b", "1.0.0", checksum="cd" * 32)], packages)


def test_a_lock_that_is_not_there_or_not_a_lock(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(LockMismatchError, match="no file"):
        build([local(tmp_path / "p")], lock=tmp_path / "no.lock", cache=cache)
    (tmp_path / "bad.lock").write_text("= nonsense")
    with pytest.raises(LockMismatchError, match=r"not a Cargo\.lock"):
        build([CrateSpec("small-one", path=tmp_path / "p")], lock=tmp_path / "bad.lock",
              cache=cache)  # fmt: skip


# Errors --------------------------------------------------------------------------------------


@cargo
def test_a_compile_error_says_where(tmp_path: Path, cache: Path) -> None:
    spec = local(tmp_path, source="\n\npub fn f() -> u8 { 1u16 }\n")
    with pytest.raises(RustCompileError, match=r"error\[E0308\]: mismatched types") as caught:
        build([spec], lock=None, cache=cache)
    assert (caught.value.file, caught.value.line) == (str(tmp_path / "src" / "lib.rs"), 3)
    assert "cargo check" in caught.value.remedy


@cargo
def test_an_unknown_feature(tmp_path: Path, cache: Path) -> None:
    spec = CrateSpec("small-one", path=package(tmp_path, "small-one"), features=("no-such",))
    with pytest.raises(UnknownCrateError, match="no-such"):
        build([spec], lock=None, cache=cache)


@cargo
def test_a_program_without_a_library(tmp_path: Path, cache: Path) -> None:
    package(tmp_path, "small-one")
    (tmp_path / "src" / "lib.rs").rename(tmp_path / "src" / "main.rs")
    with pytest.raises(UnknownCrateError, match="no library"):
        build([CrateSpec("small-one", path=tmp_path)], lock=None, cache=cache)


@cargo
def test_a_timeout(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(RustTimeoutError, match=r"within 0\.001 s"):
        build([local(tmp_path)], lock=None, cache=cache, timeout=0.001)


def test_no_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RustToolMissingError, match="no `cargo` and no `rustc`") as caught:
        build([local(tmp_path / "p")], lock=None, cache=tmp_path / "c")
    assert "rustup" in caught.value.remedy
    assert "apt-get install rustc cargo" in caught.value.remedy
    assert "1.85" in caught.value.remedy


def test_tools_that_are_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("cargo", "rustc"):
        script = tmp_path / tool
        script.write_text("#!/bin/sh\necho 'rustc 1.63.0'; echo 'release: 1.63.0'\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(RustToolMissingError, match=r"rustc 1\.63 is too old"):
        build([local(tmp_path / "p")], lock=None, cache=tmp_path / "c")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (CrateSpec("a b", "1.0.0"), "no crate's name"),
        (CrateSpec('a"]\n[x', "1.0.0"), "no crate's name"),
        (CrateSpec("a", "^1.0"), "not an exact version"),
        (CrateSpec("a", "1.0"), "not an exact version"),
        (CrateSpec("a"), "neither a version nor a path"),
        (CrateSpec("a", "1.0.0", features=('x"',)), "no feature's name"),
        (CrateSpec("a", path=Path("no/such/folder")), "no package at"),
    ],
)
def test_specs_that_say_nothing(spec: CrateSpec, words: str) -> None:
    with pytest.raises(UnknownCrateError, match=words):
        settled(spec)


def test_a_path_to_another_package(tmp_path: Path) -> None:
    package(tmp_path / "p", "small-one")
    assert settled(CrateSpec("small_one", path=tmp_path / "p")).name == "small-one"
    with pytest.raises(UnknownCrateError, match="is `small-one`, not `large-one`"):
        settled(CrateSpec("large-one", path=tmp_path / "p"))
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["p"]\n')
    with pytest.raises(UnknownCrateError, match="names no package"):
        settled(CrateSpec("small-one", path=tmp_path))


def test_an_exact_version_may_be_written_with_an_equals_sign() -> None:
    assert settled(CrateSpec("a", " =1.2.3")).version == "1.2.3"


def test_nothing_to_build(tmp_path: Path) -> None:
    with pytest.raises(UnknownCrateError, match="no crate"):
        build([], lock=None, cache=tmp_path)


# Cargo 1.95's own words.
_REQUIRED = "required by package `verify-harness v0.0.0`"
_WORDS: list[tuple[type[RustError], str]] = [
    (
        UnknownCrateError,
        f"""    Updating crates.io index
error: no matching package named `p3-feild` found
location searched: crates.io index
{_REQUIRED}""",
    ),
    (
        UnknownCrateError,
        f"""error: failed to select a version for the requirement `hex = "=99.0.0"`
candidate versions found which didn't match: 0.4.3, 0.4.2, 0.4.0, ...
location searched: crates.io index
{_REQUIRED}""",
    ),
    (
        UnknownCrateError,
        f"""error: failed to select a version for `hex`.
    ... {_REQUIRED}
versions that meet the requirements `=0.4.3` are: 0.4.3

package `verify-harness` depends on `hex` with feature `nope` but `hex` does not have that feature.
 available features: alloc, default, serde, std""",
    ),
    (
        LockMismatchError,
        """error: cannot create the lock file /Cargo.lock because --locked was passed to
prevent this
help: to generate the lock file without accessing the network, remove the --locked flag and use
--offline instead.""",
    ),
    (
        ChecksumMismatchError,
        """error: checksum for `hex v0.4.3` changed between lock files

this could be indicative of a few possible errors:

    * the lock file is corrupt""",
    ),
    (
        NoNetworkError,
        f"""error: failed to get `hex` as a dependency of package `verify-harness v0.0.0`

Caused by:
  download of config.json failed

Caused by:
  failed to download from `https://example.org/config.json`

Caused by:
  [7] Could not connect to server ({_REQUIRED})""",
    ),
    (
        NoNetworkError,
        """error: failed to download `hex v0.4.2`

Caused by:
  attempting to make an HTTP request, but --offline was specified""",
    ),
    (
        NoNetworkError,
        f"""error: no matching package named `hex` found
location searched: crates.io index
{_REQUIRED}
As a reminder, you're using offline mode (--offline) which can sometimes cause surprising
resolution failures, if this error is too confusing you may wish to retry without `--offline`.""",
    ),
    (
        RustToolMissingError,
        """error: rustc 1.85.0 is not supported by the following packages:
  p3-field@0.8.0 requires rustc 1.90""",
    ),
    (CargoFailedError, "error: something never seen before"),
]


@pytest.mark.parametrize(("kind", "words"), _WORDS)
def test_the_words_of_cargo_are_understood(kind: type[RustError], words: str) -> None:
    error = explain(words, "resolving the crates")
    assert type(error) is kind
    assert error.remedy
    assert "error" in error.message


# Small parts ---------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_in_a_manifest(text: str) -> None:
    assert tomllib.loads(f"x = {_toml(text)}")["x"] == text


@given(st.lists(st.text("ab/.# \\", min_size=1), max_size=4))
def test_names_of_files_survive_in_dependency_lists(names: list[str]) -> None:
    kept = [n for n in names if not n.startswith("#") and "\\" not in n]
    lines = [f"{n.replace(' ', chr(92) + ' ')}:" for n in kept]
    text = "target.d: " + " ".join(lines) + "\n\n" + "\n\n".join(lines) + "\n"
    assert list(_dependencies(text))[-len(kept) :] == kept or not kept


def test_inputs_survive_a_stamp(tmp_path: Path) -> None:
    file = tmp_path / "x.rs"
    inputs = Inputs({str(file): ("00", "p/x.rs")}, {"V": None})
    assert Inputs.from_json(inputs.to_json()) == inputs
    assert inputs.changed() == str(file)
