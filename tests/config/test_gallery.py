import pytest

from facecam.config import Config, GalleryConfig, override
from facecam.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", 1.4),
        ("longest_side", 63),
        ("original_side", 0),
        ("undo_steps", -1),
        ("undo_days", -0.5),
        ("least_score", 1.1),
        ("clearly", 0.9),
        ("same_distance", 2.1),
    ],
)
def test_a_number_no_gallery_can_work_with_is_refused(name, value):
    with pytest.raises(ConfigError, match=rf"\[gallery\].*{name}"):
        GalleryConfig(**{name: value})


def test_undoing_can_be_turned_off_and_originals_left_out():
    chosen = override(Config(), {"gallery": {"undo_steps": 0, "keep_originals": False}})

    assert chosen.gallery == GalleryConfig(undo_steps=0, keep_originals=False)
