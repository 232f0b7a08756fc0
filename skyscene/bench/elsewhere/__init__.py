"""Clips that were made elsewhere, by any program, read to be scored.

::

    CLIP_ID.npy               uint8 (frames, H, W, 3), as np.save writes it
    CLIP_ID/SAMPLE.npy        several clips drawn for one input: SAMPLE is 0, 1, 2, ...
    CLIP_ID/00000.png ...     a picture a frame; also CLIP_ID/SAMPLE/00000.png, and .jpg, which is lossy
    CLIP_ID.mp4               also .mkv, .webm, .avi, .mov, .gif, and CLIP_ID/SAMPLE.mp4; mostly lossy

One folder holds one form, square pictures of one size, and the same samples of every clip.
"""

from skyscene.bench.elsewhere.prediction_folder import PredictionFolder, open_predictions, open_truth

__all__ = ["PredictionFolder", "open_predictions", "open_truth"]
