"""Tests of facecam.forgetting.learning."""

import shutil

from facecam import forgetting
from facecam.forgetting import learning


def test_what_is_learned_anew_is_what_would_be_learned_from_nothing(either):
    for number, name in enumerate(["Ada", "Grace", "Linus", "Zoë"]):
        either.enrol(name, number + 1)
    ada = either.gallery().find("Ada").identity.id
    either.fit()

    forgetting.forget(either.config, either.gallery(), ada)
    kept = either.fit()
    shutil.rmtree(either.path / "people" / ".identifier")
    fresh = either.fit()

    assert kept.same_as(fresh)
    assert [identity.name for identity in kept.identities] == ["Grace", "Linus", "Zoë"]


def test_one_person_less_and_all_others_as_they_were(home):
    ids = [home.enrol(name, n) for n, name in enumerate(["Ada", "Grace", "Linus"])]
    whole = home.fit()

    rest = learning.of_those_here(whole, {ids[0], ids[2]})

    assert [identity.id for identity in rest.identities] == [ids[0], ids[2]]
    assert (rest.weights == whole.weights[[0, 2]]).all()
    assert rest.rows == (whole.rows[0], whole.rows[2])
    assert rest.cohort is whole.cohort


def test_without_classifiers_or_people_there_is_nothing_to_keep(home):
    ada = home.enrol("Ada", 1)

    assert learning.others(home.config, home.gallery(), ada) is None
    assert learning.ask(None, home.embeddings(ada)) == {}


def test_classifiers_of_somebody_forgotten_meanwhile_are_not_written_again(home):
    ada, grace = home.enrol("Ada", 1), home.enrol("Grace", 2)
    home.enrol("Linus", 3)
    home.fit()
    gallery = home.gallery()
    known = learning.others(home.config, gallery, ada)
    gallery.forget(ada)
    home.gallery().forget(grace)  # another program

    held = home.files()
    learning.relearn(home.config, gallery, known)

    assert not any("npz" in path for path in held)
    (stored,) = (path for path in home.files() if path.endswith(".npz"))
    assert grace.encode("utf-32-le") not in home.files()[stored]
