#include "tend/tensor/block.h"

#include <gtest/gtest.h>

namespace tend::block_test {
namespace {

std::shared_ptr<const Directory> directory(ElementType type) {
  Directory d;
  d.add("a", PlaceKind::parameter, type, {3});
  d.add("b", PlaceKind::slot, type, {2, 2});
  d.add("step", PlaceKind::counter, ElementType::int64, Shape{});
  return std::make_shared<const Directory>(d);
}

TEST(Block, places_lie_one_after_the_other_and_wider_types_are_aligned) {
  const auto d = directory(ElementType::float32);
  EXPECT_EQ(d->at("b").offset_bytes, 12);
  EXPECT_EQ(d->at("step").offset_bytes, 32);
  EXPECT_EQ(d->bytes(), 40);
}

TEST(Block, a_copy_is_a_snapshot) {
  Block state(directory(ElementType::float32));
  state.at<float>("a")[1] = 5;
  const Block snapshot = state;
  EXPECT_TRUE(snapshot.same_bits(state));
  EXPECT_EQ(snapshot.hash(), state.hash());
  state.at<float>("a")[1] = 6;
  EXPECT_FALSE(snapshot.same_bits(state));
  state = snapshot;
  EXPECT_EQ(state.at<float>("a")[1], 5);
}

TEST(Block, migrate_copies_by_name_where_shapes_agree_and_converts) {
  Block from(directory(ElementType::float64));
  from.at<double>("a")[2] = 1.5;
  *from.at<std::int64_t>("step") = 9;
  Block to(directory(ElementType::float32));
  EXPECT_EQ(migrate(from, to).size(), 3u);
  EXPECT_EQ(to.at<float>("a")[2], 1.5f);
  EXPECT_EQ(*to.at<std::int64_t>("step"), 9);

  Directory other;
  other.add("a", PlaceKind::parameter, ElementType::float32, {4});
  Block wrong(std::make_shared<const Directory>(other));
  EXPECT_TRUE(migrate(from, wrong).empty());
}

}  // namespace
}  // namespace tend::block_test
