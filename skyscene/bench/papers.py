"""Papers that models and metrics come from: what is needed to cite them, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper.

    Attributes:
        key: Of its BibTeX entry.
        authors: "Family, Given" each.
        title: As printed.
        venue: Conference or journal; "arXiv:..." for a preprint.
        year: Of the venue.
        kind: What the venue is.
    """

    key: str
    authors: tuple[str, ...]
    title: str
    venue: str
    year: int
    kind: Literal["conference", "journal", "preprint"] = "conference"


_CVPR = "IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"
_ECCV = "European Conference on Computer Vision (ECCV)"
_NIPS = "Advances in Neural Information Processing Systems (NIPS)"

_XIONG = Paper(
    "xiong2018mdgan",
    ("Xiong, Wei", "Luo, Wenhan", "Ma, Lin", "Liu, Wei", "Luo, Jiebo"),
    "Learning to Generate Time-Lapse Videos Using Multi-Stage Dynamic Generative Adversarial Networks",
    _CVPR,
    2018,
)
_VONDRICK = Paper(
    "vondrick2016vgan",
    ("Vondrick, Carl", "Pirsiavash, Hamed", "Torralba, Antonio"),
    "Generating Videos with Scene Dynamics",
    _NIPS,
    2016,
)
_ZHOU = Paper(
    "zhou2016rnngan",
    ("Zhou, Yipin", "Berg, Tamara L."),
    "Learning Temporal Transformations From Time-Lapse Videos",
    _ECCV,
    2016,
)
_ZHANG = Paper(
    "zhang2020dtvnet",
    (
        "Zhang, Jiangning",
        "Xu, Chao",
        "Liu, Liang",
        "Wang, Mengmeng",
        "Wu, Xia",
        "Liu, Yong",
        "Jiang, Yunliang",
    ),
    "DTVNet: Dynamic Time-lapse Video Generation via Single Still Image",
    _ECCV,
    2020,
)
_WANG = Paper(
    "wang2004ssim",
    ("Wang, Zhou", "Bovik, Alan C.", "Sheikh, Hamid R.", "Simoncelli, Eero P."),
    "Image Quality Assessment: From Error Visibility to Structural Similarity",
    "IEEE Transactions on Image Processing",
    2004,
    "journal",
)
_LPIPS = Paper(
    "zhang2018lpips",
    ("Zhang, Richard", "Isola, Phillip", "Efros, Alexei A.", "Shechtman, Eli", "Wang, Oliver"),
    "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric",
    _CVPR,
    2018,
)
_UNTERTHINER = Paper(
    "unterthiner2018fvd",
    (
        "Unterthiner, Thomas",
        "van Steenkiste, Sjoerd",
        "Kurach, Karol",
        "Marinier, Raphael",
        "Michalski, Marcin",
        "Gelly, Sylvain",
    ),
    "Towards Accurate Generative Models of Video: A New Metric & Challenges",
    "arXiv:1812.01717",
    2018,
    "preprint",
)
_CARREIRA = Paper(
    "carreira2017i3d",
    ("Carreira, João", "Zisserman, Andrew"),
    "Quo Vadis, Action Recognition? A New Model and the Kinetics Dataset",
    _CVPR,
    2017,
)
_BINKOWSKI = Paper(
    "binkowski2018kid",
    ("Bińkowski, Mikołaj", "Sutherland, Danica J.", "Arbel, Michael", "Gretton, Arthur"),
    "Demystifying MMD GANs",
    "International Conference on Learning Representations (ICLR)",
    2018,
)
_KROEGER = Paper(
    "kroeger2016dis",
    ("Kroeger, Till", "Timofte, Radu", "Dai, Dengxin", "Van Gool, Luc"),
    "Fast Optical Flow Using Dense Inverse Search",
    _ECCV,
    2016,
)
_FARNEBACK = Paper(
    "farneback2003",
    ("Farnebäck, Gunnar",),
    "Two-Frame Motion Estimation Based on Polynomial Expansion",
    "Scandinavian Conference on Image Analysis (SCIA)",
    2003,
)

DATA_PAPER = _XIONG
"""It introduced the Sky Time-lapse data set."""
MODEL_PAPERS: Mapping[str, Paper] = {
    "mdgan": _XIONG,
    "vgan": _VONDRICK,
    "rnngan": _ZHOU,
    "dtvnet": _ZHANG,
}
"""By the name of a model's recipe."""
METRIC_PAPERS: Mapping[str, tuple[Paper, ...]] = {
    "ssim": (_WANG,),
    "lpips": (_LPIPS,),
    "fvd": (_UNTERTHINER, _CARREIRA),
    "kvd": (_BINKOWSKI, _CARREIRA),
    "kid": (_BINKOWSKI,),
    "dis": (_KROEGER,),
    "farneback": (_FARNEBACK,),
    "i3d": (_CARREIRA,),
}
"""By a word of a metric's name or spec id: "flowmse/dis-medium" names the estimator."""
