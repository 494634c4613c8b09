"""Each command of README.md that calls tend works. It is run in a folder of small data sets with the names used there."""
import html
import os
import random
import re
import shlex
import struct
import subprocess
import unittest

from tree import ROOT, TreeTest

TEND = os.path.join(os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release")), "tend")
EXPERIMENT = """data = { source = "flowers.csv", target = "species", validation = 0.2 }
network.layers = [{ dense = 8 }, "relu", { dense = 3 }]
loss.name = "softmax_cross_entropy"
update.optimizer = { name = "adam", learning_rate = 0.01 }
"""


def commands():
    """The lines of blocks and the spans of text that start with tend, ./run, build/release/... or benchmarks/..."""
    with open(f"{ROOT}/README.md", encoding="utf-8") as file:
        text = file.read()
    blocks = re.findall(r"^```\n(.*?)^```", text, re.M | re.S)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    found = [re.sub(r"\s+#.*", "", line).removeprefix("time ") for line in lines + spans]
    return list(dict.fromkeys(c for c in found if re.match(r"(tend|\./run|build/release/tend|benchmarks/\w+\.py)( |$)", c)))


def table(names, row, count):
    return "\n".join([names, *(row(i) for i in range(count))]) + "\n"


class Readme(TreeTest):
    def setUp(self):
        super().setUp()
        draw = random.Random(1)
        near = lambda middle: f"{draw.gauss(middle, 0.3):.2f}"
        self.write("flowers.csv", table("length,width,species", lambda i: f"{near(i % 3)},{near(-i % 3)},{'abc'[i % 3]}", 150))
        self.write("new.csv", table("length,width", lambda i: f"{near(i % 3)},{near(-i % 3)}", 10))
        self.write("titanic.csv", table("age,alive,survived", lambda i: f"{near(i % 2)},{'yes' if i % 2 else 'no'},{i % 2}", 100))
        self.write("adult.csv", table("age,hours,income", lambda i: f"{near(i % 2)},{near(3)},{'low' if i % 2 else 'high'}", 100))
        self.write("trainer_state.json", '{"log_history": [{"step": 1, "loss": 2.0}, {"step": 2, "loss": 1.0}]}')
        self.write("study.toml", "seed = 1\n[tune]\ntrials = 5\nparameters = { a = { uniform = [0.0, 1.0] } }\n")
        self.write("experiment.toml", EXPERIMENT)
        self.write("e.toml", EXPERIMENT)
        self.write("data/text/text.txt", "".join(draw.choice("abcd ef\n") for _ in range(6000)))
        for kind, count in (("train", 300), ("t10k", 50)):
            os.makedirs(f"{self.tree}/data/mnist", exist_ok=True)
            with open(f"{self.tree}/data/mnist/{kind}-images-idx3-ubyte", "wb") as file:
                file.write(struct.pack(">IIII", 0x803, count, 28, 28) + draw.randbytes(count * 784))
            with open(f"{self.tree}/data/mnist/{kind}-labels-idx1-ubyte", "wb") as file:
                file.write(struct.pack(">II", 0x801, count) + bytes(i % 10 for i in range(count)))
        self.copy("examples/experiments")

    def run_command(self, words):
        """The exit code and the output of tend with these arguments."""
        small = {"TEND_WATCH__CHECKS": "none", "TEND_TRAIN__EPOCHS": "1"} if words[0] in ("train", "tune") else {}
        if words[0] == "tune":
            small["TEND_TUNE__TRIALS"] = "3"
        return self.run_tool(TEND, *words, cwd=self.tree, env={**os.environ, **small, "TEND_DATA": f"{self.tree}/data"})

    def test_each_command_works(self):
        # ./run is ./run train; FILE stands for any experiment file.
        found = dict.fromkeys(tuple(shlex.split(c.replace(" FILE", " experiment.toml"))[1:] or ["train"]) for c in commands()
                              if not c.startswith("benchmarks") and not c.endswith(" ARGUMENTS"))
        self.assertGreater(len(found), 12)
        self.assertEqual(self.run_command(("train", "e.toml", "--run", "runs/a"))[0], 0)
        for words in found:
            with self.subTest(" ".join(words)):
                code, text = self.run_command(words)
                self.assertIn(code, (0, 3) if words[0] == "check" else (86,) if words[-2:] == ("--learning-rate", "30") else (0,), text)
                if words == ("check", "--learning-rate", "3"):
                    self.assertRegex(text, r"fail +learning_rate_range(.*\n)+ +cause: learning-rate-high\n +change: --set update.optimizer.learning_rate=")

    def test_the_recording_shows_what_the_program_prints(self):
        with open(f"{ROOT}/docs/sick_run.svg", encoding="utf-8") as file:
            recording = "".join(html.unescape(text) for text in re.findall(r"<tspan[^>]*>([^<]*)", file.read()))
        with open(f"{ROOT}/tools/record", encoding="utf-8") as file:
            lines = re.findall(r'"tend (train examples/experiments/sick_digits.toml [^"]*)"', file.read())
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertIn("tend " + line, recording)
            code, out = self.run_tool(TEND, *line.split(), cwd=self.tree)
            self.assertEqual(code, 0, out)
            said = re.findall(r"(?:Checks: \d+ passed, \d+ alarm|Repairs made: \d+|The network gives the same class|change: .{20}|: all \d+ epochs are done)", out)
            self.assertGreater(len(said), 1, out)
            for words in said:
                self.assertIn(words, recording)

    def test_each_benchmark_is_there_and_takes_its_options(self):
        found = [shlex.split(c) for c in commands() if c.startswith("benchmarks")]
        self.assertGreater(len(found), 8)
        for script, *options in found:
            with self.subTest(script), open(f"{ROOT}/{script}", encoding="utf-8") as file:
                text = file.read()
                for option in options:
                    self.assertIn(option, text)


unittest.main()
