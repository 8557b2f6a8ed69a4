"""The words of scenarios, of undo and redo, and of links to Check a video, English and Chinese, by key."""

SCENARIO_WORDS: dict[str, tuple[str, str]] = {
    "see_scenarios": ("Scenarios", "方案"),
    # undo, redo and links
    "edit_undo": ("Undo the last change", "撤销上一步修改"),
    "edit_redo": ("Redo what was undone", "重做已撤销的修改"),
    "link_clip_gone": (
        "This clip is not kept here any more; upload it again.",
        "该视频已不再保留，请重新上传。",
    ),
    "link_scenario_gone": (
        "There is no scenario '{id}' here; it may have been deleted.",
        "此处没有方案“{id}”，可能已被删除。",
    ),
    "link_compare_gone": (
        "{n} of the scenarios in this link are not here any more; the others are shown.",
        "链接中有 {n} 个方案已不存在，仅显示其余方案。",
    ),
    "link_brief_bad": (
        "The form in this link cannot be read, so it was left out; the link may have been cut short.",
        "此链接中的表单无法读取，已忽略；链接可能不完整。",
    ),
    # guard rails along a field
    "map_outside": (
        "Veiled rows and columns are unlike anything in the market, so their forecast is a guess. {example}",
        "淡化的行或列超出本市场已有范围，其预测仅为推测。{example}",
    ),
    "sweep_outside": (
        "Grey, open points ({n}) are unlike anything in the market, so their forecast is a guess. {example}",
        "灰色空心点（{n} 个）超出本市场已有范围，其预测仅为推测。{example}",
    ),
    # saving
    "scenario_save": ("Save as scenario", "存为方案"),
    "scenario_name": ("Name", "名称"),
    "scenario_save_go": ("Save", "保存"),
    "scenario_saved": ("Saved: {name}", "已保存：{name}"),
    "scenario_saved_help": (
        "Kept in this workspace: everybody who uses it sees it, under Scenarios.",
        "保存在此工作区，所有使用者都能在“方案”中看到。",
    ),
    "scenario_name_needed": ("Give the scenario a name.", "请填写方案名称。"),
    "scenario_unread": (
        "'{name}' was saved by another version and cannot be put into the form; its saved figures stay.",
        "“{name}”由其他版本保存，无法填入表单；保留其已存数值。",
    ),
    "scenario_as_is": ("As it is", "现状"),
    "scenario_name_kol": ("KOL {kol}", "达人 {kol}"),
    "scenario_name_typed": ("typed KOL", "手动填写的达人"),
    "scenario_name_tags": ("tags {tags}", "话题 {tags}"),
    "scenario_name_tagless": ("no tags", "无话题"),
    "scenario_name_product": ("product link: {said}", "商品链接：{said}"),
    "scenario_name_new": ("new {field}", "新{field}"),
    # the list
    "scenario_head": ("Saved scenarios", "已保存的方案"),
    "scenario_lead": (
        "Choose up to {most} to compare. They are kept in this workspace, for everybody who uses it.",
        "最多选择 {most} 个进行比较。方案保存在此工作区，所有使用者可见。",
    ),
    "scenario_none": (
        "Nothing is saved yet. Choose a clip, fill in the form, then **Save as scenario**; change something and save "
        "again to compare the two.",
        "尚无方案。选择视频并填写表单后点击**存为方案**；修改后再次保存即可比较。",
    ),
    "scenario_find": ("Find a scenario", "查找方案"),
    "scenario_more": (
        "{shown} of {n} are listed; type part of a name to find another.",
        "共 {n} 个，列出 {shown} 个；输入名称可查找其他方案。",
    ),
    "scenario_compare": ("Compare", "比较"),
    "scenario_compare_them": ("Compare them", "比较方案"),
    "scenario_full": ("{most} are compared already; take one away first.", "已选择 {most} 个，请先取消一个。"),
    "scenario_line": ("{score} ({low}–{high}) · {clip} · {day}", "{score}（{low}–{high}）· {clip} · {day}"),
    "scenario_open": ("Open", "打开"),
    "scenario_open_help": ("Put it back into the form, its clip too", "填回表单，并恢复其视频"),
    "scenario_pin": ("Pin: first in the list, and what others are compared with", "置顶：排在最前，并作为比较基准"),
    "scenario_unpin": ("Unpin", "取消置顶"),
    "scenario_manage": ("Rename, share or delete", "重命名、分享或删除"),
    "scenario_rename": ("Rename", "重命名"),
    "scenario_link": ("Link to it", "链接"),
    "scenario_delete": ("Delete", "删除"),
    "scenario_deleted": ("'{name}' was deleted.", "已删除“{name}”。"),
    "scenario_undo": ("Undo", "撤销"),
    # the comparison
    "scenario_compare_head": ("Side by side", "并排比较"),
    "scenario_few": (
        "Tick scenarios above to compare them; the address of the page then leads to the comparison.",
        "勾选上方的方案进行比较；页面地址即为该比较的链接。",
    ),
    "scenario_all_fields": ("Show what is the same, too", "同时显示相同项"),
    "scenario_col_field": ("Field", "项目"),
    "scenario_differs": ("≠ {field}", "≠ {field}"),
    "scenario_table_note": (
        "≠ marks what differs; tinted is what differs from '{reference}', which the others are compared with.",
        "≠ 表示存在差异；着色为与比较基准“{reference}”不同之处。",
    ),
    "scenario_row_name": ("Scenario", "方案"),
    "scenario_row_forecast": ("Forecast", "预测"),
    "scenario_row_range": ("90% range", "90% 区间"),
    "scenario_row_low": ("From", "下限"),
    "scenario_row_high": ("To", "上限"),
    "scenario_row_factor": ("Factor", "倍数"),
    "scenario_row_clear": ("Difference", "差异"),
    "scenario_row_note": ("Note", "备注"),
    "scenario_row_saved": ("When saved", "保存时"),
    "scenario_row_bundle": ("Model", "模型包"),
    "scenario_row_take": ("Part", "片段"),
    "scenario_reference": ("compared with", "比较基准"),
    "scenario_clear_same": ("the same", "相同"),
    "scenario_clear_unclear": ("not clear", "不明确"),
    "scenario_clear_overlap": ("ranges overlap", "区间有重叠"),
    "scenario_clear_apart": ("ranges apart", "区间不重叠"),
    "scenario_gone": (
        "clip no longer kept: figures as saved",
        "视频已不再保留：显示保存时的数值",
    ),
    "scenario_bad": ("cannot be forecast now: figures as saved", "目前无法预测：显示保存时的数值"),
    "scenario_other_bundle": ("another model since: was {score}", "此后更换了模型：原为 {score}"),
    "scenario_other_data": ("the market's data changed since: was {score}", "此后市场数据有变：原为 {score}"),
    "scenario_of_kol": ("typed: {said}", "手动填写：{said}"),
}
