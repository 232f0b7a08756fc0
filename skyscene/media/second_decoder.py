"""Decoding with another program than the build used, to check it: the ffmpeg that imageio-ffmpeg carries."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import imageio_ffmpeg
import numpy as np

from skyscene.errors import MediaError
from skyscene.media.geometry import Size
from skyscene.media.picture import Planes


def second_decode(path: Path, size: Size) -> Iterator[Planes]:
    """The frames of a clip as planes, decoded in a process of their own, every frame passed through.

    Args:
        path: A YUV 4:2:0 file.
        size: The size its frames must have.

    Raises:
        MediaError: The program fails, or the file does not hold whole frames of that size.
    """
    command = (
        ffmpeg.input(f"file:{path.resolve()}", noautorotate=None)
        .output("pipe:", format="rawvideo", pix_fmt="yuv420p", fps_mode="passthrough", map="0:v:0")
        .global_args("-v", "error", "-nostdin", "-threads", "1")
        .compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    )
    wanted = size.width * size.height * 3 // 2
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        while data := process.stdout.read(wanted):
            if len(data) < wanted:
                raise MediaError("undecodable", f"{path} does not hold whole frames of {size}")
            yield np.frombuffer(data, np.uint8).reshape(size.height * 3 // 2, size.width)
        message = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise MediaError("undecodable", f"{path}: {message.splitlines()[-1] if message else 'ffmpeg failed'}")
