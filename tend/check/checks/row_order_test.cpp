#include "tend/check/checks/row_order.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tend/check/checks_test.h"

namespace tend::row_order_test {

namespace {

const std::string layers = R"([{ dense = 3 }])", still = "[train]\nshuffle = false\nbatch_size = 20\n";

Dataset sorted(const Dataset& data) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(data.rows()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::int64_t a, std::int64_t b) { return data.y.as<double>()[a] < data.y.as<double>()[b]; });
  return select_rows(data, rows);
}

}  // namespace

TEST(RowOrder, names_sorted_rows_that_are_not_shuffled) {
  const CheckResult r = checked(RowOrder{}, layers, sorted(small_classes()), still).at(0);
  EXPECT_EQ(r.verdict, Verdict::warn);
  EXPECT_EQ(r.cause, "data-order");
  EXPECT_EQ(text_of(r.changes), "train.shuffle = true");
  EXPECT_GT(*r.value, 0.5);  // a batch of one class of three differs by 2/3
  EXPECT_LT(*r.expected, 0.2);
  EXPECT_EQ(checked(RowOrder{}, R"([{ dense = 1 }])", sorted(small_values()), still).at(0).cause, "data-order");
}

TEST(RowOrder, passes_rows_in_no_order_and_rows_that_are_shuffled) {
  EXPECT_EQ(checked(RowOrder{}, layers, small_classes(), still).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(RowOrder{}, R"([{ dense = 1 }])", small_values(), still).at(0).verdict, Verdict::pass);
  EXPECT_EQ(checked(RowOrder{}, layers, sorted(small_classes())).at(0).verdict, Verdict::pass);
}

TEST(RowOrder, passes_batches_of_all_rows) {
  EXPECT_EQ(checked(RowOrder{}, layers, sorted(small_classes()), "[train]\nshuffle = false\nbatch_size = 1000\n").at(0).verdict,
            Verdict::pass);
}

}  // namespace tend::row_order_test
