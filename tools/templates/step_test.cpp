#include "@path@"

#include <gtest/gtest.h>

namespace tend::@name@_test {

TEST(@Type@, changes_rows_as_worked_by_hand) {
  const std::vector<double> x{1, 2, 3, 4}, y{0, 1};
  Dataset raw = Dataset::regression(Array::borrow<double>(x, {2, 2}), Array::borrow<double>(y, {2, 1}));
  raw.columns = {{"a", {}}, {"b", {}}};
  Frame rows(raw);
  @Type@ step;
  step.fit(rows);
  step.apply(rows);
  EXPECT_DOUBLE_EQ(rows.table()[3], 4);
  FAIL() << "put numbers here that were worked out by hand or published, then take this line out";
}

}  // namespace tend::@name@_test
