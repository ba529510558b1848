"""The rooms of the build: work units, workers, spill files, parts, merge, account.

The way in is ``mining.build.run``.
"""
