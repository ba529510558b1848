"""Raw snapshots: written once, frame by frame, resumable at any instant, and checked on reading.

Folder: ``manifest.json``, ``run.log`` (the only place with wall-clock times), ``shards/<kind>-NNNNN.jsonl.zst``,
``files/<name>`` where the source is files, and ``journal.jsonl`` as long as the crawl runs.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
