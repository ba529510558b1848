"""The research questions of the 2023 study, each answered twice: as published, and repaired.

:func:`answer_all` answers all, since corrections span them. Every :class:`analysis.results.Answer` carries result
tables, which figures and paper tables draw from; the ``CATALOGUE`` of :mod:`analysis.questions.result_tables` says for
every table what it holds.

Where the author of a model is unknown (the published source), clusters are groups of near-duplicate cards and stems of
names.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
