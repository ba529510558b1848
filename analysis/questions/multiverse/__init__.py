"""The multiverse: every defensible analysis of a claim, from the grid that the protocol declares.

With one joint test a claim. A grid is the product of its dimensions (unit, exclusions, cohort, scale, ...). Every
universe is computed with the functions that answer the questions, so that the universe of the study and that of the
headline equal the main results. The joint test asks whether the whole curve could come from no relation at all, with
the same draws for all universes: a wild cluster bootstrap of authors, or first-order series of months.

Tables (``results/multiverse/``), one set a claim: ``multiverse.CLAIM`` holds all universes, lowest value first,
``.choices`` the option of every dimension in every universe, ``.explained`` the variation that each dimension explains;
``multiverse.summary`` has one row a claim: universes, how many hold, joint p, the sentence.
"""
