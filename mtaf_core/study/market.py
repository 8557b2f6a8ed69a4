"""A study of one market on disk: made once a commit, opened by every page, asked by SQL."""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mtaf_core.errors import BadBundle, BadInput
from mtaf_core.jobs import Progress, Step, silent
from mtaf_core.schema import HORIZON_DAY
from mtaf_core.study import expectation, factors, panel, variances
from mtaf_core.study.cohort import WHOLE, Cohort
from mtaf_core.study.panel import Basis, quoted
from mtaf_core.workspace import Workspace

FORMAT = 4
"""Raised when what a study keeps changes: studies of another format are made again."""
ABOUT = "study.json"
IN_MEMORY = 200_000
"""A panel of at most this many videos is kept in memory, where a query costs a millisecond or so."""

STAGES: tuple[str, ...] = ("panel", "expect", "trees", "effects")
"""The stages that `make` reports."""

_RELATIONS = ("tagged", "tag_names", "kols")
_making = threading.Lock()


@dataclass(frozen=True)
class About:
    """What a study is of.

    Parameters
    ----------
    format : int
    horizon_day : int
        The day predicted.
    basis : {"horizon", "latest"}
        Which day's popularity is explored.
    videos, scored, kols, tags : int
        Videos; those whose popularity is known; KOLs; hashtags in use.
    learnt : int
        Videos that the trees learnt from; 0 where there are none.
    as_of : str
        The newest date of any count or upload, ISO; what "the last 90 days" ends with.
    seconds : float
        How long it took to make.
    """

    format: int
    horizon_day: int
    basis: Basis
    videos: int
    scored: int
    kols: int
    tags: int
    learnt: int
    as_of: str
    seconds: float


class Study:
    """A finished study. `find` opens one and `make` makes one.

    Parameters
    ----------
    workspace : Workspace
    path : Path
        Its folder.
    about : About
    in_memory : bool, optional
        Whether its tables are kept in memory until the next commit; small ones are (`IN_MEMORY`) where not said.
    """

    def __init__(self, workspace: Workspace, path: Path, about: About, in_memory: bool | None = None) -> None:
        self.workspace = workspace
        self.path = path
        self.about = about
        self.in_memory = about.videos <= IN_MEMORY if in_memory is None else in_memory

    @property
    def key(self) -> str:
        """Another for every state of the tables and horizon: what is kept of a study is kept by it."""
        return self.path.name

    @cached_property
    def as_of(self) -> date:
        return date.fromisoformat(self.about.as_of)

    def query(
        self, sql: str, params: Mapping[str, Any] | None = None, cohort: Cohort = WHOLE, **arrow: pa.Table
    ) -> pa.Table:
        """Run one query over the study.

        In sight are ``panel`` (the videos of ``cohort``), ``market`` (all of them), ``kols``, ``tag_names`` and
        ``tagged`` (see `mtaf_core.study.panel`), ``shap`` and ``permutation`` (see `mtaf_core.study.factors`; only
        where the trees were grown), every canonical table, and each of ``arrow``.

        Parameters
        ----------
        sql : str
            ``SELECT …``, or ``, name AS (…) SELECT …`` with further parts of its own. Parameters are ``$name``; those
            that begin with ``$c_`` are the cohort's.
        """
        where, chosen = cohort.where()
        parts = [f"{name} AS NOT MATERIALIZED (SELECT * FROM {source})" for name, source in self._sources.items()]
        parts.append(f"panel AS NOT MATERIALIZED (SELECT * FROM market WHERE {where})")
        text = f"WITH {', '.join(parts)} {sql}"
        given = {name: value for name, value in {**(params or {}), **chosen}.items() if f"${name}" in text}
        return self.workspace.store.query(text, given or None, derived=self._derived, **arrow)

    def count(self, cohort: Cohort = WHOLE) -> tuple[int, int]:
        """Videos of a cohort, and those of them whose popularity is known."""
        if cohort.is_whole:
            return self.about.videos, self.about.scored
        found = self.query("SELECT count(*) AS videos, count(score) AS scored FROM panel", cohort=cohort).to_pylist()[0]
        return found["videos"], found["scored"]

    def values(self, column: str, most: int = 500) -> list[tuple[str, int]]:
        """The words of a column of the panel and how many videos have each, the most frequent first."""
        found = self.query(
            f"""SELECT {column} AS word, count(*) AS n FROM market WHERE {column} IS NOT NULL
                GROUP BY word ORDER BY n DESC, word LIMIT {most}"""
        )
        return list(zip(found["word"].to_pylist(), found["n"].to_pylist(), strict=True))

    def tags(self, most: int = 1_000) -> list[tuple[str, int]]:
        """The hashtags in use and how many videos have each, the most used first."""
        found = self.query(f"SELECT tag_name, videos FROM tag_names ORDER BY tag LIMIT {most}")
        return list(zip(found["tag_name"].to_pylist(), found["videos"].to_pylist(), strict=True))

    def pairs(self) -> pa.Table:
        """Every pair of a video (``row``) and a hashtag of it (``tag``), video by video; kept until the next commit."""
        sql = "SELECT row::INTEGER AS row, tag::INTEGER AS tag FROM tagged ORDER BY row, tag"
        return self.workspace.store.remember(("pairs", self.key), lambda: self.query(sql))

    def period(self) -> tuple[date, date]:
        """The first and the last upload date, where the market is."""
        found = self.query("SELECT min(local_time)::DATE AS first, max(local_time)::DATE AS last FROM market")
        row = found.to_pylist()[0]
        return row["first"], row["last"]

    @cached_property
    def _sources(self) -> dict[str, str]:
        files = {"market": "panel.parquet", **{name: f"{name}.parquet" for name in _RELATIONS}}
        if (self.path / factors.SHAP).is_file():
            files |= {"shap": factors.SHAP, "permutation": factors.PERMUTATION}
        held = {name: f"read_parquet({quoted(self.path / file)})" for name, file in files.items()}
        return {name: f'"{name} of study {self.key}"' for name in held} if self.in_memory else held

    @cached_property
    def _derived(self) -> dict[str, str]:
        if not self.in_memory:
            return {}
        files = {"market": "panel.parquet", "shap": factors.SHAP, "permutation": factors.PERMUTATION}
        return {
            source: f"SELECT * FROM read_parquet({quoted(self.path / files.get(name, f'{name}.parquet'))})"
            for name, source in self._sources.items()
        }


