"""The words about what is no video: a picture, a song, or a text alone. English and Chinese, by key."""

FORM_WORDS: dict[str, tuple[str, str]] = {
    "upload": ("Video, picture or song", "视频、图片或音乐"),
    "upload_help": (
        "Videos (mp4, mov, webm), pictures (jpg, png, webp) or songs (mp3, m4a, wav, flac, ogg), up to {size}. Of a "
        "video or song only the first ten seconds are read; the file stays on this machine.",
        "视频（mp4、mov、webm）、图片（jpg、png、webp）或音乐（mp3、m4a、wav、flac、ogg），最大 {size}。"
        "视频和音乐只读取前十秒，文件保存在本机。",
    ),
    "form_picture": ("Picture", "图片"),
    "form_song": ("Song", "音乐"),
    "form_words": ("Words alone", "仅文案"),
    "score_words": ("Score the words alone", "只评文案"),
    "score_words_help": (
        "A forecast without any clip, once there is a description or a hashtag: from these and the release details.",
        "填写文案或话题后，可不使用视频，仅根据文案、话题和发布信息预测。",
    ),
    "choose_clip": ("Add a clip", "添加视频"),
    "without_picture": (
        "A picture has no sound and no length: the forecast rests on the picture, the words and the release details.",
        "图片没有声音和时长，预测仅依据画面、文案和发布信息。",
    ),
    "without_song": (
        "A song has no picture, so the forecast rests on the sound, the words and the release details.",
        "音乐没有画面，预测仅依据声音、文案和发布信息。",
    ),
    "without_clip": (
        "There are words alone: the forecast rests on them and the release details, without picture, sound and length.",
        "只有文案：预测仅依据文案和发布信息，不含画面、声音和时长。",
    ),
    "why_in_picture": ("In the picture", "图片内容"),
    "why_in_picture_help": (
        "The whole contribution of the picture belongs to this one frame; the tint says which places of it matter.",
        "画面的全部贡献来自这一张图片，颜色表示其中哪些位置重要。",
    ),
    "why_in_song": ("In the song", "音乐内容"),
}
