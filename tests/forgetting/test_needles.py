"""Tests of facecam.forgetting.needles."""

import json

import cv2
import numpy as np
import pytest

from facecam.forgetting.needles import (
    COPY,
    DATA,
    ID,
    NAME,
    Text,
    needles,
    windows_of,
)
from facecam.media import encode_jpeg

rng = np.random.default_rng(7)


def noise(n: int) -> bytes:
    return rng.bytes(n)


def portrait(seed: int, ground: int = 128, size: int = 200) -> bytes:
    """Return a JPEG with texture in its middle and an even ground around it."""
    image = np.full((size, size, 3), ground, np.uint8)
    grain = np.random.default_rng(seed).integers(0, 255, (size // 2, size // 2, 3))
    image[size // 4 : -(size // 4), size // 4 : -(size // 4)] = grain
    return encode_jpeg(image)


def test_nothing_to_look_for_is_found_nowhere():
    nothing = needles([], [], [])

    assert nothing.kinds_in(b"") == frozenset()
    assert nothing.kinds_in(noise(5000)) == frozenset()


@pytest.mark.parametrize("size", [1, 31, 32, 33, 63, 64, 65])
def test_small_files_are_found_whole(size):
    data = noise(size)
    wanted = needles([data], [], [])

    assert COPY in wanted.kinds_in(data)
    assert COPY not in wanted.kinds_in(data + b"x")


def test_every_piece_of_63_bytes_is_found_wherever_it_begins_and_lies():
    data = noise(3000)
    wanted = needles([data], [], [])

    for _ in range(500):
        start, at = int(rng.integers(0, 3000 - 63)), int(rng.integers(0, 200))
        hay = noise(at) + data[start : start + 63] + noise(int(rng.integers(0, 100)))
        assert wanted.kinds_in(hay) == {DATA}


def test_a_piece_is_found_in_a_file_that_is_larger_than_any_buffer():
    data = noise(500)
    hay = bytearray(noise(20_000_000))
    hay[13_000_001 : 13_000_001 + 64] = data[77 : 77 + 64]

    assert needles([data], [], []).kinds_in(bytes(hay)) == {DATA}


def test_other_data_is_never_taken_for_the_persons():
    wanted = needles([noise(200_000)], [noise(2048)], [])

    assert wanted.kinds_in(noise(20_000_000)) == frozenset()


@pytest.mark.parametrize("ground", [0, 17, 128, 255])
def test_two_portraits_before_the_same_wall_have_nothing_in_common(ground):
    wanted = needles([portrait(1, ground)], [], [])

    assert wanted.kinds_in(portrait(2, ground)) == frozenset()
    assert wanted.kinds_in(portrait(2, ground, size=332)) == frozenset()
    assert wanted.kinds_in(b"log" + portrait(1, ground)[4000:4064]) == {DATA}


def test_padding_and_repetition_belong_to_nobody():
    assert len(windows_of(bytes(500))) == 0
    assert len(windows_of(b"\x28\xa2\x8a" * 100)) == 0
    assert len(windows_of(bytes(range(100)))) == 69


def test_a_row_of_numbers_is_found_between_others():
    row = rng.normal(size=512).astype(np.float32)
    others = rng.normal(size=(5, 512)).astype(np.float32)
    wanted = needles([], [row.tobytes()], [])

    assert wanted.kinds_in(np.insert(others, 3, row, axis=0).tobytes()) == {DATA}
    assert wanted.kinds_in(b"a" + row[100:120].tobytes()) == {DATA}
    assert wanted.kinds_in(others.tobytes()) == frozenset()


NAMES = [
    "Ada",
    "Zoë Müller",
    "王小明",
    "ليلى",
    "Ada 🙂",
    "a/b\\c",
    'Al "Ace"',
    "x" * 200,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_however_it_is_written(name):
    wanted = needles([], [], [Text(NAME, name)])
    ini = "".join(c if c.isascii() else f"\\x{ord(c):x}" for c in name)
    written = [
        f"saw {name}.".encode(),
        json.dumps({"name": name}).encode(),
        json.dumps({"name": name}, ensure_ascii=False).encode()
        if json.dumps(name, ensure_ascii=False) == f'"{name}"'
        else name.encode(),
        f"last={ini}".encode(),
        np.array([name, "x"]).tobytes(),
        name.encode("utf-16-le"),
    ]

    for data in written:
        assert wanted.kinds_in(data) == {NAME}, data
    assert wanted.kinds_in("saw Grace Hopper, 李.".encode()) == frozenset()


def test_a_name_that_is_part_of_a_word_or_of_anothers_name_is_not_theirs():
    wanted = needles([], [], [Text(NAME, "Ada", within=("Ada Lovelace",))])

    assert wanted.kinds_in(b"Adapter Canada") == frozenset()
    assert wanted.kinds_in(b"Ada Lovelace is here") == frozenset()
    assert wanted.kinds_in(b"Ada Lovelace and Ada") == {NAME}
    assert wanted.without_texts(b"Ada Lovelace and Ada.") == b"Ada Lovelace and ***."


def test_a_short_name_is_not_found_in_noise_but_in_words():
    wanted = needles([], [], [Text(NAME, "Al")])

    assert wanted.kinds_in(b"\0 Al \0") == frozenset()
    assert wanted.kinds_in(b"\0" + np.array(["Al"]).tobytes()) == {NAME}
    assert wanted.kinds_in(b"hello Al.") == {NAME}


def test_an_id_in_the_name_of_a_file_is_found():
    wanted = needles([], [], [Text(ID, "ada-12ab", within=("ada-12ab-2",))])

    assert wanted.kinds_in_path(["people", ".gone-ada-12ab", "x.jpg"]) == {ID}
    assert wanted.kinds_in_path(["people", "ada-12ab-2"]) == frozenset()
    assert wanted.kinds_in_path(["people", "ada-12abc"]) == frozenset()


def test_asterisks_leave_everything_else_in_place():
    wanted = needles([], [], [Text(NAME, "王小明"), Text(ID, "w-1")])

    assert wanted.without_texts("saw 王小明 (w-1), w-10".encode()) == (
        b"saw ********* (***), w-10"
    )


def test_two_pngs_of_one_size_have_nothing_in_common():
    def png(seed):
        grain = np.random.default_rng(seed).integers(0, 255, (60, 60, 3), np.uint8)
        return cv2.imencode(".png", grain)[1].tobytes()

    wanted = needles([png(1)], [], [])

    assert wanted.kinds_in(png(2)) == frozenset()
    assert wanted.kinds_in(b"x" + png(1)[500:564]) == {DATA}


def test_an_empty_file_is_nobodys():
    found = needles([b""], [], [], whole=[b""])

    assert found.kinds_in(b"") == frozenset()
