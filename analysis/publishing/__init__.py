"""A processed snapshot as a data set to hand on: tables, dictionary, card, Croissant, checksums, citation."""
