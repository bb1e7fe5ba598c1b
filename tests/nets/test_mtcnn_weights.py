import lz4.frame
import numpy as np
import pytest

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.nets import mtcnn_weights
from tests.nets.layouts import MTCNN_FILES as FILES


@pytest.mark.parametrize(
    ("net", "first", "last"),
    [
        ("pnet", (3, 3, 3, 10), (1, 1, 32, 1)),
        ("rnet", (3, 3, 3, 28), (128, 1)),
        ("onet", (3, 3, 3, 32), (256, 1)),
    ],
)
def test_each_file_gives_the_arrays_of_its_net(net, first, last):
    arrays = mtcnn_weights.read(FILES / f"{net}.lz4", net)

    assert arrays["conv1_kernel"].shape == first
    assert arrays["score_kernel"].shape == last


def test_the_file_of_another_net_is_refused():
    with pytest.raises(WeightsCorrupt, match="holds 13 arrays, onet has 21"):
        mtcnn_weights.read(FILES / "pnet.lz4", "onet")


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(WeightsMissing, match=r"pnet\.lz4"):
        mtcnn_weights.read(tmp_path / "pnet.lz4", "pnet")


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "pnet.lz4"
    path.write_bytes((FILES / "pnet.lz4").read_bytes()[:-100])

    with pytest.raises(WeightsCorrupt, match="damaged"):
        mtcnn_weights.read(path, "pnet")


def test_a_file_that_is_not_compressed_is_refused(tmp_path):
    path = tmp_path / "pnet.lz4"
    path.write_bytes(b"not lz4 at all")

    with pytest.raises(WeightsCorrupt, match="damaged"):
        mtcnn_weights.read(path, "pnet")


def test_a_compressed_attack_is_refused(tmp_path):
    path = tmp_path / "pnet.lz4"
    path.write_bytes(lz4.frame.compress(b"cos\nsystem\n(S'true'\ntR."))

    with pytest.raises(WeightsCorrupt, match=r"os\.system"):
        mtcnn_weights.read(path, "pnet")


def test_dense_rows_are_reordered_from_columns_first_to_rows_first():
    columns_first = np.arange(3 * 3 * 2, dtype=np.float32)[:, None]  # (w h c, 1)

    rows_first = mtcnn_weights._rows_first(columns_first, channels=2)

    image = columns_first.reshape(3, 3, 2)  # (w, h, c)
    np.testing.assert_array_equal(rows_first[:, 0], image.transpose(1, 0, 2).ravel())
