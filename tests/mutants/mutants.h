#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tend/exam/exam.h"

namespace tend {

/// A mistake put into an entry or a back end on purpose, and the test of the exam that must catch it.
struct Mutant {
  std::string name;         ///< the mistake, in words
  std::string entry, test;  ///< who must be named, and in which test
  std::function<ShelfResult()> examine;
  std::string says;  ///< a part of the message that tells what kind of mistake it is; may be empty
};

std::vector<Mutant> backend_mutants();
std::vector<Mutant> entry_mutants();

/// A registry with the named entry alone.
template <class I>
Registry<I> only(const Registry<I>& all, const std::string& name) {
  Registry<I> one;
  one.add(*all.find(name));
  return one;
}

}  // namespace tend
