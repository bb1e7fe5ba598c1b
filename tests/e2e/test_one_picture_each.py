"""Many people known from one picture each: nobody is taken for somebody else."""

import pytest

from facecam import pipeline
from facecam.config import override
from facecam.faces import Identity
from facecam.training.datasets import read_people
from facecam.training.evaluation import embed_pictures
from facecam.vision.identifier import Identifier

ENROLLED, STRANGERS = 80, 80


@pytest.mark.slow
def test_with_one_picture_each_people_are_known_or_unknown_hardly_ever_mistaken(
    facenet_config, data
):
    config = override(facenet_config, {"runtime": {"device": "cpu"}})
    people = read_people(data / "lfw_a")
    several = [name for name, files in people.items() if len(files) > 1][:ENROLLED]
    single = [name for name, files in people.items() if len(files) == 1][:STRANGERS]
    files = [people[name][0] for name in several]
    files += [people[name][1] for name in several]
    files += [people[name][0] for name in single]
    nets = pipeline.build_detector(config), pipeline.build_embedder(config)
    embeddings = embed_pictures(files, *nets, lambda done, total: None).embeddings
    enrolled = {
        Identity(name, name): embeddings[n : n + 1] for n, name in enumerate(several)
    }

    identifier = Identifier.fit(enrolled, pipeline.load_cohort(config))
    answers = [identifier.identify(one[None])[0].identity for one in embeddings]

    again, strangers = answers[ENROLLED : 2 * ENROLLED], answers[2 * ENROLLED :]
    right = [
        name for name, who in zip(several, again, strict=True) if who and who.id == name
    ]
    wrong = [
        who for name, who in zip(several, again, strict=True) if who and who.id != name
    ]
    assert len(right) >= 0.7 * ENROLLED
    assert len(wrong) <= 1
    assert sum(who is not None for who in strangers) <= 2
