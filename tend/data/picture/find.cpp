#include "tend/data/picture/find.h"

#include <algorithm>
#include <vector>

#include "tend/base/error.h"
#include "tend/base/text.h"
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

void add_folder(const fs::path& folder, const std::string& class_name, PictureDecoder& decoder, FoundPictures& found) {
  std::error_code ignored;
  for (const fs::path& file : readable_entries(folder)) {
    const std::string name = file.filename().string(), shown = class_name.empty() ? name : class_name + "/" + name;
    if (is_hidden(name)) continue;
    if (!class_name.empty()) ++found.folders[class_name];
    if (fs::is_directory(file, ignored)) found.others.push_back(shown + "/");
    else if (has_picture_suffix(name)) decoder.add({.class_name = class_name, .file = name, .path = file.string()});
    else found.others.push_back(shown);
  }
}

/// Of a file that is no image, only the start is unpacked: the decoder will say so.
std::string bytes_of_picture(Archive& archive) {
  std::string bytes(32, '\0');
  bytes.resize(archive.read(bytes.data(), bytes.size()));
  if (is_picture(bytes)) bytes += archive.read_all(most_picture_bytes);
  return bytes;
}

}  // namespace

bool has_picture_suffix(const std::string& name) {
  const auto dot = name.rfind('.');
  if (dot == name.npos) return false;
  const std::string suffix = lower_case(name.substr(dot + 1));
  for (const char* known : {"jpg", "jpeg", "png", "bmp", "tif", "tiff", "webp"})
    if (suffix == known) return true;
  return false;
}

bool is_hidden(const std::string& name) {
  return name.starts_with(".") || name == "__MACOSX" || name == "Thumbs.db" || name == "desktop.ini";
}

FoundPictures find_in_folder(const fs::path& path, bool without_classes) {
  FoundPictures found;
  PictureDecoder decoder(decoding_threads(), path.filename().string() + "/");
  std::error_code ignored;
  bool has_classes = false;
  const std::vector<fs::path> all = readable_entries(path);
  for (const fs::path& entry : all) {
    const std::string name = entry.filename().string();
    if (is_hidden(name) || !fs::is_directory(entry, ignored)) continue;
    has_classes = true;
    found.folders[name] = 0;
    add_folder(entry, name, decoder, found);
  }
  if (!has_classes && without_classes) add_folder(path, "", decoder, found);
  else if (!has_classes)
    found.beside = std::count_if(all.begin(), all.end(), [](const fs::path& entry) {
      const std::string name = entry.filename().string();
      return !is_hidden(name) && has_picture_suffix(name);
    });
  for (const fs::path& entry : all)
    if (const std::string name = entry.filename().string(); has_classes && !is_hidden(name) && !fs::is_directory(entry, ignored))
      found.others.push_back(name);
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
    if (std::any_of(name.begin(), name.end(),
                    [](const fs::path& part) { return part != "." && part != ".." && is_hidden(part.string()); }))
      continue;
    if (!has_picture_suffix(name.filename().string())) {
      found.others.push_back(name.string());
      continue;
    }
    if (!above.empty() && above != part) {
      found.parts.insert(above);
      continue;
    }
    is_of_part.push_back(above == part);
    decoder.add({.class_name = folder, .file = name.filename().string(), .bytes = bytes_of_picture(archive)});
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
