from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from facecam.config.retraining import MiningConfig, SamplesConfig
from facecam.errors import ImageError
from facecam.faces import Detections
from facecam.media import write_image
from facecam.training.detector import index
from facecam.training.detector.crops import mining, records
from facecam.training.detector.crops.mining import (
    HELD_OUT,
    SamplesRequest,
    make_samples,
    mine,
    plan,
    rounds_for,
)
from facecam.training.detector.crops.samples import Kind
from tests.fakes import picture
from tests.training.detector.drawn import labelled

SAMPLES = SamplesConfig(
    negatives=6, crops=4, near=1, landmark_crops=2, rounds=1, smallest_face=20.0
)
REQUEST = SamplesRequest("rnet", 0, SAMPLES, MiningConfig())
FACE = (60, 40, 140, 130)
PICTURE = picture((60, 40, 80), size=(240, 320))


class Proposes:
    """A cascade that proposes the same boxes in every picture, the surest first."""

    def __init__(self, *boxes):
        self.boxes = np.float32(boxes).reshape(-1, 4)

    def detect(self, image):
        n = len(self.boxes)
        scores = np.linspace(0.9, 0.1, n, dtype=np.float32)
        return Detections(self.boxes, scores, np.full((n, 5, 2), np.nan, np.float32))


def quiet(progress):
    pass


def mined(*boxes, truth=None, **numbers):
    """Mine one picture; return the samples of the boxes proposed alone."""
    alone = SamplesConfig(crops=0, near=0, landmark_crops=0)
    request = SamplesRequest("rnet", 0, alone, MiningConfig(**numbers))
    truth = labelled(FACE) if truth is None else truth
    rng = np.random.default_rng(0)
    return mine(Proposes(*boxes), PICTURE, truth, request, rng)


def grid(n):
    """Return n boxes beside the face."""
    return [(160 + x, y, 190 + x, y + 30) for x in range(0, 120, 6) for y in range(n)][
        :n
    ]


def test_a_cascade_that_proposes_nothing_gives_no_sample():
    samples = mined()

    assert len(samples) == 0
    assert samples.pixels.shape == (0, 24, 24, 3)


def test_proposals_become_samples_by_their_overlap_with_the_faces():
    samples = mined((58, 43, 142, 127), (75, 40, 160, 125), (200, 60, 240, 100))

    assert samples.kinds.tolist() == [Kind.POSITIVE, Kind.PART, Kind.NEGATIVE]
    assert samples.offsets[0] == pytest.approx(
        [2 / 84, -3 / 84, -2 / 84, 3 / 84], abs=1e-6
    )


def test_proposals_are_cut_as_the_squares_the_next_net_will_see():
    samples = mined((200, 60, 240, 80))

    seen = PICTURE[50:90, 200:240]
    assert samples.pixels[0].mean() == pytest.approx(seen.mean(), abs=2)


@pytest.mark.parametrize("most", [1, 2, 60])
def test_a_picture_gives_no_more_negatives_than_wanted(most):
    samples = mined(FACE, *grid(300), negatives=most)

    assert Counter(samples.kinds.tolist())[Kind.NEGATIVE] == most
    assert samples.kinds[0] == Kind.POSITIVE


def test_sixty_negatives_are_the_usual_limit():
    samples = mined(*grid(300))

    assert len(samples) == 60


def test_the_surest_negatives_are_kept_and_others_at_random():
    boxes = grid(100)
    config = MiningConfig(negatives=10)
    alone = SamplesConfig(crops=0, near=0, landmark_crops=0)
    request = SamplesRequest("rnet", 0, alone, config)
    noise = np.random.default_rng(5).integers(0, 256, PICTURE.shape).astype(np.uint8)

    def kept(seed, wanted):
        rng = np.random.default_rng(seed)
        samples = mine(Proposes(*boxes), noise, labelled(), wanted, rng)
        return [pixels.tobytes() for pixels in samples.pixels]

    everything = kept(0, replace(request, mining=MiningConfig(negatives=100)))
    some, others = kept(0, request), kept(1, request)
    assert some[:5] == others[:5] == everything[:5]
    assert set(some) < set(everything)
    assert set(some[5:]) != set(others[5:])


def test_outside_the_labelled_faces_of_a_partly_labelled_picture_nothing_is_mined():
    truth = labelled(FACE, complete=False)

    samples = mined((200, 60, 240, 100), (80, 60, 110, 90), truth=truth)

    assert len(samples) == 1
    assert samples.kinds.tolist() == [Kind.NEGATIVE]


