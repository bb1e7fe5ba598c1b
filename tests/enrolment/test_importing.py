"""facecam.enrolment.importing: safe to run twice, to stop, and with bad files."""

import tracemalloc
from dataclasses import replace

import cv2
import numpy as np
import pytest

from facecam.config import Config
from facecam.enrolment.importing import Importer
from facecam.enrolment.planning import Batch, Plan, plan, plan_tree
from facecam.enrolment.screening import Reason, Screen
from facecam.gallery import Gallery
from facecam.media import encode_jpeg, write_image
from tests.fakes import BlobDetector, ColourEmbedder, picture


class CountingDetector(BlobDetector):
    looks = 0

    def detect(self, image):
        self.looks += 1
        return super().detect(image)


@pytest.fixture
def embedder():
    return ColourEmbedder()


@pytest.fixture
def gallery(tmp_path, embedder):
    return Gallery(tmp_path / "people", BlobDetector(), embedder)


@pytest.fixture
def importer(gallery, embedder):
    return Importer(gallery, Screen(CountingDetector(), embedder, Config()))


@pytest.fixture
def tree(tmp_path):
    """Ada with three pictures, 王 with two, one of them shot in portrait format."""
    root = tmp_path / "photos"
    for n in range(3):
        write_image(
            root / "Ada" / f"été {n}.png", picture((60 + 30 * n, 80, 60 + 4 * n))
        )
    for n in range(2):
        write_image(root / "王" / f"{n}.png", picture((60 + 30 * n, 60, 90 + 4 * n)))
    return root


def names(gallery):
    return {p.identity.name: len(p.portraits) for p in gallery.people()}


def test_everybody_of_a_tree_is_enrolled(importer, gallery, tree):
    ticks = []

    done = importer.run(plan_tree(tree), lambda *tick: ticks.append(tick))

    assert names(gallery) == {"Ada": 3, "王": 2}
    assert (done.kept, done.known, done.left_out) == (5, 0, ())
    assert [outcome.new for outcome in done.people] == [True, True]
    assert ticks == [(n, 5) for n in range(1, 6)]
    captures = [s.capture for p in gallery.people() for s in p.portraits]
    assert len(set(captures)) == 5


def test_a_second_run_adds_nothing_and_looks_at_nothing(importer, gallery, tree):
    importer.run(plan_tree(tree))
    before, looks = gallery.generation, importer.screen.detector.looks

    done = importer.run(plan_tree(tree))

    assert (done.kept, done.known) == (0, 5)
    assert [outcome.person.identity.name for outcome in done.people] == ["Ada", "王"]
    assert gallery.generation == before
    assert importer.screen.detector.looks == looks


def test_a_picture_added_to_the_tree_is_the_only_one_looked_at(importer, gallery, tree):
    importer.run(plan_tree(tree))
    write_image(tree / "Ada" / "new.png", picture((150, 100, 110)))
    importer.screen.detector.looks = 0

    done = importer.run(plan_tree(tree))

    assert [path.name for path in done.people[0].kept] == ["new.png"]
    assert importer.screen.detector.looks == 1
    assert names(gallery) == {"Ada": 4, "王": 2}


def test_a_folder_whose_name_nobody_can_have_does_not_stop_the_others(
    importer, gallery, tree
):
    (tree / "Ada").rename(tree / ("A" * 201))

    done = importer.run(plan_tree(tree))

    assert names(gallery) == {"王": 2}
    assert {skipped.reason for skipped in done.left_out} == {Reason.NOBODY}
    assert "201 characters" in done.left_out[0].text


def test_a_picture_that_two_have_gives_nobody_the_pictures_of_the_other(
    importer, gallery, tree
):
    copy = (tree / "Ada" / "été 0.png").read_bytes()
    (tree / "王" / "copy.png").write_bytes(copy)

    done = importer.run(plan_tree(tree))

    assert names(gallery) == {"Ada": 3, "王": 2}
    assert (done.kept, done.known, done.left_out) == (5, 1, ())


def test_somebody_renamed_since_is_found_again(importer, gallery, tree):
    importer.run(plan_tree(tree))
    gallery.rename(gallery.find("Ada").identity.id, "Countess")
    write_image(tree / "Ada" / "new.png", picture((150, 100, 110)))

    importer.run(plan_tree(tree))

    assert names(gallery) == {"Countess": 4, "王": 2}


def test_a_picture_moved_to_somebody_else_stays_there(importer, gallery, tree):
    importer.run(plan_tree(tree))
    ada, other = gallery.find("Ada"), gallery.find("王").identity
    gallery.move(ada.identity.id, [ada.portraits[0].file], other)

    importer.run(plan_tree(tree))

    assert names(gallery) == {"Ada": 2, "王": 3}


def test_stopping_leaves_whole_people_only_and_it_can_go_on(importer, gallery, tree):
    asked = iter([False] * 4 + [True])

    stopped = importer.run(plan_tree(tree), cancelled=lambda: next(asked))

    assert stopped.cancelled
    assert names(gallery) == {"Ada": 3}
    assert importer.run(plan_tree(tree)).kept == 2
    assert names(gallery) == {"Ada": 3, "王": 2}


def test_the_same_picture_twice_is_one_portrait(importer, gallery, tree):
    (tree / "Ada" / "copy.png").write_bytes((tree / "Ada" / "été 0.png").read_bytes())

    done = importer.run(plan_tree(tree))

    assert (done.kept, done.known) == (5, 1)
    assert names(gallery)["Ada"] == 3


