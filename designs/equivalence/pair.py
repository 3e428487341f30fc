"""Two designs and what is asked about them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from designs.equivalence.question import Question
from extract.rtl.sources import RtlSources
from verify.core.span import Span


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim of equivalence; ``about`` says in a sentence what differs."""

    id: str
    gold: RtlSources
    gate: RtlSources
    question: Question = field(default_factory=Question)
    expected: str = "proved"
    about: str = ""
    span: Span | None = None

    @property
    def claim(self) -> str:
        """The claim in words."""
        gold, gate = _named(self.gold), _named(self.gate)
        if gold == gate:
            gold, gate = f"{gold} ({_files(self.gold)})", f"{gate} ({_files(self.gate)})"
        how = "delivers the same transactions as" if self.question.handshake else "is equivalent to"
        late = f", {self.question.latency} cycles later" if self.question.latency else ""
        return f"{gate} {how} {gold}{late}"

    def question_text(self) -> str:
        """The question as JSON, always the same for the same question."""
        return json.dumps(asdict(self.question), sort_keys=True, indent=1)


def _named(sources: RtlSources) -> str:
    return sources.top or _files(sources)


def _files(sources: RtlSources) -> str:
    names = [Path(f).name for f in (*sources.lists, *sources.files)]
    return ", ".join(names[:2]) + (", …" if len(names) > 2 else "")