def test_places_known_to_show_no_face_are_mined_in_any_picture():
    poster = np.float32([[195, 55, 245, 105]])
    truth = labelled(FACE, complete=False, background=poster)

    samples = mined((200, 60, 240, 100), (260, 60, 300, 100), truth=truth)

    assert samples.kinds.tolist() == [Kind.NEGATIVE]


def test_ignored_regions_give_neither_faces_nor_negatives():
    truth = labelled(FACE, ignored=np.array([True]))

    samples = mined(FACE, (70, 50, 100, 80), (58, 43, 142, 127), truth=truth)

    assert len(samples) == 0


def test_faces_are_cropped_at_random_places_as_well():
    numbers = replace(SAMPLES, crops=20, landmark_crops=20)
    request = SamplesRequest("onet", 0, numbers, MiningConfig())

    samples = mine(
        Proposes(), PICTURE, labelled(FACE), request, np.random.default_rng(0)
    )

    kinds = Counter(samples.kinds.tolist())
    assert samples.pixels.shape[1:] == (48, 48, 3)
    assert 5 <= kinds[Kind.LANDMARK] <= 20
    assert 12 <= kinds[Kind.POSITIVE] + kinds[Kind.PART] <= 25


def test_no_picture_makes_no_chunk(tmp_path):
    assert plan([], tmp_path, REQUEST, altered=True) == []


def test_fully_labelled_pictures_and_landmarks_have_rounds_of_their_own(tmp_path):
    whole = labelled(FACE, path=tmp_path / "whole.png")
    partly = labelled(FACE, path=tmp_path / "partly.png", complete=False)
    poster = np.float32([[0, 0, 20, 20]])
    hard = replace(partly, path=tmp_path / "hard.png", background=poster)
    request = replace(REQUEST, samples=replace(SAMPLES, rounds=3, landmark_rounds=2))

    (chunk,) = plan([whole, partly, hard], tmp_path, request, altered=True)
    (held_out,) = plan([whole, partly, hard], tmp_path, request, altered=False)

    turns = [(one.path.name, turn) for one, turn in chunk.pictures]
    assert Counter(name for name, _ in turns) == {
        "whole.png": 3,
        "hard.png": 3,
        "partly.png": 2,
    }
    assert len(set(turns)) == len(turns)
    assert [turn for _, turn in held_out.pictures] == [0, 0, 0]


def test_pictures_are_divided_into_chunks_that_lose_none(tmp_path):
    pictures = [labelled(path=tmp_path / f"{n}.png") for n in range(150)]

    chunks = plan(pictures, tmp_path, REQUEST, altered=True)

    assert [len(chunk.pictures) for chunk in chunks] == [64, 64, 22]
    assert [chunk.name for chunk in chunks] == ["00000", "00001", "00002"]
    together = [one for chunk in chunks for one, _ in chunk.pictures]
    assert together == pictures


@pytest.mark.parametrize(
    ("faces", "rounds"), [(0, 12), (10, 12), (1000, 8), (10_000, 1), (200_000, 1)]
)
def test_few_faces_are_gone_through_more_often(faces, rounds):
    config = SamplesConfig(wanted=50_000, most_rounds=12, rounds=0, crops=20)
    boxes = np.tile(np.float32(FACE), (faces, 1))

    assert rounds_for([labelled(boxes)], config) == rounds


def test_faces_that_give_no_positives_do_not_count_for_the_rounds():
    config = SamplesConfig(
        wanted=50_000, most_rounds=500, rounds=0, crops=20, smallest_face=20.0
    )
    small, hidden = (0, 0, 15, 15), (0, 0, 60, 60)
    useful = labelled(*[FACE] * 100)
    useless = labelled(*[small] * 900)
    ignored = labelled(*[hidden] * 900, ignored=np.ones(900, np.bool_))
    partly = labelled(*[FACE] * 900, complete=False)

    assert rounds_for([useful, useless, ignored, partly], config) == 75


