"""Jobs that stand for the learning of contracts: processes that do what the core's name says.

A core named ``KIND-anything`` naps, fills memory in a child of its own, crashes, and so on; each
notes in the file ``LOG`` of the environment that it ran.
"""

from __future__ import annotations

from pathlib import Path

from contracts.soundness import Effort
from contracts.synthesise import Settings
from verify.pipeline import contract_job
from verify.pipeline.contract_job import Job

START = """
import sys; sys.path[:0] = [p for p in sys.argv[1:] if p not in sys.path]
import json, os, pickle, subprocess, time
from pathlib import Path
from verify.core.evidence import Store
class Fields:  # instead of our classes, which take long to load
    def __setstate__(self, values): self.values = values
class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        ours = module.startswith(("contracts", "verify"))
        return Fields if ours else super().find_class(module, name)
job, place = Reader(sys.stdin.buffer).load()
core, folder = job.values[0], job.values[3]
def tell(**what): print(json.dumps(what), flush=True)
with open(os.environ["LOG"], "a") as log: log.write(f"{core} {os.getpid()}\\n")
tell(said=f"reading {os.getpid()}")
kind = Path(core).stem.partition("-")[0]
if kind == "nap": time.sleep(2)
if kind == "wait":
    while not os.path.exists(os.environ["LOG"] + ".go"): time.sleep(0.05)
if kind == "crash": sys.exit("cannot go on")
if kind == "fill":
    subprocess.run([sys.executable, "-c", "import time; x = b'1' * (400 << 20); time.sleep(60)"])
name = Path(core).stem
shown = str(folder / "evidence" / name)
record = {
    "core": name, "evidence": shown, "depth": 9,
    "soundness": {"verdict": "PROVED_BOUNDED", "bound": 9, "reason": "", "tier": "two-engines"},
}
Store(place.values[0] / "evidence").write_files(
    name, {"contract.json": json.dumps(record).encode(), "a.svg": b"<svg/>"}
)
tell(record=record)
"""


def install() -> None:
    """Have this process start such jobs."""
    contract_job._START = START  # type: ignore[misc] # what stands for it


def job(core: str, folder: Path, memory_mb: int = 1000) -> Job:
    """A job of such a core."""
    return Job(core, Settings(), Effort(9), folder, memory_mb=memory_mb)


CORE = """
isa = "rv32i"
top = "core"
clock = "clk"
[sources]
variable = "FAKE_CORE"
files = ["core.v"]
[fetch]
request = "r"
address = "a"
answer = "same"
[data]
request = "r"
address = "a"
answer = "same"
write = "w"
store_data = "d"
store_mask = "m"
[registers]
word = "x[{}]"
"""


def cores(folder: Path, *names: str) -> list[str]:
    """Files of cores with these names, whose sources are `core.v` in ``folder``."""
    (folder / "core.v").write_text("module core; endmodule\n")
    for name in names:
        (folder / f"{name}.toml").write_text(CORE)
    return [str(folder / f"{name}.toml") for name in names]
