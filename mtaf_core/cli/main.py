"""The parser, and how every verb ends: 0 done, 2 bad input in one sentence, 1 a fault of ours with a reference id."""

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from mtaf_core import __version__, faults
from mtaf_core.cli import batch, data, evaluating, tracked, verbs
from mtaf_core.errors import MtafError
from mtaf_core.schema import HORIZON_DAY


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other bad input is said."""

    def error(self, message: str) -> NoReturn:
        print(f"mtaf: {' '.join(message.split())}; see '{self.prog} --help'.", file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name; those of the process where it is not given.

    Returns
    -------
    int
        The exit status: 0 done, 2 bad input, 1 a fault of ours.
    """
    _prepare_streams()
    options = _parser().parse_args(argv)
    try:
        with contextlib.redirect_stdout(sys.stderr):  # a library's chatter must not end up in the JSON
            answer = options.run(options)
        _write(_text(answer, options.json))
    except MtafError as error:
        print(f"mtaf: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mtaf: Stopped; what was finished before is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except _OutputError as error:
        print(f"mtaf: The answer cannot be written to the output ({error}); free space there.", file=sys.stderr)
        return 2
    except Exception as error:
        reference = faults.record(error, _logs(options))
        print(f"mtaf: A fault of ours, reference {reference}: {_one_line(error)}", file=sys.stderr)
        return 1
    return 0


class _OutputError(Exception):
    """The answer is there and its stream does not take it: a full disk, most often."""


def _write(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try once more at its end, and say so in a trace.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise _OutputError(error.strerror or str(error)) from error


def _prepare_streams() -> None:
    """Make both streams take any text; one that the caller closed leads nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _text(answer: verbs.Answer, as_json: bool) -> str:
    if as_json:
        return json.dumps(answer.document, ensure_ascii=not _takes_unicode(), allow_nan=False, indent=1)
    return answer.text


def _takes_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")


def _logs(options: argparse.Namespace) -> Path | None:
    """Where a fault is kept, or None; it is asked while a fault is handled, and so must not raise."""
    try:
        folder = verbs.workspace_path(options)
        return folder / "logs" if folder.is_dir() else None
    except (MtafError, OSError, RuntimeError, ValueError):
        return None


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mtaf_core", description="How popular will this clip be on day 6, and why?")
    parser.add_argument("--version", action="version", version=f"MTAF {__version__}")
    names = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    demo = _verb(names, "demo", verbs.demo, "build or refresh the demo workspace")
    demo.add_argument("--rebuild", action="store_true", help="simulate, render, extract and train it all again")
    demo.add_argument("--ship", action="store_true", help="with --rebuild: replace the demo market in assets/demo")

    _verb(names, "status", verbs.status, "tables, rows, coverage, bundles, freshness")

    data.add_import(_verb(names, "import", data.import_, "bring data in: rows are added or brought up to date"))
    data.add_undo(_verb(names, "undo", data.undo, "go back to an older version of the tables"))
    tracked.add_track(_verb(names, "track", tracked.track, "add today's counts of uploaders, through yt-dlp"))
    tracked.add_link_media(_verb(names, "link-media", tracked.link_media, "link clips in a folder to their videos"))

    extract = _verb(names, "extract", verbs.extract, "embed the text, sound and picture of every video")
    extract.add_argument(
        "--backbones", choices=["compact", "paper"], default="compact",
        help="backbone profile; 'paper' reads Chinese or any language, as the market's platform asks",
    )  # fmt: skip
    _device(extract)

    train = _verb(names, "train", verbs.train, "train a bundle on the whole market and put it in use")
    train.add_argument("--horizon-day", type=int, default=HORIZON_DAY, help="the day predicted (default %(default)s)")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument(
        "--max-videos",
        type=int,
        metavar="N",
        help="latest videos that all parts but the networks learn from, at most (default 200000)",
    )
    _device(train)

    evaluate = _verb(names, "evaluate", evaluating.evaluate, "measure every method on videos it did not learn from")
    evaluating.add_evaluate(evaluate)

    predict = _verb(names, "predict", verbs.predict, "forecast one clip, with its reasons")
    _candidate(predict)

    whatif = _verb(names, "whatif", verbs.whatif, "the forecast of one clip before and after edits")
    _candidate(whatif)
    whatif.add_argument(
        "--set", dest="edits", action="append", required=True, metavar="KEY=VALUE",
        help="an edit, for instance upload_hour=20 or end=9 or mute=true; repeat it for more",
    )  # fmt: skip

    ranked = _verb(names, "batch", batch.batch, "rank many clips, or the rows of a table, by their forecasts")
    batch.add_batch(ranked)
    _common(ranked)

    backbones = _verb(names, "backbones", verbs.backbones, "which pretrained weights are here; get the others")
    backbones.add_argument("--profile", choices=["compact", "paper", "paper-multilingual"], default="paper")
    backbones.add_argument("--weights", type=Path, metavar="DIR", help="where weights are kept")
    source = backbones.add_mutually_exclusive_group()
    source.add_argument("--download", action="store_true", help="download what is missing")
    source.add_argument("--from", dest="folder", type=Path, metavar="DIR", help="take the files from a folder")
    return parser


def _verb(names: Any, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = names.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
    parser.set_defaults(run=run)
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="default: MTAF_WORKSPACE, else ./workspace")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto")


def _candidate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "video",
        type=Path,
        nargs="?",
        metavar="CLIP",
        help="a video, a picture or a song; none to judge the words alone",
    )
    _common(parser)
    parser.add_argument("--start", type=float, default=0.0, metavar="S", help="the second at which the clip begins")
    parser.add_argument(
        "--end", type=float, metavar="S", help="the second at which it ends; at its own end if not given"
    )
    parser.add_argument("--mute", action="store_true", help="take its sound away")
    parser.add_argument("--snapshots", type=Path, metavar="FILE", help="daily counts so far, JSON or CSV")


def _common(parser: argparse.ArgumentParser) -> None:
    """What is said about a release around its clip."""
    parser.add_argument("--description", default="", help="the text of the post")
    parser.add_argument("--tags", default="", metavar="A,B", help="hashtags, separated by commas")
    kol = parser.add_mutually_exclusive_group()
    kol.add_argument("--uploader", metavar="ID", help="a KOL of the workspace")
    kol.add_argument("--uploader-json", type=Path, metavar="FILE", help="a KOL's numbers, as columns of `uploaders`")
    parser.add_argument("--upload-time", metavar="ISO", help="when it is released; now where not given")
    parser.add_argument("--product-link", action=argparse.BooleanOptionalAction, help="whether a product link is shown")
    _device(parser)
