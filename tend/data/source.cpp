#include <algorithm>
#include <filesystem>

#include "tend/data/disk/file.h"
#include "tend/data/reader.h"

namespace tend {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code ignored;
  return sorted_entries(folder, ignored);
}

std::string first_with(const fs::path& folder, const std::string& start) {
  for (const fs::path& entry : entries_of(folder))
    if (entry.filename().string().starts_with(start)) return entry.string();
  return "";
}

std::string close_name(const fs::path& path, const DataPlaces& places) {
  std::vector<std::string> names{"digits"};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const fs::path& entry : entries_of(folder)) names.push_back(entry.filename().string());
  for (const std::string& registered : places.registered)
    for (const fs::path& entry : entries_of(registered)) names.push_back(entry.filename().string());
  return nearest(path.filename().string(), names);
}

/// Returns the path of a named source, or "" if there is none.
std::string find_path(const std::string& name, const DataPlaces& places) {
  const fs::path beside = fs::path(places.folder) / name;
  if (is_there(beside)) return beside.string();
  if (name.find('/') == name.npos && !name.empty())
    for (const std::string& folder : places.registered)
      if (is_there(fs::path(folder) / name)) return (fs::path(folder) / name).string();
  return "";
}

}  // namespace

std::string Source::name() const {
  if (!path.empty()) return file_name(path) + (part.empty() ? "" : "#" + part);
  return given.is_string() ? given.string() : "data.source";
}

Source find_source(const Value& given, const DataPlaces& places) {
  Source source;
  source.given = given;
  if (!given.is_string()) return source;
  std::string name = given.string();
  if (name.empty() || name.find('\0') != name.npos)
    throw Error(Trouble::usage, "data.source", given.describe(), "a name or a path");
  source.path = find_path(name, places);
  if (const auto hash = name.rfind('#'); source.path.empty() && hash != name.npos) {
    source.path = find_path(name.substr(0, hash), places);
    if (!source.path.empty()) source.part = name.substr(hash + 1);
  }
  if (source.path.empty()) {
    if (name == "digits") return source;
    const std::string close = close_name(fs::path(places.folder) / name, places);
    throw Error(Trouble::missing, "data.source", "no file, folder or registered name \"" + name + "\"", "one that exists",
                close.empty() ? "names are looked up in $TEND_DATA, or else in ~/.local/share/tend/data"
                              : "did you mean \"" + close + "\"?");
  }
  std::error_code ignored;
  if (fs::is_directory(source.path, ignored)) {
    for (const auto& [train, test] : {std::pair{"train-images", "t10k-images"}, std::pair{"train.tar", "test.tar"}})
      if (const std::string found = first_with(source.path, train); !found.empty()) {
        source.companion = first_with(fs::absolute(source.path), test);
        source.path = found;
        break;
      }
    if (const auto all = entries_of(source.path); all.size() == 1 && all[0].extension() == ".txt") source.path = all[0].string();
  }
  source.is_folder = fs::is_directory(source.path, ignored);
  if (!source.is_folder) source.head = head_of(source.path, 512);
  return source;
}

}  // namespace tend
