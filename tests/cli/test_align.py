import pytest

from facecam.media import read_image, write_image
from tests.fakes import picture


@pytest.fixture
def pictures(tmp_path):
    write_image(tmp_path / "in" / "Ada" / "1.png", picture((100, 60, 80)))
    write_image(tmp_path / "in" / "Ada" / "2.png", picture((40, 60, 80), (200, 9, 40)))
    write_image(tmp_path / "in" / "nobody.png", picture())
    return tmp_path / "in"


def test_align_answers_with_counts_and_where_the_failures_are(
    asked, pictures, tmp_path
):
    result = asked("align", pictures, tmp_path / "out")

    assert (result["pictures"], result["aligned"], result["failed"]) == (3, 2, 1)
    assert (result["size"], result["margin"], result["offset"]) == (160, 1.25, -0.02)
    assert read_image(tmp_path / "out" / "Ada" / "2.png").shape == (160, 160, 3)
    assert "nobody.png" in (tmp_path / "out" / "failures.csv").read_text()


def test_every_face_at_another_size_the_seeds_way(facecam, pictures, tmp_path):
    words = "--detect-multiple", "--size", "182", "--margin-pixels", "44"

    code, out, _ = facecam("align", pictures, tmp_path / "out", *words)

    assert code == 0
    assert "box + 44 px" in out
    cut = sorted(path.name for path in (tmp_path / "out" / "Ada").glob("*.png"))
    assert cut == ["1_0.png", "2_0.png", "2_1.png"]
    assert read_image(tmp_path / "out" / "Ada" / "2_1.png").shape == (182, 182, 3)


def test_a_folder_cut_in_another_way_is_refused(facecam, pictures, tmp_path):
    assert facecam("align", pictures, tmp_path / "out")[0] == 0

    code, _, err = facecam("align", pictures, tmp_path / "out", "--margin", "2")

    assert code == 1
    assert "cut in another way" in err


def test_what_failed_is_tried_again_on_request(asked, pictures, tmp_path):
    asked("align", pictures, tmp_path / "out")
    write_image(pictures / "nobody.png", picture((50, 50, 90)))

    assert asked("align", pictures, tmp_path / "out")["failed"] == 1
    assert asked("align", pictures, tmp_path / "out", "--again")["aligned"] == 1


def test_no_face_at_all_is_three(facecam, tmp_path):
    write_image(tmp_path / "in" / "nobody.png", picture())

    code, out, _ = facecam("align", tmp_path / "in", tmp_path / "out")

    assert code == 3
    assert "failures.csv" in out


def test_two_margins_are_not_understood(facecam, pictures, tmp_path):
    words = "align", pictures, tmp_path / "out", "--margin", "2", "--margin-pixels", "4"
    assert facecam(*words)[0] == 2
