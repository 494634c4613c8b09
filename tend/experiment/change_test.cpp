#include "tend/experiment/change.h"

#include <gtest/gtest.h>

namespace tend::change_test {
namespace {

Experiment base() {
  return Experiment::parse(R"(
[network]
layers = [{ dense = 8 }, "relu", { dense = 8, name = "middle" }, "relu", { dense = 2 }]
[loss]
name = "softmax_cross_entropy"
)",
                           "test");
}

std::vector<std::string> names_after(const std::vector<Change>& changes) {
  return layer_names(changed(base(), changes).network.layers);
}
using Names = std::vector<std::string>;

TEST(Change, sets_any_key_of_the_experiment) {
  const Experiment e = changed(
      base(), {{"update.optimizer.learning_rate", 0.5}, {"train.batch_size", 7}, {"network.layers.dense_1.l2", 0.1}});
  EXPECT_EQ(e.update.optimizer.find("learning_rate")->number(), 0.5);
  EXPECT_EQ(e.train.batch_size, 7);
  EXPECT_EQ(e.network.layers.array_items()[0].find("l2")->number(), 0.1);
}

TEST(Change, layers_keep_their_names_when_another_is_put_before_them) {
  EXPECT_EQ(names_after({}), (Names{"dense_1", "relu_1", "middle", "relu_2", "dense_3"}));
  EXPECT_EQ(names_after({{"network.layers.0", parse_toml("l = { dense = 9 }", "t")["l"], Change::Kind::insert}}),
            (Names{"dense_2", "dense_1", "relu_1", "middle", "relu_2", "dense_3"}));
  EXPECT_EQ(names_after({{"network.layers.middle", "relu", Change::Kind::insert}}),
            (Names{"dense_1", "relu_1", "relu_3", "middle", "relu_2", "dense_3"}));
  EXPECT_EQ(names_after({{"network.layers.5", "softmax", Change::Kind::insert}}),
            (Names{"dense_1", "relu_1", "middle", "relu_2", "dense_3", "softmax_1"}));
}

TEST(Change, layers_keep_their_names_when_another_is_removed_or_replaced) {
  EXPECT_EQ(names_after({{"network.layers.relu_1", {}, Change::Kind::remove}}),
            (Names{"dense_1", "middle", "relu_2", "dense_3"}));
  EXPECT_EQ(names_after({{"network.layers.relu_1", "elu"}}), (Names{"dense_1", "elu_1", "middle", "relu_2", "dense_3"}));
  EXPECT_EQ(names_after({{"network.layers.relu_1", "elu"}, {"network.layers.elu_1", "relu"}}), names_after({}));
}

TEST(Change, removing_a_key_lets_its_default_hold_again) {
  EXPECT_EQ(changed(base(), {{"train.batch_size", 7}, {"train.batch_size", {}, Change::Kind::remove}}).train.batch_size,
            TrainSettings{}.batch_size);
}

TEST(Change, removing_a_setting_of_a_layer_lets_its_default_hold_again) {
  const Change zeros{"network.layers.middle.initializer", "zeros"};
  EXPECT_EQ(changed(base(), {zeros, {"network.layers.middle.initializer", {}, Change::Kind::remove}}).network.layers,
            base().network.layers);
  EXPECT_EQ(changed(base(), {{"network.layers.relu_1.slope", {}, Change::Kind::remove}}).network.layers, base().network.layers);
  EXPECT_THROW(changed(base(), {{"network.layers.dense_7.initializer", {}, Change::Kind::remove}}), Error);
}

TEST(Change, what_a_run_cannot_change_or_does_not_have_is_refused) {
  for (const Change& c :
       {Change{"data.source", "x"}, Change{"seed", 3}, Change{"network.layers.dense_7", "relu"},
        Change{"network.layers.dense_7.l2", 1.0}, Change{"train.batch_size", 3, Change::Kind::insert},
        Change{"network.layers.9", "relu", Change::Kind::insert}, Change{"train.batch_sizes", 3},
        Change{"train.batch_sizes", {}, Change::Kind::remove}, Change{"update.optimiser.momentum", {}, Change::Kind::remove}})
    EXPECT_THROW(changed(base(), {c}), Error) << c.path;
}

TEST(Change, is_one_line_for_people) {
  EXPECT_EQ(text_of({"train.batch_size", 7}), "train.batch_size = 7");
  EXPECT_EQ(text_of({"network.layers.relu_1", "batch_norm", Change::Kind::insert}),
            "insert \"batch_norm\" before network.layers.relu_1");
}

}  // namespace
}  // namespace tend::change_test
