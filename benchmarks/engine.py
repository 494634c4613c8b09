#!/usr/bin/env python3
"""What does the engine cost besides its steps?

    benchmarks/engine.py [--threads 1 2]

- another run of a plan (digits, perceptron): milliseconds to start it (limit: 1), bytes that it allocates
- wall time of a run divided by the time of its steps and of one evaluation an epoch (MNIST, small convolutional network, 2 epochs;
  limit: 1.05); needs ../shared/data/mnist

Needs build/release (./run builds it).
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from programs import program as built

ROOT = Path(__file__).resolve().parent.parent
DIGITS = """seed = 1
[data]
source = "digits"
validation = 0.1
[prepare]
steps = ["standardize"]
[network]
layers = ["flatten", { dense = 128 }, "relu", { dense = 64 }, "relu", { dense = 10 }]
[loss]
name = "softmax_cross_entropy"
[train]
epochs = 20
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    threads = parser.parse_args().threads
    with tempfile.TemporaryDirectory() as folder:
        program = built("engine")
        digits = Path(folder) / "digits.toml"
        digits.write_text(DIGITS)
        cnn = Path(folder) / "cnn.toml"
        example = (ROOT / "examples/experiments/mnist_cnn.toml").read_text()
        cnn.write_text("\n".join("epochs = 2" if line.startswith("epochs") else line for line in example.splitlines()) + "\n")
        mnist = ROOT.parent / "shared/data"
        for t in threads:
            for name, file in (("digits perceptron", digits), ("MNIST convolutional network", cnn)):
                if name.startswith("MNIST") and not (mnist / "mnist").exists():
                    print(f"{name}: skipped, {mnist}/mnist is not there")
                    continue
                out = json.loads(subprocess.run([program, file, mnist, str(t)], check=True, capture_output=True, text=True).stdout)
                print(f"{name}, {t} threads: another run starts in {out['start_milliseconds']:.3f} ms and takes "
                      f"{(out['state_bytes'] + out['workspace_bytes']) / 1024:.0f} KiB (state {out['state_bytes'] / 1024:.0f}, workspace and "
                      f"gradient {out['workspace_bytes'] / 1024:.0f}); wall {out['wall_seconds']:.2f} s, steps {out['step_seconds']:.2f} s, "
                      f"an evaluation {out['evaluation_seconds']:.2f} s, ratio {out['wall_ratio']:.3f}", flush=True)


if __name__ == "__main__":
    main()
