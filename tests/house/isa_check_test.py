import os
import unittest

from tree import TreeTest

CXX = os.environ.get("CXX", "g++")


class IsaCheck(TreeTest):
    def compile(self, isa, code):
        folder = os.path.join(self.tree, "CMakeFiles", f"tend_{isa}.dir", "tend")
        os.makedirs(folder, exist_ok=True)
        self.write("a.cpp", code)
        done, text = self.run_tool(CXX, "-std=c++20", "-O0", "-c", os.path.join(self.tree, "a.cpp"), "-o", os.path.join(folder, "a.o"))
        self.assertEqual(done, 0, text)

    def test_the_build_keeps_instruction_sets_apart(self):
        self.assertEqual(self.tool("isa_check", os.environ["TEND_BUILD"]), (0, ""))

    def test_functions_of_the_own_namespace_pass(self):
        self.compile("avx512", "namespace tend { template <class T> T twice(T x) { return x; } namespace avx512 { struct f32 {};"
                               " inline int f() { return 1; } int g() { twice(f32{}); return f(); } } }")
        self.assertEqual(self.tool("isa_check", self.tree), (0, ""))

    def test_static_functions_pass(self):
        self.compile("avx2", "static int f() { return 1; } namespace tend::avx2 { int g() { return f(); } }")
        self.assertEqual(self.tool("isa_check", self.tree), (0, ""))

    def test_a_shared_inline_function_is_found(self):
        self.compile("avx512", "namespace tend { inline int shared() { return 1; } namespace avx512 { int g() { return shared(); } } }")
        code, text = self.tool("isa_check", self.tree)
        self.assertEqual(code, 1)
        self.assertIn("tend::shared() is not in tend::avx512", text)

    def test_a_template_of_the_standard_library_is_found(self):
        self.compile("avx2", "#include <vector>\nnamespace tend::avx2 { void g(std::vector<int>& v) { v.push_back(1); } }")
        code, text = self.tool("isa_check", self.tree)
        self.assertEqual(code, 1)
        self.assertIn("std::vector<int", text)

    def test_another_instruction_sets_namespace_does_not_count(self):
        self.compile("avx512", "namespace tend::avx2 { int g() { return 1; } }")
        self.assertEqual(self.tool("isa_check", self.tree)[0], 1)

    def test_a_build_without_such_objects_is_no_proof(self):
        self.assertEqual(self.tool("isa_check", self.tree)[0], 1)


unittest.main()
