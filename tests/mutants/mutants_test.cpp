// The exam can fail: for each deliberate mistake, the intended test fails and names the mistake's entry.
#include "mutants.h"

#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

namespace tend::mutants_test {
namespace {

void expect_all_caught(const std::vector<Mutant>& mutants) {
  for (const Mutant& m : mutants) {
    const ShelfResult result = m.examine();
    const bool caught = std::any_of(result.faults.begin(), result.faults.end(), [&](const Fault& f) {
      return f.entry == m.entry && f.test == m.test && f.message.find(m.says) != std::string::npos;
    });
    EXPECT_TRUE(caught) << "survived: " << m.name << "; wanted " << m.entry << ", " << m.test
                        << (m.says.empty() ? "" : ", \"" + m.says + "\"") << "; the exam said\n"
                        << text_of(result);
  }
}

TEST(Mutants, of_back_ends_are_all_caught) { expect_all_caught(backend_mutants()); }

TEST(Mutants, of_entries_are_all_caught) { expect_all_caught(entry_mutants()); }

TEST(Mutants, are_at_least_sixty_and_no_two_the_same) {
  std::vector<std::string> names;
  for (const auto& mutants : {backend_mutants(), entry_mutants()})
    for (const Mutant& m : mutants) names.push_back(m.name);
  std::printf("%zu mutants\n", names.size());
  EXPECT_GE(names.size(), 60u);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace tend::mutants_test
