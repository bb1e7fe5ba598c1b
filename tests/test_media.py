"""Tests of facecam.media."""

import cv2
import numpy as np
import pytest

from facecam import media
from facecam.errors import ImageError

RED = np.full((24, 32, 3), (220, 30, 30), np.uint8)


def test_a_picture_comes_back_as_it_was_written(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    media.write_image(tmp_path / "a.png", noise)
    assert np.array_equal(media.read_image(tmp_path / "a.png"), noise)


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp", ".bmp", ".tiff"])
def test_every_format_keeps_red_red_below_a_name_that_is_not_ascii(tmp_path, suffix):
    path = tmp_path / "Zoë 王" / f"пор{suffix}"
    media.write_image(path, RED)
    image = media.read_image(path)
    assert (image.shape, image.dtype) == (RED.shape, np.uint8)
    assert np.abs(image.astype(int) - RED).max() < 12
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "stored",
    [
        np.full((8, 9), 200, np.uint8),
        np.full((8, 9), 200 * 257, np.uint16),
        np.full((8, 9, 4), 200, np.uint8),
        np.full((8, 9, 3), 200 * 257, np.uint16),
    ],
    ids=["grey", "grey 16 bit", "with alpha", "colour 16 bit"],
)
def test_every_depth_becomes_rgb_uint8(stored):
    data = cv2.imencode(".png", stored)[1].tobytes()
    image = media.decode_image(data)
    assert (image.shape, image.dtype) == ((8, 9, 3), np.uint8)
    assert np.unique(image).tolist() == [200]


def test_the_orientation_of_a_phone_is_applied():
    jpeg = media.encode_jpeg(RED)
    orientation_6 = bytes.fromhex(
        "ffe1 0022 457869660000 4d4d002a00000008"  # APP1, "Exif", big endian
        "0001 0112 0003 00000001 0006 0000 00000000"  # one entry: orientation 6
    )
    image = media.decode_image(jpeg[:2] + orientation_6 + jpeg[2:])
    assert image.shape == (32, 24, 3)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp"])
def test_a_header_tells_the_size_of_a_picture_and_whether_it_is_grey(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    media.write_image(path, RED)
    stored = cv2.imencode(suffix, np.full((8, 9), 200, np.uint8))[1]
    (tmp_path / f"grey{suffix}").write_bytes(stored.tobytes())

    colour, grey = (media.read_header(p) for p in (path, tmp_path / f"grey{suffix}"))

    assert (colour.width, colour.height, colour.grey) == (32, 24, False)
    assert (grey.width, grey.height, grey.grey) == (9, 8, True)


def test_a_header_turns_the_size_as_reading_turns_the_picture(tmp_path):
    jpeg = media.encode_jpeg(RED)
    orientation_6 = bytes.fromhex(
        "ffe1 0022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 0006 0000"
        "00000000"
    )
    (tmp_path / "a.jpg").write_bytes(jpeg[:2] + orientation_6 + jpeg[2:])

    header = media.read_header(tmp_path / "a.jpg")

    assert (header.width, header.height) == (24, 32)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_picture_cut_short_lacks_its_end_and_is_refused(tmp_path, suffix):
    whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (80, 90, 3), np.uint8)
    media.write_image(whole, noise)
    cut.write_bytes(whole.read_bytes()[:9000])

    headers = [media.read_header(path) for path in (whole, cut)]

    assert [header.ended for header in headers] == [True, False]
    media.require_whole(whole)
    with pytest.raises(ImageError, match=rf"cut\{suffix}: image file is truncated"):
        media.require_whole(cut)


def test_copies_of_a_picture_have_the_same_mark_and_others_do_not(tmp_path):
    for name, image in (("a", RED), ("b", RED), ("c", RED[:, ::-1] // 2)):
        media.write_image(tmp_path / f"{name}.png", image)

    marks = [media.read_header(tmp_path / f"{name}.png").mark for name in "abc"]

    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff"])
def test_the_header_of_what_is_no_picture_is_refused_by_name(tmp_path, content):
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)

    for read in (media.read_header, media.require_whole):
        with pytest.raises(ImageError, match=r"broken\.jpg is damaged or not"):
            read(path)
        with pytest.raises(ImageError, match=r"none\.jpg: No such file"):
            read(tmp_path / "none.jpg")


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused_by_name(tmp_path, content):
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=r"broken\.jpg"):
        media.read_image(path)


