"""The words of following uploaders and of linking clips, English and Chinese, by key."""

FOLLOW_WORDS: dict[str, tuple[str, str]] = {
    # linking clips
    "link_head": ("Link clips to their videos", "关联视频文件"),
    "link_lead": (
        "A clip belongs to the video whose id is its file name, or stands in it as a word of its own (`tea "
        "[7301].mp4`). Where names do not say it, a table does. An import with a `media_path` column links as well.",
        "视频文件按文件名中的视频 id 关联（如 `tea [7301].mp4`）；文件名不含 id 时可用表格指定。"
        "导入数据中的 `media_path` 列同样有效。",
    ),
    "link_by": ("What says which video a clip is of", "按什么关联"),
    "link_by_names": ("By file name", "按文件名"),
    "link_by_table": ("By a table", "按表格"),
    "link_way_server": ("A folder on this server", "服务器文件夹"),
    "link_way_upload": ("Upload", "上传"),
    "link_folder": ("Folder with the clips; nothing is copied", "视频文件所在文件夹（不会复制）"),
    "link_upload": ("Clips", "视频文件"),
    "link_upload_help": (
        "Up to {size} each. They stay in the workspace; one that belongs to no video is not kept.",
        "每个最大 {size}。文件保存在工作区内，找不到对应视频的不保留。",
    ),
    "link_table": ("Table with video ids and paths", "含视频 id 与路径的表格"),
    "link_table_help": (
        "Columns `video_id` and `path`, or headers that mean the same, in English or Chinese. Paths start at the "
        "folder; of uploaded clips they are the file names.",
        "需有 `video_id` 与 `path` 两列，或含义相同的中英文表头。路径以所选文件夹为起点；上传的文件用文件名。",
    ),
    "link_go": ("Link", "关联"),
    "link_no_table": ("Choose the table first.", "请先选择表格。"),
    "link_no_clips": ("Choose the clips first.", "请先选择视频文件。"),
    "link_no_folder": ("Name the folder first.", "请先填写文件夹。"),
    "link_done": (
        "{linked} videos were linked to their clips, {unchanged} had them already.",
        "已为 {linked} 个视频关联文件，{unchanged} 个此前已关联。",
    ),
    "link_stopped": ("Cancelled. Nothing was linked.", "已取消，未关联任何文件。"),
    "link_unmatched": ("Without a video: {n}", "没有对应视频：{n}"),
    "link_missing": ("Named by the table and not there: {n}", "表格中列出但不存在：{n}"),
    "rejected_first_few": ("The first {n} are listed.", "仅列出前 {n} 条。"),
    # following uploaders
    "track_head": ("Follow uploaders every day", "每日追踪达人"),
    "track_lead": (
        "Looks up the newest videos of each uploader and adds today's counts, in one version at the end. Press it once "
        "a day: nobody is asked twice on a day, and a run that was stopped goes on where it was.",
        "查询每位达人的最新视频，并把今日数据作为一个版本写入。每天点击一次即可：同一天不会重复查询，中途停止后可接着进行。",
    ),
    "track_install": (
        "Looking up needs yt-dlp, which is not installed; run `pip install -r requirements/track.txt` and reload.",
        "查询需要 yt-dlp，目前尚未安装；请运行 `pip install -r requirements/track.txt` 后刷新页面。",
    ),
    "track_whom": ("Uploaders", "达人名单"),
    "track_whom_help": (
        "A URL or a handle a line; # begins a comment. A handle is of {platform}. The list is kept when you start.",
        "每行一个网址或账号，# 之后为注释。账号视为 {platform} 的账号。开始后会保存名单。",
    ),
    "track_hint": ("https://www.tiktok.com/@name", "https://www.tiktok.com/@name"),
    "track_the_list": ("The list", "名单"),
    "track_upload": ("Or a list from a file", "或从文件读取名单"),
    "track_every": ("Seconds between requests", "请求间隔（秒）"),
    "track_limit": ("Newest videos of each", "每位最新视频数"),
    "track_go": ("Start", "开始"),
    "track_dry": ("Dry run", "试运行"),
    "track_note": (
        "Stop keeps what was looked up; Start goes on with the others.",
        "停止后已查询的内容会保留，再次开始时继续查询其余达人。",
    ),
    "track_stopped": (
        "Stopped. What was looked up waits, and comes in when a run ends; Start goes on with the others.",
        "已停止。已查询的内容会等待下一次运行结束时写入；点击“开始”继续查询其余达人。",
    ),
    "plan_head": (
        "Would look up {n} uploaders, at most {limit} videos of each",
        "将查询 {n} 位达人，每位最多 {limit} 个视频",
    ),
    "plan_time": ("It takes from {least} to {most}.", "预计用时 {least} 至 {most}。"),
    "plan_done": ("Done already today: {n}.", "今日已完成：{n} 位。"),
    "plan_waiting": (
        "Looked up by a run that was stopped, and not in the tables yet: {n}.",
        "上次中途停止、尚未写入的：{n} 位。",
    ),
    "plan_nothing": ("Nothing was fetched.", "本次未发出任何请求。"),
    "plan_page": ("Page", "主页"),
    "plan_state": ("State", "状态"),
    "plan_due": ("to be looked up", "待查询"),
    "plan_today": ("done today", "今日已完成"),
    "tracked_head": ("The last run, {when}", "最近一次运行：{when}"),
    "tracked": (
        "{n} uploaders looked up, {videos} videos found; {done} had been done earlier that day.",
        "查询了 {n} 位达人，找到 {videos} 个视频；{done} 位当天此前已完成。",
    ),
    "tracked_nothing": ("Nothing was appended.", "没有写入新数据。"),
    "tracked_failed": ("Could not be read and will be tried again: {n}", "未能读取、下次会重试：{n} 位"),
}
