"""How faces are cut, and what is known of pictures cut before."""

import numpy as np
import pytest

from facecam.aligning import Alignment, Placed, central, recognised, supposed
from facecam.config import EmbedderConfig
from facecam.errors import DatasetError
from facecam.faces import Detections
from facecam.media import write_image
from facecam.vision import image as images
from facecam.vision.embedder import NetEmbedder
from tests.fakes import picture

CONFIG = EmbedderConfig()
BOX = np.array([[100, 70, 171, 160]], np.float32)


def one(box):
    return Detections(
        np.atleast_2d(box).astype(np.float32),
        np.ones(1, np.float32),
        np.full((1, 5, 2), np.nan, np.float32),
    )


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)


@pytest.fixture
def embedder():
    return NetEmbedder(lambda crops: (crops,), "none", CONFIG)


def test_what_is_cut_is_what_the_embedder_sees(image, embedder):
    cut = Alignment.of(CONFIG).crop(image, BOX)

    assert np.array_equal(cut, embedder.crop(image, one(BOX)))


def test_an_aligned_picture_goes_through_the_embedders_crop_unchanged(image, embedder):
    alignment = Alignment.of(CONFIG)
    [cut] = alignment.crop(image, BOX)

    again = embedder.crop(cut, one(alignment.box(cut.shape[:2], CONFIG)))

    assert np.array_equal(again[0], cut)


def test_the_middle_of_a_larger_picture_is_the_embedders_crop(image, embedder):
    alignment = Alignment.of(CONFIG, size=182)
    [cut] = alignment.crop(image, BOX)

    box = one(alignment.box(cut.shape[:2], CONFIG))
    again = embedder.crop(cut, box)[0].astype(int)

    assert alignment.margin == pytest.approx(1.25 * 182 / 160, abs=1e-3)
    direct = embedder.crop(image, one(BOX))[0].astype(int)
    assert np.abs(cut[11:171, 11:171].astype(int) - direct).mean() < 4
    assert np.abs(again - direct).mean() < 4


def test_another_margin_is_known_when_it_is_read(image, embedder):
    smooth = picture((60, 40, 150))
    wide = Alignment.of(CONFIG, margin=2.0)
    [cut] = wide.crop(smooth, BOX)

    again = embedder.crop(cut, one(wide.box(cut.shape[:2], CONFIG)))[0]

    direct = embedder.crop(smooth, one(BOX))[0]
    assert np.abs(again.astype(int) - direct).mean() < 8


def test_a_margin_in_pixels_is_half_on_each_side_and_ends_at_the_edge(image):
    seeds = Alignment(160, None, pixels=44)
    corner = np.array([[10, 15, 90, 120]], np.float32)

    [cut] = seeds.crop(image, corner)

    region = np.array([[0, 0, 112, 142]], np.float32)
    assert np.array_equal(cut, images.align(image, region, 160, margin=1.0)[0])


@pytest.mark.parametrize(("size", "share"), [(160, 1.0), (182, 160 / 182)])
def test_of_the_seeds_pictures_the_middle_160_are_taken(size, share):
    box = Alignment(size, None, 44).box((size, size), CONFIG)

    side = (box[2] - box[0]) * CONFIG.margin
    assert side / size == pytest.approx(share, abs=1e-4)


def test_the_largest_face_is_chosen_unless_it_is_far_off():
    large, central_one = (0, 0, 60, 60), (130, 100, 180, 150)
    boxes = np.array([large, central_one], np.float32)

    assert central(boxes, (240, 320)) == 1
    assert central(boxes[:1], (240, 320)) == 0
    assert (
        central(np.array([(100, 60, 220, 180), central_one], np.float32), (240, 320))
        == 0
    )


def test_a_note_says_how_a_folder_was_cut(tmp_path):
    alignment = Alignment.of(CONFIG, 182)
    alignment.write(tmp_path)
    alignment.write(tmp_path)
    inside = tmp_path / "lfw" / "Ada"
    inside.mkdir(parents=True)

    assert recognised(tmp_path) == recognised(inside) == supposed(inside) == alignment
    with pytest.raises(DatasetError, match="cut in another way: 182 px"):
        Alignment.of(CONFIG).write(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}x", '{"size": 0}', '{"sides": 3}'])
def test_a_damaged_note_is_a_readable_error(tmp_path, text):
    (tmp_path / "aligned.json").write_text(text)

    with pytest.raises(DatasetError, match=r"aligned\.json is damaged"):
        recognised(tmp_path)


def test_whole_pictures_are_not_taken_for_faces(tmp_path):
    write_image(tmp_path / "Ada" / "1.png", picture((9, 9, 60)))

    assert recognised(tmp_path) is None
    with pytest.raises(DatasetError, match=r"1\.png has 320×240"):
        supposed(tmp_path)


def test_what_the_seeds_have_aligned_is_recognised_by_their_list(tmp_path):
    write_image(tmp_path / "Ada" / "1.png", picture((9, 9, 60), size=(182, 182)))
    (tmp_path / "bounding_boxes_12345.txt").write_text("Ada/1.png 1 2 3 4\n")

    assert recognised(tmp_path) == Alignment(182, None, 0)


def test_faces_cut_out_are_found_without_looking(image, embedder):
    alignment = Alignment.of(CONFIG)
    [cut] = alignment.crop(image, BOX)

    found = Placed(alignment, CONFIG).detect(cut)

    assert np.array_equal(embedder.crop(cut, found)[0], cut)