def test_an_absent_picture_is_refused_by_name(tmp_path):
    with pytest.raises(ImageError, match=r"none\.jpg.*Check"):
        media.read_image(tmp_path / "none.jpg")


@pytest.mark.parametrize("name", ["a.txt", "a", "a.unknown"])
def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path, name):
    with pytest.raises(ImageError, match=r"\.jpg"):
        media.write_image(tmp_path / name, RED)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ImageError, match="Cannot write"):
        media.write_image(tmp_path / "file" / "a.png", RED)
    with pytest.raises(ImageError, match="Cannot write"):
        media.VideoWriter(tmp_path / "file" / "a.mp4", 25, (32, 24))


def test_pictures_of_a_folder_are_found_in_order(tmp_path):
    for name in (
        "b.PNG",
        "a.jpg",
        "deep/c.webp",
        "notes.txt",
        ".hidden.jpg",
        ".d/e.jpg",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [p.relative_to(tmp_path).as_posix() for p in media.find_images(tmp_path)]
    assert found == ["a.jpg", "b.PNG", "deep/c.webp"]


def test_an_absent_folder_is_told(tmp_path):
    with pytest.raises(ImageError, match="no folder"):
        media.find_images(tmp_path / "none")


def frames_of(path):
    capture = cv2.VideoCapture(str(path))
    rate, frames = capture.get(cv2.CAP_PROP_FPS), []
    while (answer := capture.read())[0]:
        frames.append(answer[1][..., ::-1])
    return rate, frames


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".avi"])
def test_a_film_keeps_rate_number_size_and_colour(tmp_path, suffix):
    path = tmp_path / f"Zoë{suffix}"
    with media.VideoWriter(path, 12.5, (32, 24)) as film:
        for _ in range(5):
            film.write(RED)
        film.write(np.full((48, 64, 3), (30, 30, 220), np.uint8))
    rate, frames = frames_of(path)
    assert rate == pytest.approx(12.5, rel=0.01)
    assert [frame.shape for frame in frames] == [(24, 32, 3)] * 6
    assert frames[0][12, 16].argmax() == 0
    assert frames[5][12, 16].argmax() == 2
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [(101, 77), (12, 12), (16, 300)])
def test_a_film_may_have_any_size_rounded_to_even(tmp_path, size):
    with media.VideoWriter(tmp_path / "a.mp4", 25, size) as film:
        film.write(np.full((size[1], size[0], 3), 120, np.uint8))
    (frame,) = frames_of(tmp_path / "a.mp4")[1]
    assert frame.shape == (size[1] // 2 * 2, size[0] // 2 * 2, 3)
    assert frame.mean() == pytest.approx(120, abs=4)


def test_a_frame_of_another_shape_is_fitted_into_the_film(tmp_path):
    with media.VideoWriter(tmp_path / "a.avi", 25, (64, 32)) as film:
        film.write(np.full((100, 100, 3), 200, np.uint8))
    (frame,) = frames_of(tmp_path / "a.avi")[1]
    assert frame[16, 32].mean() > 180
    assert frame[16, [2, 61]].mean() < 20


def test_an_interrupted_film_is_kept_and_a_failed_one_is_not(tmp_path):
    def film(error):
        path = tmp_path / f"{error.__name__}.mp4"
        with media.VideoWriter(path, 25, (32, 24)) as writer:
            writer.write(RED)
            raise error

    for error in (KeyboardInterrupt, ValueError):
        with pytest.raises(error):
            film(error)
    assert [p.name for p in tmp_path.iterdir()] == ["KeyboardInterrupt.mp4"]


def test_a_film_of_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(ImageError, match=r"\.mp4"):
        media.VideoWriter(tmp_path / "a.txt", 25, (32, 24))


@pytest.mark.parametrize(
    "notes",
    [
        b"\xff" * 20,
        bytes.fromhex("49492a0008000000ffff"),  # entries announced, none there
        bytes.fromhex("49492a0008000000 0100 1201 0200 04000000 61626300 00000000"),
    ],
)
def test_damaged_notes_of_a_camera_do_not_spoil_a_picture(tmp_path, notes):
    jpeg = media.encode_jpeg(np.zeros((40, 60, 3), np.uint8))
    body = b"Exif\0\0" + notes
    mark = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big")
    (tmp_path / "a.jpg").write_bytes(jpeg[:2] + mark + body + jpeg[2:])

    assert media.read_size(tmp_path / "a.jpg") == (60, 40)
    assert media.read_image(tmp_path / "a.jpg").shape == (40, 60, 3)
