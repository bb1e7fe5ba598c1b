"""Tests of facecam.inbox.grouping, on vectors and on real faces."""

from dataclasses import replace

import numpy as np
import pytest

from facecam import pipeline
from facecam.config import Config, InboxConfig
from facecam.faces import Detections
from facecam.inbox import Group, Inbox, Kept, Sight, grouping
from facecam.media import read_image
from tests.inbox.conftest import NOW, sight, vector

CONFIG = InboxConfig()


def view(who: int, number: int = 0, **changes) -> Kept:
    fields = {
        "file": f"{who}-{number}.jpg",
        "box": np.zeros(4, np.float32),
        "landmarks": np.zeros((5, 2), np.float32),
        "embedding": vector(who, number),
        "quality": 0.8,
        "taken": NOW + 60 * number,
    }
    return Kept(**{**fields, **changes})


def group(who: int, *numbers: int) -> Group:
    views = tuple(view(who, number) for number in numbers)
    mean = grouping.mean_of(views)
    return Group(f"g{who}", "net", views, mean, NOW, NOW)


def test_with_no_group_everybody_is_new():
    assert grouping.place({}, vector(1), "net", "", CONFIG) == ""


def test_a_view_goes_to_the_nearest_group_if_that_is_near_enough():
    groups = {"g1": group(1, 0, 1), "g2": group(2, 0)}
    assert grouping.place(groups, vector(1, 5), "net", "", CONFIG) == "g1"
    assert grouping.place(groups, vector(3), "net", "", CONFIG) == ""
    assert grouping.place(groups, vector(1, 5), "other net", "", CONFIG) == ""


def test_a_track_goes_on_in_its_group_unless_the_face_plainly_differs():
    groups = {"g1": group(1, 0, 1)}
    turned = vector(1, 2, apart=1.8)
    assert 0.4 < float(groups["g1"].mean @ turned) < 0.6

    assert grouping.place(groups, turned, "net", "", CONFIG) == ""
    assert grouping.place(groups, turned, "net", "g1", CONFIG) == "g1"
    assert grouping.place(groups, vector(2), "net", "g1", CONFIG) == ""


def test_groups_that_turn_out_to_be_one_person_are_found_and_joined():
    first, second, other = group(1, 0, 1), group(1, 5, 6), group(2, 0)
    second = replace(second, id="again")
    groups = {g.id: g for g in (first, second, other)}

    assert grouping.twin(groups, first, CONFIG) is second
    assert grouping.twin(groups, other, CONFIG) is None
    whole = grouping.merged(first, second, CONFIG)
    assert (whole.id, len(whole.views)) == ("g1", 4)


def test_who_is_joined_with_somebody_ignored_is_ignored():
    ignored = replace(group(1, 0), views=(), ignored=True)
    assert grouping.merged(group(1, 3), ignored, CONFIG).views == ()
    assert grouping.merged(ignored, group(1, 3), CONFIG).ignored


@pytest.mark.slow
def test_real_strangers_are_grouped_by_person(data, facenet_config, tmp_path):
    """20 people in two or more videos each; frame by frame as they would arrive.

    Of pairs among the views kept, at most eight per group: precision 0.966, recall
    0.733.
    """
    sights, people = _videos(data, facenet_config)
    inbox = Inbox(tmp_path, InboxConfig())
    for one in sights:
        inbox.add(one)

    found = {kept.taken: group.id for group in inbox.groups() for kept in group.views}
    kept = [n for n, one in enumerate(sights) if one.taken in found]
    pairs = [(a, b) for a in kept for b in kept if a < b]
    together = [
        (people[a], people[b])
        for a, b in pairs
        if found[sights[a].taken] == found[sights[b].taken]
    ]
    alike = sum(a == b for a, b in together)
    same = sum(people[a] == people[b] for a, b in pairs)
    assert alike / len(together) > 0.95
    assert alike / same > 0.7


def _videos(data, config: Config) -> tuple[list[Sight], list[str]]:
    """Return the faces of all videos in a fixed random order of videos, and whose."""
    detector = pipeline.build_detector(config)
    embedder = pipeline.build_embedder(config)
    files = sorted((data / "people_colour_ytf").glob("*/*.jpg"))
    videos = sorted({file.stem[:-1] for file in files})
    np.random.default_rng(0).shuffle(videos)
    sights, people = [], []
    for file in sorted(files, key=lambda f: (videos.index(f.stem[:-1]), f.stem)):
        image = read_image(file)
        found: Detections = detector.detect(image)
        if not len(found):
            continue
        face = found.keep(np.array([0]))
        embedding = embedder.embed(embedder.crop(image, face))[0]
        sights.append(
            sight(
                1,
                image=image,
                box=face.boxes[0],
                landmarks=face.landmarks[0],
                embedding=embedding,
                taken=NOW + 10 * len(sights),
            )
        )
        people.append(file.parent.name)
    return sights, people
