#include "tend/data/readers/npy.h"

#include "tend/data/array/array_file.h"
#include "tend/data/array/arrays.h"
#include "tend/data/disk/archive.h"

namespace tend {
namespace {

struct Npz {
  std::optional<FileArray> x, y;
};

/// Other members are skipped unread. Their names are never used as paths.
Npz read_npz(const std::string& path) {
  Npz found;
  std::string others;
  Archive archive(path);
  while (archive.next()) {
    const std::string& name = archive.name();
    std::optional<FileArray>* place = name == "x.npy" ? &found.x : name == "y.npy" ? &found.y : nullptr;
    if (!place) {
      if (others.size() < 200) others += (others.empty() ? "" : ", ") + name;
      continue;
    }
    const std::string where = file_name(path) + ", " + name;
    if (*place) throw Error(Trouble::data, where, "the same name twice", "one array of that name");
    *place = read_npy(*member_stream(archive), where);
  }
  if (!found.x)
    throw Error(Trouble::data, file_name(path), others.empty() ? "no array x" : "no array x but: " + others,
                "arrays called x and y", "numpy.savez(path, x=..., y=...)");
  return found;
}

}  // namespace

Claim Npy::claims(const Source& source) const {
  if (source.path.empty() || source.is_folder) return Claim::none;
  if (source.head.starts_with(npy_magic)) return Claim::by_content;
  return source.name().ends_with(".npy") || source.name().ends_with(".npz") ? Claim::by_name : Claim::none;
}

Dataset Npy::read(const Source& source, const Reading& reading) const {
  Npz arrays;
  if (source.name().ends_with(".npz")) arrays = read_npz(source.path);
  else arrays.x = read_array_file(source.path);
  if (!source.labels.empty()) arrays.y = read_array_file(source.labels);
  return dataset_of_arrays(*arrays.x, arrays.y, reading.settings, reading.like, reading.target_may_be_absent, source.name());
}

}  // namespace tend
