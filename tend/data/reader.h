#pragma once
#include <concepts>
#include <string>
#include <vector>

#include "tend/base/field.h"
#include "tend/data/settings.h"

namespace tend {

/// The data source that the experiment names, found on disk.
struct Source {
  Value given = {};       ///< the value in the experiment file
  std::string path = {};  ///< its path; "" if it is no file: a generator, bundled data
  std::string part = {};  ///< "train", "validation" or "test" within `path`; "": the part for training
  bool is_folder = false;
  std::string head = {};       ///< the first bytes of the file (up to 512), as stored on disk
  std::string labels = {};     ///< path of the labels that the settings name, or ""
  std::string companion = {};  ///< the test set in the same folder, or ""
  std::string name() const;    ///< the file's name, for messages
};

/// The inputs of a reader.
struct Reading {
  const DataSettings& settings;
  const Dataset* like = nullptr;      ///< the source whose columns, classes and task the rows must have
  bool target_may_be_absent = false;  ///< true for rows to predict
};

/// How certain a reader is that it reads a source. The most certain reader reads it.
enum class Claim { none, fallback, by_name, by_content };

/// The requirements for a file on the shelf data/readers. claims() decides from name, suffix or first bytes whether it reads a
/// source; read() reads it. Bad content throws Error{data} that names file and place. Memory is bounded by the size of the file.
///   struct Csv { static constexpr auto fields = std::tuple<>{}; Claim claims(const Source&) const; Dataset read(const Source&,
///   const Reading&) const; };
template <class R>
concept Reader = HasFieldTuple<R> && requires(const R r, const Source& source, const Reading& reading) {
  { r.claims(source) } -> std::same_as<Claim>;
  { r.read(source, reading) } -> std::same_as<Dataset>;
};

/// Finds a path, relative to places.folder, or otherwise a registered name. In a folder with train-images* or train.tar* that
/// file is the source, and t10k-images* or test.tar* is its companion. If a folder contains only a text, the text is the source.
/// "PATH#test" is a part of PATH. Throws Error{missing}.
Source find_source(const Value& given, const DataPlaces& places);

}  // namespace tend
