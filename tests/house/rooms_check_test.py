import unittest

from tree import ROOT, TreeTest


class RoomsCheck(TreeTest):
    def setUp(self):
        super().setUp()
        self.copy("rooms.txt")
        self.write("CMakeLists.txt", "shelf(network layers Layer layer.h)\nshelf(data readers Reader reader.h)\n")
        self.write("tend/base/error.h", "#pragma once\n#include <string>\n")
        self.write("tend/tensor/shape.h", '#include "tend/base/error.h"\n')
        self.write("tend/network/layer.h", '#include "tend/kernels/backend.h"\n#include "tend/base/error.h"\n')
        self.write("tend/kernels/backend.h", '#include "tend/tensor/shape.h"\n')
        self.write("tend/network/layers/dense.h", '#include "tend/network/layer.h"\n')
        self.write("tend/network/layers/dense_test.cpp", '#include "tend/train/training.h"\n')

    def violations(self):
        code, text = self.tool("rooms_check", self.tree)
        self.assertEqual(code, 1 if text else 0, text)
        return text.splitlines()

    def expect_one(self, *parts):
        found = self.violations()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_this_tree_has_no_violation(self):
        code, text = self.tool("rooms_check", ROOT)
        self.assertEqual((code, text), (0, ""))

    def test_a_right_tree_passes(self):
        self.assertEqual(self.violations(), [])

    def test_a_room_may_not_include_a_later_room(self):
        self.write("tend/tensor/array.h", '\n#include "tend/kernels/backend.h"\n')
        self.expect_one("tend/tensor/array.h:2", "tensor includes tend/kernels/backend.h")

    def test_a_test_file_has_a_namespace_of_its_own(self):
        self.write("tend/network/layers/dense_test.cpp", "namespace tend {\n}\n")
        self.expect_one("tend/network/layers/dense_test.cpp", "wanted namespace tend::dense_test")
        self.write("tend/network/layers/dense_test.cpp", "namespace tend::dense_test {\n}\n")
        self.assertEqual(self.violations(), [])

    def test_preparation_must_not_know_networks(self):
        self.write("tend/prepare/step.h", '#include "tend/network/layer.h"\n')
        self.expect_one("prepare includes tend/network/layer.h")

    def test_angle_brackets_are_includes_too(self):
        self.write("tend/tensor/array.h", "#include <tend/train/training.h>\n")
        self.expect_one("tensor includes tend/train/training.h")

    def test_a_library_file_may_not_include_the_command_line(self):
        self.write("tend/train/loop.cpp", '#include "cli/verbs.h"\n')
        self.expect_one("train includes cli/verbs.h")

    def test_a_shelf_entry_sees_its_room_and_base_alone(self):
        self.write("tend/network/layers/dense.h", '#include "tend/kernels/backend.h"\n')
        self.expect_one("network/layers includes tend/kernels/backend.h")

    def test_each_foreign_library_stays_behind_its_wall(self):
        for header in ("dnnl.hpp", "mpi.h", "cuda_runtime.h", "sqlite3.h", "libpq-fe.h", "toml++/toml.h", "nlohmann/json.hpp",
                       "archive.h", "turbojpeg.h", "spng.h", "zlib.h", "fast_float/fast_float.h", "CLI/CLI.hpp"):
            with self.subTest(header):
                self.write("tend/network/network.cpp", f"#include <{header}>\n")
                self.expect_one("tend/network/network.cpp:1", header)

    def test_behind_its_wall_a_foreign_library_is_welcome(self):
        self.write("tend/kernels/onednn/convolution.cpp", "#include <dnnl.hpp>\n")
        self.write("tend/base/toml.cpp", "#include <toml++/toml.h>\n")
        self.write("tend/base/json.cpp", "#include <nlohmann/json.hpp>\n")
        self.write("tend/data/readers/folder.cpp", "#include <archive.h>\n#include <turbojpeg.h>\n")
        self.assertEqual(self.violations(), [])

    def test_headers_may_not_include_each_other_in_a_circle(self):
        self.write("tend/base/error.h", '#include "tend/base/text.h"\n')
        self.write("tend/base/text.h", '#include "tend/base/error.h"\n')
        self.expect_one("circle", "tend/base/error.h -> tend/base/text.h -> tend/base/error.h")

    def test_rooms_that_allow_each_other_are_a_circle(self):
        with open(f"{ROOT}/rooms.txt") as file:
            rules = file.read().replace("room tensor:   base", "room tensor:   base kernels")
        self.write("rooms.txt", rules)
        self.expect_one("rooms.txt", "tensor", "kernels", "circle")

    def test_the_library_does_not_print_exit_or_read_the_environment(self):
        for word in ("std::cout << 1;", "std::printf(\"\");", "exit(1);", "getenv(\"HOME\");", "std::random_device seed;"):
            with self.subTest(word):
                self.write("tend/train/loop.cpp", f"  {word}\n")
                self.expect_one("tend/train/loop.cpp:1")

    def test_snprintf_does_not_print(self):
        self.write("tend/base/text.cpp", "std::snprintf(buffer, 9, \"%d\", 1);\n")
        self.assertEqual(self.violations(), [])

    def test_a_file_in_no_room_is_found(self):
        self.write("tend/garden/rose.h", "")
        self.expect_one("tend/garden/rose.h: in no room")

    def test_nobody_asks_for_an_entry_by_its_name(self):
        self.write("tend/network/layers/conv2d.h", "")
        self.write("tend/network/layers/conv2d_test.cpp", "")
        for code in ('if (kind == "dense") return;', 'bool b = "dense" != kind;', 'set.contains("dense")', 'for (auto n : {"dense", "conv2d"})',
                     'kind == (is_image ? "conv2d" : other)', 'std::pair all[]{{"dense", {0, 1}}};', 'std::vector<std::string> all{"dense",\n "conv2d"};'):
            with self.subTest(code):
                self.write("tend/network/network.cpp", f"\n{code}\n")
                self.expect_one("tend/network/network.cpp:2: asks for", "by name")

    def test_an_entry_may_be_chosen_and_recommended_by_name(self):
        self.write("tend/network/network.cpp", """layers.push_back("dense");  // kind == "dense"
            e.change = wide ? "dense" : "none"; std::string kind = "dense"; table["dense"] = 3; f({"dense", x}); say("use \\"dense\\"");\n""")
        self.write("tend/network/layers/conv2d.h", 'if (other == "dense") return;\n')
        self.write("tend/network/layers/conv2d_test.cpp", "")
        self.write("tend/base/aliases.cpp", '{{"linear", "dense"}, {"dense"}}\n')
        self.assertEqual(self.violations(), [])

    def test_a_shelf_entry_has_its_test_beside_it(self):
        self.write("tend/data/readers/csv.h", "")
        self.expect_one("tend/data/readers/csv.h", "wanted csv_test.cpp")


unittest.main()
