"""``hf carbon``: makes this installation known to the Hub's own command line as an extension.

``hf extensions install OWNER/hf-carbon`` does this for a repository on GitHub: it installs the package into a folder of its own and runs
its console script ``hf-carbon``. For an installation that is already on this machine, ``python -m analysis.extension`` writes the same
manifest, so that ``hf carbon ...`` runs it; ``hf extensions remove carbon`` takes it away again.
Source: ``huggingface_hub.cli.extensions`` (2.4).
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from mining.errors import HfCarbonError, UsageError
from mining.files import write_text

HOME = Path("~/.local/share/hf/extensions")
SCRIPT = "hf-carbon"
OWNER = "this_machine"
"""No account can be called so (underscore), so that the Hub's command line looks for no newer version of a local installation."""


def script_beside_python() -> Path:
    """The console script of this installation.

    Raises:
        UsageError: There is none, as in a checkout without installation.
    """
    beside = Path(sys.executable).with_name(SCRIPT)
    found = str(beside) if beside.is_file() else shutil.which(SCRIPT)
    if found is None:
        raise UsageError("no installed hf-carbon: run `pip install .` first")
    return Path(found)


def register(script: Path, now: datetime, home: Path = HOME) -> Path:
    """Write the manifest of the extension.

    Args:
        script: The console script that ``hf carbon`` runs.
        now: Time of installation, which the Hub's command line shows.
        home: Home of extensions.

    Returns:
        Folder of the extension.
    """
    folder = home.expanduser() / SCRIPT
    said = {
        "owner": OWNER,
        "repo": SCRIPT,
        "repo_id": f"{OWNER}/{SCRIPT}",
        "short_name": SCRIPT.removeprefix("hf-"),
        "executable_path": str(script),
        "type": "python",
        "installed_at": now.isoformat(),
        "description": "What models disclose about their carbon footprint, and what is missing",
        "commit_sha": None,
    }
    write_text(folder / "manifest.json", json.dumps(said, indent=2, sort_keys=True) + "\n")
    return folder


def main() -> None:
    """Register the installation that runs this."""
    try:
        register(script_beside_python(), datetime.now(UTC))
    except HfCarbonError as error:
        click.echo(f"hf-carbon: {error}", err=True)
        sys.exit(error.exit_code)
    click.echo("hf carbon is ready: try `hf carbon --help`")


if __name__ == "__main__":
    main()
