#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tend/exam/exam.h"

namespace tend {

/// A deliberate mistake in an entry or a back end, and the test of the exam that must catch it.
struct Mutant {
  std::string name;         ///< the mistake, in words
  std::string entry, test;  ///< the entry that must be named, and the test
  std::function<ShelfResult()> examine;
  std::string says;  ///< the part of the message that names the kind of mistake; may be empty
};

std::vector<Mutant> backend_mutants();
std::vector<Mutant> entry_mutants();

/// A registry that contains only the named entry.
template <class I>
Registry<I> only(const Registry<I>& all, const std::string& name) {
  Registry<I> one;
  one.add(*all.find(name));
  return one;
}

}  // namespace tend
