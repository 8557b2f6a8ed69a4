"""What a large market asks of the store: rows in batches, memory given back, a connection of one's own."""

import pyarrow as pa


def test_what_was_forgotten_is_worked_out_again(store, fill):
    fill(store, videos=[{"video_id": "a"}])
    counted = {"counted": "SELECT count(*) AS n FROM videos"}
    assert store.query("SELECT n FROM counted", derived=counted).to_pylist() == [{"n": 1}]
    store.forget()
    assert store.query("SELECT n FROM counted", derived=counted).to_pylist() == [{"n": 1}]
    store.forget()
    store.forget()


def test_rows_come_in_batches_as_they_come_together(store, fill):
    fill(store, videos=[{"video_id": f"v{i:02}"} for i in range(25)])
    asked = "SELECT video_id FROM videos WHERE video_id <> ? ORDER BY video_id"
    parts = list(store.batches(asked, ["v03"], rows=10))
    assert max(part.num_rows for part in parts) <= 10
    assert pa.Table.from_batches(parts) == store.query(asked, ["v03"])


def test_a_workshop_sees_the_newest_commit_and_keeps_the_order_asked_for(store, fill, tmp_path):
    fill(store, videos=[{"video_id": f"v{i:05}"} for i in range(5_000)])
    with store.workshop(tmp_path) as connection:
        rows = connection.sql("SELECT video_id FROM videos ORDER BY video_id DESC").to_arrow_table()
        connection.execute("CREATE TABLE mine AS SELECT 1 AS x")
    assert rows["video_id"].to_pylist() == [f"v{i:05}" for i in reversed(range(5_000))]
    assert store.counts()["videos"] == 5_000
