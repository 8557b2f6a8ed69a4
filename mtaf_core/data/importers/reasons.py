"""Why something was not imported, as a code and values that any language can put into words; English is kept here.

Other languages are the business of whoever shows them: `Reason.code` names the sentence, `Reason.values` fill it in.
"""

from collections.abc import Mapping
from typing import Any

from mtaf_core.errors import BadInput, MtafError

_ARRAYS = (
    "give an .npz with 'ids' and 'vectors' (or one vector under each id), one .npy of one vector named by the video's "
    "id, or Parquet with 'video_id' and 'vector'"
)

SENTENCES: dict[str, str] = {
    "other": "{sentence}",
    # one value
    "not_count": "This is not a count.",
    "count_whole": "A count is a whole number.",
    "count_negative": "A count cannot be negative; a number this low may have overflowed where it was written.",
    "count_above": "A count above {most} cannot be right.",
    "not_number": "This is not a number.",
    "not_length": "This is not a length of time.",
    "length_of_no_video": "This is not the length of a video; the unit may be milliseconds.",
    "not_time": "This is not a time.",
    "time_out_of_range": "This time is out of range.",
    "day_or_month": "Day and month cannot be told apart; say in the mapping which comes first.",
    "no_such_time": "There is no such day or time.",
    "year_wrong": "The year {year} cannot be right.",
    "not_flag": "This is neither yes nor no.",
    "id_rounded": "This id has been rounded; export ids as text.",
    "not_id": "This is not an id.",
    "id_formula": "This is a formula, not an id; export ids as text.",
    "id_negative": "An id cannot be negative.",
    # one row or record
    "key_missing": "'{column}' is missing.",
    "tag_long": "The hashtag is longer than {most} characters.",
    "no_zone": "There is no such time zone.",
    "below_zero_count": "A count cannot be negative.",
    "count_large": "A count above {most} cannot be right.",
    "below_zero": "It cannot be negative.",
    "out_of_range": "Not from {low} to {high}.",
    "no_code": "It is none of {codes}.",
    "before_all": "It is before short videos existed.",
    "in_future": "It lies in the future; day and month may be swapped.",
    "before_upload": "It is before the upload of the video.",
    "unfit": "It does not fit.",
    "cells": "It has {n} cells where the header has {header}.",
    "cells_over_lines": (
        "Over {lines} lines it has {n} cells where the header has {header}; a quotation mark may be missing."
    ),
    "no_object": "It is no object.",
    "no_id": "This record has no id.",
    "nothing_here": "There is no post or profile here.",
    "column_absent": "There is no such column, which the mapping '{mapping}' reads.",
    "sheet_unread": "Only the first sheet with rows is read; save this one as a file of its own.",
    "line_not_json": "This line is not JSON.",
    "vector_gap": "A number of its '{backbone}' vector is missing.",
    # one file
    "empty": "{name} is empty; name a file with data.",
    "no_rows": "{name} has no rows; name a file with data.",
    "no_data": "{name} holds no data; it needs files such as {endings}.",
    "no_file": "There is no file or folder {name}; check the name.",
    "no_match": "No file matches {name}; check the pattern and the folder.",
    "neither_file": "{name} is neither a file nor a folder; name a file of data.",
    "no_permission": "{name} cannot be read ({fault}); check its permissions.",
    "disk": "{name} cannot be read ({fault}); check the disk.",
    "too_many_files": "{name} brings more than {most} files; import it in parts.",
    "damaged": "{name} is cut off or damaged ({fault}); download or copy it again.",
    "bomb": "{name} unpacks to {times} times its size or more; it looks like a bomb.",
    "zip_empty": "{name} is an empty ZIP archive.",
    "zip_not": "{name} is not a ZIP archive; it may be cut off or of another kind.",
    "zip_cut": "{name} is not a whole ZIP archive ({fault}); download or copy it again.",
    "zip_big": "{name} unpacks to more than {gb} GB; import it in parts.",
    "zip_locked": "{name} is locked with a password; unlock the archive first.",
    "zip_in_zip": "{name} is an archive inside an archive; unpack the outer one first.",
    "not_text": "{name} is not text; name a file of JSON, CSV, Parquet or XLSX.",
    "no_encoding": "{name} is neither UTF-8, UTF-16 with its mark, nor GB18030; save it again as UTF-8.",
    "stops_encoding": "{name} stops being {encoding} text near byte {byte}; save it again as UTF-8.",
    "stops_utf8": "{name} stops being UTF-8 text; save it again as UTF-8.",
    "web_page": "{name} is a web page; save the data behind it as JSON or CSV.",
    "no_format": "{name} is in no known format; name one with --format, or save it as CSV with a header.",
    "no_such_format": "There is no format '{format}' of JSON; use one of {formats}.",
    "other_format": "{name} has no post or profile that this format knows; choose another format.",
    "json_unknown": "{name} is JSON without a post or profile in a known format; name one with --format.",
    "json_cut": "{name}, line {line}: the file ends in the middle of a record; download or copy it again.",
    "not_json": "{name}, line {line}: this is not JSON ({text}); export the file again.",
    "record_long": (
        "{name}, line {line}: a single record is longer than {millions} million characters, which no post is; "
        "export one record a line."
    ),
    "ids_rounded": "The ids in {name} have been rounded, ending in zeros; export ids as text.",
    # one table
    "no_header": "{name} has no header line; name the columns in its first line.",
    "no_id_column": (
        "No column of {name} names a video or a KOL by an id (it has {columns}); say which one does in a mapping."
    ),
    "too_many_columns": "{name} has {n} columns; that is no table of videos.",
    "cell_long": "{name} has a cell of {kb} kB in '{column}'; a quotation mark may be missing.",
    "row_long": "{name} has a row of over {mb} MB; a quotation mark may be missing.",
    "not_csv": "{name} is not a table of CSV ({fault}).",
    "parquet_damaged": "{name} is cut off or damaged ({fault}).",
    "xlsx_big": "{name} is over {mb} MB; save it as CSV or Parquet.",
    "no_sheet": "{name} has no sheet; save the table as CSV.",
    "not_xlsx": "{name} is no XLSX file, or damaged ({fault}); save it again.",
    "ids_lost_digits": (
        "The ids in column '{column}' of {name} have lost their last digits, as a spreadsheet does it; "
        "export them again as text."
    ),
    "mapping_silent": "The mapping '{mapping}' says nothing about files such as {name}.",
    "mapping_column": "{name} has no column '{column}', which the mapping '{mapping}' reads; it has {columns}.",
    "mapping_constant": "The mapping '{mapping}' gives '{column}' the value {value}: {reason}",
    "join_alone": "{name} can only be read beside a file {pattern}; import both together.",
    "join_rows": "{pattern} has over {most} rows, too many to join; join it before.",
    "join_key": "There is no column '{column}' to join {pattern} by.",
    "join_column": "{name} has no column '{column}', which a mapping takes from it.",
    # arrays
    "arrays_of_what": "{name} holds arrays; say what they are with --modality and --backbone.",
    "arrays_modality": "The modality of {name} is '{modality}'; use text, audio or visual.",
    "arrays_empty": f"{{name}} holds no vector; {_ARRAYS}.",
    "arrays_axes": f"{{name}} has {{n}} axes and no ids; {_ARRAYS}.",
    "not_npz": "{name} is no NPZ file, or cut off ({fault}).",
    "arrays_which": f"{{name}} has arrays {{arrays}}; {_ARRAYS}.",
    "arrays_no_column": f"{{name}} has no column 'video_id'; {_ARRAYS}.",
    "arrays_id": "{name} has an id that is missing or rounded in '{column}'; export ids as text.",
    "arrays_ids_only": f"{{name}} has ids and nothing else; {_ARRAYS}.",
    "arrays_lists": "'{column}' in {name} must hold lists of numbers, not {kind}.",
    "arrays_lengths": "The vectors in {name} differ in length or are missing; give all of them the same.",
    "arrays_big": "{name} is over {gb} GB; split it, or use Parquet.",
    "arrays_plain": "'{array}' in {name} is no plain array ({fault}).",
    "arrays_id_kind": "The ids in {name} must be one list of texts, not {kind} of {n} axes.",
    "arrays_shape": f"The vectors in {{name}} are {{kind}} of {{shape}}; {_ARRAYS}.",
    "arrays_count": "{name} has {ids} ids and {vectors} vectors; give each vector its id.",
    "arrays_infinite": "The vector of video '{video}' in {name} has a number that is not finite.",
    "arrays_twice": "{name} has two vectors of video '{video}'; keep one of them.",
    "arrays_mixed": (
        "The {modality} vectors called '{backbone}' differ in length ({lengths}); give each kind a name of its own."
    ),
    "arrays_no_id": f"{{name}} has a vector without an id; {_ARRAYS}.",
    # the whole import
    "nothing_read": "Nothing that was named can be read: {reason}",
    "other_files": "They are for other files than these.",
    # clips
    "clip_no_video": "No video has such an id.",
    "clip_several": "Its name holds the ids of several videos: {ids}.",
    "clip_platforms": "Several platforms have the video {video}: {platforms}.",
    "clip_taken": "The video {video} has {file} already.",
    "clip_gone": "There is no such file.",
    "clip_no_file": "It is not a file.",
    "clip_columns": "{name} needs the columns video_id and path; it has {columns}.",
    # uploaders to follow
    "list_line": "{where}: '{said}' is neither a URL nor a handle; write one a line.",
    "list_home": "{where}: handles of '{platform}' lead to no page yt-dlp can list; write the URL of the page.",
    "list_nobody": "{where} names no uploader; write a URL or a handle a line.",
    "list_big": "{where} is over {mb} MB; that is no list of uploaders.",
    "list_unreadable": "The list {where} cannot be read: {fault}.",
    "list_not_text": "The list {where} cannot be read: it is not UTF-8 text.",
    "list_stranger": "{page} is on none of the sites that this server follows ({sites}).",
    # a batch of releases
    "batch_columns": "{name} has no column that a batch reads ({wanted}); it has {columns}.",
    "batch_long": "{name} has more than {most} rows; split it.",
    "batch_no_rows": "{name} has no rows under its header; write one a release, in a workbook on the first sheet.",
    "batch_no_clips": "No clip was given under this name; give it beside the table.",
    "batch_no_clip": "None of the {n} clips given has this name.",
    "batch_clips": "{n} clips given have this name; name them apart.",
    "batch_no_kol": "No KOL of the workspace has this id or nickname.",
    "batch_kols": "{n} KOLs have this nickname; give the id of one.",
    "batch_nothing": "It has neither a clip nor words.",
    "batch_fault": "A fault of ours, reference {reference}; the details are in the log.",
    "track_missing": "Tracking needs yt-dlp, which is not installed; run: pip install -r requirements/track.txt",
    "track_numbers": "The seconds between requests are from 0 to 3600, and the videos of an uploader at least 1.",
    "track_nobody_read": "None of the {n} uploaders could be read; {page}: {why}",
}
"""English by code; what stands in braces is filled in by the values."""


class Reason(str):
    """Why something was not imported: the English sentence, and what it was made of.

    Parameters
    ----------
    code : str
        One of `SENTENCES`.
    values : mapping of str to str
        What fills in the sentence; a value that is itself a `Reason` is a sentence as well.
    """

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, str]

    def __new__(cls, code: str, values: Mapping[str, str]) -> "Reason":
        made = super().__new__(cls, SENTENCES[code].format(**values))
        made.code, made.values = code, values
        return made


def say(code: str, **values: Any) -> Reason:
    """The reason called ``code``, its values as text.

    Raises
    ------
    KeyError
        If there is no such reason, or a value of it is not given.
    """
    return Reason(code, {name: value if isinstance(value, str) else str(value) for name, value in values.items()})


def reason_of(error: MtafError) -> Reason:
    """Why ``error`` was raised; one that has no code is its sentence."""
    return error.reason if isinstance(error, Refused) else say("other", sentence=str(error))


class Refused(BadInput):
    """A value, row or file that cannot be imported; ``reason`` says why in a form that can be put into any language."""

    def __init__(self, code: str, **values: Any) -> None:
        self.reason = say(code, **values)
        super().__init__(self.reason)
