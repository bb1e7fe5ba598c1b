import pytest

from facecam.errors import GalleryError
from facecam.gallery.names import clean_name, new_id


@pytest.mark.parametrize(
    "name",
    ["", "   ", "a\nb", "a\x00", "a" * 201, "a\u2028x", "\u200b", "\ue000", "a\ud800"],
)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(GalleryError):
        clean_name(name)


@pytest.mark.parametrize(
    "name", ["a" * 200, "王", "عمر", "🫪", "/", "-", "1", "é" * 200]
)
def test_what_is_a_name_is_kept(name):
    assert clean_name(f" {name}\t") == name


def test_combining_accents_count_as_the_letters_they_make():
    assert clean_name("e\u0301" * 200) == "é" * 200


def test_an_id_resembles_the_name_and_is_never_the_same_twice():
    assert new_id("Ada Lovelace").startswith("ada-lovelace-")
    assert new_id("Zoë / K.").startswith("zoe-k-")
    assert new_id("李").startswith("person-")
    assert new_id("x" * 200).startswith("x" * 24 + "-")
    assert len({new_id("Ada") for _ in range(100)}) == 100


def test_where_names_are_sealed_an_id_says_nothing():
    assert new_id("Ada Lovelace", sealed=True).startswith("person-")
