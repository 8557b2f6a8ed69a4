"""`MTAFRegressor` is a scikit-learn estimator like any other, on plain matrices and on frames with vectors.

Of scikit-learn's own checks one does not apply: ``check_array_api_input`` runs only where the environment asks SciPy
for the array API, and the estimator does not claim that (its tags say so); scikit-learn skips it by itself. Another,
``check_estimators_nan_inf``, is not among them, because NaN in X is welcome; that infinity is not is tested here.
"""

import doctest
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from mtaf_core.errors import BadBundle
from mtaf_core.model import MTAFRegressor
from mtaf_core.schema import MODALITIES, Modality

QUICK = {"epochs": 10, "width": 24, "batch_size": 16, "learning_rate": 1.5e-2, "dropout": 0.0}
TEMPORAL = MODALITIES.index(Modality.TEMPORAL)
DAILY = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bilibili_daily" / "six_day_sequences.csv"


def quick(**options):
    return MTAFRegressor(**{**QUICK, "random_state": 0, **options})


def make_posts(n: int = 160, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Posts whose log score is followers, city and one direction of the text, told early by day 2's counts.

    A fifth have no early day, a tenth no sound.
    """
    random = np.random.default_rng(seed)
    followers = random.lognormal(8, 1.5, n)
    city = random.choice(["hangzhou", "guangzhou", "chengdu"], n)
    text = random.normal(size=(n, 6)).astype(np.float32)
    sound = [v if random.random() > 0.1 else None for v in random.normal(size=(n, 4)).astype(np.float32)]
    log_score = np.log1p(followers) + (city == "hangzhou") * 1.5 + text[:, 0] - 3
    posts = pd.DataFrame(
        {
            "followers": followers,
            "seconds": random.uniform(5, 60, n),
            "city": city,
            "text_vector": list(text),
            "sound_vector": sound,
            "image_vector": list(random.normal(size=(n, 8)).astype(np.float32)),
        }
    )
    score = np.expm1(np.maximum(log_score, 0.1))
    unseen = random.random(n) < 0.2
    for day, share in ((1, 0.2), (2, 0.5)):
        for count in ("favorite_count", "comment_count", "share_count"):
            posts[f"day{day}_{count}"] = np.where(unseen, np.nan, score * share)
    return posts, np.log1p(score)


@pytest.fixture(scope="module")
def posts():
    return make_posts()


@pytest.fixture(scope="module")
def fitted(posts):
    return quick().fit(*posts)


@parametrize_with_checks([MTAFRegressor(**QUICK)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_the_example_of_the_documentation_holds():
    from mtaf_core.model import estimator

    found = doctest.testmod(estimator)
    assert found.attempted > 0
    assert found.failed == 0


def test_importing_the_room_loads_neither_torch_nor_scikit_learn():
    asked = "import sys, mtaf_core.model; print({'torch', 'sklearn'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout == "set()\n"
    with pytest.raises(ImportError):
        from mtaf_core.model import Nonsense  # noqa: F401


class TestPlainMatrix:
    def test_grid_search_and_cross_validation_in_a_pipeline(self):
        random = np.random.default_rng(0)
        X = random.normal(size=(120, 4))
        y = X[:, 0] - 2 * X[:, 1]
        pipeline = make_pipeline(StandardScaler(), quick())
        search = GridSearchCV(pipeline, {"mtafregressor__epochs": [1, 10]}, cv=2).fit(X, y)
        assert search.best_params_ == {"mtafregressor__epochs": 10}
        assert cross_val_score(search.best_estimator_, X, y, cv=2).min() > 0.7

    def test_columns_of_a_matrix_are_named_by_position(self):
        posts, y = make_posts(80)
        X = np.column_stack([posts["followers"], np.stack(posts["text_vector"]), posts["day1_favorite_count"]])
        model = quick(modalities=dict.fromkeys(range(1, 7), "text"), days={7: (1, "score")}).fit(X, y)
        assert model.encoder_.dimension(Modality.TEXT) == 6
        weights = model.attention(X)
        assert np.array_equal(np.isnan(weights[:, TEMPORAL]), np.isnan(X[:, 7]))

    def test_numbers_far_from_zero_are_told_apart(self):
        X = 1e9 + np.random.default_rng(0).normal(size=(80, 1))
        y = X[:, 0] - 1e9
        assert quick().fit(X, y).score(X, y) > 0.9

    def test_counts_are_told_on_the_log_scale_even_where_one_of_them_overflowed(self):
        random = np.random.default_rng(0)
        counts, normal = random.lognormal(8, 2, 300), random.normal(size=300)
        counts[7] = -1_889_934_592
        X = np.column_stack([counts, normal])
        logged = {scale: quick(numbers=scale, epochs=1).fit(X, normal).encoder_.logged for scale in ("auto", "linear")}
        assert logged["auto"].tolist() == [True, False]
        assert not logged["linear"].any()

    def test_infinity_is_refused(self):
        with pytest.raises(ValueError, match="infinity"):
            quick().fit(np.array([[1.0], [np.inf], [2.0]]), [1.0, 2.0, 3.0])

    def test_the_same_random_state_gives_the_same_network_and_another_does_not(self):
        X = np.random.default_rng(0).normal(size=(60, 3))
        first, same, other = (quick(random_state=seed).fit(X, X[:, 0]).predict(X) for seed in (0, 0, 1))
        assert np.array_equal(first, same)
        assert not np.array_equal(first, other)


class TestFrame:
    def test_every_source_is_read(self, fitted, posts):
        table, y = posts
        assert fitted.score(table, y) > 0.8
        assert {m.value: fitted.encoder_.dimension(m) for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)} == {
            "text": 6,
            "audio": 4,
            "visual": 8,
        }
        assert fitted.encoder_.vocabulary == (("chengdu", "guangzhou", "hangzhou"),)
        assert dict(zip(("followers", "seconds"), fitted.encoder_.logged, strict=True))["followers"]

    def test_cross_validation_on_a_frame_learns_from_vectors_and_early_days(self):
        table, y = make_posts(240)
        early = [c for c in table if c.startswith("day")]
        whole, later, blind = (
            cross_val_score(quick(epochs=12), t, y, cv=2).mean()
            for t in (table, table.drop(columns=early), table.drop(columns=[*early, "text_vector"]))
        )
        assert whole > later > blind

    def test_a_pipeline_hands_vectors_on(self, posts):
        table, y = posts
        scaled = ColumnTransformer(
            [("scaled", StandardScaler(), ["seconds"])], remainder="passthrough", verbose_feature_names_out=False
        ).set_output(transform="pandas")
        assert make_pipeline(scaled, quick()).fit(table, y).score(table, y) > 0.8

    def test_arrow_vectors_lists_and_arrays_mean_the_same(self, fitted, posts):
        table, _ = posts
        expected = fitted.predict(table)
        lists = pa.array([None if v is None else v.tolist() for v in table["sound_vector"]], pa.list_(pa.float32(), 4))
        arrow = table.assign(sound_vector=pd.Series(lists, dtype=pd.ArrowDtype(lists.type)))
        assert np.array_equal(fitted.predict(arrow), expected)
        assert np.array_equal(
            fitted.predict(table.assign(text_vector=[v.tolist() for v in table["text_vector"]])), expected
        )
        assert np.array_equal(fitted.predict(pa.Table.from_pandas(table)), expected)
        categories = table.assign(city=table["city"].astype("category"))
        assert np.array_equal(fitted.predict(categories), expected)

    def test_arrow_vectors_can_be_fitted_on(self, posts):
        table, y = posts
        vectors = pa.FixedSizeListArray.from_arrays(np.concatenate(table["text_vector"].tolist()), 6)
        arrow = table[["followers"]].assign(text=pd.Series(vectors, dtype=pd.ArrowDtype(vectors.type)))
        arrays = table[["followers"]].assign(text=table["text_vector"])
        found, expected = (quick(epochs=2).fit(X, y).predict(X) for X in (arrow, arrays))
        assert np.array_equal(found, expected)

    def test_a_row_answers_alike_alone_and_among_others(self, fitted, posts):
        table, _ = posts
        alone = np.concatenate([fitted.predict(table.iloc[[row]]) for row in range(8)])
        np.testing.assert_allclose(alone, fitted.predict(table)[:8], rtol=1e-9)

    def test_attention_is_over_what_a_row_has(self, fitted, posts):
        table, _ = posts
        weights = fitted.attention(table)
        np.testing.assert_allclose(np.nansum(weights, axis=1), 1.0)
        assert np.array_equal(np.isnan(weights[:, TEMPORAL]), table["day1_share_count"].isna().to_numpy())
        assert np.array_equal(np.isnan(weights[:, 2]), table["sound_vector"].isna().to_numpy())

    def test_a_row_of_which_nothing_is_known_gets_the_mean_of_all(self):
        table, y = make_posts(60)
        model = quick().fit(table[["text_vector", "day1_favorite_count"]], y)
        nothing = pd.DataFrame({"text_vector": [None], "day1_favorite_count": [np.nan]})
        assert abs(model.predict(nothing)[0] - y.mean()) < y.std()

    def test_what_only_later_rows_hold_is_not_learnt_with_tail_validation(self, posts):
        table, y = posts
        late = table["city"].where(np.arange(len(table)) < len(table) - 10, "lhasa")
        model = quick(validation="tail", epochs=1).fit(table.assign(city=late), y)
        assert "lhasa" not in model.encoder_.vocabulary[0]

    def test_a_column_told_none_is_left_out(self, posts):
        table, y = posts
        noted = table.assign(notes=[{"a": 1}] * len(table))
        with pytest.raises(TypeError, match="'notes' holds dict"):
            quick().fit(noted, y)
        model = quick(modalities={"notes": None}, epochs=1).fit(noted, y)
        assert "notes" not in [column.name for column in model.encoder_.columns]
        assert model.n_features_in_ == noted.shape[1]

    def test_other_columns_at_asking_are_refused(self, fitted, posts):
        table, _ = posts
        with pytest.raises(ValueError, match="feature names should match"):
            fitted.predict(table.rename(columns={"followers": "fans"}))
        with pytest.raises(ValueError, match="'text_vector' holds vectors of 6 numbers"):
            fitted.predict(table.assign(text_vector=[np.zeros(5)] * len(table)))

    def test_an_empty_frame_is_refused(self, fitted, posts):
        table, y = posts
        with pytest.raises(ValueError, match="0 sample"):
            fitted.predict(table.iloc[:0])
        with pytest.raises(ValueError, match="1 sample"):
            quick().fit(table.iloc[:1], y[:1])


@pytest.mark.parametrize(
    ("columns", "options", "sentence"),
    [
        ({"emb": [np.zeros(2)] * 4}, {}, "'emb' holds vectors, and its name says none"),
        ({"sound_of_image": [np.zeros(2)] * 4}, {}, "audio and visual"),
        ({"a": [1.0] * 4}, {"modalities": {"b": "text"}}, "does not have; X has 'a'"),
        ({"a": [1.0] * 4}, {"modalities": {"a": "smell"}}, "'smell'; it may be None or one of"),
        ({"a": ["x"] * 4}, {"modalities": {"a": "text"}}, "holds words; give vectors"),
        ({"a": [[1.0]] * 4}, {"modalities": {"a": "content_agnostic"}}, "those are text, audio or visual"),
        ({"a": [1.0] * 4}, {"modalities": {"a": "temporal"}}, "name its day and value in days"),
        ({"a": [1.0] * 4}, {"days": {"a": (1, "likes")}}, "'likes'; it may be one of favorite_count"),
        ({"day6_score": [1.0] * 4}, {}, "from 1 to 5"),
        ({"a": [1, "x", 2, 3]}, {}, "read as numbers"),
        ({"a": [1.0] * 4}, {"fusion": "product"}, "fusion is 'product'"),
        ({"a": [1.0] * 4}, {"epochs": 0}, "epochs is 0; it must be a whole number from 1"),
        ({"a": [1.0] * 4}, {"width": 7.5}, r"width is 7\.5; it must be a whole number"),
        ({"a": [1.0] * 4}, {"dropout": 1}, "dropout is 1; it must be a number from"),
        ({"a": [1.0] * 4}, {"batch_size": 0}, "batch_size is 0"),
        ({"a": [1.0] * 4}, {"target": "score"}, "must not be negative"),
    ],
)
def test_what_cannot_be_read_is_named(columns, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        quick(**options).fit(pd.DataFrame(columns), [1.0, 2.0, 3.0, -4.0])


def test_scores_on_the_natural_scale_are_fitted_on_the_log_scale(fitted, posts):
    table, y = posts
    natural = quick(target="score").fit(table, np.expm1(y))
    np.testing.assert_allclose(natural.predict(table), np.expm1(np.maximum(fitted.predict(table), 0.0)), rtol=1e-3)
    assert natural.predict(table).min() >= 0


class TestKeeping:
    def test_a_pickle_holds_json_and_safetensors_and_no_torch(self, fitted, posts):
        table, _ = posts
        stored = pickle.dumps(fitted)
        assert b"torch" not in stored
        assert np.array_equal(pickle.loads(stored).predict(table), fitted.predict(table))
        assert pickle.loads(pickle.dumps(quick(width=7))).width == 7

    def test_saved_and_loaded_it_answers_the_same(self, posts, tmp_path):
        table, y = posts
        options = {"modalities": {"seconds": None}, "days": {"early": (1, "view_count")}}
        table = table.assign(early=y)
        model = quick(**options, epochs=np.int64(2)).fit(table, y)
        model.save(tmp_path / "kept")
        found = MTAFRegressor.load(tmp_path / "kept")
        assert found.get_params() == model.get_params()
        assert np.array_equal(found.predict(table), model.predict(table))
        assert list(found.feature_names_in_) == list(table.columns)
        assert clone(found).get_params() == model.get_params()

    def test_what_is_damaged_or_of_another_kind_is_not_loaded(self, fitted, tmp_path):
        with pytest.raises(BadBundle, match=r"estimator\.json is missing"):
            MTAFRegressor.load(tmp_path)
        fitted.save(tmp_path / "kept")
        tensors = tmp_path / "kept" / "estimator.safetensors"
        whole = tensors.read_bytes()
        tensors.write_bytes(whole[:-9])
        with pytest.raises(BadBundle, match="damaged"):
            MTAFRegressor.load(tmp_path / "kept")
        tensors.write_bytes(whole)
        described = tmp_path / "kept" / "estimator.json"
        document = json.loads(described.read_text())
        described.write_text(json.dumps({**document, "estimator": "Other"}))
        with pytest.raises(BadBundle, match="holds a Other"):
            MTAFRegressor.load(tmp_path / "kept")

    def test_a_parameter_that_json_cannot_hold_is_named_and_nothing_is_written(self, tmp_path):
        X = np.random.default_rng(0).normal(size=(30, 2))
        model = quick(random_state=np.random.RandomState(0), epochs=1).fit(X, X[:, 0])
        with pytest.raises(ValueError, match="random_state is RandomState"):
            model.save(tmp_path / "kept")
        assert not (tmp_path / "kept").exists()


def test_on_real_daily_counts_it_is_better_than_the_last_known_score_at_every_age():
    if not DAILY.is_file():
        pytest.skip(f"no real daily counts in {DAILY}")
    days = pd.read_csv(DAILY).rename(columns={"reply": "comment"})
    days["score"] = 0.2 * days["favorite"] + 0.3 * days["comment"] + 0.5 * days["share"]
    wide = days.pivot(index="bvid", columns="seq_day")
    first = days[days["seq_day"] == 1].set_index("bvid").sort_values("pubdate")
    table = first[["owner_follower", "duration", "tname"]].copy()
    counts = ("favorite", "comment", "share", "view")
    for day in range(1, 6):
        for count in counts:
            table[f"day{day}_{count}_count"] = wide[count][day].loc[table.index].astype(float)
    scores = np.log1p(wide["score"].loc[table.index])
    cut, y = int(0.72 * len(table)), scores[6].to_numpy()
    model = quick(validation="tail").fit(table[:cut], y[:cut])
    for seen in (1, 2, 3, 5):
        later = [f"day{day}_{count}_count" for day in range(seen + 1, 6) for count in counts]
        predicted = model.predict(table[cut:].assign(**dict.fromkeys(later, np.nan)))
        assert ((predicted - y[cut:]) ** 2).mean() < ((scores[seen].to_numpy() - y)[cut:] ** 2).mean()
