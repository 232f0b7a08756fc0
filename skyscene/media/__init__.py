"""Video files: the only room that opens them.

Frame k of a source is the k-th frame of one tolerant decode on one thread, with every frame passed
through. Headers, nominal rates and seeking never define k.
"""

from skyscene.media.clip_file import ClipSettings, encode_clip
from skyscene.media.decode import Decoded, Decoder
from skyscene.media.film import write_film
from skyscene.media.geometry import Size, analysis_size, clip_size, crop_within
from skyscene.media.picture import RgbScaler, Scaler, to_rgb
from skyscene.media.probe import MediaLimits, Probe, probe
from skyscene.media.second_decoder import SecondDecoder, second_decode
from skyscene.media.spans import Spans
from skyscene.media.still import read_picture

__all__ = [
    "ClipSettings",
    "Decoded",
    "Decoder",
    "MediaLimits",
    "Probe",
    "RgbScaler",
    "Scaler",
    "SecondDecoder",
    "Size",
    "Spans",
    "analysis_size",
    "clip_size",
    "crop_within",
    "encode_clip",
    "probe",
    "read_picture",
    "second_decode",
    "to_rgb",
    "write_film",
]
