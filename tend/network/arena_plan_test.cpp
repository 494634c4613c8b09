#include "tend/network/arena_plan.h"

#include <gtest/gtest.h>

namespace tend::arena_plan_test {
namespace {

class Nothing : public Kernel {
 public:
  std::string_view name() const override { return "nothing"; }
  void run(void* const*, int, void*) const override {}
};

Call call(std::vector<std::int64_t> values) {
  Call c{std::make_shared<Nothing>(), {}, {}, ""};
  for (std::int64_t v : values) c.operands.push_back({Buffer::arena, v});
  return c;
}

TEST(ArenaPlan, values_that_live_at_different_times_share_memory) {
  ArenaPlan plan;
  const auto a = plan.add(100), b = plan.add(100), c = plan.add(100);
  std::vector<Call> calls{call({a, b}), call({b, c})};
  EXPECT_EQ(plan.place(calls), 256);  // a and c share memory; each is rounded up to 128 bytes
  EXPECT_EQ(calls[0].operands[0].offset, calls[1].operands[1].offset);
  EXPECT_NE(calls[0].operands[1].offset, calls[0].operands[0].offset);
}

TEST(ArenaPlan, a_pinned_value_is_never_overwritten) {
  ArenaPlan plan;
  const auto a = plan.add(64), b = plan.add(64);
  plan.pin({Buffer::arena, a});
  std::vector<Call> calls{call({a}), call({b})};
  EXPECT_EQ(plan.place(calls), 128);
  EXPECT_NE(calls[0].operands[0].offset, calls[1].operands[0].offset);
}

TEST(ArenaPlan, a_gap_between_longer_lives_is_used) {
  ArenaPlan plan;
  const auto low = plan.add(640), gap = plan.add(128), high = plan.add(640), small = plan.add(64);
  std::vector<Call> calls{call({low, gap, high}), call({low, high, small})};
  EXPECT_EQ(plan.place(calls), 640 + 640 + 128);
}

}  // namespace
}  // namespace tend::arena_plan_test
