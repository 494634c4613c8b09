#pragma once
#include <vector>

#include <gtest/gtest.h>

#include "tend/exam/workbench.h"

namespace tend::bench {

using Bench = Workbench;

/// A test of the reference back end in float and in double, with numbers calculated by hand.
template <class T>
class ReferenceTest : public testing::Test {
 protected:
  using V = std::vector<T>;
  const Backend& reference = reference_backend(element_type<T>());
  Bench bench;

  Slot in(const V& values) { return bench.put(values); }
  Slot out(std::int64_t count) { return bench.room_for<T>(count); }
  /// Runs what was emitted since the last call.
  void run() {
    bench.run();
    bench.forget_calls();
    EXPECT_TRUE(bench.guards_are_whole());
  }
  void expect(Slot slot, const V& wanted, double tolerance = 0) {
    const V got = bench.values<T>(slot, static_cast<std::int64_t>(wanted.size()));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i] != wanted[i]) EXPECT_NE(got[i], got[i]) << "place " << i;
      else EXPECT_NEAR(got[i], wanted[i], tolerance) << "place " << i;
    }
  }
};
using FloatAndDouble = testing::Types<float, double>;

}  // namespace tend::bench