def test_bad_files_are_named_and_do_not_stop_the_rest(importer, gallery, tree):
    (tree / "Ada" / "empty.jpg").write_bytes(b"")
    (tree / "Ada" / "torn.jpg").write_bytes(encode_jpeg(picture())[:80])
    (tree / "Ada" / "text.png").write_text("hello")
    (tree / "Ada" / "gone.jpg").symlink_to(tree / "nowhere.jpg")
    write_image(tree / "王" / "nobody.png", picture())

    todo = plan_tree(tree)
    ghost = Batch("Ada", (*todo.people[0].files, tree / "Ada" / "gone.jpg"))
    done = importer.run(replace(todo, people=(ghost, *todo.people[1:])))

    reasons = {s.path.name: s.reason for s in done.left_out}
    assert reasons == {
        "empty.jpg": Reason.UNREADABLE,
        "torn.jpg": Reason.UNREADABLE,
        "text.png": Reason.UNREADABLE,
        "gone.jpg": Reason.UNREADABLE,
        "nobody.png": Reason.NO_FACE,
    }
    assert names(gallery) == {"Ada": 3, "王": 2}


def test_nobody_is_made_from_nothing(importer, gallery, tmp_path):
    write_image(tmp_path / "Nobody" / "1.png", picture())

    [outcome] = importer.run(plan([tmp_path / "Nobody"])).people

    assert outcome.person is None
    assert not outcome.new
    assert gallery.ids() == []


def test_a_picture_that_looks_like_somebody_else_is_left_out(
    importer, gallery, tree, monkeypatch
):
    vectors = iter(np.eye(4, dtype=np.float32)[[0, 0, 0, 2]])
    monkeypatch.setattr(importer.screen.embedder, "embed", lambda _: [next(vectors)])
    write_image(tree / "Ada" / "wrong.png", picture((120, 120, 70)))

    done = importer.run(Plan(plan_tree(tree).people[:1]))

    [skipped] = done.left_out
    assert skipped.path == plan_tree(tree).people[0].files[-1]
    assert skipped.reason is Reason.SOMEBODY_ELSE
    assert "somebody else than the other pictures of Ada" in skipped.text
    assert names(gallery) == {"Ada": 3}


def test_pictures_can_be_given_to_somebody_by_id(importer, gallery, tree):
    importer.run(plan_tree(tree))
    other = gallery.find("王").identity

    to = replace(importer, to=other)
    done = to.run(plan([tree / "Ada" / "été 0.png"], "whatever"))

    assert names(gallery) == {"Ada": 3, "王": 2 + done.kept}
    assert done.kept + len(done.left_out) == 1


def test_a_name_given_by_hand_makes_somebody_new_unless_the_file_is_theirs(
    importer, gallery, tree
):
    by_hand = replace(importer, again=False)
    first = plan([tree / "Ada" / "été 0.png"], "Ada")
    second = plan([tree / "Ada" / "été 1.png"], "ada")

    runs = [by_hand.run(todo) for todo in (first, first, second)]

    assert [run.people[0].new for run in runs] == [True, False, True]
    assert [run.known for run in runs] == [0, 1, 0]
    assert len(gallery.people()) == 2


def test_two_people_of_one_name_are_not_guessed_between(importer, gallery, tree):
    for n in range(2):
        replace(importer, again=False).run(
            plan([tree / "Ada" / f"été {n}.png"], "Grace")
        )
    write_image(tree / "Grace" / "new.png", picture((150, 100, 110)))

    done = importer.run(Plan(plan_tree(tree).people[1:2]))

    [skipped] = done.left_out
    assert skipped.reason is Reason.NOBODY
    assert "Several people are called Grace" in skipped.text


def test_the_orientation_a_phone_notes_is_applied(importer, gallery, tmp_path):
    upright = picture((80, 100, 60), size=(320, 240))
    lying = np.ascontiguousarray(np.rot90(upright))
    (tmp_path / "Ada").mkdir()
    (tmp_path / "Ada" / "phone.jpg").write_bytes(rotated_jpeg(lying))

    importer.run(plan([tmp_path / "Ada"]))

    [portrait] = gallery.find("Ada").portraits
    region = gallery.image(gallery.find("Ada"), portrait)
    x1, y1, x2, y2 = portrait.face.boxes[0].astype(int)
    face = region[y1:y2, x1:x2].astype(int)
    assert face[:, -8:, 0].mean() > face[:, :8, 0].mean() + 40  # brighter to the right


def test_consent_is_noted(importer, gallery, tree):
    when = "2026-01-02T03:04:05+00:00"

    replace(importer, consent=when).run(plan_tree(tree))

    assert {person.consent for person in gallery.people()} == {when}


def test_many_pictures_do_not_fill_the_memory(gallery, embedder, tmp_path):
    config = Config()
    config = replace(config, enrolment=replace(config.enrolment, import_pixels=3e6))
    importer = Importer(gallery, Screen(BlobDetector(), embedder, config))
    for n in range(30):
        image = picture((100, 80, 120 + n), size=(800, 1200))
        write_image(tmp_path / "Ada" / f"{n}.jpg", image)

    tracemalloc.start()
    importer.run(plan([tmp_path / "Ada"]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(gallery.find("Ada").portraits) == 30
    assert peak < 60e6  # all 30 pictures are 86 MB


def rotated_jpeg(image) -> bytes:
    """Return a JPEG that says: turn me by 90 degrees clockwise to look at me."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    assert done
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"
    exif = b"Exif\x00\x00" + tiff + b"\x06\x00\x00\x00\x00\x00\x00\x00"
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    return data.tobytes()[:2] + segment + data.tobytes()[2:]
