"""Mistakes that other reproductions of MTCNN made, each with the test that it is none.

The names in brackets say where it was made. Most of these promises are tested closer to
their code, too; here they stand together, one by one.
"""

import ast
import pickle
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import facecam
from facecam.annotations import reading
from facecam.config import RetrainingConfig
from facecam.config.retraining import (
    FitConfig,
    GateConfig,
    MiningConfig,
    PreflightConfig,
    SamplesConfig,
)
from facecam.errors import DatasetError, TrainingError
from facecam.faces import Detections
from facecam.media import read_image, write_image
from facecam.nets.training import Trainee
from facecam.training import ahead, checkpoints, tfrecords
from facecam.training.detector import fitting, index, stages
from facecam.training.detector.checking import preflight
from facecam.training.detector.crops import mining, records
from facecam.training.detector.crops.batches import Batches, vary_colours
from facecam.training.detector.crops.mining import HELD_OUT, SamplesRequest
from facecam.training.detector.crops.samples import Kind, Samples, mirrored
from facecam.training.detector.crops.sampling import by_overlap, random_squares, sample
from facecam.training.detector.recipe import DetectorRequest, detector_recipe
from facecam.training.detector.stages import CheckRequest
from facecam.vision.boxes import shift
from facecam.vision.image import Mips
from tests.training.detector import small_sets
from tests.training.detector.drawn import (
    faces_and_grounds,
    folder_of,
    labelled,
    oval,
    some,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
DETECTOR = Path(facecam.__file__).parent / "training" / "detector"
FACE = np.float32([30.4, 22.7, 80.9, 81.2])


def quiet(progress):
    pass


def test_positives_are_mirrored_together_with_their_box_targets():
    """[AITTSMD random_flip_images] mirrored the pixels of positives alone."""
    picture, crop = oval((100, 120), FACE), np.float32([[20, 20, 80, 80]])
    config = SamplesConfig(positive=0.6)
    plain = by_overlap(Mips(picture), crop, labelled(FACE), 48, config)

    turned = mirrored(plain, np.ones(1, np.bool_))

    other_way = np.float32([[120 - 80, 20, 120 - 20, 80]])
    face = np.float32([120 - FACE[2], FACE[1], 120 - FACE[0], FACE[3]])
    seen = by_overlap(Mips(picture[:, ::-1]), other_way, labelled(face), 48, config)
    assert plain.kinds.tolist() == [Kind.POSITIVE]
    assert turned.offsets == pytest.approx(seen.offsets, abs=1e-5)
    assert np.abs(turned.pixels.astype(int) - seen.pixels).max() <= 1
    assert turned.offsets[0, 0] != pytest.approx(plain.offsets[0, 0], abs=0.05)


def test_hue_and_saturation_vary_on_a_scale_from_nothing_to_one():
    """[AITTSMD] varied colours of values in [-1, 1], where black is no black."""
    black, grey = np.zeros((50, 2, 2, 3), np.uint8), np.full((50, 2, 2, 3), 100)
    hue = FitConfig(jitter=0.0, hue=0.1)
    everything = FitConfig(jitter=0.3, hue=0.1)
    rng = np.random.default_rng(0)

    turned = vary_colours(grey.astype(np.uint8), hue, rng)
    dark = vary_colours(black, everything, rng)

    assert not dark.any()
    assert np.abs(turned.astype(int) - 100).max() <= 1


def test_targets_are_not_rounded(tmp_path):
    """[AITTSMD] wrote targets with two decimals: half a pixel of a face of 50."""
    truth, rng = labelled(FACE), np.random.default_rng(0)
    picture = oval((100, 120), FACE)
    samples = sample(picture, truth, 12, SamplesConfig(landmark_crops=40), rng)

    folder_of(tmp_path, samples)

    for kind, name in ((Kind.POSITIVE, "offsets"), (Kind.LANDMARK, "landmarks")):
        opened = records.Records(tmp_path, kind)
        values = getattr(opened.read(np.arange(len(opened))), name)
        opened.close()
        assert np.array_equal(values, getattr(samples, name)[samples.kinds == kind])
        assert np.abs(values * 100 - np.round(values * 100)).max() > 0.2


def test_offsets_put_onto_their_crop_give_the_face_back():
    """What is taught is what the detector adds, to a fraction of a pixel."""
    crops = np.float32([[20, 20, 80, 80], [33.3, 18.1, 90.7, 75.5]])
    picture = oval((100, 120), FACE)

    samples = by_overlap(Mips(picture), crops, labelled(FACE), 24, SamplesConfig())

    back = shift(crops, samples.offsets)
    assert back == pytest.approx(np.tile(FACE, (2, 1)), abs=1e-4)


def test_a_picture_full_of_faces_ends_the_search_for_negatives():
    """[AITTSMD] looked for a negative for ever where none fits."""
    picture: np.ndarray = np.zeros((60, 60, 3), np.uint8)
    corners = np.mgrid[0:49:3, 0:49:3].reshape(2, -1).T
    everywhere = np.hstack([corners, corners + 12])
    full = labelled((0, 0, 60, 60), *everywhere, ignored=np.ones(290, np.bool_))
    started = time.monotonic()

    squares = random_squares(picture, full, SamplesConfig(), np.random.default_rng(0))

    assert len(squares) == 0
    assert time.monotonic() - started < 10


class Proposes:
    """A cascade that proposes a thousand boxes in every picture."""

    def detect(self, image):
        x, y = np.meshgrid(np.arange(40) * 2, np.arange(25) * 2)
        boxes = np.stack([x, y, x + 20, y + 20], axis=-1).reshape(-1, 4)
        n = len(boxes)
        nothing = np.full((n, 5, 2), np.nan, np.float32)
        return Detections(boxes.astype(np.float32), np.ones(n, np.float32), nothing)


def mined(tmp_path, pictures, monkeypatch, chunk):
    """Mine some pictures in chunks; return the folder and the largest chunk, bytes."""
    path, source, out = tmp_path / "a.png", tmp_path / "index", tmp_path / "out"
    write_image(path, np.zeros((100, 120, 3), np.uint8))
    source.mkdir()
    out.mkdir()
    truths = [labelled(FACE, path=path) for _ in range(pictures)]
    index.write(source / index.TRAIN, truths)
    index.write(source / index.CONFORMED, truths[:1])
    monkeypatch.setattr(mining, "CHUNK", chunk)
    monkeypatch.setattr(mining, "load_cascade", lambda *_: Proposes())
    held, write = [], records.write_shards

    def weighed(folder, stem, samples):
        held.append(samples.pixels.nbytes)
        return write(folder, stem, samples)

    monkeypatch.setattr(records, "write_shards", weighed)
    numbers = SamplesConfig(rounds=1, crops=5, near=0, landmark_crops=2)
    request = SamplesRequest("rnet", 0, numbers, MiningConfig())
    inputs = {"01-index": source, "03-pnet-fit": tmp_path}
    try:
        mining.make_samples(0, request, inputs, out, quiet)
    finally:
        mining._cascade.clear()
    return out, max(held)


def test_what_is_mined_is_held_for_one_chunk_however_many_pictures(
    tmp_path, monkeypatch
):
    """[AITTSMD #277] held the detections of 12,880 pictures, then pickled them."""
    (tmp_path / "few").mkdir()
    (tmp_path / "many").mkdir()

    _, few = mined(tmp_path / "few", 4, monkeypatch, chunk=4)
    out, many = mined(tmp_path / "many", 40, monkeypatch, chunk=4)

    most = 4 * (60 + 5 + 2) * 24 * 24 * 3
    assert few <= most
    assert many <= most
    assert records.read_index(out).count(Kind.NEGATIVE) > 40 * 55


def test_detections_are_never_pickled():
    """[AITTSMD #277] again: what is kept between processes is records and lists."""
    for path in DETECTOR.glob("*.py"):
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert "pickle" not in names, path

    # What a worker sends back is the names of its shards, not what it found.
    shards = [records.Shard(f"00000-{kind.name}.tfrecord", 1, 9999) for kind in Kind]
    assert len(pickle.dumps(shards)) < 1000


def test_a_folder_of_millions_of_samples_is_a_bounded_number_of_files(
    tmp_path, monkeypatch
):
    """[zuoqing1988 #1] wrote one little picture file for every sample."""
    out, _ = mined(tmp_path, 20, monkeypatch, chunk=10)

    shards = list(out.glob("*.tfrecord"))
    others = [path for path in out.iterdir() if path.is_file() and path not in shards]
    assert records.read_index(out).count(Kind.NEGATIVE) == 20 * 60
    assert len(shards) <= 2 * len(Kind)  # two chunks
    assert len(others) <= 2 + 1  # their marks and the index
    assert tfrecords.OPEN_FILES * len(Kind) <= 256 - 64  # open at once while fitting


def recipe(tmp_path):
    small_sets.wider(tmp_path / "data", train=1)
    request = DetectorRequest(data=(tmp_path / "data",))
    return {s.name: s for s in detector_recipe(request, RetrainingConfig())}


def test_each_net_is_fitted_to_samples_of_its_own(tmp_path):
    """[AITTSMD] trained O-Net with R-Net's file of landmarks."""
    steps = recipe(tmp_path)

    for net in ("pnet", "rnet", "onet"):
        (fit,) = (s for name, s in steps.items() if name.endswith(f"{net}-fit"))
        (source,) = fit.needs
        assert source.endswith(f"{net}-samples")
        assert fit.config.net == steps[source].config.net == net


def test_a_net_is_not_fitted_to_samples_of_another_size(tmp_path):
    """The same, should somebody move folders about: the net refuses their size."""
    folder = folder_of(tmp_path / "samples", faces_and_grounds(6, size=24))
    folder_of(folder / HELD_OUT, faces_and_grounds(2, size=24))
    request = fitting.FitRequest("onet", 0, FitConfig(steps=1, batch=(2, 2, 2, 2)))
    (tmp_path / "out").mkdir()

    with pytest.raises(ValueError, match="24"):
        fitting.fit(request, folder, tmp_path / "out", quiet)


def test_boxes_of_x_y_w_h_read_as_corners_are_refused_with_file_and_line(tmp_path):
    """[Sierkinhane #13] read x, y, width, height as two corners, and the reverse."""
    root = small_sets.wider(tmp_path, train=8)
    path = root / "wider_face_split" / "wider_face_train_bbx_gt.txt"
    lines = path.read_text().splitlines()
    for n, line in enumerate(lines):
        numbers = line.split()
        if len(numbers) == 10:
            x, y, w, h = map(int, numbers[:4])
            corners = [x + 60, y + 30, x + w + 60, y + h + 30]
            lines[n] = " ".join(map(str, [*corners, *numbers[4:]]))
    path.write_text("\n".join(lines) + "\n")

    with pytest.raises(DatasetError, match=r"bbx_gt\.txt, line \d+.*x1 y1 x2 y2"):
        reading.read(root)


def stage_figures(landmarks, monkeypatch, tmp_path):
    """Check a cascade that finds every face and says these landmarks."""
    path, rng = tmp_path / "a.png", np.random.default_rng(0)
    write_image(path, np.zeros((100, 120, 3), np.uint8))
    truths = []
    for _ in range(30):
        truth = labelled(FACE, path=path)
        truth.landmarks[:] += rng.normal(0, 2, (1, 5, 2)).astype(np.float32)
        truths.append(truth)

    class Knows:
        seen = 0

        def detect(self, image):
            points = landmarks(truths[self.seen].landmarks)
            self.seen += 1
            return Detections(FACE[None], np.ones(1, np.float32), points)

    monkeypatch.setattr(stages, "load_cascade", lambda *_: Knows())
    request = CheckRequest(2, MiningConfig(), GateConfig())
    try:
        return stages.measure(truths, [], request, 0, quiet)
    finally:
        stages._cascade.clear()


def test_landmarks_stuck_at_the_mean_shape_show_beside_it(monkeypatch, tmp_path):
    """[foreverYoungGitHub #23, AITTSMD #11] saw a small loss and a mean face."""
    mean = labelled(FACE).landmarks

    stuck = stage_figures(lambda truth: mean, monkeypatch, tmp_path)
    learned = stage_figures(lambda truth: truth + 0.5, monkeypatch, tmp_path)

    assert stuck["landmark_error"] > 0.9 * stuck["mean_shape_error"]
    assert learned["landmark_error"] < 0.5 * learned["mean_shape_error"]


@pytest.mark.slow
def test_a_net_learns_landmarks_beyond_the_mean_shape():
    """The same from the other end: the loss can lead away from one shape for all."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (16, 24, 24, 3)).astype(np.uint8)
    places = rng.uniform(0.2, 0.8, (16, 5, 2)).astype(np.float32)
    offsets: np.ndarray = np.zeros((16, 4), np.float32)
    trainee = Trainee("rnet", FitConfig(steps=150, rate=3e-3, warm_up=0.0), 0)

    for _ in range(100):
        trainee.learn(pixels, np.full(16, Kind.LANDMARK, np.uint8), offsets, places)

    _, _, points = trainee.answer(pixels)
    learned = np.linalg.norm(points - places, axis=2).mean()
    stuck = np.linalg.norm(places - places.mean(axis=0), axis=2).mean()
    assert learned < stuck / 2


def test_a_cascade_is_gated_on_recall_over_pictures_however_accurate_on_samples(
    monkeypatch, tmp_path
):
    """[AITTSMD #6] an accuracy of .98, and yet no face was found."""
    kinds = np.uint8([Kind.NEGATIVE] * 980 + [Kind.POSITIVE] * 20)
    says_no_to_all = np.zeros(1000, np.float32)
    write_image(tmp_path / "a.png", np.zeros((100, 120, 3), np.uint8))
    truth = labelled(FACE, path=tmp_path / "a.png")
    index.write(tmp_path / index.HELD_OUT, [truth])

    class Blind:
        def detect(self, image):
            return Detections.none()

    monkeypatch.setattr(stages, "load_cascade", lambda *_: Blind())
    accuracy = np.mean((says_no_to_all > 0.5) == (kinds == Kind.POSITIVE))
    recall = fitting.recall_at_false_share(says_no_to_all, kinds, 0.01)

    assert accuracy == pytest.approx(0.98)
    assert recall == 0.0
    with pytest.raises(TrainingError, match="finds 0% of the held-out faces"):
        stages.check(
            0,
            CheckRequest(0, MiningConfig(), GateConfig()),
            {"01-index": tmp_path, "03-pnet-fit": tmp_path},
            tmp_path,
            quiet,
        )
    stages._cascade.clear()


def test_a_loss_that_is_no_number_leaves_a_trace_of_its_batch(tmp_path):
    """[AITTSMD #106, wujiyang #1] went on with NaN and did not know from where."""
    broken = some(Kind.POSITIVE, 1)
    broken.offsets[:] = np.inf
    folder = folder_of(tmp_path / "samples", faces_and_grounds(1))
    shards = [
        *records.read_index(folder).shards,
        *records.write_shards(folder, "00001", broken),
    ]
    records.write_index(folder, 12, shards)
    folder_of(folder / HELD_OUT, Samples.none(12))
    request = fitting.FitRequest("pnet", 0, FitConfig(steps=9, batch=(2, 1, 1, 1)))
    (tmp_path / "out").mkdir()

    with pytest.raises(TrainingError, match=r"is no number.*nan-batch\.npz"):
        fitting.fit(request, folder, tmp_path / "out", quiet)

    batch = checkpoints.unpacked(tmp_path / "out" / fitting.NAN_BATCH)
    assert np.isinf(batch["offsets"]).any(axis=1).sum() == 1


def test_a_fit_that_was_killed_goes_on_from_its_checkpoint(tmp_path, monkeypatch):
    """[AITTSMD, mobilefacenet-V2 #17] began at nothing again."""
    folder = folder_of(tmp_path / "samples", faces_and_grounds(4))
    folder_of(folder / HELD_OUT, Samples.none(12))
    request = fitting.FitRequest(
        "pnet", 0, FitConfig(steps=6, batch=(2, 2, 2, 2), every=2)
    )
    out, learned, learn = tmp_path / "out", [], Trainee.learn
    out.mkdir()

    def learn_or_die(self, *batch):
        if len(learned) == 5:
            learned.append("killed")
            raise KeyboardInterrupt
        learned.append(self.steps)
        return learn(self, *batch)

    monkeypatch.setattr(Trainee, "learn", learn_or_die)
    with pytest.raises(KeyboardInterrupt):
        fitting.fit(request, folder, out, quiet)
    fitting.fit(request, folder, out, quiet)

    assert learned == [0, 1, 2, 3, 4, "killed", 4, 5]


def test_of_the_checkpoints_only_the_newest_are_kept(tmp_path):
    """[AITTSMD, mobilefacenet-V2 #17] kept every one until the disk was full."""
    for steps in range(500, 20_000, 500):
        checkpoints.save(tmp_path, steps, {"steps": np.array(steps)}, FitConfig().keep)

        assert len(list(tmp_path.iterdir())) <= FitConfig().keep


def test_labels_are_drawn_onto_pictures_before_anything_is_learned(tmp_path):
    """[most] looked at their labels after a week of training, if at all."""
    sets = [
        reading.read(small_sets.wider(tmp_path / "boxes", train=4, val=2)),
        reading.read(small_sets.points(tmp_path / "points", 4)),
    ]
    look = PreflightConfig(pictures=2, samples=2, steps=0)
    config = replace(RetrainingConfig(workers=1), preflight=look)

    seen = preflight.check(sets, config, tmp_path / "out", quiet)

    drawn = [read_image(tmp_path / "out" / name) for name in seen.sheets]
    names = " ".join(seen.sheets)
    assert all(word in names for word in ("boxes", "points", "-12", "-24", "-48"))
    assert all(sheet.std() > 5 for sheet in drawn)


def test_looking_at_the_data_comes_before_the_first_fit(tmp_path):
    """The same in the recipe: the first step refuses data that cannot work."""
    names = list(recipe(tmp_path))

    first_fit = next(n for n, name in enumerate(names) if name.endswith("-fit"))
    assert names[0] == "00-check"
    assert first_fit > 1


def test_batches_are_read_from_the_disk_and_not_held(tmp_path):
    """Of all samples no more than a few batches are in memory at any time."""
    folder = folder_of(tmp_path, faces_and_grounds(50))
    made = Batches(folder, FitConfig(batch=(2, 2, 2, 2)), 0)
    read, rows = records.Records.read, []

    def counted(self, numbers):
        rows.append(len(numbers))
        return read(self, numbers)

    records.Records.read = counted
    try:
        with ahead.in_advance(made, 0, 1000) as source:
            next(source)
            time.sleep(0.3)
    finally:
        records.Records.read = read
        made.close()

    assert sum(rows) <= (ahead.AHEAD + 3) * 8
    assert threading.active_count() < 50
