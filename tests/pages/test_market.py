"""What the form offers is what it counts."""

from pathlib import Path

import pyarrow as pa
import pytest

from mtaf_core.workspace import ENVIRONMENT, Workspace
from pages.components import market


def test_kols_of_other_platforms_are_neither_listed_nor_counted(
    empty_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(empty_market))
    rows = [{"platform": p, "uploader_id": f"{p}-{i}"} for p, n in (("douyin", 2), ("tiktok", 3)) for i in range(n)]
    with Workspace.open(empty_market).store.write("two platforms") as change:
        change.merge("uploaders", pa.Table.from_pylist(rows))
    assert {kol.uploader_id for kol in market.kols()} == {"douyin-0", "douyin-1"}
    assert market.kol_count() == 2