@pytest.fixture
def source(tmp_path):
    """An index of six pictures to learn from and two to measure on."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    annotations = []
    for n in range(8):
        path = pictures / f"{n}.png"
        write_image(path, picture((60 + 5 * n, 40, 80), size=(240, 320)))
        face = (60 + 5 * n, 35, 140 + 5 * n, 125)
        annotations.append(labelled(face, path=path, where=f"list.txt, line {n}"))
    folder = tmp_path / "01-index"
    folder.mkdir()
    index.write(folder / index.TRAIN, annotations[:6])
    index.write(folder / index.CONFORMED, annotations[6:])
    return folder


def made(source, out, workers=0, request=None, report=quiet):
    out.mkdir(exist_ok=True)
    wanted = SamplesRequest("pnet", 0, SAMPLES, MiningConfig())
    inputs = {"01-index": source}
    return make_samples(workers, request or wanted, inputs, out, report)


def contents(folder):
    """Return every file of a folder by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(mining, "CHUNK", 2)


def test_samples_are_written_to_learn_from_and_to_measure_on(source, tmp_path):
    out, told = tmp_path / "out", []

    counts = made(source, out, report=told.append)

    index_ = records.read_index(out)
    assert index_.size == 12
    assert counts["positive"] == index_.count(Kind.POSITIVE) > 5
    assert counts["negative"] >= 6 * SAMPLES.negatives
    assert counts["landmark"] > 0
    held_out = records.read_index(out / HELD_OUT)
    assert counts["held_out_negative"] == held_out.count(Kind.NEGATIVE) > 0
    assert [(p.done, p.total) for p in told] == [(6, 8), (8, 8)]


@pytest.mark.usefixtures("small_chunks")
def test_an_interrupted_step_goes_on_with_the_next_chunk(source, tmp_path, monkeypatch):
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    counts = made(source, whole)
    done, do = [], mining._do

    def do_or_die(request, chunk):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(chunk.name)
        return do(request, chunk)

    with monkeypatch.context() as patch:
        patch.setattr(mining, "_do", do_or_die)
        with pytest.raises(KeyboardInterrupt):
            made(source, resumed)
    told = []
    again = made(source, resumed, report=told.append)

    assert again == counts
    assert contents(resumed) == contents(whole)
    assert [p.done for p in told] == [6, 8]


@pytest.mark.slow
@pytest.mark.usefixtures("small_chunks")
def test_what_comes_out_does_not_depend_on_the_number_of_workers(source, tmp_path):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"

    counts = made(source, here, workers=0)
    others = made(source, elsewhere, workers=2)

    assert others == counts
    assert contents(elsewhere) == contents(here)


def test_another_seed_gives_other_samples_to_learn_from_alone(source, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    request = SamplesRequest("pnet", 1, SAMPLES, MiningConfig())

    made(source, one)
    made(source, other, request=request)

    ours, theirs = contents(one), contents(other)
    measured = {name for name in ours if name.startswith(HELD_OUT)}
    assert measured
    assert all(ours[name] == theirs[name] for name in measured)
    shard = "00000-positive.tfrecord"
    assert ours[shard] != theirs[shard]


def test_the_nets_so_far_propose_what_the_next_one_learns(
    source, tmp_path, monkeypatch
):
    asked = []

    def load(folders, config, threads=1):
        asked.append((list(folders), config))
        return Proposes(*grid(100))

    monkeypatch.setattr(mining, "load_cascade", load)
    fit, out = tmp_path / "03-pnet-fit", tmp_path / "out"
    out.mkdir()

    counts = make_samples(
        0, REQUEST, {"01-index": source, "03-pnet-fit": fit}, out, quiet
    )

    [(folders, config)] = asked
    assert folders == [fit]
    assert (config.min_face, config.thresholds) == (20, MiningConfig().thresholds)
    assert config.lean == 0.0
    assert 6 * 60 <= counts["negative"] <= 6 * 62
    assert records.read_index(out).size == 24
    mining._cascade.clear()


def test_a_picture_that_cannot_be_read_is_named_with_its_line(source, tmp_path):
    (tmp_path / "pictures" / "3.png").write_bytes(b"no picture")

    with pytest.raises(ImageError, match=r"list\.txt, line 3.*3\.png"):
        made(source, tmp_path / "out")


def test_a_worker_holds_one_picture_at_a_time(source, tmp_path, monkeypatch):
    held, most = [], []
    read, cut = mining.read_image, mining._of_picture

    def reads(path):
        held.append(path)
        most.append(len(held))
        return read(path)

    def samples_of(*arguments):
        samples = cut(*arguments)
        held.pop()
        return samples

    monkeypatch.setattr(mining, "read_image", reads)
    monkeypatch.setattr(mining, "_of_picture", samples_of)
    made(source, tmp_path / "out")

    assert max(most) == 1
    assert len(most) == 8
