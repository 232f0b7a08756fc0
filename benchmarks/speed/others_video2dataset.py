"""One film through video2dataset's cut detection and exact clipping; run by a Python that has it."""

import sys
from pathlib import Path

import cv2

LENGTH = 32


def main(film: Path, out: Path) -> None:
    """Writes the clips of a film."""
    # Not ours, and hardly ever there.
    from video2dataset.subsamplers import ClippingSubsampler, CutDetectionSubsampler

    video = cv2.VideoCapture(str(film))
    rate = video.get(cv2.CAP_PROP_FPS)
    video.release()
    streams, cuts, error = CutDetectionSubsampler()({"video": [film.read_bytes()]})
    if error:
        raise SystemExit(error)
    clipping = ClippingSubsampler(
        5, {"video": "mp4"}, max_length=LENGTH / rate, max_length_strategy="all", precision="exact"
    )
    spans = [[start / rate, stop / rate] for start, stop in cuts["cuts_original_fps"]]
    clips, _, error = clipping(streams, {"key": film.stem, "clips": spans})
    if error:
        raise SystemExit(error)
    out.mkdir(parents=True)
    for number, clip in enumerate(clips["video"]):
        (out / f"{number:04d}.mp4").write_bytes(clip)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
