"""Tasks of the Hub and their domains.

Source: the task pages of the Hub (``@huggingface/tasks``, pipelines of August 2026), which group tasks by modality; a task whose input and
output are of different modalities is Multimodal, except that speech to text and text to speech are Audio, and unconditional or
image-to-image generation is Computer Vision.
"""

from __future__ import annotations

_BY_DOMAIN = {
    "NLP": (
        "text-classification token-classification table-question-answering question-answering zero-shot-classification translation "
        "summarization feature-extraction text-generation text2text-generation fill-mask sentence-similarity text-ranking "
        "conversational multiple-choice text-retrieval table-to-text text-reranking"
    ),
    "Computer Vision": (
        "depth-estimation image-classification object-detection image-segmentation image-to-image unconditional-image-generation "
        "video-classification zero-shot-image-classification mask-generation zero-shot-object-detection image-feature-extraction "
        "keypoint-detection video-to-video image-to-3d semantic-segmentation"
    ),
    "Audio": (
        "text-to-speech text-to-audio automatic-speech-recognition audio-to-audio audio-classification voice-activity-detection "
        "audio-generation"
    ),
    "Multimodal": (
        "audio-text-to-text image-text-to-text image-text-to-image image-text-to-video visual-question-answering "
        "document-question-answering video-text-to-text visual-document-retrieval any-to-any text-to-image image-to-text image-to-video "
        "text-to-video text-to-3d video-to-text image-captioning multimodal"
    ),
    "Reinforcement Learning": "reinforcement-learning robotics deep-reinforcement-learning",
    "Tabular": "tabular-classification tabular-regression tabular-to-text time-series-forecasting",
    "Other": "graph-ml graph-machine-learning other",
}

TASK_DOMAIN = {task: domain for domain, tasks in _BY_DOMAIN.items() for task in tasks.split()}


def task_domain(tag: str) -> str | None:
    """Domain of a task tag of the Hub; None for a tag that names no task."""
    return TASK_DOMAIN.get(tag)
