#pragma once
#include <cstddef>
#include <vector>

namespace tend {

/// The cases of a slow test: all of them, or every fourth with sanitizers. Sanitizers look for faults of memory and threads,
/// which the other cases would show as well.
template <class T>
std::vector<T> sampled(const std::vector<T>& all) {
#ifdef TEND_SANITIZED
  std::vector<T> some;
  for (std::size_t i = 0; i < all.size(); i += 4) some.push_back(all[i]);
  return some;
#else
  return all;
#endif
}

}  // namespace tend
