"""facenet-pytorch's MTCNN, answering with boxes (see compare_detectors.py).

    python peer_boxes.py MIN_FACE PICTURE.npy

Runs inside that project's environment. For each line on standard input it reads the
picture and answers with a list of x1, y1, x2, y2, score, best first.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

import peers


def main() -> None:
    """Load the detector, then answer until the input ends."""
    min_face, path = int(sys.argv[1]), sys.argv[2]
    torch, numpy = import_module("torch"), import_module("numpy")
    peers.stand_in_for_torchvision()
    package = import_module("facenet_pytorch")
    mtcnn = package.MTCNN(keep_all=True, min_face_size=min_face)
    for _ in sys.stdin:
        with torch.no_grad():
            boxes, scores = mtcnn.detect(numpy.load(path))
        rows = [] if boxes is None else numpy.column_stack([boxes, scores])
        rows = sorted((list(map(float, row)) for row in rows), key=lambda row: -row[4])
        print(json.dumps(rows), flush=True)


if __name__ == "__main__":
    main()
