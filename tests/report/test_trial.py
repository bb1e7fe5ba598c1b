"""facecam.report.trial: are promises kept?"""

import numpy as np
import pytest

from facecam.config import IdentifierConfig
from facecam.errors import DatasetError
from facecam.report.trial import Galleries, try_promises
from facecam.vision.identifier import Identifier
from tests.report.galleries import D, cohort, unit


def people(count, pictures, seed):
    rng = np.random.default_rng(seed)
    centres = unit(rng.normal(size=(count, D)) + 0.2)
    return {
        f"{seed}-{n}": unit(centre + 0.5 * unit(rng.normal(size=(pictures, D))))
        for n, centre in enumerate(centres)
    }


def run(settings, real_spread=1.0, draws=4):
    strangers = cohort()
    config = IdentifierConfig(real_spread=real_spread)
    return try_promises(
        people(6, 6, 1),
        people(600, 1, 2),
        lambda gallery: Identifier.fit(gallery, strangers, config),
        Galleries((1, 5), (3,), draws, settings),
        lambda done, total: None,
    )


def test_a_table_of_what_was_promised_and_reached():
    outcomes = run((20.0, 100.0))

    assert [(o.people, o.photos, o.promised) for o in outcomes] == [
        (1, 3, 0.05),
        (1, 3, 0.01),
        (5, 3, 0.05),
        (5, 3, 0.01),
    ]
    assert all(0 <= o.inside <= o.draws == 4 for o in outcomes)
    assert all(o.low < o.high for o in outcomes)
    assert outcomes[0].strangers == 605


def test_a_threshold_far_too_low_is_found_out():
    (alone, several) = run((100.0,), real_spread=0.3)

    assert alone.reached > alone.high
    assert (alone.inside, several.inside) == (0, 0)
    assert not alone.within


def test_too_few_pictures_are_said():
    with pytest.raises(DatasetError, match="Only 0 people have 9 photos"):
        try_promises(
            people(3, 2, 1),
            {},
            lambda gallery: None,
            Galleries((1,), (9,), 1),
            lambda done, total: None,
        )
