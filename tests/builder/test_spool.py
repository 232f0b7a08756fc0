from pathlib import Path

import numpy as np
import pytest

from skyscene.builder.spool import Spool
from skyscene.records import Interval


def picture(number: int) -> np.ndarray:
    return np.full((6, 4), number, np.uint8)


def test_what_goes_in_comes_out_and_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.spool"
    with Spool(path, 10 * 24) as spool:
        for number in range(5):
            spool.put(number, picture(number))
        assert [frame[0, 0] for frame in spool.read(Interval(1, 4))] == [1, 2, 3]
        assert spool.holds(Interval(0, 5)) and not spool.holds(Interval(0, 6))
        assert path.is_file()
    assert not path.exists()


def test_room_is_made_by_forgetting_what_is_not_wanted(tmp_path: Path) -> None:
    with Spool(tmp_path / "x", 8 * 24) as spool:
        for number in range(8):
            spool.put(number, picture(number))
        assert spool.is_full
        spool.keep_only([Interval(2, 4), Interval(6, 8)])
        assert spool.open and not spool.is_full
        for number in (8, 9):
            spool.put(number, picture(number))
        assert [f[0, 0] for f in spool.read(Interval(6, 10))] == [6, 7, 8, 9]
        with pytest.raises(KeyError):
            list(spool.read(Interval(0, 2)))


def test_a_spool_that_cannot_make_room_closes(tmp_path: Path) -> None:
    with Spool(tmp_path / "x", 8 * 24) as spool:
        for number in range(8):
            spool.put(number, picture(number))
        spool.keep_only([Interval(0, 8)])
        assert not spool.open


def test_a_frame_larger_than_the_spool_closes_it(tmp_path: Path) -> None:
    with Spool(tmp_path / "x", 23) as spool:
        spool.put(0, picture(0))
        assert not spool.open and not spool.holds(Interval(0, 1))
