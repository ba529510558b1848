"""The network room: the only code that speaks to the Hub.

It stands on the session, headers, errors and rate-limit parsing of ``huggingface_hub`` and adds what a long crawl
needs: its own page loop, a limiter per rate-limit bucket, retries, bounded bodies, and a timeout on everything.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
