import json

import numpy as np
import pytest

from facecam.errors import DatasetError
from facecam.training import tfrecords
from facecam.training.detector.crops import records
from facecam.training.detector.crops.records import Records
from facecam.training.detector.crops.samples import Kind, Samples, join
from tests.training.detector.drawn import folder_of, some

SHARD = "00000-positive.tfrecord"


def read(folder, kind, *numbers):
    opened = Records(folder, kind)
    try:
        return opened.read(np.array(numbers, np.intp))
    finally:
        opened.close()


@pytest.fixture
def faces(tmp_path):
    """A folder of five faces of 12 pixels in one shard."""
    return folder_of(tmp_path, some(Kind.POSITIVE, 5))


def test_a_folder_without_samples_has_an_index(tmp_path):
    folder_of(tmp_path, Samples.none(24))

    opened = Records(tmp_path, Kind.POSITIVE)

    assert len(opened) == 0
    assert len(opened.read(np.empty(0, np.intp))) == 0
    assert records.read_index(tmp_path).size == 24
    assert [path.name for path in tmp_path.iterdir()] == [records.INDEX]


@pytest.mark.parametrize("size", [12, 24, 48])
@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_is_read_back_to_the_last_bit(kind, size, tmp_path):
    samples = some(kind, 4, size)
    folder_of(tmp_path, samples)

    back = read(tmp_path, kind, 2, 0, 2)

    chosen = samples.keep(np.array([2, 0, 2]))
    for name in ("kinds", "pixels", "offsets", "landmarks"):
        assert np.array_equal(getattr(back, name), getattr(chosen, name))


def test_each_kind_has_a_shard_of_its_own(tmp_path):
    folder_of(tmp_path, join([some(Kind.PART, 2), some(Kind.NEGATIVE, 3)], 12))

    index = records.read_index(tmp_path)

    assert [(s.file, s.kind, s.count) for s in index.shards] == [
        ("00000-negative.tfrecord", 0, 3),
        ("00000-part.tfrecord", 2, 2),
    ]
    assert index.count(Kind.PART) == 2
    assert index.count(Kind.LANDMARK) == 0


def test_records_are_numbered_through_all_shards_of_a_kind(tmp_path):
    groups = [some(Kind.POSITIVE, n, seed=n) for n in (3, 1, 2)]
    shards = [
        shard
        for n, group in enumerate(groups)
        for shard in records.write_shards(tmp_path, f"{n:05d}", group)
    ]
    records.write_index(tmp_path, 12, shards)

    back = read(tmp_path, Kind.POSITIVE, 5, 3, 0, 2)

    whole = join(groups, 12)
    assert np.array_equal(back.pixels, whole.pixels[[5, 3, 0, 2]])


def test_no_more_than_so_many_shards_are_open_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(tfrecords, "OPEN_FILES", 2)
    group = some(Kind.POSITIVE, 1)
    shards = [records.write_shards(tmp_path, f"{n}", group)[0] for n in range(5)]
    records.write_index(tmp_path, 12, shards)
    opened = Records(tmp_path, Kind.POSITIVE)

    for number in (0, 1, 2, 3, 4, 0):
        assert len(opened.read(np.array([number]))) == 1

    assert len(opened._reader._open) == 2
    opened.close()
    assert not opened._reader._open


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("size", [12, 48])
def test_tensorflow_reads_the_same_from_the_files(size, tmp_path):
    import tensorflow as tf

    samples = some(Kind.PART, 3, size)
    folder_of(tmp_path, samples)
    features = {
        "kind": tf.io.FixedLenFeature([], tf.int64),
        "offsets": tf.io.FixedLenFeature([4], tf.float32),
        "landmarks": tf.io.FixedLenFeature([10], tf.float32),
        "pixels": tf.io.FixedLenFeature([], tf.string),
    }

    data = tf.data.TFRecordDataset(str(tmp_path / "00000-part.tfrecord"))
    parsed = [tf.io.parse_single_example(one, features) for one in data]

    assert len(parsed) == 3
    for n, one in enumerate(parsed):
        pixels = np.frombuffer(one["pixels"].numpy(), np.uint8)
        assert int(one["kind"]) == Kind.PART
        assert np.array_equal(one["offsets"].numpy(), samples.offsets[n])
        assert np.array_equal(one["landmarks"].numpy(), samples.landmarks[n].ravel())
        assert np.array_equal(pixels, samples.pixels[n].ravel())


def test_the_length_of_a_record_is_told_for_estimates(faces):
    length = records.record_bytes(12)

    assert (faces / SHARD).stat().st_size == 5 * length
    assert 12 * 12 * 3 < length < 12 * 12 * 3 + 200


def test_a_flipped_bit_anywhere_in_the_content_is_found(faces):
    whole = (faces / SHARD).read_bytes()
    length = records.record_bytes(12)

    for place in range(2 * length + 12, 3 * length, 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        (faces / SHARD).write_bytes(damaged)

        with pytest.raises(DatasetError, match=r"positive\.tfrecord is damaged.*rec"):
            read(faces, Kind.POSITIVE, 2)
        assert len(read(faces, Kind.POSITIVE, 1, 3)) == 2


def test_a_shard_cut_short_is_refused_with_what_to_do(faces):
    whole = (faces / SHARD).read_bytes()
    (faces / SHARD).write_bytes(whole[:-1])

    with pytest.raises(DatasetError, match=r"it is too short.*Delete .* run the same"):
        read(faces, Kind.POSITIVE, 4)
    assert len(read(faces, Kind.POSITIVE, 3)) == 1


def test_a_missing_shard_is_named(faces):
    (faces / SHARD).unlink()

    with pytest.raises(DatasetError, match=r"00000-positive\.tfrecord is damaged"):
        read(faces, Kind.POSITIVE, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"size": 12, "shards": [{"file": "a"}]}',
        '{"size": "x", "shards": []}',
    ],
)
def test_a_damaged_index_is_named_with_what_to_do(text, tmp_path):
    (tmp_path / records.INDEX).write_text(text)

    with pytest.raises(DatasetError, match=r"index\.json cannot be read.*Delete "):
        records.read_index(tmp_path)


def test_a_missing_index_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"index\.json cannot be read"):
        Records(tmp_path, Kind.POSITIVE)


def test_the_index_is_plain_json(faces):
    values = json.loads((faces / records.INDEX).read_text())

    assert values == {"size": 12, "shards": [{"file": SHARD, "kind": 1, "count": 5}]}
