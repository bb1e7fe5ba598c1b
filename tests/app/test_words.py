"""Tests of facecam.app.words."""

import numpy as np
import pytest

from facecam.app import words
from facecam.camera import stream
from facecam.config import WindowConfig
from facecam.faces import Face, Identity, Match

CONFIG = WindowConfig()
ADA = Identity("ada-1", "Ada")


@pytest.mark.parametrize(
    ("match", "word"),
    [
        (Match(None, 50_000), "unknown"),
        (Match(ADA, 10_000), "certain"),
        (Match(ADA, 9_999), "likely"),
    ],
)
def test_confidence_is_one_of_three_words(match, word):
    assert words.confidence_word(match, CONFIG) == word


@pytest.mark.parametrize(
    ("match", "plate"),
    [
        (None, ("", "")),
        (Match(None, 1, ADA), ("", "unknown")),
        (Match(ADA, 1e6), ("Ada", "certain")),
    ],
)
def test_a_plate_says_nothing_while_still_looking(match, plate):
    nowhere = np.zeros(4, np.float32)
    face = Face(nowhere, np.zeros((5, 2), np.float32), 0.9, 1, match)
    assert words.plate(face, CONFIG) == plate


@pytest.mark.parametrize(
    ("source", "name", "icon"),
    [
        ("demo", "Demo clip", "demo"),
        ("0", "Camera", "camera"),
        ("2", "Camera 3", "camera"),
        ("rtsp://me:secret@cam.local:554/one", "cam.local:554/one", "network"),
        ("srt://me:secret@cam.local:9000", "cam.local:9000", "network"),
        ("rtsp://[fe80", "rtsp://[fe80", "camera"),
        ("rtsp://cam:99999/one", "rtsp://cam:99999/one", "camera"),
        ("HD Webcam", "HD Webcam", "camera"),
        ("x" * 300, "x" * 300, "camera"),
        ("/sys/devices/usb1/1-1", "/sys/devices/usb1/1-1", "camera"),
    ],
)
def test_sources_have_names_without_passwords(source, name, icon):
    assert words.source_name(source) == name
    assert words.source_icon(source) == icon


def test_files_and_folders_are_called_by_their_last_part(tmp_path):
    film = tmp_path / "Fête 🎂.mp4"
    film.touch()
    assert words.source_name(str(film)) == "Fête 🎂.mp4"
    assert words.source_icon(str(film)) == "film"
    assert words.source_icon(str(tmp_path)) == "folder"


def test_a_file_is_known_by_its_path_without_looking_at_a_disk_that_may_not_answer():
    assert words.source_name("/far/away/film.mp4") == "film.mp4"
    assert words.source_icon("/far/away/film.mp4") == "film"
    assert words.source_icon("/far/away/pictures") == "folder"


def test_half_an_address_is_none_yet():
    typed = "rtsp://[fe80::1]:554/one"
    assert words.is_address(typed)
    assert not any(words.is_address(typed[:n]) for n in range(len("rtsp://[fe80:")))


def test_streams_are_those_a_camera_can_open():
    assert words.STREAMS == stream.SCHEMES


def test_a_password_is_noticed_in_addresses_only():
    assert words.has_password("rtsp://me:secret@cam/1")
    assert words.has_password("srt://me:secret@cam/1")
    assert not words.has_password("rtsp://cam/1")
    assert not words.has_password("/home/me:secret@cam/1")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (words.latency(0.0184), "18 ms to name"),
        (words.latency(1.25), "1.2 s to name"),
        (words.latency(0.0184, named=False), "18 ms to find"),
        (words.rate(29.7), "30 frames/s"),
        (words.people(0), "nobody enrolled"),
        (words.people(1), "1 person"),
        (words.people(1400), "1,400 people"),
        (words.pictures(1), "1 picture"),
        (words.clock(42), "0:42"),
        (words.clock(3725), "1:02:05"),
    ],
)
def test_numbers_are_said_plainly(said, text):
    assert said == text


def test_names_are_compared_without_case_and_accents():
    assert words.plain("  Zoë   DESCHANEL ") == "zoe deschanel"


def test_labels_may_break_a_word_that_is_longer_than_they_are():
    long = "y" * 60

    text = words.breakable(f"{long} is enrolled.")

    assert text.replace("\u200b", "") == f"{long} is enrolled."
    assert max(len(part) for part in text.replace("\u200b", " ").split()) == 24
    assert words.breakable("Ada is enrolled.") == "Ada is enrolled."
