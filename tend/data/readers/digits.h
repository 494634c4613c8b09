#pragma once
#include "tend/data/reader.h"

namespace tend {

/// The bundled data set: 1,797 handwritten digits of 8 x 8 pixels with values 0 .. 16 (Alpaydin and Kaynak, 1998, UCI). A file
/// named "digits" takes precedence.
struct Digits {
  static constexpr auto fields = std::tuple<>{};
  Claim claims(const Source& source) const;
  Dataset read(const Source& source, const Reading& reading) const;
};

}  // namespace tend
