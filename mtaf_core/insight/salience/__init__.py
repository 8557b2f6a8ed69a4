"""Reasons below the level of modalities: facts, words, frames, seconds and places in a picture."""

from mtaf_core.insight.salience.agreement import Agreement, agreement
from mtaf_core.insight.salience.clip import Heard, Heat, Moments, Seen
from mtaf_core.insight.salience.context import HISTORY, Context
from mtaf_core.insight.salience.explain import STAGES, Explainer, Picture, Sound
from mtaf_core.insight.salience.units import Unit
from mtaf_core.insight.salience.words import Words

__all__ = [
    "HISTORY",
    "STAGES",
    "Agreement",
    "Context",
    "Explainer",
    "Heard",
    "Heat",
    "Moments",
    "Picture",
    "Seen",
    "Sound",
    "Unit",
    "Words",
    "agreement",
]
