"""MTAF+: the stack that the product forecasts with; the paper's network is one of its parts and stays as it was."""

from mtaf_core.model.plus.stack import Plus
from mtaf_core.model.plus.stacking import PlusConfig

__all__ = ["Plus", "PlusConfig"]
