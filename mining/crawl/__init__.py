"""Crawling: a plan is carried out page by page into a snapshot, and can be killed and resumed at any instant."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
