import keras as real_keras
import numpy as np
import pytest

from facecam.errors import RuntimeUnavailable
from facecam.nets.restore import restore
from facecam.runtime import gpu, keras


@pytest.fixture(scope="module")
def weights(installed_home):
    return (
        installed_home / "models" / "detector" / "mtcnn" / "installed" / "weights.npz"
    )


@pytest.fixture(scope="module")
def onet(weights):
    return restore("onet", weights)


def pictures(n, side=48):
    return (
        np.random.default_rng(n).integers(0, 256, (n, side, side, 3)).astype(np.uint8)
    )


@pytest.mark.parametrize("n", [0, 1, 3, 6])
def test_a_compiled_net_answers_as_the_model_for_a_batch_of_any_size(onet, n):
    net = keras.load(onet, buckets=(1, 4), precision="float32")

    found = net(pictures(n))

    wanted = [np.asarray(o) for o in onet(pictures(max(n, 1)).astype(np.float32))]
    assert [o.shape for o in found] == [(n, *o.shape[1:]) for o in wanted]
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b[:n], atol=1e-5)


def test_a_net_without_buckets_takes_pictures_of_any_size(weights):
    net = keras.load(restore("pnet", weights), precision="float32")

    for side, cells in ((12, 1), (20, 5), (12, 1), (14, 2), (16, 3), (18, 4)):
        score, _ = net(pictures(1, side))
        assert score.shape == (1, cells, cells)


def test_reduced_precision_is_taken_where_the_answers_stay(onet):
    net = keras.load(onet, buckets=(2,))

    assert net.precision in keras.REDUCED
    exact = keras.load(onet, buckets=(2,), precision="float32")
    score, _, landmarks = net(pictures(2))
    wanted, _, wanted_landmarks = exact(pictures(2))
    np.testing.assert_allclose(score, wanted, atol=0.02)
    np.testing.assert_allclose(landmarks, wanted_landmarks, atol=0.02)


def explosive():
    """A net whose answer float16 and bfloat16 cannot hold."""
    image = real_keras.Input((8, 8, 3))
    x = real_keras.layers.Conv2D(4, 3, kernel_initializer="ones")(image)
    x = real_keras.layers.Flatten()(real_keras.ops.sin(x * 50.0))
    return real_keras.Model(image, real_keras.layers.Dense(5)(x))


def test_float32_is_kept_where_reduced_precision_changes_the_answers():
    assert keras.load(explosive(), buckets=(1,)).precision == "float32"


def test_a_precision_asked_for_by_name_is_refused_if_it_changes_the_answers():
    with pytest.raises(RuntimeUnavailable, match="answers differently"):
        keras.load(explosive(), buckets=(1,), precision="float16")


def test_a_failure_of_the_backend_is_told_in_words(onet, monkeypatch):
    def fail(model, shape):
        raise RuntimeError("CUDA out of memory")

    monkeypatch.setitem(keras._COMPILERS, gpu.backend(), fail)

    with pytest.raises(RuntimeUnavailable, match="cannot run onet: CUDA out of memory"):
        keras.load(onet, buckets=(1,))


def test_every_bucket_is_compiled_while_loading(onet, monkeypatch):
    shapes = []

    def compiler(model, shape):
        shapes.append(shape[0])
        return lambda image: [np.zeros(1)]

    monkeypatch.setitem(keras._COMPILERS, gpu.backend(), compiler)

    keras.load(onet, buckets=(2, 8), precision="float32")

    assert shapes == [1, 2, 8]
