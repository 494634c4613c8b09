"""tend schema describes exactly the experiment files that tend reads, and docs/reference.md equals what tend prints. Needs python3-jsonschema."""
import glob
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import unittest

try:
    import jsonschema
except ImportError:   # the package belongs to the system's interpreter
    if sys.executable == "/usr/bin/python3":
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from tree import ROOT

TEND = os.path.join(os.environ.get("TEND_BUILD", os.path.join(ROOT, "build", "release")), "tend")
MINIMAL = {"data": {"source": "digits"}, "network": {"layers": [{"dense": 10}]}, "loss": {"name": "softmax_cross_entropy"}}


def printed(*arguments):
    return subprocess.run([TEND, "schema", *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout


def schema_and_validator():
    schema = json.loads(printed())
    return schema, jsonschema.Draft202012Validator(schema)


def with_keys(**sections):
    return {**MINIMAL, **{name: {**MINIMAL.get(name, {}), **keys} for name, keys in sections.items()}}


def layers(*entries):
    return with_keys(network={"layers": list(entries)})


def optimizer(entry):
    return with_keys(update={"optimizer": entry})


def schedule(entry):
    return with_keys(update={"schedule": entry})


ACCEPTED = [
    MINIMAL, {}, {"seed": 3, "data": {"source": "digits", "target": ["a", 0], "validation": 0.5, "test": "other.csv"}},
    layers("relu", {"relu": True, "name": "a", "from": "input"}, {"leaky_relu": 0.2}, {"dense": True}, {"dense": True, "units": 4}),
    layers({"conv2d": 8, "kernel": 5, "padding": "same", "initializer": {"uniform": 0.05}}, {"conv2d": 8, "padding": 2}),
    layers({"add": ["a", "b"]}, {"reshape": [4, -1]}, {"dense": 4.0}),
    with_keys(prepare={"steps": ["standardize", {"random_crop": 32, "padding": 4}, {"random_crop": True, "size": 32}, {"resize": [8, 8]}]}),
    with_keys(loss={"name": {"huber": True, "delta": 2}}), with_keys(loss={"class_weights": {"cat": 2}}),
    optimizer("lion"), optimizer({"name": "sgd", "momentum": 0.9}), optimizer({"learning_rate": 0.1, "beta1": 0.8}),
    schedule({"warmup_steps": 10}), schedule({"name": "step", "every_epochs": 3, "warmup_steps": 10}),
    with_keys(train={"early_stopping": {}}), with_keys(data={"source": {"generate": "blobs", "rows": 10}}),
]
REFUSED = [
    {**MINIMAL, "sed": 1}, {"network": MINIMAL["network"]}, {"network": {"layers": []}, "loss": MINIMAL["loss"]},
    {**MINIMAL, "seed": -1}, with_keys(train={"epoch": 3}), with_keys(train={"epochs": 0}), with_keys(train={"epochs": 2.5}),
    with_keys(train={"epochs": "3"}), with_keys(train={"early_stopping": {"patiense": 3}}), with_keys(train={"precision": "bfloat16"}),
    with_keys(data={"split": "shufle"}), with_keys(data={"validation": 1.0}), with_keys(data={"group": 1.5}),
    with_keys(data={"source": {"rows": 10}}), with_keys(data={"source": {"generate": "blob"}}),
    layers("rellu"), layers({"dense": 32, "unit": 3}), layers({"dense": 0}), layers({"dense": 32, "relu": True}), layers({"relu": 0.1}),
    layers({"dense": 3, "initializer": "he"}), layers({"dense": 3, "initializer": {"uniform": -1}}), layers({"conv2d": 3, "padding": "full"}),
    with_keys(prepare={"steps": ["standardise"]}), with_keys(prepare={"steps": ["random_crop"]}), with_keys(prepare={"steps": "standardize"}),
    with_keys(loss={"name": {"name": "huber", "delta": 2}}), with_keys(loss={"name": "hubber"}),
    optimizer({"adam": True}), optimizer({"name": "adam", "momentum": 0.9}), optimizer({"name": "adm"}), optimizer({"name": "sgd", "momentum": 2}),
    schedule({"name": "one_cycle", "warmup_steps": 10}), schedule({"name": "cosin"}),
]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema, cls.validator = schema_and_validator()

    def wrong(self, file):
        return next((f"{list(error.absolute_path)}: {error.message}" for error in self.validator.iter_errors(file)), "")

    def test_it_is_a_schema_of_draft_2020_12(self):
        self.assertEqual(self.schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def test_it_accepts_every_experiment_file_at_hand(self):
        files = glob.glob(f"{ROOT}/examples/experiments/*.toml")
        self.assertGreater(len(files), 3)
        files += [path for kind in ("*/faulty", "*/fixed", "healthy/*") for path in glob.glob(f"{ROOT}/../shared/faulty/{kind}.toml")]
        for path in files:
            with self.subTest(os.path.relpath(path, ROOT)), open(path, "rb") as file:
                self.assertEqual(self.wrong(tomllib.load(file)), "")

    def test_it_accepts_what_the_reader_takes(self):
        for file in ACCEPTED:
            with self.subTest(json.dumps(file)):
                self.assertEqual(self.wrong(file), "")

    def test_it_refuses_misspelt_keys_and_values_out_of_range(self):
        for file in REFUSED:
            with self.subTest(json.dumps(file)):
                self.assertNotEqual(self.wrong(file), "")

    def test_tend_refuses_the_same_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for file in REFUSED:
                with self.subTest(json.dumps(file)):
                    with open(f"{folder}/wrong.json", "w", encoding="utf-8") as out:
                        json.dump(file, out)
                    done = subprocess.run([TEND, "train", "wrong.json", "--set", "watch.checks=none", "--run", "run", "--overwrite"], cwd=folder,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                    self.assertEqual(done.returncode, 2, done.stdout)

    def test_it_accepts_its_own_defaults(self):
        def walk(schema):
            for key, item in schema.items() if isinstance(schema, dict) else enumerate(schema):
                if key == "default":
                    yield schema
                elif isinstance(item, (dict, list)):
                    yield from walk(item)
        found = list(walk({"properties": self.schema["properties"], "$defs": self.schema["$defs"]}))
        self.assertGreater(len(found), 100)
        for part in found:
            with self.subTest(part):
                whole = {"$defs": self.schema["$defs"], **part}
                self.assertTrue(jsonschema.Draft202012Validator(whole).is_valid(part["default"]))

    def test_each_key_has_a_sentence(self):
        for line in printed("--markdown").splitlines():
            if line.startswith("| `") and "no settings" not in line:
                self.assertRegex(line, r"\| [A-Z][^|]+\. \|$")

    def test_what_this_version_refuses_is_not_there(self):
        text = printed() + printed("--markdown")
        for word in ("bfloat16", "cuda"):
            self.assertNotIn(word, text)

    def test_the_checked_in_reference_is_what_the_program_prints(self):
        with open(f"{ROOT}/docs/reference.md", encoding="utf-8") as file:
            self.assertTrue(file.read() == printed("--markdown"),
                            "docs/reference.md is out of date; remake it: build/release/tend schema --markdown > docs/reference.md")


unittest.main()
