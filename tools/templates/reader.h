#pragma once
#include <tuple>

#include "tend/data/reader.h"

namespace tend {

/// @Type@: files that begin with the word "@name@".   Format: where it is described.
struct @Type@ {
  static constexpr std::tuple<> fields{};

  Claim claims(const Source& source) const { return source.head.starts_with("@name@") ? Claim::by_content : Claim::none; }

  Dataset read(const Source& source, const Reading&) const {
    throw Error(Trouble::data, source.name(), "no rows", "rows after the first line");
  }
};

}  // namespace tend
