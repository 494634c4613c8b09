#include "tend/kernels/onednn/layout.h"

#include <gtest/gtest.h>

#include "tend/kernels/onednn/pack.h"

namespace tend::onednn::layout_test {
namespace {

using Tag = dnnl::memory::format_tag;

dnnl::memory::desc weights(std::int64_t filters, std::int64_t channels, std::int64_t height, std::int64_t width, Tag tag) {
  return {{filters, channels, height, width}, dnnl::memory::data_type::f32, tag};
}

TEST(WeightsLayout, plain_weights_are_rows_columns_channels_filters) {
  const WeightsLayout l(weights(5, 3, 2, 4, Tag::hwio));
  EXPECT_TRUE(l.is_plain());
  EXPECT_EQ(l.count, 120);
  EXPECT_EQ(l.row[1] + l.column[2] + l.channel[1] + l.filter[4], ((1 * 4 + 2) * 3 + 1) * 5 + 4);
}

TEST(WeightsLayout, blocked_filters_lie_side_by_side_and_are_padded) {
  const WeightsLayout l(weights(20, 3, 1, 2, Tag::Ohwi16o));
  EXPECT_FALSE(l.is_plain());
  EXPECT_EQ(l.filter.size(), 32u);  // two blocks of 16
  EXPECT_EQ(l.count, 32 * 3 * 2);
  EXPECT_EQ(l.filter[17], 16 * 3 * 2 + 1);
  EXPECT_EQ(l.channel[2], 32);
  EXPECT_EQ(l.column[1], 48);
}

TEST(WeightsLayout, an_axis_that_is_blocked_twice_is_counted_from_the_inside) {
  const WeightsLayout l(weights(16, 16, 1, 1, Tag::OIhw8i16o2i));  // place of (k, c): (c / 2) 32 + k 2 + c % 2
  EXPECT_EQ(l.channel[1], 1);
  EXPECT_EQ(l.channel[2], 32);
  EXPECT_EQ(l.channel[15], 7 * 32 + 1);
  EXPECT_EQ(l.filter[3], 6);
}

TEST(PackWeights, every_weight_goes_to_its_place_and_padding_is_zero) {
  const WeightsLayout l(weights(5, 3, 2, 2, Tag::OIhw16i16o));
  std::vector<float> plain(2 * 2 * 3 * 5), packed(static_cast<std::size_t>(l.count), -1);
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = static_cast<float>(i + 1);
  const PackWeights pack(l);
  void* operands[] = {plain.data(), packed.data()};
  for (int b = 0; b < pack.blocks(); ++b) pack.run(operands, b, nullptr);
  double sum = 0;
  for (float v : packed) sum += static_cast<double>(v);
  EXPECT_EQ(sum, 60 * 61 / 2);
  for (std::size_t h = 0; h < 2; ++h)
    for (std::size_t w = 0; w < 2; ++w)
      for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t k = 0; k < 5; ++k)
          EXPECT_EQ(packed[static_cast<std::size_t>(l.row[h] + l.column[w] + l.channel[c] + l.filter[k])],
                    plain[((h * 2 + w) * 3 + c) * 5 + k]);
}

}  // namespace
}  // namespace tend::onednn::layout_test
