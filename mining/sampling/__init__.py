"""Stratified samples: how many models of each stratum, which ones, and with what weight."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
