#include "tend/data/picture/find.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "tend/base/error.h"
#include "tend/data/disk/archive.h"
#include "tend/data/disk/file.h"

namespace tend {
namespace {

namespace fs = std::filesystem;

std::string part_of(const std::string& folder) {
  if (folder == "train" || folder == "test") return folder;
  return folder == "validation" || folder == "val" || folder == "valid" ? "validation" : "";
}

int decoding_threads() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1u, 8u)); }

std::vector<fs::path> readable_entries(const fs::path& folder) {
  std::error_code trouble;
  std::vector<fs::path> all = sorted_entries(folder, trouble);
  if (trouble) throw Error(Trouble::missing, folder.string(), "cannot be listed: " + trouble.message(), "a readable folder");
  return all;
}

void add_folder(const fs::path& folder, const std::string& class_name, PictureDecoder& decoder, std::int64_t& passed_over) {
  std::error_code ignored;
  for (const fs::path& file : readable_entries(folder)) {
    const std::string name = file.filename().string();
    if (fs::is_directory(file, ignored)) continue;
    if (has_picture_suffix(name)) decoder.add({.class_name = class_name, .file = name, .path = file.string()});
    else if (!name.starts_with(".")) ++passed_over;
  }
}

}  // namespace

bool has_picture_suffix(const std::string& name) {
  const auto dot = name.rfind('.');
  if (dot == name.npos) return false;
  std::string suffix = name.substr(dot + 1);
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return suffix == "jpg" || suffix == "jpeg" || suffix == "png";
}

FoundPictures find_in_folder(const fs::path& path, bool without_classes) {
  FoundPictures found;
  PictureDecoder decoder(decoding_threads(), path.filename().string() + "/");
  std::error_code ignored;
  bool has_classes = false;
  for (const fs::path& folder : readable_entries(path))
    if (fs::is_directory(folder, ignored) && !folder.filename().string().starts_with(".")) {
      has_classes = true;
      add_folder(folder, folder.filename().string(), decoder, found.passed_over);
    }
  if (!has_classes && without_classes) add_folder(path, "", decoder, found.passed_over);
  found.files = decoder.finish();
  return found;
}

FoundPictures find_in_tar(const std::string& path, const std::string& part) {
  FoundPictures found;
  PictureDecoder decoder(decoding_threads(), file_name(path) + ", ");
  Archive archive(path);
  std::int64_t entries = 0;
  std::vector<bool> is_of_part;
  while (archive.next()) {
    if (++entries > 20'000'000) throw Error(Trouble::data, file_name(path), "more than 20 million files", "fewer");
    const fs::path name(archive.name());
    const std::string folder = name.parent_path().filename().string(),
                      above = part_of(name.parent_path().parent_path().filename().string());
    if (!has_picture_suffix(name.filename().string())) {
      found.passed_over += !name.filename().string().starts_with(".");
      continue;
    }
    if (!above.empty() && above != part) {
      found.parts.insert(above);
      continue;
    }
    is_of_part.push_back(above == part);
    decoder.add({.class_name = folder, .file = name.filename().string(), .bytes = archive.read_all(most_picture_bytes)});
  }
  found.files = decoder.finish();
  if (std::find(is_of_part.begin(), is_of_part.end(), true) != is_of_part.end()) {
    std::deque<PictureFile> of_part;
    for (std::size_t i = 0; i < is_of_part.size(); ++i)
      if (is_of_part[i]) of_part.push_back(std::move(found.files[i]));
    found.files = std::move(of_part);
  }
  return found;
}

}  // namespace tend
