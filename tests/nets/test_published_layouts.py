"""FaceNet's weights say the same of a face, whatever file they come in."""

import zipfile

import numpy as np
import pytest

from facecam.media import read_image
from facecam.nets import facenet, weights
from facecam.nets.layers import load, names_and_shapes
from tests.nets import layouts

SAME = 1e-3


def write_folder(path, arrays):
    path.mkdir()
    for name, array in arrays.items():
        np.save(path / f"{name}.npy", array)


def write_graph(path, arrays):
    names = layouts.graph_names(arrays)
    path.write_bytes(layouts.graph({names[k]: v for k, v in arrays.items()}))


def write_zipped_graph(path, arrays):
    names = layouts.graph_names(arrays)
    with zipfile.ZipFile(path, "w") as archive:
        content = layouts.graph({names[k]: v for k, v in arrays.items()})
        archive.writestr("20180402-114759/20180402-114759.pb", content)


def write_npz(path, arrays):
    with path.open("wb") as file:
        np.savez(file, **arrays)


WRITERS = {
    "npz": write_npz,
    "folder": write_folder,
    "h5": layouts.write_h5,
    "pb": write_graph,
    "zip with a pb": write_zipped_graph,
    "pt": lambda path, arrays: layouts.write_torch_zip(
        path, layouts.torch_state(arrays)
    ),
    "old pt": lambda path, arrays: layouts.write_torch_legacy(
        path, layouts.torch_state(arrays)
    ),
}


@pytest.mark.slow
def test_a_checkpoint_in_every_layout_gives_the_same_embeddings(data, tmp_path):
    net = facenet.build_facenet()
    wanted = names_and_shapes(net)
    published = weights.read(data / "weights" / "facenet-20180402-114759.npz", wanted)
    picture = read_image(data / "samples" / "multiface.jpg").astype(np.float32)
    faces = np.stack([picture[n : n + 160, 2 * n : 2 * n + 160] for n in (0, 200)])
    embeddings = np.asarray(load(net, published)(faces))
    nothing = {name: np.zeros_like(array) for name, array in published.items()}

    for layout, write in WRITERS.items():
        path = tmp_path / layout
        write(path, published)
        load(net, nothing)
        told = np.asarray(load(net, weights.read(path, wanted))(faces))
        assert np.abs(told - embeddings).max() < SAME, layout
        if path.is_file():
            path.unlink()
