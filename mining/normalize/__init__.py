"""Raw answers become typed records: one module per thing that is normalized, no network, no clock.

Import what is needed from the module that holds it: ``model`` (one model), ``domain``, ``generator``, ``size``,
``performance``, ``lineage`` (copies and constants, over many models), ``strata``.
"""
