"""Tests of facecam.pipeline."""

from dataclasses import replace

import numpy as np
import pytest

from facecam import pipeline
from facecam.config import Config, override
from facecam.errors import ConfigError, ModelError, WeightsCorrupt, WeightsMissing
from facecam.faces import Frame
from facecam.gallery import Shot
from facecam.media import find_images, read_image

CPU = {"runtime": {"device": "cpu"}}


def test_without_a_detector_the_user_is_told_how_to_get_it(tmp_path):
    cure = f"facecam models install {Config().detector.model}"
    with pytest.raises(WeightsMissing, match=cure):
        pipeline.build_recognizer(Config(home=tmp_path))


def test_an_unknown_detector_is_an_error_that_lists_the_right_ones(tmp_path):
    config = override(Config(home=tmp_path), {"detector": {"kind": "yolo"}})
    with pytest.raises(ConfigError, match=r"yolo.*mtcnn, haar"):
        pipeline.build_detector(config)


def test_an_unknown_embedder_is_an_error_that_lists_the_right_ones(tmp_path):
    config = override(Config(home=tmp_path), {"embedder": {"model": "arcface"}})
    with pytest.raises(ModelError, match=r"arcface.*facenet-20180402"):
        pipeline.build_embedder(config)


def test_without_an_embedder_faces_are_still_found(mtcnn_config, astronaut):
    recognizer = pipeline.build_recognizer(override(mtcnn_config, CPU))
    assert recognizer.embedder is None
    (face,) = recognizer.process(Frame(astronaut, 0, 0.0)).faces
    assert face.match is None


@pytest.mark.parametrize("kind", pipeline.DETECTORS)
def test_every_detector_finds_the_astronaut(mtcnn_config, astronaut, kind):
    config = override(mtcnn_config, CPU | {"detector": {"kind": kind}})
    found = pipeline.build_detector(config).detect(astronaut)
    centre = (found.boxes[0, :2] + found.boxes[0, 2:]) / 2
    assert centre == pytest.approx([225, 118], abs=15)


def test_the_nets_of_the_detector_run_in_int8_if_wanted(mtcnn_config, astronaut):
    config = override(mtcnn_config, CPU | {"detector": {"precision": "int8"}})
    found = pipeline.build_detector(config).detect(astronaut)
    exact = pipeline.build_detector(override(mtcnn_config, CPU)).detect(astronaut)
    assert found.boxes == pytest.approx(exact.boxes, abs=5)
    assert not np.array_equal(found.boxes, exact.boxes)


def test_a_damaged_net_is_refused(mtcnn_config):
    net = next(mtcnn_config.models.rglob("pnet.tflite"))
    damaged = net.read_bytes()[:-1] + b"?"
    net.unlink()  # the file is shared with other tests
    net.write_bytes(damaged)
    with pytest.raises(WeightsCorrupt, match="checksum"):
        pipeline.build_detector(mtcnn_config)


def test_a_graphics_card_that_is_not_there_is_said_and_the_cpu_used(monkeypatch):
    def missing() -> str:
        raise pipeline.RuntimeUnavailable("No graphics card for computing was found.")

    monkeypatch.setattr(pipeline.gpu, "require", missing)
    wanted = override(Config(), {"runtime": {"device": "gpu"}})
    assert str(pipeline.choose_device(wanted)) == (
        "CPU · LiteRT int8 (No graphics card for computing was found.)"
    )
    assert str(pipeline.choose_device(Config())) == "CPU · LiteRT int8"


def test_a_graphics_card_is_used_where_there_is_one(monkeypatch):
    monkeypatch.setattr(pipeline.gpu, "require", lambda: "GeForce")
    assert "GeForce" in str(pipeline.choose_device(Config()))
    forced = override(Config(), CPU)
    assert str(pipeline.choose_device(forced)) == "CPU · LiteRT int8"


@pytest.mark.parametrize("build", [pipeline.build_recognizer, pipeline.build_detector])
def test_a_graphics_card_that_cannot_run_the_nets_is_given_up(
    mtcnn_config, monkeypatch, build, astronaut
):
    def fail(*_):
        raise pipeline.RuntimeUnavailable("TensorFlow cannot run pnet: out of memory")

    monkeypatch.setattr(pipeline.gpu, "_given_up", [])
    monkeypatch.setattr(pipeline, "choose_device", first_a_card())
    monkeypatch.setattr(pipeline.keras, "load", fail)
    built = build(mtcnn_config)
    assert str(pipeline.choose_device(mtcnn_config)) == (
        "CPU · LiteRT int8 (TensorFlow cannot run pnet: out of memory)"
    )
    assert len(getattr(built, "detector", built).detect(astronaut)) == 1


