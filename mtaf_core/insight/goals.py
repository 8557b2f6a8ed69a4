"""The fewest edits that reach a goal: a search over what a person allows to change, which never leaves their ranges.

Counterfactual search (Wachter et al. 2018; Mothilal et al. 2020) with the guarantees that buyers need and libraries
leave to luck: every value comes from the list of its field, every rule holds in every answer, no answer has more edits
than allowed, and where nothing reaches the goal that is said, with the best there is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtaf_core.jobs import Progress, Step, silent

Edits = Mapping[str, Any]
Predict = Callable[[Sequence[Edits]], np.ndarray]
Rule = Callable[[Edits], bool]

BEAM = 32
"""Sets of edits that are taken further, of each number of edits."""
MAX_ASKED = 20_000
"""Predictions that one search asks for at most."""
BATCH = 1_024
CLOSE = 1e-9


@dataclass(frozen=True)
class Field:
    """Something that may change, and to what.

    Parameters
    ----------
    key : str
        As in `mtaf_core.insight.whatif`.
    values : tuple
        Every value it may take; the one it has now may be among them.
    now : any
        The value it has.
    """

    key: str
    values: tuple[Any, ...]
    now: Any = None

    def others(self) -> list[Any]:
        """The values that are a change, the nearest first where they are numbers."""
        found = [value for value in dict.fromkeys(self.values) if value != self.now]
        if found and all(_is_number(value) for value in (*found, self.now)):
            found.sort(key=lambda value: (abs(value - self.now), value))
        return found


@dataclass(frozen=True)
class Answer:
    """One set of edits.

    Parameters
    ----------
    edits : dict of str to any
        What to change, in the order of the fields; empty where nothing has to.
    score : float
        What is then predicted, on the scale of the goal.
    effort : float
        How far the edits go, from 0 to the number of them: of a number, its place among the values of its field by
        distance; of anything else, 1.
    """

    edits: dict[str, Any]
    score: float
    effort: float


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    reached : bool
    answers : tuple of Answer
        Where the goal is reached: the fewest edits first, then the least effort, no two of the same fields unless too
        few differ. Where it is not: one answer, the best there is; none where every set tried breaks a rule.
    now : float
        What is predicted without any edit.
    asked : int
        How many predictions it took.
    exhausted : bool
        Whether every set of at most ``max_changes`` edits was tried, so that "not reachable" is proven.
    """

    reached: bool
    answers: tuple[Answer, ...]
    now: float
    asked: int
    exhausted: bool


def search(
    predict: Predict,
    fields: Sequence[Field],
    target: float,
    max_changes: int = 3,
    rules: Iterable[Rule] = (),
    answers: int = 5,
    progress: Progress = silent,
) -> Found:
    """Find the fewest edits after which the prediction is at least ``target``.

    All single edits are tried, then those of two fields, and so on: exhaustively while that takes at most `MAX_ASKED`
    predictions in all, else from the `BEAM` best sets of the size before.

    Parameters
    ----------
    predict : callable
        Given k sets of edits, (k,) predictions; NaN where a set cannot be predicted, which leaves it out.
    fields : sequence of Field
        With different keys.
    target : float
    max_changes : int, default 3
        Edits of one answer at most.
    rules : iterable of callable
        Given a set of edits, the empty one too, whether it may be; each answer keeps all of them.
    answers : int, default 5
        How many are wanted at most.

    Raises
    ------
    ValueError
        If two fields have one key, or ``max_changes`` or ``answers`` is below 1.
    Cancelled
        If ``progress`` stops it.
    """
    if len({field.key for field in fields}) < len(fields):
        raise ValueError("two fields have the same key")
    if max_changes < 1 or answers < 1:
        raise ValueError(f"max_changes is {max_changes} and answers {answers}; give 1 or more of each")
    hunt, rules = _Hunt(predict, fields, progress), tuple(rules)
    (now,) = hunt.ask([{}])
    nothing = Answer({}, float(now), 0.0)
    as_it_is = all(rule({}) for rule in rules)
    if as_it_is and now >= target - CLOSE:
        return Found(True, (nothing,), float(now), hunt.asked, True)
    best = [nothing] if as_it_is else []
    level: list[Answer] = [nothing]
    exhausted = True
    for _ in range(min(max_changes, len(fields))):
        level, whole = hunt.extend(level)  # sets that break a rule are no answers, but may lead to one
        exhausted &= whole
        allowed = [answer for answer in level if all(rule(answer.edits) for rule in rules)]
        best = [max([*best, *allowed], key=lambda answer: answer.score)] if allowed else best
        if reaching := [answer for answer in allowed if answer.score >= target - CLOSE]:
            return Found(True, _varied(reaching, answers), float(now), hunt.asked, exhausted)
    return Found(False, tuple(best), float(now), hunt.asked, exhausted)


