import numpy as np
import pytest

from facecam.media import write_image
from tests.fakes import picture


@pytest.fixture
def shots(tmp_path):
    one = picture((100, 80, 60))
    write_image(tmp_path / "one.png", one)
    write_image(tmp_path / "same.png", np.roll(one, 20, axis=1))
    write_image(tmp_path / "other.png", np.ascontiguousarray(one[:, :, ::-1]))
    write_image(tmp_path / "none.png", picture())
    return tmp_path


def test_the_same_person_is_zero(asked, shots):
    result = asked("compare", shots / "one.png", shots / "same.png")

    assert result["same"] is True
    assert result["pairs"][0]["distance"] == result["distances"][0][1] < 0.01
    assert result["threshold"] == 1.06


def test_different_people_are_three_and_the_matrix_is_shown(asked, facecam, shots):
    paths = [shots / name for name in ("one.png", "same.png", "other.png")]

    result = asked("compare", *paths, "--threshold", "0.01", code=3)

    assert np.shape(result["distances"]) == (3, 3)
    assert np.allclose(result["distances"], np.transpose(result["distances"]))
    assert [pair["same"] for pair in result["pairs"]] == [True, False, False]
    code, out, _ = facecam("compare", *paths, "--threshold", "0.01")
    assert code == 3
    assert "different people" in out
    assert "same person" in out


def test_a_picture_given_twice_is_compared_with_itself(facecam, shots):
    code, out, _ = facecam("compare", shots / "one.png", shots / "one.png")

    assert code == 0
    assert "1 and 2  same person" in out


def test_a_threshold_that_is_no_number_is_two(facecam, shots):
    words = "compare", shots / "one.png", shots / "same.png", "--threshold", "nan"
    assert facecam(*words)[0] == 2


def test_a_picture_without_a_face_is_said(facecam, shots):
    code, out, err = facecam("compare", shots / "one.png", shots / "none.png")
    assert (code, out) == (1, "")
    assert "none.png: No face" in err


def test_one_picture_is_too_few(facecam, shots):
    code, _, err = facecam("compare", shots / "one.png")
    assert code == 1
    assert "Two pictures" in err
