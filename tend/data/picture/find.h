#pragma once
#include <deque>
#include <filesystem>
#include <set>
#include <string>

#include "tend/data/picture/decoder.h"

namespace tend {

/// Images found and decoded, in the order of the disk or the archive.
struct FoundPictures {
  std::deque<PictureFile> files;
  std::set<std::string> parts = {};  ///< that lie beside what was read: train, validation, test
  std::int64_t passed_over = 0;      ///< files that are no images
};

/// PATH/CLASS/FILE; `without_classes`: PATH/FILE will do where there are no folders.
FoundPictures find_in_folder(const std::filesystem::path& path, bool without_classes);
/// The images of a tar that lie in the folder `part`, or in no part. One pass: what belongs to another part is seen, not decoded.
FoundPictures find_in_tar(const std::string& path, const std::string& part);

/// .jpg, .jpeg, .png in any case.
bool has_picture_suffix(const std::string& name);

}  // namespace tend