def first_a_card():
    """A choice that sees a graphics card until it is given up."""
    real = pipeline.choose_device

    def choose(config):
        if pipeline.gpu.given_up():
            return real(config)
        return pipeline.Device("GeForce", "auto")

    return choose


def test_the_identifier_is_kept_and_fitted_again_when_people_change(
    facenet_config, data
):
    config = override(facenet_config, CPU)
    gallery = pipeline.open_gallery(config, pipeline.build_embedder(config))
    photos = find_images(data / "videos" / "friends" / "Ross")
    ross = gallery.enrol("Ross", [Shot(read_image(photos[0]))]).person
    first = pipeline.fit_identifier(config, gallery)
    again = pipeline.fit_identifier(config, gallery)
    assert [identity.name for identity in first.identities] == ["Ross"]
    assert again.same_as(first)

    gallery.enrol(ross.identity, [Shot(read_image(photos[1]))])
    assert not pipeline.fit_identifier(config, gallery).same_as(first)

    gallery.forget(ross.identity.id)
    assert pipeline.fit_identifier(config, gallery).identities == ()
    assert ross.identity.id.encode() not in b"".join(
        path.read_bytes() for path in config.people.rglob("*") if path.is_file()
    )


def test_a_damaged_identifier_is_fitted_again(facenet_config, data):
    config = override(facenet_config, CPU)
    gallery = pipeline.open_gallery(config, pipeline.build_embedder(config))
    photo = read_image(find_images(data / "videos/friends/Ross")[0])
    gallery.enrol("Ross", [Shot(photo)])
    first = pipeline.fit_identifier(config, gallery)
    stored = next((config.people / ".identifier").glob("*.npz"))
    stored.write_bytes(b"damaged")
    assert pipeline.fit_identifier(config, gallery).same_as(first)
    assert stored.read_bytes() != b"damaged"


def test_the_vector_of_a_portrait_is_that_of_the_picture_it_was_cut_from(
    facenet_config, data
):
    config = override(facenet_config, CPU)
    embedder = pipeline.build_embedder(config)
    gallery = pipeline.open_gallery(config, embedder)
    picture = read_image(find_images(data / "videos/friends/Ross")[0])
    found = pipeline.build_detector(config).detect(picture)
    best = found.keep(np.array([0]))
    live = embedder.embed(embedder.crop(picture, best))[0]
    gallery.enrol("Ross", [Shot(picture, best.boxes[0], best.landmarks[0])])
    ((stored,),) = gallery.embeddings().values()
    assert float(live @ stored) > 0.99


def test_int8_and_float32_agree(facenet_config, data):
    config = override(facenet_config, CPU)
    exact = replace(config, runtime=replace(config.runtime, precision="float32"))
    crops = np.stack(
        [read_image(path)[16:176, 16:176] for path in faces(data)], dtype=np.uint8
    )
    quick = pipeline.build_embedder(config)
    slow = pipeline.build_embedder(exact)
    assert quick.fingerprint != slow.fingerprint
    assert (quick.embed(crops) * slow.embed(crops)).sum(axis=1).min() > 0.97


def faces(data):
    """Twelve large face crops."""
    found = find_images(data / "faces_unlabelled")[:60]
    return [path for path in found if read_image(path).shape[0] >= 192][:12]


def test_classifiers_of_people_changed_meanwhile_are_not_stored(
    facenet_config, data, monkeypatch
):
    config = override(facenet_config, CPU)
    gallery = pipeline.open_gallery(config, pipeline.build_embedder(config))
    picture = read_image(find_images(data / "videos/friends/Ross")[0])
    ada = gallery.enrol("Ada", [Shot(picture)]).person.identity.id
    read = gallery.examples

    def while_forgotten():
        found = read()
        gallery.rename(ada, "Somebody")
        return found

    monkeypatch.setattr(gallery, "examples", while_forgotten)
    pipeline.fit_identifier(config, gallery)

    assert not list((config.people / ".identifier").glob("*.npz"))
