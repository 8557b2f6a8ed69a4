import errno
import os
from datetime import UTC, datetime

import pytest

from mtaf_core.data import versions
from mtaf_core.data.versions import Commit
from mtaf_core.errors import BadWorkspace

LOG = (
    Commit(1, datetime(2024, 3, 1, tzinfo=UTC), "demo", {"videos": 0}),
    Commit(2, datetime(2024, 3, 2, tzinfo=UTC), "import 达人.json", {"videos": 3, "tags": 0}),
)


def test_what_is_written_is_read(tmp_path):
    versions.write(tmp_path / "versions.json", LOG)
    assert versions.read(tmp_path / "versions.json") == LOG


def test_a_log_that_cannot_be_replaced_stays_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "versions.json"
    versions.write(file, LOG[:1])
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        versions.write(file, LOG)
    assert versions.read(file) == LOG[:1]
    assert [path.name for path in tmp_path.iterdir()] == ["versions.json"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"format": 1}', '{"format": 1, "commits": [{"number": 1}]}',
        '{"format": 1, "commits": [{"number": "x", "time": "2024-03-01", "what": "", "tables": {}}]}',
        '{"format": 1, "commits": [{"number": 2, "time": "2024-03-01", "what": "", "tables": {}},'
        ' {"number": 1, "time": "2024-03-01", "what": "", "tables": {}}]}',
    ],
)  # fmt: skip
def test_a_damaged_log_is_named(tmp_path, text):
    (tmp_path / "versions.json").write_text(text)
    with pytest.raises(BadWorkspace, match=r"versions\.json is damaged"):
        versions.read(tmp_path / "versions.json")


def test_a_log_of_a_newer_product_asks_for_an_update(tmp_path):
    (tmp_path / "versions.json").write_text('{"format": 2, "commits": []}')
    with pytest.raises(BadWorkspace, match="newer version; update"):
        versions.read(tmp_path / "versions.json")
