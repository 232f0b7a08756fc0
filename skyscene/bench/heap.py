"""The memory that a training on the CPU frees and asks for again at every layer: kept by the process."""

from __future__ import annotations

import ctypes
import platform

import torch

# Numbers of glibc's malloc.h.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
_NEVER = -1
_AT_ONCE = 256 * 1024 * 1024


def keep_memory(device: torch.device) -> bool:
    """Lets this process keep what it frees, until it ends; whether it does now.

    glibc hands every large block back to the system, which clears its pages anew for the next layer; that
    was up to half of a step (``benchmarks/training``). No number changes. It holds for the whole process,
    so commands ask for it and the library does not.

    Args:
        device: Where the training is. Only on the CPU is there anything to gain.
    """
    if device.type != "cpu" or platform.libc_ver()[0] != "glibc":
        return False
    tell = ctypes.CDLL(None).mallopt
    return all([tell(_MMAP_MAX, 0), tell(_TRIM_THRESHOLD, _NEVER), tell(_TOP_PAD, _AT_ONCE)])
