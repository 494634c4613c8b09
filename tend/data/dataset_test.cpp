#include "tend/data/dataset.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace tend::dataset_test {
namespace {

template <class T>
Array owned(std::vector<T> values, Shape shape) {
  Array a(std::move(shape), element_type<T>());
  std::copy(values.begin(), values.end(), a.as<T>());
  return a;
}

TEST(Dataset, classes_of_a_program_are_codes_below_their_number) {
  const Dataset d = Dataset::classification(owned<float>({1, 2, 3, 4}, {2, 2}), owned<std::int64_t>({1, 0}, {2}), 3);
  EXPECT_EQ(d.x.type(), ElementType::float64);
  EXPECT_EQ(d.y.shape(), (Shape{2, 1}));
  EXPECT_EQ(d.classes.size(), 3u);
  EXPECT_EQ(d.columns.size(), 2u);
  for (const double bad : {3.0, -1.0, 0.5, std::nan("")})
    EXPECT_THROW(Dataset::classification(owned<float>({1, 2}, {2, 1}), owned<double>({0, bad}, {2}), 3), Error) << bad;
}
TEST(Dataset, images_stay_bytes_and_borrowed) {
  const std::array<std::uint8_t, 8> pixels{1, 2, 3, 4, 5, 6, 7, 8};
  const Dataset d = Dataset::regression(Array::borrow(std::span<const std::uint8_t>(pixels), {2, 2, 2, 1}),
                                        owned<float>({0.5f, 1.5f}, {2, 1}));
  EXPECT_EQ(d.x.data(), pixels.data());
  EXPECT_TRUE(d.columns.empty());
  EXPECT_EQ(d.y.as<double>()[1], 1.5);
}
TEST(Dataset, shapes_that_do_not_belong_together_are_refused) {
  EXPECT_THROW(Dataset::regression(owned<float>({1, 2}, {2}), owned<float>({1, 2}, {2})), Error);
  EXPECT_THROW(Dataset::regression(owned<float>({1, 2}, {2, 1}), owned<float>({1}, {1})), Error);
  EXPECT_THROW(Dataset::multilabel(owned<float>({1, 2}, {2, 1}), owned<float>({1, 2}, {2, 1})), Error);
}
TEST(Part, bytes_become_floats_by_channel) {
  Part part;
  part.x = owned<std::uint8_t>({10, 20, 30, 40, 50, 60, 70, 80}, {2, 1, 2, 2});
  part.shift = {10, 20};
  part.factor = {0.5f, 2};
  std::vector<float> out(8);
  const std::int64_t which[] = {1, 0};
  part.gather(which, 0, 2, out.data());
  EXPECT_EQ(out, (std::vector<float>{20, 80, 30, 120, 0, 0, 10, 40}));
  part.gather(nullptr, 1, 1, out.data());
  EXPECT_EQ(out[0], 20);
}
TEST(Part, every_number_of_channels_is_gathered_alike) {
  for (const std::int64_t channels : {1, 3, 5, 16, 17, 300}) {
    Part part;
    const std::int64_t pixels = 37;
    part.x = Array({3, pixels, 1, channels}, ElementType::uint8);
    for (std::int64_t i = 0; i < part.x.shape().count(); ++i) part.x.as<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 7);
    for (std::int64_t c = 0; c < channels; ++c) {
      part.shift.push_back(static_cast<float>(c));
      part.factor.push_back(1.0f / static_cast<float>(c + 1));
    }
    std::vector<float> out(static_cast<std::size_t>(2 * pixels * channels));
    part.gather(nullptr, 1, 2, out.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto c = i % static_cast<std::size_t>(channels);
      const auto byte = part.x.as<std::uint8_t>()[static_cast<std::size_t>(pixels * channels) + i];
      ASSERT_EQ(out[i], (static_cast<float>(byte) - part.shift[c]) * part.factor[c]) << channels << " " << i;
    }
  }
}
TEST(Dataset, selected_rows_keep_their_numbers_and_all_rows_share_memory) {
  Dataset d = Dataset::regression(owned<double>({1, 2, 3}, {3, 1}), owned<double>({4, 5, 6}, {3}));
  d.source_rows = {0, 5, 9};
  const Dataset part = select_rows(d, {2, 1});
  EXPECT_EQ(part.x.as<double>()[0], 3);
  EXPECT_EQ(part.y.as<double>()[1], 5);
  EXPECT_EQ(part.source_rows, (std::vector<std::int64_t>{9, 5}));
  EXPECT_EQ(select_rows(d, {0, 1, 2}).x.data(), d.x.data());
}

}  // namespace
}  // namespace tend::dataset_test
