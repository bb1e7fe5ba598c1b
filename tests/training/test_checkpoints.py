import numpy as np
import pytest

from facecam.training import checkpoints


def state(steps):
    rng = np.random.default_rng(steps)
    return {
        "steps": np.array(steps),
        "net/conv1_kernel": rng.normal(size=(3, 3, 4)).astype(np.float32),
    }


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_without_a_checkpoint_there_is_nothing_to_go_on_from(tmp_path):
    assert checkpoints.newest(tmp_path) is None
    assert checkpoints.newest(tmp_path / "nowhere") is None


def test_what_was_saved_last_is_what_a_fit_goes_on_from(tmp_path):
    for steps in (500, 1000, 10_000):
        checkpoints.save(tmp_path, steps, state(steps), keep=3)

    found = checkpoints.newest(tmp_path)

    assert found.keys() == state(0).keys()
    assert found["steps"] == 10_000
    wanted = state(10_000)["net/conv1_kernel"]
    assert np.array_equal(found["net/conv1_kernel"], wanted)
    assert found["net/conv1_kernel"].dtype == np.float32


@pytest.mark.parametrize("keep", [1, 2])
def test_old_checkpoints_are_thinned(tmp_path, keep):
    for steps in range(100, 1100, 100):
        checkpoints.save(tmp_path, steps, state(steps), keep)

        assert len(names(tmp_path)) <= keep

    assert names(tmp_path)[-1] == "checkpoint-0001000.npz"


def test_a_damaged_checkpoint_is_passed_over(tmp_path):
    for steps in (1, 2):
        checkpoints.save(tmp_path, steps, state(steps), keep=2)
    newest = tmp_path / "checkpoint-0000002.npz"
    newest.write_bytes(newest.read_bytes()[:-20])

    assert checkpoints.newest(tmp_path)["steps"] == 1


def test_bytes_damaged_anywhere_never_stop_a_run(tmp_path):
    whole = checkpoints.packed(state(1))
    path, rng = tmp_path / "checkpoint-0000001.npz", np.random.default_rng(0)
    refused = 0

    for _ in range(300):
        content = bytearray(whole)
        content[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
        path.write_bytes(content)
        found = checkpoints.newest(tmp_path)
        refused += found is None

    assert refused > 200


@pytest.mark.parametrize("content", [b"", b"PK", b"nonsense", b"\x93NUMPY\x01\x00"])
def test_what_is_no_archive_is_no_checkpoint(content, tmp_path):
    path = tmp_path / "checkpoint-0000001.npz"
    path.write_bytes(content)

    assert checkpoints.unpacked(path) is None
    assert checkpoints.unpacked(tmp_path) is None


def test_a_single_array_is_no_checkpoint(tmp_path):
    with (tmp_path / "checkpoint-0000001.npz").open("wb") as file:
        np.save(file, np.zeros(3))

    assert checkpoints.newest(tmp_path) is None


def test_objects_are_not_executed(tmp_path):
    path = tmp_path / "checkpoint-0000001.npz"
    np.savez(path, evil=np.array([{"a": 1}], dtype=object))

    assert checkpoints.newest(tmp_path) is None


def test_thinning_leaves_the_newest_checkpoint_and_everything_else(tmp_path):
    (tmp_path / "best.npz").write_bytes(checkpoints.packed(state(1)))
    checkpoints.save(tmp_path, 1, state(1), keep=2)
    checkpoints.save(tmp_path, 2, state(2), keep=2)

    checkpoints.thin(tmp_path, keep=1)

    assert names(tmp_path) == ["best.npz", "checkpoint-0000002.npz"]
