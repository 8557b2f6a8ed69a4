"""The words of editing a clip, English and Chinese, by key."""

CLIP_WORDS: dict[str, tuple[str, str]] = {
    "edit_clip": ("Edit the clip", "剪辑视频"),
    "edit_part": ("Seconds released", "发布的片段（秒）"),
    "edit_part_help": (
        "The clip is judged by the first ten seconds of this part, and is as long as the part.",
        "按此片段的前十秒判断内容，时长即片段的长度。",
    ),
    "edit_mute": ("Mute the sound", "静音"),
    "edit_no_sound": ("This clip has no sound.", "该视频没有声音。"),
    "edit_whole": ("Use the whole clip", "使用完整视频"),
    "edit_note": (
        "A trial: the file itself stays as it is. Only sound and picture are read again, and for a mute nothing is.",
        "仅为试算，原文件不变。剪辑后只重新读取声音与画面，静音则无需重新读取。",
    ),
    "take_part": ("seconds {start}–{end}", "第 {start}–{end} 秒"),
    "take_from": ("from second {start}", "从第 {start} 秒开始"),
    "take_muted": ("no sound", "无声音"),
    "take_other": ("another one", "换成另一条"),
    "take_whole": ("whole, as it is", "完整，未改动"),
    "take_and": (", ", "，"),
    "clip_edited": ("Clip: {what}", "视频：{what}"),
    "missing_muted": (
        "The sound is muted, so the model leaves it out and relies on the rest.",
        "声音已静音，模型已忽略声音，仅依据其余信息。",
    ),
    "keep_form": ("Keep what the form says", "保留表单内容"),
    "keep_form_help": (
        "On: the other clip takes this one's place and everything else stays, so that the two can be compared. Off: a "
        "sample brings its own details along and becomes the new start.",
        "开启：仅更换视频，其余不变，便于比较。关闭：示例视频会带入自己的发布信息，并作为新的起点。",
    ),
}
