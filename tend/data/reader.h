#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "tend/base/field.h"
#include "tend/data/settings.h"

namespace tend {

/// What the experiment names as its data, found on disk.
struct Source {
  Value given = {};       ///< as in the experiment file
  std::string path = {};  ///< where it lies; "" where it is no file: a generator, bundled data
  std::string part = {};  ///< "train", "validation" or "test" within `path`; "": the one to train on
  bool is_folder = false;
  std::string head = {};       ///< the first bytes of the file (up to 512), as they lie on disk
  std::string labels = {};     ///< path of the labels that the settings name; ""
  std::string companion = {};  ///< the test set that lies beside it in its folder; ""
  std::string name() const;    ///< for messages: the file's name
};

/// What a reader may look at.
struct Reading {
  const DataSettings& settings;
  const Dataset* like = nullptr;      ///< the source whose columns, classes and task count
  bool target_may_be_absent = false;  ///< rows to predict
};

/// How sure a reader is that a source is its own: the surest reads it.
enum class Claim { none, fallback, by_name, by_content };

/// What a file on the shelf data/readers must hold: from its name, suffix or first bytes it says whether it reads a source, and
/// reads it. Bad content throws Error{data} that names file and place; memory is bounded by the size of the file.
///   struct Csv { static constexpr auto fields = std::tuple<>{}; Claim claims(const Source&) const; Dataset read(const Source&,
///   const Reading&) const; };
template <class R>
concept Reader = HasFieldTuple<R> && requires(const R r, const Source& source, const Reading& reading) {
  { r.claims(source) } -> std::same_as<Claim>;
  { r.read(source, reading) } -> std::same_as<Dataset>;
};

/// Finds a path, relative to places.folder, or else a registered name. In a folder that holds train-images* or train.tar* that
/// file is meant, t10k-images* or test.tar* being its companion; where a text is all that lies in it, the text. "PATH#test" is a
/// part of PATH. Throws Error{missing}.
Source find_source(const Value& given, const DataPlaces& places);

}  // namespace tend
