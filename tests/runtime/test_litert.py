import subprocess
import sys

import numpy as np
import pytest

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.runtime import litert


@pytest.fixture(scope="module")
def nets(installed_home):
    return installed_home / "models" / "detector" / "mtcnn" / "installed"


def pictures(n, h=48, w=48):
    return np.random.default_rng(n).integers(0, 256, (n, h, w, 3)).astype(np.uint8)


@pytest.mark.parametrize("n", [0, 1, 3, 4, 9])
def test_a_batch_of_any_size_gives_one_answer_for_each_picture(nets, n):
    onet = litert.load(nets / "onet.tflite", threads=1, buckets=(1, 4))

    score, offsets, landmarks = onet(pictures(n))

    assert score.shape == (n,)
    assert offsets.shape == (n, 4)
    assert landmarks.shape == (n, 5, 2)
    assert {a.dtype for a in (score, offsets, landmarks)} == {np.dtype(np.float32)}


def test_the_batch_a_picture_is_in_does_not_change_its_answer(nets):
    onet = litert.load(nets / "onet.tflite", threads=1, buckets=(1, 4))
    image = pictures(7)

    together = onet(image)
    alone = [onet(image[i : i + 1]) for i in range(7)]

    for output, parts in zip(together, zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(output, np.concatenate(parts), atol=1e-5)


def test_a_net_without_buckets_takes_pictures_of_any_size(nets):
    pnet = litert.load(nets / "pnet.tflite", threads=1)

    for h, w in [(12, 12), (40, 33), (12, 12), (20, 21), (22, 23), (24, 25), (12, 12)]:
        score, offsets = pnet(pictures(1, h, w))
        cells = (1, -((2 - h) // 2) - 4, -((2 - w) // 2) - 4)
        assert score.shape == cells
        assert offsets.shape == (*cells, 4)
    assert pnet(pictures(0, 20, 20))[0].shape[0] == 0


def test_answers_are_not_overwritten_by_the_next_call(nets):
    onet = litert.load(nets / "onet.tflite", threads=1, buckets=(1,))
    first = onet(pictures(1))
    kept = [output.copy() for output in first]

    onet(255 - pictures(1))

    for output, copy in zip(first, kept, strict=True):
        np.testing.assert_array_equal(output, copy)


def test_a_view_with_gaps_is_read_right(nets):
    onet = litert.load(nets / "onet.tflite", threads=1, buckets=(1,))
    wide = pictures(1, 48, 96)[:, :, ::2]

    found, wanted = onet(wide), onet(np.ascontiguousarray(wide))

    np.testing.assert_array_equal(found[0], wanted[0])


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(WeightsMissing, match="facecam models install"):
        litert.load(tmp_path / "none.tflite", threads=1)


@pytest.mark.parametrize(
    "content", [b"", b"not a net at all", b"\x1c\0\0\0TFL3" + b"\0" * 60]
)
def test_a_file_that_is_no_net_is_refused(tmp_path, content):
    path = tmp_path / "net.tflite"
    path.write_bytes(content)

    with pytest.raises(WeightsCorrupt, match=r"net\.tflite is damaged"):
        litert.load(path, threads=1)


def test_running_a_net_is_silent_and_imports_neither_tensorflow_nor_keras(nets):
    code = (
        "import sys, numpy as np; from pathlib import Path; "
        "from facecam.runtime import litert; "
        f"net = litert.load(Path({str(nets / 'onet.tflite')!r}), 1, (1,)); "
        "net(np.zeros((1, 48, 48, 3), np.uint8)); "
        "assert not {'tensorflow', 'keras', 'torch', 'jax'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
