"""The explorer as one HTML file: the package's template and scripts, the packed snapshot, a policy against all else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import jinja2
import markupsafe

from analysis.classify.rubric import rubric
from analysis.explorer.packing import Packed
from mining.source_contracts import source_of
from mining.version import package_version

HERE = Path(__file__).parent
VENDORED = HERE / "vendored"
SCRIPTS = ("engine", "reading", "words", "state", "dom", "charts", "panel", "explorer")


def page(packed: Packed, *, snapshot: str, source: str, digest: str) -> str:
    """The page; opened from a file it asks for nothing, and runs no script but its own.

    Args:
        packed: The snapshot's models.
        snapshot: Its name.
        source: Where it was mined from.
        digest: SHA-256 of the raw snapshot; empty where it is not known.
    """
    scripts = [(VENDORED / "uPlot.iife.min.js").read_text(encoding="utf-8")]
    scripts += [(HERE / "page" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    style = (VENDORED / "uPlot.min.css").read_text(encoding="utf-8")
    style += (HERE / "page" / "explorer.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string((HERE / "page" / "explorer.html.j2").read_text(encoding="utf-8"))
    return template.render(
        policy=_policy(scripts),
        style=_own(style),
        scripts=[_own(script) for script in scripts],
        snapshot=snapshot,
        models=f"{packed.models:,}",
        synthetic=source_of(source).is_synthetic,
        source=_source(packed, snapshot, source, digest),
        rubric=rubric().version,
        data=_own(base64.b64encode(packed.data).decode()),
        claims=_own(base64.b64encode(packed.claims).decode()),
    )


def _own(text: str) -> markupsafe.Markup:
    """Text of the package itself, or base64; nothing of a Hub ever comes through here."""
    return markupsafe.Markup(text)  # noqa: S704


def _policy(scripts: list[str]) -> str:
    """Content security policy: no request at all, and only scripts of these digests."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def _source(packed: Packed, snapshot: str, source: str, digest: str) -> str:
    """Where the numbers come from, in one sentence."""
    kept = f", SHA-256 {digest[:12]}" if digest else ""
    return f"Source: snapshot {snapshot} ({source}{kept}), {packed.models:,} models, hf-carbon {package_version()}."
