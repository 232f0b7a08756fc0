import pytest

from skyscene.collect import CODES, TRANSIENT, classify, is_transient
from skyscene.collect.failure import plain

BUG = (
    "; please report this issue on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out the appropriate "
    "issue template. Confirm you are on the latest version using  yt-dlp -U"
)
COOKIES = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to pass cookies"
)
YT = "ERROR: [youtube] 07U1fSrk9oI: "

TEXTS = [
    ("bot-wall", YT + f"Sign in to confirm you\u2019re not a bot. {COOKIES}"),
    ("bot-wall", YT + "Video unavailable. YouTube is requiring a captcha challenge before playback"),
    ("bot-wall", "ERROR: [vimeo] 1: Got HTTP Error 403 caused by Cloudflare anti-bot challenge"),
    (
        "rate-limited",
        YT + "Video unavailable. This content isn't available, try again later. The current session has been "
        "rate-limited by YouTube for up to an hour. It is recommended to use `-t sleep` to add a delay",
    ),
    (
        "rate-limited",
        YT + "Unable to download API page: HTTP Error 429: Too Many Requests (caused by <HTTPError 429>)",
    ),
    ("rate-limited", "ERROR: unable to download video data: HTTP Error 429: Too Many Requests"),
    (
        "age-restricted",
        YT + f"Sign in to confirm your age. This video may be inappropriate for some users. {COOKIES}",
    ),
    ("private", YT + f"Private video. Sign in if you've been granted access to this video. {COOKIES}"),
    ("private", YT + "This video is private"),
    ("private", "ERROR: [site] a: This video is only available for registered users"),
    (
        "geo-blocked",
        YT + "Video unavailable. The uploader has not made this video available in your country\n"
        "This video is available in Norway.\nYou might want to use a VPN or a proxy server",
    ),
    ("geo-blocked", "ERROR: [site] a: This video is not available from your location due to geo restriction"),
    ("gone", YT + "Video unavailable"),
    ("gone", YT + "Video unavailable. This video is not available"),
    ("gone", YT + "Video unavailable. This video has been removed by the uploader"),
    (
        "gone",
        YT + "This video is no longer available because the YouTube account associated has been terminated.",
    ),
    ("gone", YT + "Video unavailable. This video is no longer available due to a copyright claim by X"),
    (
        "gone",
        "ERROR: [generic] Unable to download webpage: HTTP Error 404: Not Found (caused by <HTTPError 404>)",
    ),
    ("gone", "ERROR: [generic] Unable to download webpage: HTTP Error 410: Gone"),
    ("members-only", YT + "Join this channel to get access to members-only content like this video"),
    (
        "members-only",
        YT + "This video is available to this channel's members on level: Sky (or any higher level).",
    ),
    ("premium", YT + "This video is only available to Music Premium members"),
    ("premium", YT + "This video requires payment to watch"),
    ("drm", YT + "This video is DRM protected"),
    ("live", YT + "Premieres in 3 hours"),
    ("live", YT + "This live event will begin in 2 days."),
    ("live", YT + "This live stream recording is not available."),
    (
        "format-missing",
        YT + "Requested format is not available. Use --list-formats for a list of available formats",
    ),
    ("format-missing", YT + "No video formats found!" + BUG),
    ("unsupported-url", "ERROR: Unsupported URL: https://example.com/private-video/captcha"),
    ("truncated", "ERROR: content too short (expected 100 bytes and served 50)"),
    ("truncated", "[download] Got error: Downloaded 5 bytes, expected 9 bytes. Giving up after 2 retries"),
    ("truncated", "ERROR: [download] Got error: 5 bytes read, 4 more expected. Giving up after 10 retries"),
    ("truncated", "ERROR: fragment 3 not found, unable to continue"),
    ("truncated", "ERROR: unable to download video data: HTTP Error 404: Not Found"),
    ("forbidden", "ERROR: unable to download video data: HTTP Error 403: Forbidden"),
    ("network", "ERROR: [generic] Unable to download webpage: HTTP Error 503: Service Unavailable"),
    ("network", "ERROR: [generic] Unable to download webpage: [Errno -2] Name or service not known"),
    ("network", "ERROR: [generic] 'x': Unable to download webpage: The read operation timed out"),
    (
        "network",
        "ERROR: [download] Got error: ('Connection aborted.', ConnectionResetError(104, 'reset by peer'))",
    ),
    (
        "network",
        "ERROR: [generic] Unable to download webpage: [SSL: CERTIFICATE_VERIFY_FAILED] failed (_ssl.c:1006)",
    ),
    ("disk", "ERROR: unable to write data: [Errno 28] No space left on device"),
    ("disk", "ERROR: unable to open for writing: [Errno 13] Permission denied: 'a.part'"),
    ("other", YT + "An extractor error has occurred." + BUG),
]


@pytest.mark.parametrize("code, text", TEXTS, ids=range(len(TEXTS)))
def test_each_text_has_its_code_and_one_clear_line(code, text):
    assert classify(text) == code
    line = plain(text, code)
    assert line and "\n" not in line
    for noise in (
        "ERROR",
        "report this issue",
        "--cookies",
        "--list-formats",
        "(caused by",
        "[youtube]",
        "-t sleep",
    ):
        assert noise not in line


def test_the_code_is_found_whatever_the_apostrophe():
    assert classify("Sign in to confirm you're not a bot") == classify(
        "Sign in to confirm you\u2019re not a bot"
    )


def test_colours_and_places_in_memory_are_left_out():
    line = plain("\x1b[0;31mERROR:\x1b[0m <Connection object at 0x7f00aa> failed", "network")
    assert line == "<Connection object> failed"


def test_what_may_pass_is_tried_again_and_what_stays_is_not():
    assert TRANSIENT < CODES
    assert all(is_transient(code) for code in ("bot-wall", "rate-limited", "network", "truncated", "live"))
    permanent = (
        "gone",
        "private",
        "geo-blocked",
        "age-restricted",
        "drm",
        "premium",
        "too-long",
        "unsupported-url",
    )
    assert not any(is_transient(code) for code in permanent)


def test_an_empty_text_has_a_line():
    assert plain("ERROR: ", "other") == "yt-dlp gave no reason"
