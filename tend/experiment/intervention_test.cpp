#include "tend/experiment/intervention.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"
#include "tend/base/value.h"

namespace tend::intervention_test {
namespace {

TEST(Intervention, the_list_is_read_in_the_order_of_the_steps) {
  const std::vector<Intervention> all = interventions_of(parse_json(
      R"([{"step": 9, "rate_factor": 0.5}, {"step": 4, "redraw_layers": ["a", "b"]}, {"step": 9, "revive_units": true}])",
      "test"));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].text(), "a, b are drawn anew, the optimizer begins anew");
  EXPECT_EQ(all[1].text(), "the learning rate is multiplied by 0.5");
  EXPECT_EQ(all[2].text(), "hidden units that are 0 for every row are drawn anew, the optimizer begins anew");
  EXPECT_TRUE(interventions_of({}).empty());
}

TEST(Intervention, another_one_is_written_with_what_it_changes_and_reads_as_it_was) {
  const Value one = with_intervention({}, {.step = 7, .reset_optimizer = true});
  EXPECT_EQ(to_json(one, -1), R"([{"step":7,"reset_optimizer":true}])");
  const Value two = with_intervention(one, {.step = 0, .redraw_layers = {"dense_1"}, .rate_factor = 0.25});
  const std::vector<Intervention> all = interventions_of(two);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].step, 0);
  EXPECT_EQ(all[0].redraw_layers, std::vector<std::string>{"dense_1"});
  EXPECT_EQ(all[0].rate_factor, 0.25);
  EXPECT_TRUE(all[1].reset_optimizer);
}

TEST(Intervention, unknown_keys_are_named_with_their_place) {
  try {
    interventions_of(parse_json(R"([{"step": 9, "rate_factr": 0.5}])", "test"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("train.interventions.0"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("rate_factor"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tend::intervention_test
