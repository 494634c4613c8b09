#include "tend/data/readers/idx.h"

#include <filesystem>

#include "tend/data/array/array_file.h"
#include "tend/data/array/arrays.h"

namespace tend {

Claim Idx::claims(const Source& source) const {
  if (source.path.empty() || source.is_folder) return Claim::none;
  const std::string& head = source.head;
  const bool begins_so = head.size() >= 8 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14 && head[3] >= 1 &&
                         head[3] <= 8;
  if (begins_so) return Claim::by_content;
  return source.name().find("idx") != std::string::npos ? Claim::by_name : Claim::none;
}

Dataset Idx::read(const Source& source, const Reading& reading) const {
  std::filesystem::path labels = source.labels;
  if (labels.empty()) {
    std::string name = source.name();
    if (const auto at = name.find("images-idx3"); at != name.npos)
      labels = std::filesystem::path(source.path).replace_filename(name.replace(at, 11, "labels-idx1"));
  }
  const FileArray x = read_array_file(source.path);
  std::error_code ignored;
  const bool has_labels = !labels.empty() && (std::filesystem::exists(labels, ignored) || !source.labels.empty());
  if (!has_labels && !labels.empty() && !reading.target_may_be_absent)
    throw Error(Trouble::missing, source.name(), "no " + labels.filename().string() + " beside it", "the labels",
                "data.labels = \"FILE\"");
  std::optional<FileArray> y;
  if (has_labels) y = read_array_file(labels.string());
  return dataset_of_arrays(x, y, reading.settings, reading.like, reading.target_may_be_absent, source.name());
}

}  // namespace tend
