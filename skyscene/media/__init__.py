"""Video files: the only room that opens them.

Frame k of a source is the k-th frame of one tolerant decode on one thread, with every frame passed
through. Headers, nominal rates and seeking never define k.
"""

from skyscene.media.clip_file import ClipSettings, encode_clip
from skyscene.media.decode import Decoded, Decoder
from skyscene.media.film import write_film
from skyscene.media.geometry import Size, analysis_size, clip_size, crop_within
from skyscene.media.picture import RgbScaler, Scaler, to_rgb
from skyscene.media.picture_header import PictureHeader, picture_header
from skyscene.media.probe import MediaLimits, Probe, probe
from skyscene.media.rgb_film import RgbFilm
from skyscene.media.second_decoder import SecondDecoder, second_decode
from skyscene.media.spans import Spans
from skyscene.media.still import read_picture
from skyscene.media.yuv420 import to_yuv420

__all__ = [
    "ClipSettings",
    "Decoded",
    "Decoder",
    "MediaLimits",
    "PictureHeader",
    "Probe",
    "RgbFilm",
    "RgbScaler",
    "Scaler",
    "SecondDecoder",
    "Size",
    "Spans",
    "analysis_size",
    "clip_size",
    "crop_within",
    "encode_clip",
    "picture_header",
    "probe",
    "read_picture",
    "second_decode",
    "to_rgb",
    "to_yuv420",
    "write_film",
]
