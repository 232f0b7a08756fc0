"""What went wrong once, and must not again."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from skyscene.builder import build, load_recipe, split, verify
from skyscene.errors import ManifestError, RecipeError
from skyscene.media import write_film
from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Label, Verdict

Build = Callable[..., Any]


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


@pytest.fixture
def make(plain: str, here: Any, tmp_path: Path) -> Build:
    return lambda sources, **more: build(
        sources, tmp_path / "set", **{"recipe": plain, "executor": here, **more}
    )


def test_a_name_that_is_no_utf8_is_a_row_like_any_other(films: Path, make: Build, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/in"
    os.mkdir(folder)
    with open(folder + b"/bad\xff\n.mp4", "wb") as file:
        file.write(b"no video")
    (tmp_path / "in" / "good.mp4").write_bytes((films / "b.mp4").read_bytes())
    report = make(tmp_path / "in")
    assert report.funnel.kept == 2
    assert sorted(row["status"] for row in rows(report.folder, "sources")) == ["done", "failed"]


def test_a_build_folder_among_the_sources_is_left_out(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.mp4").write_bytes((films / "b.mp4").read_bytes())
    first = build(folder, folder / "sky", recipe=plain, executor=here)
    again = build(folder, folder / "sky", recipe=plain, executor=here)
    assert first.funnel.sources == again.funnel.sources == 1 and again.built == 0
    with pytest.raises(ManifestError, match="is a build folder"):
        build(folder / "sky", tmp_path / "other", recipe=plain, executor=here)


def test_files_of_one_video_id_stay_together(films: Path, make: Build, tmp_path: Path) -> None:
    lines = [f"{films}/{name}.mp4,07U1fSrk9oI" for name in ("a", "b", "cut")]
    (tmp_path / "m.csv").write_text("\n".join(["path,video_id", *lines]) + "\n")
    report = make(tmp_path / "m.csv")
    assert {row["video_id"] for row in rows(report.folder, "sources")} == {"07U1fSrk9oI"}
    assert all(clip["clip_key"].startswith("07U1fSrk9oI:") for clip in rows(report.folder, "clips"))
    split(report.folder, val=0, test=0.5)
    assert len({clip["split"] for clip in rows(report.folder, "clips")}) == 1


def test_what_a_manifest_said_is_not_forgotten(films: Path, make: Build, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(f"path,split,note\n{films}/b.mp4,test,x\n")
    make(tmp_path / "m.csv")
    report = make(films / "b.mp4")
    (row,) = rows(report.folder, "sources")
    assert row["official_split"] == "test" and row["extras"] == '{"note": "x"}'


def test_leftovers_of_a_killed_run_are_swept(films: Path, make: Build, here: Any) -> None:
    report = make(films / "b.mp4")
    source = rows(report.folder, "sources")[0]["source_id"]
    for stray in (
        f"clips/{source}/.x.mp4.77.part",
        f"clips/{source}/stray.mp4",
        "clips/deadbeef/x.mp4",
        "cache/.y.npy.5.part",
        "cache/deadbeef.npy",
        "frames/deadbeef.thumbs.parquet",
        "commits/sources/.z.json.9.part",
    ):
        path = report.folder / stray
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    make(films / "b.mp4")
    assert verify(report.folder, executor=here).faults == ()
    assert not list(report.folder.rglob("*deadbeef*")) and not list(report.folder.rglob(".*.part"))


def test_a_lost_clip_or_cache_is_made_again(films: Path, make: Build, here: Any) -> None:
    report = make(films / "b.mp4")
    clip = rows(report.folder, "clips")[0]
    for lost in (report.folder / clip["path"], report.folder / "cache" / f"{clip['source_id']}.npy"):
        before = lost.read_bytes()
        lost.unlink()
        assert make(films / "b.mp4").built == 1
        assert lost.read_bytes() == before
    assert make(films / "b.mp4").built == 0


def test_failures_by_a_limit_are_tried_again_with_retry(films: Path, make: Build) -> None:
    short = {"set": ["media.max_frames=69"]}
    assert make(films / "b.mp4", **short).funnel.source_reasons == {"too-long": 1}
    assert make(films / "b.mp4").built == 0
    report = make(films / "b.mp4", retry=True, set=["media.max_frames=70"])
    assert report.funnel.kept == 2


def test_a_frame_an_hour_is_a_rate_too(
    films: Path, make: Build, here: Any, tmp_path: Path, frames_of_sky: Callable[..., Iterator[np.ndarray]]
) -> None:
    import av

    path = tmp_path / "slow.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1)
        stream.width, stream.height, stream.pix_fmt = 128, 72, "yuv420p"
        for index, frame in enumerate(frames_of_sky(40)):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts = index * 3600
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    report = make(path)
    assert report.funnel.kept == 1 and verify(report.folder, executor=here).faults == ()


def test_a_picture_too_small_for_a_clip_says_so(make: Build, tmp_path: Path) -> None:
    write_film(tmp_path / "tiny.mp4", [np.zeros((8, 8, 3), np.uint8)] * 40)
    report = make(tmp_path / "tiny.mp4")
    assert report.funnel.source_reasons == {"too-small": 1}


@pytest.mark.parametrize(
    "change",
    [
        "windows.length=0",
        "windows.length=-3",
        "windows.stride=16",
        "windows.margin=-1",
        "windows.max_clips_per_source=-1",
        "cache.size=[0,8]",
        "clips.long_side=1",
        "clips.crf=99",
        "media.max_frames=-1",
        "media.max_megapixels=0",
        "analysis.width=7",
    ],
)
def test_values_without_sense_are_refused_before_anything_is_written(
    films: Path, make: Build, tmp_path: Path, change: str
) -> None:
    with pytest.raises(RecipeError, match=change.split("=")[0].rpartition(".")[2]):
        make(films / "b.mp4", set=[change])
    assert not (tmp_path / "set").exists()


class Odd(Component):
    """A filter and labeller that does what it is told."""

    what: str

    def judge(self, frames: Frames, interval: Interval) -> Any:
        if self.what == "exit":
            raise SystemExit(3)
        if self.what == "none":
            return None
        return Verdict("another", np.float32(7), 3.0, "no" if self.what == "reject" else None)  # type: ignore[arg-type]

    def label(self, frames: Frames, interval: Interval) -> Label:
        return Label(self.name, 3, 0.5)  # type: ignore[arg-type]


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch, plain: str, tmp_path: Path) -> Callable[[str], str]:
    module = types.ModuleType("odd_parts")
    module.Odd = Odd  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "odd_parts", module)
    base = Path(plain).read_text()

    def write(what: str) -> str:
        path = tmp_path / f"{what}.toml"
        path.write_text(f'{base}\n[filters.mine]\nuse = "odd_parts:Odd"\nwhat = "{what}"\n')
        return str(path)

    return write


def test_a_verdict_goes_under_its_filters_own_name(
    films: Path, make: Build, odd: Callable[[str], str]
) -> None:
    report = make(films / "b.mp4", recipe=odd("reject"))
    for clip in rows(report.folder, "clips"):
        assert (clip["reasons"], clip["details"], clip["score_mine"]) == (["mine"], ["no"], 7.0)


@pytest.mark.parametrize(("what", "error"), [("exit", RuntimeError), ("none", TypeError)])
def test_a_filter_that_misbehaves_is_an_error_and_not_the_end(
    films: Path, make: Build, odd: Callable[[str], str], what: str, error: type[Exception]
) -> None:
    # In a worker each becomes its source's reason; here, in the process itself, it is seen as it is.
    with pytest.raises(error):
        make(films / "b.mp4", recipe=odd(what))


def test_a_label_that_is_no_text_is_stored_as_text(
    films: Path, make: Build, odd: Callable[[str], str]
) -> None:
    path = Path(odd("pass"))
    path.write_text(path.read_text() + '[labelers.kind]\nuse = "odd_parts:Odd"\nwhat = "x"\n')
    report = make(films / "b.mp4", recipe=str(path))
    assert {clip["label_kind"] for clip in rows(report.folder, "clips")} == {"3"}


def test_a_component_that_cannot_be_imported_or_has_no_method_is_a_recipe_error(
    tmp_path: Path, plain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_part.py").write_text("def (:\n")
    (tmp_path / "empty_part.py").write_text(
        "from skyscene.recipes import Component\nclass Empty(Component):\n    pass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    recipe = tmp_path / "r.toml"
    recipe.write_text(
        Path(plain).read_text()
        + '[filters.x]\nuse = "broken_part:X"\n[detectors.y]\nuse = "empty_part:Empty"\n'
    )
    with pytest.raises(RecipeError) as caught:
        load_recipe(str(recipe))
    assert "SyntaxError" in str(caught.value)
    recipe.write_text(Path(plain).read_text() + '\n[filters.y]\nuse = "empty_part:Empty"\n')
    with pytest.raises(RecipeError, match="Empty has no method judge"):
        load_recipe(str(recipe))


def test_a_script_without_a_main_guard_is_told_what_to_write(films: Path, plain: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    given = f"{str(films / 'b.mp4')!r}, {str(tmp_path / 'o')!r}, recipe={plain!r}"
    script.write_text(f"import skyscene\nskyscene.build({given})\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert done.returncode == 1
    assert '`if __name__ == "__main__":`' in done.stderr.splitlines()[-1]
    assert not list((tmp_path / "o" / "commits").rglob("sources/*.json"))


def test_workers_do_not_outlive_the_build(tmp_path: Path) -> None:
    import time

    import psutil

    code = (
        "import os, sys, time\n"
        "from skyscene.builder.executor import LocalExecutor\n"
        "from skyscene.records import Limits\n"
        "if __name__ == '__main__':\n"
        "    list(LocalExecutor(1).run(time.sleep, [60.0], Limits()))\n"
    )
    script = tmp_path / "s.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)]) as parent:
        family = psutil.Process(parent.pid)
        deadline = time.monotonic() + 30
        children: list[psutil.Process] = []
        while time.monotonic() < deadline and not (children and children[-1].cpu_times().user > 0.2):
            children = family.children(recursive=True)
            time.sleep(0.1)
        assert children
        time.sleep(2)
        parent.kill()
        parent.wait()
        gone, alive = psutil.wait_procs(children, timeout=15)
    assert gone and not alive
