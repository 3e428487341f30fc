"""What all tests share: the marker `needs`, and the list of what was skipped for want of tools."""

from __future__ import annotations

from functools import cache

import pytest

from verify.doctor import TOOLS, Health, examine


@cache
def health(tool: str) -> Health:
    (found,) = examine([tool])
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        for tool in marker.args:
            if tool not in TOOLS:
                pytest.fail(f"needs({tool!r}): unknown tool; known are {', '.join(TOOLS)}")
            found = health(tool)
            if not found.ok:
                pytest.skip(f"{tool}: {found.problem}; {found.remedy}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, once a reason, what was not tested and how to have it tested."""
    reasons: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        where = report.longrepr
        reason = where[2] if isinstance(where, tuple) else str(where)
        reasons.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    if not reasons:
        return
    terminalreporter.section("not tested here")
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"{len(tests)} skipped: {reason}")
        for test in sorted(tests):
            terminalreporter.write_line(f"    {test}")
