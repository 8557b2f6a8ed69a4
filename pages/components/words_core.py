"""Sentences of the core, which speaks English, in Chinese: by their English form, where ``{}`` is any words."""

import re
from functools import cache

from mtaf_core.charts.words import feature_label
from mtaf_core.charts.words_guard import GUARD_WORDS
from mtaf_core.schema import FEATURES, MODALITIES, MODALITY_LABELS

SENTENCES: dict[str, str] = {
    # the file of a clip
    "{} holds neither a picture nor sound that can be decoded; export it again as MP4.":
        "{0} 中没有可解码的画面或声音，请重新导出为 MP4。",
    "{} holds neither picture nor sound; choose a video file.": "{0} 中既无画面也无声音，请选择视频文件。",
    "{} cannot be decoded ({}); export it as MP4 and try again.": "{0} 无法解码（{1}），请导出为 MP4 后重试。",
    "{} is empty; upload or export it again.": "{0} 是空文件，请重新上传或导出。",
    "{} is {} MB, over the limit of {} MB; compress or trim it.": "{0} 为 {1} MB，超过 {2} MB 上限，请压缩或剪短。",
    "{} has no length: it holds no frames; export it again.": "{0} 没有时长：其中没有画面帧，请重新导出。",
    "{} lasts {} s; give a clip of at least {} s.": "{0} 只有 {1} 秒，请提供至少 {2} 秒的视频。",
    "{} lasts {} minutes, over the limit of {}; trim it.": "{0} 长 {1} 分钟，超过 {2} 分钟上限，请剪短。",
    "{} is a folder; give the path of one file.": "{0} 是文件夹，请给出一个文件。",
    "There is no file at {}; check the path.": "{0} 处没有文件，请检查路径。",
    "{} may not be read by this user; change its permissions.": "当前用户无权读取 {0}，请修改其权限。",
    "{} cannot be opened ({}); check the path.": "{0} 无法打开（{1}），请检查路径。",
    "The path of the video is not a valid path; check it.": "视频路径无效，请检查。",
    "{} is not a video that can be read; export it as MP4 and try again.":
        "{0} 不是可读取的视频，请导出为 MP4 后重试。",
    "{} is not a picture that can be read; export it as JPEG and try again.":
        "{0} 不是可读取的图片，请导出为 JPEG 后重试。",
    "{} is not a song that can be read; export it as MP3 and try again.":
        "{0} 不是可读取的音乐，请导出为 MP3 后重试。",
    "{} is a PDF document; export the page as JPEG or PNG and try again.":
        "{0} 是 PDF 文档，请将页面导出为 JPEG 或 PNG 后重试。",
    "{} is a HEIC or AVIF picture, which cannot be read here; export it as JPEG or PNG.":
        "{0} 是 HEIC 或 AVIF 图片，此处无法读取，请导出为 JPEG 或 PNG。",
    "{} is an SVG drawing, which has no pixels to look at; export it as PNG.":
        "{0} 是 SVG 矢量图，没有可分析的像素，请导出为 PNG。",
    "{} is cut short or damaged; save or export the picture again.": "{0} 不完整或已损坏，请重新保存或导出图片。",
    "{} has more than {} million pixels; make it smaller.": "{0} 超过 {1} 百万像素，请缩小。",
    "{} is a picture, which has no seconds to choose from; release the whole of it.":
        "{0} 是图片，没有可选择的时段，请使用整张图片。",
    "{} is {}×{} pixels; each side must be {} to {}; resize it.":
        "{0} 为 {1}×{2} 像素，每边须在 {3} 到 {4} 之间，请调整大小。",
    "{} is cut short: its index is missing; export or upload it again.":
        "{0} 不完整：缺少索引，请重新导出或上传。",
    "No excerpt of '{}' can be played here ({}); export it as an mp4.":
        "此处无法播放“{0}”的片段（{1}），请导出为 mp4。",
    "No excerpt of '{}' can be kept in {} ({}); make room there.":
        "无法在 {1} 保存“{0}”的片段（{2}），请清理空间。",
    "The upload cannot be kept in {} ({}); make room there or choose another workspace.":
        "无法将上传保存到 {0}（{1}），请清理空间或更换工作区。",
    "{} lasts {} s, so that nothing is left of seconds {} to {}; choose a part within it.":
        "{0} 长 {1} 秒，第 {2} 到 {3} 秒之间没有内容，请选择其中的一段。",
    "The clip cannot begin at second {}; give one from 0 to {}.": "视频不能从第 {0} 秒开始，请给出 0 到 {1} 秒。",
    "The clip cannot end at second {} when it begins at {}; give a later end.":
        "视频从第 {1} 秒开始，不能在第 {0} 秒结束，请给出更晚的结束时间。",
    # what was missing or damaged in it
    "A picture has no sound and no length; the forecast is made without them.": "图片没有声音和时长，预测未使用它们。",
    "A song has no picture; the forecast is made without it.": "音乐没有画面，预测未使用画面。",
    "There are words alone, no clip; the forecast is made without picture, sound and length.":
        "只有文案，没有视频；预测未使用画面、声音和时长。",
    "The sound is muted; the forecast is made without it.": "声音已静音，预测未使用声音。",
    "The file has no picture that can be read; the forecast is made without it.":
        "文件中没有可读取的画面，预测未使用画面。",
    "The file has no sound that can be read; the forecast is made without it.":
        "文件中没有可读取的声音，预测未使用声音。",
    "The picture is damaged: {} of its packets were skipped, the rest is used.":
        "画面有损坏：跳过了 {0} 个数据包，其余照常使用。",
    "The sound is damaged: {} of its packets were skipped, the rest is used.":
        "声音有损坏：跳过了 {0} 个数据包，其余照常使用。",
    "The file is damaged or cut short; what could be read is used.": "文件损坏或不完整，已使用能读取的部分。",
    "The picture stops early: only {} of {} frames could be read.": "画面提前结束：{1} 帧中只读到 {0} 帧。",
    "The sound is silent for the first {} seconds.": "前 {0} 秒没有声音。",
    "{} gave no finite numbers for the {}; it is left out.": "{0} 未能给出{1}的有效数值，已略去。",
    "Vectors could not be kept for next time ({}); the result is not affected.":
        "向量未能保存以备下次使用（{0}），结果不受影响。",
    "The {} device ran out of memory; {} was run on the CPU.": "{0} 设备内存不足，{1} 改在 CPU 上运行。",
    # what makes a forecast less sure
    "No KOL was given, so the forecast is for an average KOL and its range is not to be trusted.":
        "未指定达人，预测按平均达人计算，其区间不可信。",
    "The counts of day {} are what is being predicted, so they were not used.":
        "第 {0} 天的计数正是预测目标，因此未被使用。",
    "'{}' is no {} this market knows, so the {} counts as unknown.":
        "市场数据中没有“{0}”这一{1}，因此{2}按未知处理。",
    "Counts fall from day {} to day {}, though they are totals so far; "
    "check that they are not the new ones of each day.":
        "累计计数从第 {0} 天到第 {1} 天下降，请检查是否误填了每日新增。",
    "The bundle learnt {} from '{}', which cannot be computed here, so it is left out.":
        "模型的{0}取自“{1}”，此处无法计算，因此略去。",
    # what a person says of a video
    "There are {} hashtags; give at most {}.": "共 {0} 个话题，最多 {1} 个。",
    "The hashtag '{}' is longer than {} characters; shorten it.": "话题“{0}”超过 {1} 个字符，请缩短。",
    "The description has {} characters; give at most {}.": "文案有 {0} 个字符，最多 {1} 个。",
    "The upload time {} is out of range; give one from 2010 to two years from now.":
        "发布时间 {0} 超出范围，请给出 2010 年至今后两年内的时间。",
    "'{}' is {}; give a whole number.": "“{0}”为 {1}，请给出整数。",
    "'{}' is {}; give a number from {} to {}.": "“{0}”为 {1}，请给出 {2} 到 {3} 之间的数。",
    "'{}' is {}; give a whole number from 0 to {}.": "“{0}”为 {1}，请给出 0 到 {2} 的整数。",
    "'{}' has {} characters; give at most {}.": "“{0}”有 {1} 个字符，最多 {2} 个。",
    "'{}' is longer than {} characters; shorten it.": "“{0}”超过 {1} 个字符，请缩短。",
    "{} holds characters that are not Unicode; type it again, as UTF-8.":
        "{0} 含有非 Unicode 字符，请以 UTF-8 重新输入。",
    "There is no time zone '{}'; give a name such as Asia/Shanghai.": "没有时区“{0}”，请给出如 Asia/Shanghai 的名称。",
    "No KOL '{}' in this workspace; pick one that is, or give their numbers (on the command line with "
    "--uploader-json).":
        "此工作区中没有达人“{0}”，请选择已有达人或输入其数据。",
    "There are {} edits, and at most {} can be told apart; keep some as the new start.":
        "共有 {0} 处改动，最多能区分 {1} 处，请将其中一些设为新的起点。",
    # scenarios
    "A scenario needs a name of 1 to {} printable characters; type another one.":
        "方案名称须为 1 到 {0} 个可显示字符，请重新输入。",
    "This scenario holds something that cannot be kept as text; change it and save again.":
        "此方案含有无法保存为文本的内容，请修改后重新保存。",
    "This scenario has {} characters, more than {}; shorten it.": "此方案有 {0} 个字符，超过 {1} 个，请缩短。",
    "This scenario has no forecast that could be kept; make one first.": "此方案没有可保存的预测，请先进行预测。",
    "There are {} scenarios already; delete one first.": "已有 {0} 个方案，请先删除一个。",
    "This scenario is not here any more; somebody may have deleted it.": "此方案已不存在，可能已被他人删除。",
    "Another change to the scenarios is under way; try again.": "方案正在被修改，请重试。",
    "The scenarios cannot be written to {} ({}).": "方案无法写入 {0}（{1}）。",
    "The scenarios in {} cannot be read; put the file back from a backup, or remove it.":
        "{0} 中的方案无法读取，请用备份恢复该文件，或将其删除。",
    # lists and ranges
    "A list needs a name of 1 to {} printable characters; type another one.":
        "清单名称须为 1 到 {0} 个可显示字符，请重新输入。",
    "'{}' names no KOL; members of a list are written platform:id.": "“{0}”不是达人，清单成员写作 平台:id。",
    "A list holds at most {} KOLs, and this would be {}; make a second one.":
        "一个清单最多 {0} 位达人，现为 {1} 位，请另建一个。",
    "There are {} lists already; delete one first.": "已有 {0} 个清单，请先删除一个。",
    "There is no list '{}'; it may have been deleted or renamed.": "没有清单“{0}”，可能已被删除或改名。",
    "There is a list '{}' already; choose another name.": "已有清单“{0}”，请换一个名称。",
    "Another change to the lists of KOLs is under way; try again.": "达人清单正在被修改，请重试。",
    "The lists of KOLs cannot be written to {} ({}).": "达人清单无法写入 {0}（{1}）。",
    "The lists of KOLs in {} cannot be read; put the file back from a backup, or remove it.":
        "无法读取 {0} 中的达人清单，请从备份恢复或删除该文件。",
    "The usual ranges in {} cannot be read; put the file back from a backup, or remove it.":
        "无法读取 {0} 中的常见范围，请从备份恢复或删除该文件。",
    "The usual ranges cannot be written to {} ({}).": "常见范围无法写入 {0}（{1}）。",
    "A range from {} to {} cannot be; give the lower number first, none below 0.":
        "范围 {0} 到 {1} 不成立：请先写较小的数，且不得小于 0。",
    "Active means days from 1 to 3650 and videos a week from 0 to 100; correct them.":
        "“活跃”的天数须为 1 到 3650，每周视频数须为 0 到 100，请修改。",
    # bundles and workspaces
    "There is no bundle in {}: {} is missing; {}": "{0} 中没有模型：缺少 {1}，请重新训练。",
    "{} in {} is damaged and cannot be read; {}": "{1} 中的 {0} 已损坏，无法读取，请重新训练。",
    "The bundle {} has format {}, and this version reads format {}; {}":
        "模型 {0} 的格式为 {1}，而此版本读取格式 {2}，请重新训练。",
    "{} in {} is damaged: its checksum differs; {}": "{1} 中的 {0} 已损坏：校验和不符，请重新训练。",
    "The bundle {} was made for other features: {}; {}": "模型 {0} 对应其他特征（{1}），请重新训练。",
    "{} is missing from the bundle {} or cannot be read; {}": "模型 {1} 缺少 {0} 或其无法读取，请重新训练。",
    "{} in the bundle {} is damaged: its checksum differs; {}": "模型 {1} 中的 {0} 已损坏：校验和不符，请重新训练。",
    "No bundle has been trained in {}; run: {}": "{0} 中尚未训练模型，请运行：{1}",
    "{}, which names the bundle in use, cannot be read; train again with: {}":
        "指明所用模型的 {0} 无法读取，请重新训练：{1}",
    "The bundle in use, {}, is missing from {}; train again with: {}": "{1} 中缺少正在使用的模型 {0}，请重新训练：{2}",
    "There is no workspace in {}; make the demo one with: {}": "{0} 中没有工作区，可用以下命令建立演示工作区：{1}",
    "The workspace {} cannot be written ({}); choose another folder with --workspace.":
        "工作区 {0} 无法写入（{1}），请用 --workspace 选择其他文件夹。",
    "A workspace needs a name of at most {} characters.": "工作区需要一个不超过 {0} 个字符的名称。",
    "{} is not beside {}; name it with --workspace or {} instead.":
        "{0} 不在 {1} 旁边，请改用 --workspace 或 {2} 指定。",
    "The choice cannot be written to {} ({}); name it with {} instead.": "选择无法写入 {0}（{1}），请改用 {2} 指定。",
    # work
    "The process that reads clips ended by itself ({} {}), perhaps for lack of memory; try again.":
        "读取视频的进程意外结束（{0} {1}），可能是内存不足，请重试。",
    "{} is '{}'; set it to a number of days from 1 to 36500.": "{0} 为“{1}”，请设为 1 到 36500 之间的天数。",
    "'{}' is no clip that was uploaded.": "“{0}”不是已上传的视频。",
    "'{}' is still under way; wait for it to end, or stop it.": "“{0}”仍在进行，请等待其结束或停止它。",
    "Stopped during '{}'; what was finished before is kept.": "已停止，此前完成的部分已保留。",
}  # fmt: skip


