#pragma once
#include <cstdio>
#include <istream>
#include <string>

#include "tend/tune/search.h"

namespace tend {

/// Lets another program train: answers each JSON line of `in` by one line on `out` ({"ask": true}, {"tell": TRIAL, "values":
/// [...], "training": [...]}). A line that is wrong is answered by {"error": "..."} and changes nothing.
void ask_and_tell(Search& search, std::istream& in, std::FILE* out);

}  // namespace tend
