#pragma once
#include "tend/data/reader.h"

namespace tend {

/// Text read character by character: .txt, unless it begins like a table, in UTF-8 or data.encoding. The code of a character is
/// its place in the sorted set of all that occur. Rows are consecutive windows of data.window characters: x [N, T] holds their
/// codes, y [N, T] the codes of the next characters. Characters at the end that do not fill a window are left out. Parts are cut
/// from the end, in order (split_dataset).
struct Text {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
