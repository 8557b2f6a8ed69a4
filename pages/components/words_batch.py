"""The words of the page that ranks many clips, English and Chinese, by key."""

BATCH_WORDS: dict[str, tuple[str, str]] = {
    "nav_batch": ("Rank many clips", "批量评估"),
    "batch_lead": (
        "Upload clips, a table, or both, and see which are likely to be most popular on day {day}, and why.",
        "上传多个视频、一张表格，或两者一起，查看第 {day} 天谁的热度可能最高及原因。",
    ),
    # what goes in
    "batch_in": ("Clips and table", "素材与表格"),
    "batch_clips": ("Videos, pictures or songs", "视频、图片或音乐"),
    "batch_clips_help": (
        "Up to {size} each. Files go straight to this machine's disk and stay here.",
        "每个最大 {size}。文件直接保存到本机，不会外传。",
    ),
    "batch_chosen": ("{n} clips chosen, {size}", "已选择 {n} 个文件，共 {size}"),
    "batch_chosen_one": ("One clip chosen, {size}", "已选择 1 个文件，{size}"),
    "batch_clear": ("Clear", "清空"),
    "batch_table": ("Table, one row a release", "表格，每行一次发布"),
    "batch_table_help": (
        "CSV, XLSX, TSV or Parquet. A row names its clip by file name; a row without one is scored by its words alone. "
        "Headers may be English or Chinese. What a row does not say is taken from the common settings.",
        "CSV、XLSX、TSV 或 Parquet。每行用文件名指定素材，未指定时仅评文案。表头可用中文或英文，"
        "行内未填写的内容取自通用设置。",
    ),
    "batch_template": ("Template CSV", "下载模板"),
    "batch_reads": ("**{name}**: reads {columns}.", "**{name}**：读取 {columns}。"),
    "batch_leaves": ("Nothing is read from {columns}.", "未读取 {columns}。"),
    "batch_no_table": (
        "Without a table every clip is scored with the common settings.",
        "没有表格时，每个素材都按通用设置评估。",
    ),
    "batch_common": ("Common settings", "通用设置"),
    "batch_common_lead": ("What a row does not say is as here.", "行内未填写的内容以此为准。"),
    "batch_go": ("Rank them", "开始评估"),
    # at work
    "stage_score": ("Score", "评分"),
    "count_score": ("{done} of {total} rows · {note}", "{done} / {total} 行 · {note}"),
    "batch_job": ("Ranking “{name}”", "正在评估“{name}”"),
    "batch_job_note": (
        "You may leave or refresh this page; what is scored is kept.",
        "可以离开或刷新此页，已评分的结果会保留。",
    ),
    "batch_busy": (
        "Another batch is being ranked; wait for it to end, or stop it.",
        "另一批正在评估，请等待或停止它。",
    ),
    "batch_stopped_early": (
        "Stopped before its rows were read, so nothing of it was kept; choose the clips again.",
        "在读取各行之前已停止，未保留任何内容，请重新选择素材。",
    ),
    "batch_stopped": (
        "This batch ended before all rows were scored: {done} of {total} are done.",
        "这批评估提前结束：{total} 行中已完成 {done} 行。",
    ),
    "batch_go_on": ("Go on", "继续"),
    "batch_gone": ("There is no such batch; it may have been deleted.", "没有这批评估，可能已被删除。"),
    "batch_new": ("New batch", "新建批次"),
    # the ranking
    "batch_all": ("All ranked", "完整排名"),
    "batch_rank": ("Rank", "名次"),
    "batch_picture": ("Picture", "画面"),
    "batch_name": ("Clip or words", "素材或文案"),
    "batch_forecast": ("Forecast", "预测热度"),
    "batch_low": ("Low", "下限"),
    "batch_high": ("High", "上限"),
    "batch_median": ("vs. median", "相对中位数"),
    "batch_why": ("Why", "主要原因"),
    "batch_why_help": (
        "The source that moves this forecast most from what the model expects of a video it knows nothing about.",
        "与模型一无所知时相比，对该预测影响最大的信息来源。",
    ),
    "batch_apart": ("Sets it apart", "与众不同之处"),
    "batch_apart_help": (
        "The source whose contribution differs most from the median of this batch, and by what factor.",
        "贡献与本批中位数相差最大的信息来源及倍数。",
    ),
    "batch_percentile": ("Percentile", "百分位"),
    "batch_percentile_help": ("Among the videos of this market.", "在本市场视频中的百分位。"),
    "batch_line": ("Line", "行号"),
    "batch_column": ("Column", "列"),
    "batch_value": ("Value", "值"),
    "batch_reason": ("Reason", "原因"),
    "batch_warnings": ("Notes", "提示"),
    "batch_open": ("Open in Check a video", "在“检测视频”中打开"),
    "batch_open_hint": (
        "Choose a row of the table to open it with its clip and settings.",
        "在表格中选择一行，可带着素材和设置打开。",
    ),
    "batch_opened_less": (
        "The form has no field for {columns}; the forecast there is made without it.",
        "表单没有 {columns} 这一项，那里的预测不含此项。",
    ),
    "batch_ranges": (
        "Each range holds its own release {level} of the time; where ranges overlap, the order may "
        "come out differently.",
        "区间为每次发布各自的 {level} 区间；区间重叠时，实际名次可能不同。",
    ),
    "batch_shown": ("The first {n} of {total} are drawn.", "图中为 {total} 个中的前 {n} 个。"),
    "batch_errors_one": ("One row could not be scored", "有 1 行无法评分"),
    "batch_errors": ("{n} rows could not be scored", "有 {n} 行无法评分"),
    "batch_nothing_scored": ("No row could be scored.", "没有任何行得到评分。"),
    "batch_unused": ("Nothing was read from the columns {columns}.", "未读取这些列：{columns}。"),
    "batch_made": (
        "{scored} of {total} rows · {when} · bundle {bundle}",
        "{total} 行中的 {scored} 行 · {when} · 模型包 {bundle}",
    ),
    # earlier ones
    "batch_earlier": ("Earlier batches", "历史批次"),
    "batch_state_done": ("done", "已完成"),
    "batch_state_open": ("not finished", "未完成"),
    "batch_state_stopped": ("stopped", "已停止"),
    "batch_state_failed": ("failed", "失败"),
    "batch_row": ("{when} · {n} rows · {state}", "{when} · {n} 行 · {state}"),
    "batch_see": ("Open", "打开"),
    "batch_delete": ("Delete", "删除"),
    "batch_delete_sure": (
        "Its ranking is removed for good; the clips stay where they are.",
        "排名将被永久删除，素材文件保留。",
    ),
    "batch_default": ("{n} clips", "{n} 个素材"),
}
