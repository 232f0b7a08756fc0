"""The command lines that are measured."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import imageio_ffmpeg

from benchmarks.speed.process import Command

PYTHON = sys.executable
# Without these two, pixels change with the processor; our own scaler sets them, so ffmpeg's does too.
_EXACT = "accurate_rnd+bitexact"


def ffmpeg() -> Path:
    """The ffmpeg program that imageio-ffmpeg carries."""
    return Path(imageio_ffmpeg.get_ffmpeg_exe())


def folder_with_ffmpeg(folder: Path) -> Path:
    """A folder in which that program is called ``ffmpeg``, as other tools look for it."""
    link = folder / "programs" / "ffmpeg"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(ffmpeg())
    return link.parent


def skyscene(*arguments: str | Path) -> Command:
    """Our command line, of this checkout."""
    return [PYTHON, "-c", "from skyscene.cli import main; main()", *arguments]


def build(films: Iterable[Path], out: Path, workers: int, *options: str) -> Command:
    """`skyscene build`."""
    return skyscene("build", *films, "--out", out, "--workers", str(workers), "--json", *options)


def _ffmpeg(*arguments: str | Path) -> Command:
    return [ffmpeg(), "-v", "error", "-nostdin", "-y", *arguments]


def _reading(film: Path) -> Command:
    """ffmpeg with one thread for the decoder and one for the filters, on the picture alone."""
    return _ffmpeg("-threads", "1", "-filter_threads", "1", "-i", film, "-map", "0:v:0")


def decode_and_scale(film: Path, width: int, height: int) -> Command:
    """The least that analysis can cost: every frame decoded, brought to the analysis size, and dropped."""
    scale = f"scale={width}:{height}:flags=area+{_EXACT}"
    return [*_reading(film), "-vf", scale, "-fps_mode", "passthrough", "-f", "null", "-"]


def encode_kept(
    film: Path, kept: Sequence[tuple[int, int]], size: tuple[int, int], crf: int, preset: str, out: Path
) -> Command:
    """The least that a build can cost: one decode, the kept frames scaled and encoded into one file.

    Args:
        film: The source.
        kept: Half-open spans of frame numbers; a build's own.
        size: Of the clips.
        crf: The recipe's.
        preset: The recipe's.
        out: The file.
    """
    # Frames that nobody wants are dropped before they are scaled.
    wanted = "+".join(rf"between(n\,{start}\,{stop - 1})" for start, stop in kept)
    chain = f"select={wanted or '0'},scale={size[0]}:{size[1]}:flags=bicubic+{_EXACT},format=yuv420p"
    one_thread = "threads=1:lookahead-threads=1:cpu-independent=1"
    encoder = ["-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-threads", "1"]
    tail = ["-x264-params", one_thread, "-fps_mode", "passthrough", "-f", "mp4"]
    return [*_reading(film), "-vf", chain, *encoder, *tail, out]


def shrink(film: Path, height: int, out: Path) -> Command:
    """A film at another height, as a site would offer it: x264 at crf 20, its own key and B-frames."""
    chain = f"scale=-2:{height}:flags=bicubic,settb=1/30,setpts=N,fps=30,format=yuv420p"
    encoder = ["-c:v", "libx264", "-preset", "medium", "-crf", "20"]
    head = _ffmpeg("-i", film, "-map", "0:v:0", "-vf", chain)
    return [*head, *encoder, "-fps_mode", "passthrough", "-video_track_timescale", "15360", "-f", "mp4", out]


def join(listing: Path, out: Path) -> Command:
    """Films put one behind the other without decoding; the listing is ffmpeg's own."""
    head = _ffmpeg("-f", "concat", "-safe", "0", "-i", listing)
    return [*head, "-map", "0:v:0", "-c", "copy", "-f", "mp4", out]


def detect(film: Path, out: Path, backend: str) -> Command:
    """PySceneDetect alone: its default detector and its default downscaling."""
    return [PYTHON, "-m", "scenedetect", "-q", "-b", backend, "-i", film, "-o", out, "detect-adaptive"]


def split_video(film: Path, out: Path) -> Command:
    """PySceneDetect with a re-encoded file a scene, by its defaults."""
    return [PYTHON, "-m", "scenedetect", "-q", "-i", film, "-o", out, "detect-adaptive", "split-video"]
