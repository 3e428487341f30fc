"""A run as JUnit XML, for the test pages of CI systems."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from verify.core.verdict import Status
from verify.report.model import Result, RunResult
from verify.report.text import block, line

_ERRORS: Final = (Status.ERROR,)


def render(run: RunResult) -> str:
    """The XML text: one test case an obligation.

    A known failure is ``skipped`` with its verdict, so that no page shows it as passed; whatever is
    not as expected is a ``failure``, a failed tool and a run cut short an ``error``.
    """
    cases = [_case(run, r) for r in run.results]
    if run.run_state != "complete" or not run.results:
        cases.append(_gap(run))
    suite = ET.Element(
        "testsuite",
        {
            "name": line(run.project),
            "timestamp": line(run.started).removesuffix("Z"),
            "time": f"{run.seconds:.3f}",
            "tests": str(len(cases)),
            **{
                f"{kind if kind == 'skipped' else kind + 's'}": str(
                    sum(case.find(kind) is not None for case in cases)
                )
                for kind in ("failure", "error", "skipped")
            },
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in {"run_state": run.run_state, **run.tools}.items():
        ET.SubElement(properties, "property", {"name": line(name), "value": line(value)})
    suite.extend(cases)
    root = ET.Element("testsuites", {"name": "verify"})
    root.append(suite)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(run: RunResult, r: Result) -> ET.Element:
    case = ET.Element(
        "testcase",
        {
            "classname": line(f"{run.project}.{r.kind}"),
            "name": line(r.id),
            "time": f"{r.seconds:.3f}",
        },
    )
    if r.source is not None:
        case.set("file", line(r.source.file))
        case.set("line", str(r.source.line))
    message = line(f"{r.verdict.status.value}, expected {r.expected}: {r.why or r.title}")
    if r.known_failure:
        ET.SubElement(case, "skipped", {"message": f"as expected: {message}"})
    elif not r.ok:
        tag = "error" if r.verdict.status in _ERRORS else "failure"
        problem = ET.SubElement(case, tag, {"type": r.verdict.status.value, "message": message})
        problem.text = block(r.detail)
    out = ET.SubElement(case, "system-out")
    tier = f" ({r.verdict.tier.value})" if r.verdict.tier else ""
    evidence = f"\nevidence: {r.evidence}" if r.evidence else ""
    why = f"\n{r.why}" if r.ok and r.why else ""
    out.text = block(f"{r.title}\n{r.verdict}{tier} {r.engine}{evidence}{why}")
    return case


def _gap(run: RunResult) -> ET.Element:
    """A case that fails where there is nothing to show, or not everything."""
    case = ET.Element("testcase", {"classname": line(run.project), "name": "the run itself"})
    message = (
        f"run incomplete: {len(run.results)} of {run.selected} obligations decided"
        if run.run_state != "complete"
        else "nothing selected"
    )
    ET.SubElement(case, "error", {"type": "incomplete", "message": message})
    return case
