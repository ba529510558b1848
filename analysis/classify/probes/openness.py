"""Probes about size, data, base model, weights and licence: what others need to estimate or to measure."""

from __future__ import annotations

from analysis.classify.findings import Case, Finding, absent, could_not_look, does_not_apply, not_reported, reported
from mining.schema import BASE_RELATIONS
from mining.source_contracts import source_of


def model_size_known(case: Case) -> Finding:
    """Is the size of the model known?"""
    record = case.record
    if record.parameters_count is not None:
        return reported(
            "model-size-known", f"{record.parameters_count:,} parameters", f"from: {record.parameters_source}"
        )
    if record.storage_bytes is not None:
        return reported("model-size-known", f"{record.storage_bytes:,} bytes of weights", "from: storage")
    if record.has_weights is None:
        return could_not_look("model-size-known", "the files of the repository were not seen")
    return not_reported("model-size-known", "neither parameters nor bytes are known")


def dataset_named(case: Case) -> Finding:
    """Are the training data named?"""
    if case.record.datasets:
        return reported(
            "dataset-named", f"{len(case.record.datasets)} data set(s) named", ", ".join(case.record.datasets)
        )
    return absent(case, "dataset-named", "no data set is named")


def dataset_size_known(case: Case) -> Finding:
    """Is the size of the training data known?"""
    record = case.record
    if record.datasets_bytes is not None:
        return reported("dataset-size-known", f"{record.datasets_bytes:,.0f} bytes")
    if not record.datasets:
        finding = absent(case, "dataset-size-known", "no data set is named")
        return (
            finding
            if finding.outcome == "could-not-look"
            else does_not_apply("dataset-size-known", "no data set is named")
        )
    if not case.data_sizes_asked:
        return could_not_look("dataset-size-known", "data sets are named; their size was not asked for")
    return not_reported("dataset-size-known", "data sets are named, but their size is not known")


def base_share_stated(case: Case) -> Finding:
    """For an adapted model, is its base named?"""
    record = case.record
    if record.base_models:
        return reported("base-share-stated", "the base is named", ", ".join(record.base_models))
    if record.base_relation in BASE_RELATIONS or record.training.training_type in {"fine-tuning", "both"}:
        return not_reported("base-share-stated", "the model is adapted, but its base is not named")
    finding = absent(case, "base-share-stated", "the model does not say that it is adapted")
    return finding if finding.outcome == "could-not-look" else does_not_apply("base-share-stated", finding.reason)


def weights_open(case: Case) -> Finding:
    """Can the weights be downloaded?"""
    record = case.record
    if record.is_disabled:
        return not_reported("weights-open", "the repository is disabled")
    if record.gated in {"auto", "manual"}:
        return not_reported("weights-open", f"the files are behind an agreement ({record.gated})")
    if record.has_weights is None:
        return could_not_look("weights-open", "the files of the repository were not seen")
    if record.has_weights:
        return reported("weights-open", "the repository holds weights")
    return not_reported("weights-open", "there are no weights")


def license_stated(case: Case) -> Finding:
    """Is a licence stated?"""
    if case.record.license:
        return reported("license-stated", f"licence: {case.record.license}")
    if not source_of(case.record.source).has_licences:
        return could_not_look("license-stated", "the published files lost the licences")
    return absent(case, "license-stated", "no licence is stated")