def find(workspace: Workspace, horizon_day: int | None = None) -> Study | None:
    """The study of a market as its tables are now; None where it is yet to be made.

    Parameters
    ----------
    horizon_day : int, optional
        The day predicted; that of the bundle in use where not given, and the product's own without one.
    """
    path = _folder(workspace, _horizon(workspace, horizon_day))
    try:
        says = json.loads((path / ABOUT).read_text(encoding="utf-8"))
        about = About(**{field.name: says[field.name] for field in fields(About)})
    except (OSError, ValueError, KeyError):
        return None
    return Study(workspace, path, about) if about.format == FORMAT else None


def make(workspace: Workspace, horizon_day: int | None = None, progress: Progress = silent) -> Study:
    """Study a market as its tables are now, or open the study that is there already.

    Studies of older states are removed. What is interrupted leaves nothing behind that is taken for a study.

    Raises
    ------
    BadInput
        If there is no video with an upload time.
    BadWorkspace
        If a table is damaged.
    """
    horizon = _horizon(workspace, horizon_day)
    with _making:  # two visitors at once make it once
        if (found := find(workspace, horizon)) is not None:
            return found
        path = _folder(workspace, horizon)
        begun = time.monotonic()
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            about = _write(workspace, part, horizon, progress)
            about["seconds"] = round(time.monotonic() - begun, 3)
            (part / ABOUT).write_text(json.dumps(about), encoding="utf-8")
            shutil.rmtree(path, ignore_errors=True)
            part.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        for old in path.parent.iterdir():
            if old != path and old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
    made = find(workspace, horizon)
    assert made is not None
    return made


def _write(workspace: Workspace, folder: Path, horizon_day: int, progress: Progress) -> dict[str, Any]:
    zone = workspace.info.timezone
    spill = folder / "spill"
    spill.mkdir()
    progress(Step("panel", 0, 3))
    with workspace.store.workshop(spill) as connection:
        panel.measure(connection, zone, horizon_day)
        progress(Step("panel", 1, 3))
        basis = panel.choose_basis(connection)
        panel.write(connection, folder, zone, horizon_day, basis)
        progress(Step("panel", 2, 3))
        base = f"read_parquet({quoted(folder / 'base.parquet')})"
        counted = connection.execute(
            f"""SELECT count(*), count(score), (SELECT count(*) FROM kols), (SELECT count(*) FROM tag_names),
                    greatest(max(CAST(local_time AS DATE)), (SELECT max(snapshot_date) FROM snapshots)) FROM {base}"""
        ).fetchall()
        ((videos, scored, kols, tags, as_of),) = counted
        if not videos:
            raise BadInput(
                "No video of this workspace has an upload time, so there is no market to study; import videos first."
            )
        facts, words = expectation.matrix(connection, base)
        asked = connection.sql(
            f"SELECT coalesce(kol, -1) AS kol, age_day, log_score FROM {base} ORDER BY row"
        ).to_arrow_table()
        progress(Step("panel", 3, 3))
        age, truth = (_floats(asked, name) for name in ("age_day", "log_score"))
        kol = asked.column("kol").to_numpy()
        expected = expectation.expectations(facts, age, truth, kol, progress)
        panel.add_columns(connection, folder, **expected)
    shutil.rmtree(spill)
    learnt = factors.write(folder, facts, words, truth, progress)
    newest = (as_of or datetime.now(UTC).date()).isoformat()
    about = About(FORMAT, horizon_day, basis, videos, scored, kols, tags, learnt, newest, 0.0)
    variances.write(Study(workspace, folder, about, in_memory=False), progress)
    return asdict(about)


def _floats(rows: pa.Table, name: str) -> np.ndarray:
    return np.asarray(rows.column(name).to_numpy(), dtype=np.float64)


def _horizon(workspace: Workspace, asked: int | None) -> int:
    if asked is not None:
        return asked
    try:
        return workspace.manifest().horizon_day
    except BadBundle:
        return HORIZON_DAY


def _folder(workspace: Workspace, horizon_day: int) -> Path:
    state = f"{workspace.store.state}|{horizon_day}|{workspace.info.timezone}|{FORMAT}"
    return workspace.cache_dir / "study" / hashlib.sha256(state.encode()).hexdigest()[:16]
