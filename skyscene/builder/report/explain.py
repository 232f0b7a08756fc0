"""Every decision in words: which filter, what it measured, what it needs, and what else was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from skyscene.builder.report.lanes import Lane
from skyscene.builder.report.reasons import CAP, Reason
from skyscene.builder.report.tables import Row, score
from skyscene.builder.report.texts import amount, number, sentence

_KINDS: Mapping[str, str] = {
    "cut": "Hard cut: another shot begins",
    "dissolve": "Dissolve: these frames are mixtures of the shot before and the shot after",
    "fade": "Fade from or to an empty picture",
    "gap": "Damaged frame: the decoder refused data just before it or had to make it up",
}
_EVIDENCE: Mapping[str, str] = {
    "cut": "{share} of the structure of the frame before is gone",
    "dissolve": "they fit a straight way from one to the other {score} times as well as they must",
    "fade": "brightness changes by {score} levels",
    "psd_content": "its content value is {score}",
    "psd_adaptive": "its content value is {score} times that of the frames around",
}
"""By the shipped detector's name: what its score says."""


def explain_window(
    clip: Row,
    reasons: Mapping[str, Reason],
    lanes: Mapping[str, Sequence[Lane]],
    start: int,
    cap: tuple[int, int],
) -> list[list[str]]:
    """Sentences for each of a window's reasons, the first of them the shortest answer.

    Args:
        clip: The window.
        reasons: Name to reason.
        lanes: Filter to the curves of its source that it looks at; empty where there are none.
        start: Frame of the curves' first number.
        cap: How many windows of its source passed all filters, and how many a source may keep.
    """
    judged = [name for name in clip["reasons"] if name != CAP]
    said = dict(zip(judged, clip["details"], strict=False))
    parts = []
    for name in clip["reasons"]:
        if name == CAP:
            parts.append(_capped(*cap))
            continue
        reason = reasons[name]
        lines = [sentence(said.get(name, f"{name} rejected it")), compared(clip, reason)]
        lines += _seen(clip, lanes.get(name, ()), start)
        parts.append(lines)
    return parts


def compared(clip: Row, reason: Reason) -> str:
    """What was measured and what is needed, with the side on which a window passes.

    A filter of a user's own does not say which side that is.
    """
    scale, value, threshold = reason.scale, score(clip, reason.name), reason.threshold
    if threshold is None:
        return f"Measured: {number(value)}."
    if scale is None:
        return f"Measured: {number(value)}; the threshold is {number(threshold)}."
    measured, needed = amount(scale.factor * value, scale.unit), amount(scale.factor * threshold, scale.unit)
    need = "at least {} needed" if scale.passes == "at least" else "at most {} allowed"
    return f"Measured: {measured} ({scale.name}); {need.format(needed)}."


def _seen(clip: Row, lanes: Sequence[Lane], start: int) -> list[str]:
    """The range of each curve over a window."""
    lines = []
    for lane in lanes:
        curve = lane.curve
        values = curve.values[clip["frame_start"] - start : clip["frame_stop"] - start]
        values = values[np.isfinite(values)]
        if not len(values):
            lines.append(f"{sentence(curve.name)[:-1]}: not measurable here.")
            continue
        low, high = number(float(values.min())), number(float(values.max()))
        span = low if low == high else f"{low} to {high}"
        line = "" if curve.line is None else f", the line is at {number(curve.line)}"
        lines.append(f"{sentence(curve.name)[:-1]}: {span} {curve.unit}".rstrip() + f"{line}.")
    return lines


def _capped(passed: int, most: int) -> list[str]:
    return [
        f"One of {passed:,} good windows of its source; a source gives {most:,} at most.",
        "Every filter let it through. The clips that stay are spread evenly over the source.",
    ]


def explain_transition(row: Row) -> str:
    """What a detector found.

    >>> explain_transition({"kind": "cut", "detector": "cut", "score": 0.93})
    'Hard cut: another shot begins; 93 % of the structure of the frame before is gone.'
    """
    kind, name = row["kind"], row["detector"]
    text = _KINDS.get(kind, kind)
    if kind == "gap":
        return f"{text}. No clip touches it."
    told = _EVIDENCE.get(name, f"found by {name}, score {{score}}")
    value = float(row["score"])
    return f"{text}; {told.format(score=number(value), share=f'{min(100 * value, 100):.0f} %')}."


def explain_scene(row: Row, length: int, margin: int, frames: int) -> str:
    """Why no window was laid on a scene; "" where one was.

    >>> row = {"frame_start": 10, "frame_stop": 40, "windows": 0, "reasons": ["short"]}
    >>> explain_scene(row, 32, 2, 500)
    'Scene of 30 frames, too short: a clip of 32 that stays 2 clear of each transition needs 36.'
    """
    if row["windows"]:
        return ""
    count = row["frame_stop"] - row["frame_start"]
    sides = (row["frame_start"] > 0) + (row["frame_stop"] < frames)
    needed = length + margin * sides
    clear = f" that stays {margin} clear of each transition" if needed > length else ""
    return f"Scene of {count:,} frames, too short: a clip of {length}{clear} needs {needed}."


def explain_source(
    row: Row, scenes: Sequence[Row], clips: Sequence[Row], names: Mapping[str, str], length: int
) -> str:
    """Why a source yielded nothing; "" where it gave a clip."""
    if row["status"] != "done":
        code, _, text = str(row["reason"] or row["status"]).partition(":")
        return sentence(f"{code}: {text.strip()}" if text else code)
    if row["duplicate_of"]:
        name = names.get(row["duplicate_of"], row["duplicate_of"])
        return f"Same bytes as {name}, under which its clips are."
    if not scenes:
        return "No scene found: every frame is part of a transition or damaged."
    if not clips:
        longest = max(scene["frame_stop"] - scene["frame_start"] for scene in scenes)
        return f"No scene is long enough: the longest has {longest:,} frames, a clip {length}."
    if any(clip["kept"] for clip in clips):
        return ""
    count = Counter(name for clip in clips for name in clip["reasons"])
    told = ", ".join(f"{number:,} by {name}" for name, number in count.most_common())
    return f"All its windows were rejected: {told}."