def in_chinese(sentence: str) -> str:
    """A sentence of the core in Chinese; one that is not known stays as it is."""
    for pattern, words in _patterns():
        if found := pattern.fullmatch(sentence):
            return words.format(*(_label(part) for part in found.groups()))
    return sentence


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    # The longest fixed text first: of two forms that fit, it is the one that says more.
    forms = sorted({**_guards(), **SENTENCES}.items(), key=lambda one: -len(one[0].replace("{}", "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, form.split("{}"))), re.DOTALL), words) for form, words in forms
    )


def _guards() -> dict[str, str]:
    """The sentences about what cannot be, in the form of `SENTENCES`."""
    found = {}
    for english, chinese in (GUARD_WORDS[f"guard_{reason}"] for reason in _IMPOSSIBLE):
        names = re.findall(r"{(\w+)}", english)
        for place, name in enumerate(names):
            chinese = chinese.replace(f"{{{name}}}", f"{{{place}}}")
        found[re.sub(r"{\w+}", "{}", english)] = chinese
    return found


_IMPOSSIBLE = ("after", "range", "longer", "views", "no_tags")
"""The reasons of `mtaf_core.insight.guard` for which a release is refused."""


@cache
def _labels() -> dict[str, str]:
    facts = {feature.label.lower(): feature_label(feature.name, "zh") for feature in FEATURES}
    kinds = {MODALITY_LABELS[m].lower(): _MODALITIES[m.value] for m in MODALITIES}
    return facts | kinds | _MODALITIES


_MODALITIES = {
    "content_agnostic": "背景信息", "text": "文本", "audio": "声音", "visual": "画面", "temporal": "早期走势",
}  # fmt: skip


def _label(part: str) -> str:
    return _labels().get(part.lower(), part)
