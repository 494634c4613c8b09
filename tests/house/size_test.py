import unittest

from tree import ROOT, TreeTest


def function(lines):
    return "int f(int a) {\n" + "  a += 1;\n" * (lines - 2) + "}\n"


class Size(TreeTest):
    def test_nothing_in_this_tree_is_over_the_limits(self):
        code, text = self.tool("size", ROOT)
        self.assertEqual(code, 0, text)

    def test_a_function_at_the_limit_passes_and_one_over_it_does_not(self):
        self.write("tend/base/a.cpp", "namespace tend {\n" + function(60) + "}\n")
        self.assertEqual(self.tool("size", self.tree)[0], 0)
        self.write("tend/base/a.cpp", "namespace tend {\n" + function(61) + "}\n")
        code, text = self.tool("size", self.tree)
        self.assertEqual(code, 1)
        self.assertIn("tend/base/a.cpp:2: a function of 61 lines", text)

    def test_a_kernel_may_be_longer(self):
        self.write("tend/kernels/a.cpp", function(80))
        self.assertEqual(self.tool("size", self.tree)[0], 0)

    def test_a_member_function_counts_by_itself_not_its_class(self):
        self.write("tend/base/a.h", "struct A {\n" + function(40) + function(40) + "};\n")
        self.assertEqual(self.tool("size", self.tree)[0], 0)

    def test_a_shelf_file_has_250_lines_at_most(self):
        self.write("tend/network/layers/a.h", "\n" * 251)
        code, text = self.tool("size", self.tree)
        self.assertEqual(code, 1)
        self.assertIn("tend/network/layers/a.h: 251 lines, at most 250", text)

    def test_a_brace_in_a_string_is_no_brace(self):
        self.write("tend/base/a.cpp", 'int f() {\n  g("}");\n' + "\n" * 60 + "}\n")
        self.assertEqual(self.tool("size", self.tree)[0], 1)


unittest.main()
