"""Every method by the name that tables and ``--methods`` use, and when it applies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from mtaf_core.errors import BadInput
from mtaf_core.evaluation import networks, recurrent, stack, tabular, trend, tuning
from mtaf_core.evaluation.task import Outcome, Report, Task

Family = Literal["classic", "tree", "trend", "recurrent", "network", "ablation", "stack"]


@dataclass(frozen=True)
class Method:
    """One row of a table.

    Parameters
    ----------
    name : str
    family : str
    run : callable of (Task, Report) to Outcome
    before, after : bool, default True
        Whether it applies before release, and with days observed.
    cost : float, default 1.0
        A guess of its share of the work, for the time left.
    """

    name: str
    family: Family
    run: Callable[[Task, Report], Outcome]
    before: bool = True
    after: bool = True
    cost: float = 1.0

    def why_not(self, observed_days: int) -> str | None:
        """Why it does not apply with so many days observed; None where it does."""
        if observed_days == 0 and not self.before:
            return "it reads the early counts, and none are seen before release; give --observed-days."
        if observed_days > 0 and not self.after:
            return "it applies before release only."
        return None


def _ablation(letter: str, before: bool = True) -> Method:
    run = partial(networks.without, letter, retrain=False)
    return Method(f"MTAF-{letter}", "ablation", run, before=before, cost=0.2)


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method("SVR", "classic", tabular.svr, cost=3),
        Method("LR", "classic", tabular.lr, cost=0.3),
        Method("RFR", "classic", tabular.rfr, cost=10),
        Method("XGBR", "tree", tabular.xgbr, cost=2),
        Method("XGBR tuned", "tree", tuning.xgbr_tuned, cost=35),
        Method("LGBM", "tree", tabular.lgbm, cost=2),
        Method("LGBM tuned", "tree", tuning.lgbm_tuned, cost=35),
        Method("CatBoost", "tree", tabular.catboost, cost=15),
        Method("Persistence", "trend", trend.persistence, before=False, cost=0.1),
        Method("Persistence + growth", "trend", trend.persistence_growth, before=False, cost=0.1),
        Method("Ridge residual", "trend", trend.ridge_residual, before=False, cost=1),
        Method("LGBM residual", "tree", trend.lgbm_residual, before=False, cost=2),
        Method("BiGRU", "recurrent", recurrent.bigru, before=False, cost=15),
        Method("BiLSTM", "recurrent", recurrent.bilstm, before=False, cost=15),
        Method("MTAF-Att", "network", networks.mtaf_att, cost=25),
        _ablation("N"),
        _ablation("T"),
        _ablation("A"),
        _ablation("V"),
        _ablation("S", before=False),
        Method("MTAF", "network", networks.mtaf, cost=25),
        Method("MTAF+", "stack", stack.mtaf_plus, cost=60),
    )
}
"""In the order of the tables."""


def chosen(asked: str | Sequence[str], observed_days: int, ablate: bool) -> list[Method]:
    """The methods asked for, in the order of the tables.

    Parameters
    ----------
    asked : str or sequence of str
        ``"all"``, or names; a string is split at commas. Upper and lower case are the same. ``"all"`` is every method
        that applies, the ablations only with ``ablate``.
    observed_days : int
    ablate : bool
        Add the ablations, and MTAF, which they are compared with; each is also trained again.

    Raises
    ------
    BadInput
        For an unknown name.
    """
    names = [name.strip() for name in (asked.split(",") if isinstance(asked, str) else asked) if name.strip()]
    if not names:
        raise BadInput(f"--methods is empty; choose from: all, {', '.join(METHODS)}.")
    known = {name.lower(): name for name in METHODS}
    unknown = [name for name in names if name.lower() not in known and name.lower() != "all"]
    if unknown:
        raise BadInput(f"There is no method '{unknown[0][:40]}'; choose from: all, {', '.join(METHODS)}.")
    wanted = {known[name.lower()] for name in names if name.lower() != "all"}
    for method in METHODS.values():
        applies = method.why_not(observed_days) is None
        if any(name.lower() == "all" for name in names) and applies and method.family != "ablation":
            wanted.add(method.name)
        if ablate and applies and (method.family == "ablation" or method.name == "MTAF"):
            wanted.add(method.name)
    return [_trained_again(method) if ablate else method for name, method in METHODS.items() if name in wanted]


def _trained_again(method: Method) -> Method:
    if method.family != "ablation":
        return method
    run = partial(networks.without, method.name.removeprefix("MTAF-"), retrain=True)
    return Method(method.name, method.family, run, method.before, method.after, cost=25)
