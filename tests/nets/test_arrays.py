import numpy as np
import pytest

from facecam.errors import WeightsCorrupt
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
