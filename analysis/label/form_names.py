"""Names of the forms; apart from what fills them, so that the command line starts without it."""

from __future__ import annotations

from typing import Literal, get_args

FormName = Literal["gpai", "climate-card", "cyclonedx"]
FORMS: tuple[FormName, ...] = get_args(FormName)
