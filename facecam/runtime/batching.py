"""Run batches of any size on a net that is fast only for a few fixed sizes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facecam.faces import Floats, Image, Net


class Bucketed:
    """Pads a batch to the next bucket; splits what exceeds the largest one."""

    def __init__(self, net: Net, buckets: Sequence[int]) -> None:
        assert buckets, "at least one bucket"
        assert min(buckets) > 0, buckets
        self._net = net
        self._buckets = sorted(buckets)

    def __call__(self, image: Image) -> tuple[Floats, ...]:
        """Run a batch, uint8 (n, h, w, 3), n = 0 included."""
        largest = self._buckets[-1]
        starts = range(0, max(len(image), 1), largest)
        parts = [self._run(image[start : start + largest]) for start in starts]
        if len(parts) == 1:
            return parts[0]
        return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))

    def _run(self, image: Image) -> tuple[Floats, ...]:
        """Run at most one bucket full."""
        n = len(image)
        size = next(bucket for bucket in self._buckets if bucket >= n)
        if size == n:
            return self._net(image)
        padded = np.zeros((size, *image.shape[1:]), np.uint8)
        padded[:n] = image
        return tuple(output[:n] for output in self._net(padded))
