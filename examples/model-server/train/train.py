"""Train the example models and write ../models/<id>.onnx and ../models/<id>.json.

python train.py            train, measure and write every model
python train.py --check    train again and compare with the committed files; exit 1 on a difference

The accuracy is measured on the written ONNX file, with ONNX Runtime, on rows that were held out of the training.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

SEED = 7
OPSET = 18
MODELS = Path(__file__).resolve().parent.parent / "models"

RECIPES = {
    "iris": (load_iris, lambda: make_pipeline(StandardScaler(), LogisticRegression())),
    "wine": (load_wine, lambda: RandomForestClassifier(n_estimators=50, max_depth=6, random_state=SEED)),
    "digits": (
        load_digits,
        lambda: make_pipeline(StandardScaler(), MLPClassifier((64,), max_iter=300, random_state=SEED)),
    ),
}


def train(model_id, load, build):
    """Return the ONNX bytes and the metadata of one model."""
    data = load()
    rows, held_out, labels, held_out_labels = train_test_split(
        data.data, data.target, test_size=0.3, stratify=data.target, random_state=SEED
    )
    # One thread: with more, the rounding of sums differs between runs, and so do the files.
    with threadpool_limits(1):
        classifier = build().fit(rows, labels)
    width = rows.shape[1]
    onnx = to_onnx(
        classifier,
        initial_types=[("input", FloatTensorType([None, width]))],
        options={id(classifier): {"zipmap": False}},
        target_opset=OPSET,
        name=model_id,
    ).SerializeToString()

    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    predicted, _ = session.run(None, {"input": held_out.astype(np.float32)})
    classes = [str(name) for name in data.target_names]
    metadata = {
        "id": model_id,
        "version": "1",
        "accuracy": round(float((predicted == held_out_labels).mean()), 4),
        "heldOut": len(held_out),
        "classes": classes,
        "features": [str(name) for name in data.feature_names],
        "sample": {
            "inputs": [
                {"name": "input", "shape": [1, width], "datatype": "FP32", "data": held_out[0].tolist()}
            ]
        },
        "sampleLabel": classes[predicted[0]],
    }
    return onnx, metadata


def main():
    parser = argparse.ArgumentParser(description="Train the example models.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check = parser.parse_args().check
    stale = []
    for model_id, (load, build) in RECIPES.items():
        onnx, metadata = train(model_id, load, build)
        path = MODELS / f"{model_id}.json"
        if not check:
            path.with_suffix(".onnx").write_bytes(onnx)
            path.write_text(json.dumps(metadata, indent=2) + "\n")
        elif json.loads(path.read_text()) != metadata:
            stale.append(model_id)
        print(f"{model_id}: accuracy {metadata['accuracy']:.4f} on {metadata['heldOut']} rows, {len(onnx)} bytes")
    if stale:
        sys.exit(f"error: {', '.join(stale)} no longer match the committed metadata; run train.py and commit")


if __name__ == "__main__":
    main()
