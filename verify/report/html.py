"""Self-contained HTML pages from templates of ours.

Everything foreign is escaped by the template engine; the content-security policy allows only the
page's own style and script, by hash, so that even a mistake there could not run anything.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from verify.report import text


def render(template: str, *, script: str | None = None, **values: Any) -> str:
    """A page from a ``template`` beside this file, with ``values``, our style, and a script.

    The template gets ``style``, ``script`` and ``policy`` besides.
    """
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"line": text.line, "block": text.block, "seconds": text.seconds}
    style = _file("page.css")
    code = _file(script) if script else ""
    scripts = f"script-src '{_hash(code)}'; " if script else ""
    return environment.from_string(_file(template)).render(
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(code),  # noqa: S704
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; {scripts}"
            "base-uri 'none'; form-action 'none'"
        ),
        **values,
    )


def _file(name: str) -> str:
    return resources.files("verify.report").joinpath(name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
