import numpy as np
import pytest

from facecam.errors import WeightsCorrupt, WeightsMissing
from facecam.nets import arrays

WANTED = {"a_kernel": (2, 3), "a_bias": (3,)}


def good():
    return {"a_kernel": np.zeros((2, 3), np.float32), "a_bias": np.ones(3, np.float16)}


def test_complete_arrays_pass():
    arrays.check(WANTED, good(), "net")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"a_bias": None}, "1 of 2 arrays are missing, for example a_bias"),
        ({"b_bias": np.zeros(3, np.float32)}, "it has no b_bias"),
        ({"a_bias": np.zeros(4, np.float32)}, r"shape \(4,\), expected \(3,\)"),
        ({"a_bias": np.zeros(3, np.int32)}, "not finite numbers"),
        ({"a_bias": np.array([0, np.nan, 1], np.float32)}, "not finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(change, reason):
    changed = {k: v for k, v in (good() | change).items() if v is not None}

    with pytest.raises(WeightsCorrupt, match=reason):
        arrays.check(WANTED, changed, "net")


def test_folding_the_input_scaling_changes_no_answer():
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(3, 3, 3, 5)), rng.normal(size=5)
    pixels = rng.integers(0, 256, (3, 3, 3)).astype(float)

    folded_kernel, folded_bias = arrays.fold_input(kernel, bias)

    before = np.tensordot((pixels - 127.5) / 128, kernel, 3) + bias
    after = np.tensordot(pixels, folded_kernel, 3) + folded_bias
    np.testing.assert_allclose(after, before, rtol=1e-12)


def test_one_net_is_read_from_the_file_of_a_detector_or_of_its_own(tmp_path):
    one, whole = tmp_path / "one.npz", tmp_path / "whole.npz"
    np.savez(one, **good())
    rnet = {f"rnet_{name}": array for name, array in good().items()}
    np.savez(whole, pnet_a_bias=np.ones(1), **rnet)

    for found in (arrays.read_net(one), arrays.read_net(whole, "rnet")):
        assert found.keys() == good().keys()
        np.testing.assert_array_equal(found["a_bias"], good()["a_bias"])


@pytest.mark.parametrize("content", [b"", b"Dear reader", b"PK\3\4 half of a file"])
def test_a_file_that_holds_no_arrays_is_named(tmp_path, content):
    path = tmp_path / "weights.npz"
    path.write_bytes(content)

    with pytest.raises(WeightsCorrupt, match=r"weights\.npz is damaged"):
        arrays.read_net(path)


def test_a_file_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(WeightsMissing, match="There is no file"):
        arrays.read_net(tmp_path / "weights.npz")


def test_the_digest_is_of_names_and_numbers_whatever_the_order_and_precision():
    arranged = dict(reversed(good().items()))
    exact = {name: array.astype(np.float64) for name, array in good().items()}
    other = good() | {"a_bias": np.ones(3, np.float32) * 2}
    renamed = {f"b{name}": array for name, array in good().items()}

    assert arrays.digest(good()) == arrays.digest(arranged) == arrays.digest(exact)
    assert len({arrays.digest(each) for each in (good(), other, renamed)}) == 3
