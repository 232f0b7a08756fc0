"""One film through the chain that people use now: `python -m benchmarks.speed.chain_steps FILM OUT`.

1. `scenedetect detect-adaptive split-video`: cuts found, every scene re-encoded to a file of its own.
2. OpenCV over every scene's file: brightness of every frame, optical flow over every eighth.
3. ffmpeg a window of 32 frames that is light enough and moves: sought, scaled, encoded.
4. ffmpeg a clip: its frames as JPEG files.

Thresholds are so low that hardly anything is dropped: what is compared is time, not taste.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

_LENGTH = 32
_STRIDE = 8
_SMALL = (256, 144)
_LEAST_LIGHT = 4.0
_LEAST_FLOW = 0.01


def main(film: Path, out: Path) -> None:
    """Takes the four steps."""
    scenes, clips, frames = out / "scenes", out / "clips", out / "frames"
    for folder in (scenes, clips, frames):
        folder.mkdir(parents=True)
    _split(film, scenes)
    for scene in sorted(scenes.glob("*.mp4")):
        for number, seconds in enumerate(windows(scene)):
            clip = clips / f"{scene.stem}-{number:03d}.mp4"
            _cut(scene, seconds, clip)
            _to_jpeg(clip, frames / clip.stem)


def windows(scene: Path) -> Iterator[float]:
    """Where the windows of a scene begin that are light enough and move, in seconds."""
    video = cv2.VideoCapture(str(scene))
    rate = video.get(cv2.CAP_PROP_FPS)
    light: list[float] = []
    flow: list[float] = []
    before = None
    while True:
        there, picture = video.read()
        if not there:
            break
        grey = cv2.cvtColor(cv2.resize(picture, _SMALL, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
        if len(light) % _STRIDE == 0:
            flow.append(_motion(before, grey) if before is not None else np.inf)
            before = grey
        light.append(float(grey.mean()))
    video.release()
    for start in range(0, len(light) - _LENGTH + 1, _LENGTH):
        moves = flow[start // _STRIDE : (start + _LENGTH) // _STRIDE]
        if np.mean(light[start : start + _LENGTH]) >= _LEAST_LIGHT and np.median(moves) >= _LEAST_FLOW:
            yield start / rate


def _motion(before: np.ndarray, now: np.ndarray) -> float:
    field = cv2.calcOpticalFlowFarneback(before, now, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    return float(np.linalg.norm(field, axis=-1).mean())


def _split(film: Path, scenes: Path) -> None:
    command = [sys.executable, "-m", "scenedetect", "-q", "-i", str(film), "-o", str(scenes)]
    subprocess.run([*command, "detect-adaptive", "split-video"], check=True)


def _cut(scene: Path, seconds: float, clip: Path) -> None:
    """A window as a file; sought before it is opened, decoded from the key frame before, as is usual."""
    source = ["-threads", "1", "-ss", f"{seconds:.6f}", "-i", str(scene), "-frames:v", str(_LENGTH), "-an"]
    scale = ["-vf", "scale='min(640,iw)':-2:flags=bicubic"]
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-threads", "1"]
    _ffmpeg(*source, *scale, *encoder, clip)


def _to_jpeg(clip: Path, folder: Path) -> None:
    folder.mkdir()
    _ffmpeg("-threads", "1", "-i", clip, "-q:v", "2", folder / "%08d.jpg")


def _ffmpeg(*arguments: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