class _Hunt:
    """The bookkeeping of one search."""

    def __init__(self, predict: Predict, fields: Sequence[Field], progress: Progress) -> None:
        self.predict = predict
        self.fields = fields
        self.progress = progress
        self.asked = 0
        self._moves = {field.key: _moves(field) for field in fields}

    def ask(self, sets: Sequence[Edits]) -> np.ndarray:
        found = [np.empty(0)]
        for start in range(0, len(sets), BATCH):
            self.progress(Step("goal", self.asked, MAX_ASKED))
            batch = sets[start : start + BATCH]
            found.append(np.asarray(self.predict(batch), dtype=np.float64))
            self.asked += len(batch)
        return np.concatenate(found)

    def extend(self, level: Sequence[Answer]) -> tuple[list[Answer], bool]:
        """Every set with one edit more than one of ``level``, and whether none was passed over."""
        places = {field.key: place for place, field in enumerate(self.fields)}
        room = MAX_ASKED - self.asked
        whole = len(level) * sum(len(moves) for moves in self._moves.values()) <= room
        if not whole:
            level = sorted(level, key=lambda answer: -answer.score)[:BEAM]
        wanted: dict[tuple[tuple[str, Any], ...], tuple[dict[str, Any], float]] = {}
        for answer in level:
            last = max((places[key] for key in answer.edits), default=-1)
            for field in self.fields:
                # Where all are tried each set is made once, in the order of the fields; from a beam, in any order.
                if field.key in answer.edits or (whole and places[field.key] < last):
                    continue
                for value, effort in self._moves[field.key]:
                    edits = {**answer.edits, field.key: value}
                    ordered = {f.key: edits[f.key] for f in self.fields if f.key in edits}
                    wanted.setdefault(tuple(ordered.items()), (ordered, answer.effort + effort))
        sets = list(wanted.values())[:room]
        scores = self.ask([edits for edits, _ in sets])
        found = [
            Answer(edits, float(score), effort)
            for (edits, effort), score in zip(sets, scores, strict=True)
            if not np.isnan(score)
        ]
        return found, whole and len(sets) == len(wanted)


def _moves(field: Field) -> list[tuple[Any, float]]:
    others = field.others()
    if others and all(_is_number(value) for value in (*others, field.now)):
        return [(value, (place + 1) / len(others)) for place, value in enumerate(others)]
    return [(value, 1.0) for value in others]


def _varied(reaching: list[Answer], wanted: int) -> tuple[Answer, ...]:
    """At most ``wanted`` answers, the least effort first; of every set of fields one before any has two."""
    ordered = sorted(reaching, key=lambda answer: (round(answer.effort, 9), -answer.score))
    first: dict[tuple[str, ...], Answer] = {}
    for answer in ordered:
        first.setdefault(tuple(answer.edits), answer)
    chosen = list(first.values())[:wanted]
    taken = {id(answer) for answer in chosen}
    chosen += [answer for answer in ordered if id(answer) not in taken][: wanted - len(chosen)]
    return tuple(chosen)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
