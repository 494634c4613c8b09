#include "tend/repair/remedies/imputed_cells.h"

#include "tend/repair/remedies_test.h"

namespace tend::imputed_cells_test {

TEST(ImputedCells, puts_the_step_first) {
  EXPECT_EQ(proposed<ImputedCells>(small_layers, "[prepare]\nsteps = [\"standardize\"]\n"),
            Proposed{R"(prepare.steps = ["impute", "standardize"])"});
}

}  // namespace tend::imputed_cells_test
