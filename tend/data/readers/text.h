#pragma once
#include "tend/data/reader.h"

namespace tend {

/// Text that is read letter by letter: .txt, unless it begins as a table does, in UTF-8 or as data.encoding says. Letters are
/// coded by their places in the sorted set of all that occur. Rows are windows of data.window letters, one after the other: x [N,
/// T] their codes, y [N, T] the codes of the letters that follow each; what is left at the end and fills no window is left out.
/// Parts are cut from the end, in order (split_dataset).
struct Text {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
