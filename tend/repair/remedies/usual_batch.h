#pragma once
#include "tend/repair/remedy.h"

namespace tend {

/// A batch of 32 rows, or of 128.
struct UsualBatch {
  static constexpr auto fields = std::tuple<>{};
  static constexpr std::string_view causes = "batch-size learning-rate-high optimizer";
  static constexpr int place = 30;

  std::vector<Changes> propose(const TrialContext& run) const {
    std::vector<Changes> all;
    for (const std::int64_t rows : {32, 128})
      if (rows != run.plan().batch_size() && rows <= run.plan().parts().train.rows())
        all.push_back({{.path = "train.batch_size", .value = rows}});
    return all;
  }
};

}  // namespace tend
