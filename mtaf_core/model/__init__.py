"""Floor 3: encoders, the paper's network, training, trees, intervals, and the bundle that keeps them.

`MTAFRegressor` is the network as a scikit-learn estimator. It is imported when it is first asked for, because torch
and scikit-learn come with it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtaf_core.model.estimator import MTAFRegressor

__all__ = ["MTAFRegressor"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from mtaf_core.model import estimator

        return getattr(estimator, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
