import json

import keras
import numpy as np
import pytest

from facecam.installation import probe
from facecam.nets import compile as compiling
from facecam.runtime import litert
from tests.nets.layouts import MTCNN_FILES


def small_net():
    keras.utils.set_random_seed(0)
    image = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(8, 3, activation="relu")(image / 255)
    first = keras.layers.Conv2D(1, 1)(x)
    second = keras.layers.Conv2D(4, 1)(x)
    return keras.Model(image, [first, second])


@pytest.mark.parametrize(("quantised", "tolerance"), [(False, 1e-5), (True, 0.05)])
def test_a_compiled_net_answers_as_the_keras_net(tmp_path, quantised, tolerance):
    model, path = small_net(), tmp_path / "net.tflite"
    image = np.random.default_rng(0).integers(0, 256, (2, 9, 7, 3)).astype(np.uint8)

    path.write_bytes(compiling.to_litert(model, quantised))

    found = litert.load(path, threads=1)(image)
    wanted = [np.asarray(output) for output in model(image.astype(np.float32))]
    assert [output.shape for output in found] == [(2, 7, 5, 1), (2, 7, 5, 4)]
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, atol=tolerance)


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_detector_is_converted_with_progress(tmp_path, capsys):
    words = ["detector", str(tmp_path), str(MTCNN_FILES)]

    assert compiling.main(words) == 0

    told = lines(capsys)
    assert [line["done"] for line in told] == sorted(line["done"] for line in told)
    assert len(told[-1]["arrays"]) == 64
    assert {p.name for p in tmp_path.iterdir()} == {
        *(
            f"{net}{kind}.tflite"
            for net in ("pnet", "rnet", "onet")
            for kind in ("", "-int8")
        ),
        "weights.npz",
    }


def test_a_detector_trained_here_is_converted_from_its_own_arrays(tmp_path, capsys):
    published, again = tmp_path / "published", tmp_path / "again"
    for out, source in ((published, MTCNN_FILES), (again, published / "weights.npz")):
        out.mkdir()
        assert compiling.main(["detector", str(out), str(source)]) == 0

    first, second = (line["arrays"] for line in lines(capsys) if "arrays" in line)
    assert first == second
    for net, side in (("pnet", 12), ("rnet-int8", 24), ("onet", 48)):
        pixels = probe(side)
        nets = (litert.load(f / f"{net}.tflite", 1) for f in (published, again))
        for one, other in zip(*(net(pixels) for net in nets), strict=True):
            np.testing.assert_array_equal(one, other)


def test_arrays_of_another_detector_are_refused(tmp_path, capsys):
    np.savez(tmp_path / "weights.npz", pnet_conv1_kernel=np.zeros(3, np.float32))

    words = ["detector", str(tmp_path), str(tmp_path / "weights.npz")]

    assert compiling.main(words) == 1
    [*_, last] = lines(capsys)
    assert "not the weights of pnet" in last["error"]


def test_a_refused_file_is_told_as_a_json_line(tmp_path, capsys):
    source = tmp_path / "letter.txt"
    source.write_text("Dear reader")

    assert compiling.main(["facenet", str(tmp_path), str(source)]) == 1

    [*_, last] = lines(capsys)
    assert last["type"] == "WeightsCorrupt"
    assert "letter.txt" in last["error"] or "known layout" in last["error"]
    assert not list(tmp_path.glob("*.tflite"))
