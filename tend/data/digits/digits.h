#pragma once
#include <string_view>

namespace tend {

/// The bundled data set "digits" as CSV text: columns p0 .. p63 (0 .. 16, an 8 x 8 image row by row) and digit (0 .. 9), 1,797
/// rows.
std::string_view bundled_digits();

}  // namespace tend
