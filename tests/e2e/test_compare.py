"""Somebody compares four portraits whose distances have been published."""

import json

import numpy as np

from facecam.cli import main
from facecam.cli.compare import DIFFERENT

PUBLISHED = [0.78, 1.43, 1.45, 1.37, 1.42, 0.99]
"""Of each two, in the order of their names; facenet-pytorch, these weights, cut
tighter than here."""


def test_portraits_lie_as_far_apart_as_published(
    facenet_config, data, monkeypatch, capsys
):
    monkeypatch.setenv("FACECAM_HOME", str(facenet_config.home))

    code = main(["compare", str(data / "samples" / "test_images"), "--json"])

    told = json.loads(capsys.readouterr().out)
    found = [pair["distance"] for pair in told["pairs"]]
    assert code == DIFFERENT
    assert np.abs(np.subtract(found, PUBLISHED)).max() < 0.25
    assert set(np.argsort(found)[:2]) == set(np.argsort(PUBLISHED)[:2])
