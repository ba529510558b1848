"""All questions together: p-values are corrected over families that span them, so no answer is finished alone."""

from __future__ import annotations

from importlib import import_module

from analysis.questions.protocol import Protocol
from analysis.questions.study_data import StudyData, TablesLike
from analysis.questions.uncorrected_answer import UncorrectedAnswer, finish
from analysis.results import Answer


def answer_all(tables: TablesLike, protocol: Protocol) -> list[Answer]:
    """Answer every question of the protocol, as published and repaired, in its order.

    Args:
        tables: Processed tables (:class:`analysis.questions.tables.Tables`).
        protocol: The protocol (:func:`analysis.questions.protocol.load`).
    """
    study = StudyData(tables)
    drafts = [_draft(question.id, study, protocol) for question in protocol.questions]
    for draft in drafts:
        draft.explain_clusters(study.clusters)
    return finish(drafts, protocol)


def _draft(question: str, study: StudyData, protocol: Protocol) -> UncorrectedAnswer:
    """UncorrectedAnswer of a question from the module of its name."""
    module = import_module(f"analysis.questions.{question.lower().replace('.', '_')}")
    draft: UncorrectedAnswer = module.uncorrected(study, protocol)
    draft.baseline = study.baseline
    return draft
