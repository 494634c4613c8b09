import os
import subprocess
import unittest

from tree import ROOT, TreeTest

KINDS = ("layer", "activation", "initializer", "loss", "optimizer", "schedule", "step", "reader", "check", "rule", "remedy",
         "sampler", "stopper")
CXX = os.environ.get("CXX", "g++")


class New(TreeTest):
    def setUp(self):
        super().setUp()
        self.copy("tend", "cmake", "CMakeLists.txt", "CMakePresets.json", "rooms.txt")

    def new(self, kind, name):
        code, text = self.tool("new", kind, name, self.tree)
        self.assertEqual(code, 0, text)
        return text.split()

    def compile(self, path, *options):
        return self.run_tool(CXX, "-std=c++20", "-Wall", "-Wextra", "-Werror",
                             "-I", self.tree, "-I", f"{self.tree}/build/generated", os.path.join(self.tree, path), *options)

    def test_an_entry_costs_one_file_and_one_test_and_no_other_edit(self):
        violations = self.tool("rooms_check", self.tree)
        for kind in KINDS:
            with self.subTest(kind):
                before = self.files()
                written = self.new(kind, "brand_new_" + kind)
                self.assertEqual(self.files() - before, set(written))
                self.assertEqual(len(written), 2)
        self.assertEqual(self.tool("rooms_check", self.tree), violations)
        self.the_tree_configures_with_them()
        self.each_compiles_and_is_listed()
        self.the_test_of_a_fresh_entry_fails()

    def the_tree_configures_with_them(self):
        code, text = self.run_tool(os.environ.get("CMAKE", "cmake"), "-S", self.tree, "-B", f"{self.tree}/build", "-G", "Ninja",
                                   "-DTEND_TESTS=OFF", "-DTEND_CLI=OFF")
        self.assertEqual(code, 0, text)
        self.assertNotIn("Warning", text)

    def each_compiles_and_is_listed(self):
        for kind, shelf in zip(KINDS, ("network/layers", "network/activations", "network/initializers", "loss/losses",
                                       "update/optimizers", "update/schedules", "prepare/steps", "data/readers", "check/checks", "diagnose/rules",
                                       "repair/remedies", "tune/samplers", "tune/stoppers")):
            with self.subTest(kind):
                code, text = self.compile(f"tend/{shelf}/brand_new_{kind}_test.cpp", "-fsyntax-only", "-include", f"tend/{shelf}.h")
                self.assertEqual(code, 0, text)
                with open(f"{self.tree}/build/generated/tend/{shelf}.h") as file:
                    self.assertIn(f'== "brand_new_{kind}"', file.read())

    def the_test_of_a_fresh_entry_fails(self):
        program = f"{self.tree}/build/fresh"
        code, text = self.compile("tend/network/activations/brand_new_activation_test.cpp", "-o", program, "-lgtest", "-lgtest_main")
        self.assertEqual(code, 0, text)
        done = subprocess.run([program], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("worked out by hand", done.stdout)

    def test_a_word_that_another_shelf_has_gets_its_kind_in_the_type(self):
        self.new("initializer", "twofold")
        with open(os.path.join(self.tree, self.new("schedule", "twofold")[0])) as file:
            self.assertIn('struct TwofoldSchedule {\n  static constexpr std::string_view entry_name = "twofold";\n', file.read())

    def test_nothing_is_overwritten(self):
        self.new("loss", "mine")
        self.assertEqual(self.tool("new", "loss", "mine", self.tree)[0], 1)

    def test_wrong_words_are_explained(self):
        self.assertIn("one of: layer", self.tool("new", "lawyer", "mine", self.tree)[1])
        self.assertIn("snake case", self.tool("new", "layer", "MyLayer", self.tree)[1])


unittest.main()
