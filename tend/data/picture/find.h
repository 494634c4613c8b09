#pragma once
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tend/data/picture/decoder.h"

namespace tend {

/// Images found and decoded, in the order of the folder or the archive.
struct FoundPictures {
  std::deque<PictureFile> files;
  std::set<std::string> parts = {};                  ///< parts next to the one that was read: train, validation, test
  std::vector<std::string> others = {};              ///< files that are no images, or lie in no class folder
  std::map<std::string, std::int64_t> folders = {};  ///< of classes: the number of their files
  std::int64_t beside = 0;                           ///< images that lie in no folder, where there is no folder at all
};

/// Hidden files and folders, and what programs leave behind (__MACOSX, Thumbs.db), are no data and are skipped everywhere.
bool is_hidden(const std::string& name);

/// Finds PATH/CLASS/FILE; with `without_classes` also PATH/FILE if there are no folders.
FoundPictures find_in_folder(const std::filesystem::path& path, bool without_classes);
/// Finds the images of a tar in the folder `part`, or in no part. One pass; images of other parts are noticed but not decoded.
FoundPictures find_in_tar(const std::string& path, const std::string& part);

/// Returns whether the suffix is .jpg, .jpeg, .png, .bmp, .tif, .tiff or .webp, in any case.
bool has_picture_suffix(const std::string& name);

}  // namespace tend
