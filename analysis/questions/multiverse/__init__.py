"""The multiverse: every defensible analysis of a claim, from the grid that the protocol declares, with one joint test a claim.

A grid is the product of its dimensions (unit, exclusions, cohort, scale, ...). Every universe is computed with the functions that answer
the questions, so that the universe of the study and that of the headline equal the main results. The joint test asks whether the whole
curve could come from no relation at all: signs of whole authors are flipped, or blocks of months shuffled, the same for all universes.

Tables (``results/multiverse/``), one set a claim:

=========================== ==================================================================================================
multiverse.CLAIM            all universes, lowest value first: value with interval, p, n, whether the claim holds, band under no relation
multiverse.CLAIM.choices    the option of every dimension in every universe (decision matrix)
multiverse.CLAIM.explained  variation that each dimension explains, and in how many universes of each option the claim holds
multiverse.summary          one row a claim: universes, how many hold, joint p, the sentence
=========================== ==================================================================================================
"""
