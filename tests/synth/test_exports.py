"""What the package exports is complete, and it opens no files."""

import skyscene.synth as synth


def test_all_names_exist_and_are_sorted():
    assert all(hasattr(synth, name) for name in synth.__all__)
    assert len(set(synth.__all__)) == len(synth.__all__)
