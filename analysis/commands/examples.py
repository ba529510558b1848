"""Examples at the end of every command's help; a test parses each one."""

from __future__ import annotations

EXAMPLES = {
    "study": (
        "study",
        "study --source published",
        "study --source hub --plan reporters",
        "study --source cards --from FOLDER",
    ),
    "crawl": (
        "crawl --plan census --cards none --dry-run",
        "crawl --plan author:bigscience --cards all",
        "crawl --source dump --dump weekly --dates 2024-07..2026-09 --every month --raw columns",
    ),
    "verify": ("verify latest",),
    "build": ("build latest", "build latest --corrections corrections.csv"),
    "analyse": ("analyse latest", "analyse latest --protocol my-protocol.yml"),
    "multiverse": ("multiverse latest",),
    "report": ("report latest",),
    "explore": ("explore latest", "explore latest --file models.html"),
    "publish": (
        "publish latest --repo me/hub-carbon --dry-run",
        "publish latest --repo me/hub-carbon --folder for-zenodo",
    ),
    "replicate": ("replicate", "replicate --from FOLDER --json"),
    "classify": (
        "classify README.md",
        "classify README.md -v",
        "classify README.md --fail-below stated",
        "classify bigscience/bloom --html label.html",
        "classify author:bigscience --format csv",
        "classify README.md --form gpai",
    ),
    "estimate": (
        "estimate README.md",
        'estimate --hardware "NVIDIA A100" --count 8 --hours 120 --region FRA --year 2024',
        "estimate --flop 3e23 --hardware H100 --region USA",
    ),
    "tree": ("tree mistralai/Mistral-7B-v0.1 --snapshot latest",),
    "explain": ("explain energy-stated", "explain assumed-unit", "explain emissions_gco2e"),
    "sample": ("sample latest --by domain,size --n 200 --to sample.csv",),
    "audit": ("audit latest --n 100", "audit latest --read sheet.csv"),
    "list": ("list", "list --format json"),
    "diff": ("diff hub-2026-01 hub-2026-06", "diff hub-2026-01 hub-2026-06 --html changes.html"),
    "history": ("history --from archive --every month",),
    "config": ("config",),
    "serve-sample": ("serve-sample --models 300 --port 8765",),
}


def help_examples(name: str) -> str:
    """The examples of one command as the last lines of its help."""
    return "\n".join(["\b", "Examples:", *(f"  hf-carbon {example}" for example in EXAMPLES[name])])
