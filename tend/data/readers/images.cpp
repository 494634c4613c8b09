#include "tend/data/readers/images.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>

#include "tend/base/text.h"
#include "tend/data/disk/archive.h"
#include "tend/data/picture/find.h"
#include "tend/data/picture/put_pictures.h"

namespace tend {
namespace {

namespace fs = std::filesystem;

/// First file of each class, second file of each class ... If an archive contains a name twice, the later file is used.
std::vector<PictureFile*> in_turn(std::deque<PictureFile>& files, std::vector<std::string>& classes) {
  std::map<std::string, std::map<std::string, PictureFile*>> by_class;
  for (PictureFile& file : files) by_class[file.class_name][file.file] = &file;
  std::vector<std::vector<PictureFile*>> queues;
  std::size_t longest = 0;
  for (auto& [name, members] : by_class) {
    classes.push_back(name);
    auto& queue = queues.emplace_back();
    for (auto& [file, picture] : members) queue.push_back(picture);
    longest = std::max(longest, queue.size());
  }
  std::vector<PictureFile*> rows;
  for (std::size_t i = 0; i < longest; ++i)
    for (auto& queue : queues)
      if (i < queue.size()) rows.push_back(queue[i]);
  return rows;
}

int median(std::vector<int> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

std::string size(int height, int width) { return std::to_string(width) + " x " + std::to_string(height); }

/// "24 images have 2 sizes: 18 of 32 x 32, 6 of 48 x 32", the most frequent first.
std::string sizes_text(const std::vector<PictureFile*>& rows) {
  std::map<std::pair<int, int>, std::int64_t> counts;
  for (const PictureFile* f : rows) ++counts[{f->picture.height, f->picture.width}];
  std::vector<std::pair<std::int64_t, std::pair<int, int>>> order;
  for (const auto& [of, count] : counts) order.emplace_back(-count, of);
  std::sort(order.begin(), order.end());
  std::vector<std::string> said;
  for (const auto& [count, of] : order) said.push_back(std::to_string(-count) + " of " + size(of.first, of.second));
  return std::to_string(rows.size()) + " images have " + std::to_string(order.size()) + " sizes: " + listed(said, ", ", 4);
}

/// Returns the common size of all rows: their own size, or the requested one.
std::pair<int, int> common_size(const std::vector<PictureFile*>& rows, const DataSettings& settings, Dataset& data,
                                const std::string& where) {
  const Picture& first = rows[0]->picture;
  const auto other = std::find_if(rows.begin(), rows.end(), [&](const PictureFile* f) {
    return f->picture.height != first.height || f->picture.width != first.width;
  });
  if (other == rows.end()) return {first.height, first.width};
  if (settings.height > 0 && settings.width > 0) return {static_cast<int>(settings.height), static_cast<int>(settings.width)};
  if (!settings.common_size) {
    const Picture& second = (*other)->picture;
    throw Error(Trouble::data, where + ", " + (*other)->class_name + "/" + (*other)->file,
                size(second.width, second.height) + " pixels where " + rows[0]->class_name + "/" + rows[0]->file + " has " +
                    size(first.width, first.height),
                "images of one size",
                "prepare.steps = [{resize = [" + std::to_string(first.height) + ", " + std::to_string(first.width) + "]}, ...]");
  }
  std::vector<int> heights, widths;
  for (const PictureFile* f : rows) {
    heights.push_back(f->picture.height);
    widths.push_back(f->picture.width);
  }
  const int h = std::min(median(heights), 256), w = std::min(median(widths), 256);
  data.notes.push_back({.text = where + ": " + sizes_text(rows) + "; all are resized to " + size(h, w) + " pixels"});
  return {h, w};
}

void set_classes(Dataset& data, const std::vector<PictureFile*>& rows, const std::vector<std::string>& classes,
                 const Reading& reading, const std::string& where) {
  data.task = Task::classification;
  data.target_names = reading.like ? reading.like->target_names : std::vector<std::string>{"class"};
  data.classes = reading.like ? reading.like->classes : classes;
  if (reading.like && reading.like->task != Task::classification)
    throw Error(Trouble::data, where, "images by class", std::string("a source for ") + name_of(reading.like->task));
  const bool has_classes = !(classes.size() == 1 && classes[0].empty());
  if (!has_classes) return;
  data.y = Array({data.rows(), 1}, ElementType::float64);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto place = std::find(data.classes.begin(), data.classes.end(), rows[i]->class_name);
    const bool is_known = place != data.classes.end() && *place == rows[i]->class_name;
    if (!is_known && !reading.target_may_be_absent)
      throw Error(Trouble::data, where, "the class folder \"" + rows[i]->class_name + "\"", "classes of the source");
    data.y.as<double>()[i] = is_known ? static_cast<double>(place - data.classes.begin())
                                      : std::numeric_limits<double>::quiet_NaN();
  }
}

std::string name_of(const PictureFile& file) { return file.class_name.empty() ? file.file : file.class_name + "/" + file.file; }

/// Returns the rows that can be used. The others are counted; a class without any that can is an Error.
std::vector<PictureFile*> without_bad(const std::vector<PictureFile*>& all, const FoundPictures& found, Dataset& data,
                                      const Reading& reading, const std::string& where) {
  std::vector<PictureFile*> rows;
  std::vector<std::string> bad;
  std::map<std::string, std::int64_t> good_of_class;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i]->trouble.empty()) {
      bad.push_back(name_of(*all[i]) + ": " + all[i]->trouble);
      continue;
    }
    ++good_of_class[all[i]->class_name];
    rows.push_back(all[i]);
    data.source_rows.push_back(static_cast<std::int64_t>(i));
  }
  std::map<std::string, std::int64_t> files_of_class = found.folders;  // of an archive: those that look like images
  if (files_of_class.empty())
    for (const PictureFile* file : all) ++files_of_class[file->class_name];
  std::vector<std::string> empty;
  for (const auto& [name, files] : files_of_class)
    if (files == 0) empty.push_back("\"" + name + "\"");
  if (!empty.empty() && !rows.empty() && !reading.target_may_be_absent)
    data.notes.push_back(
        {.text = where + ": " + counted(static_cast<std::int64_t>(empty.size()), "folder") +
                 (empty.size() == 1 ? " has no image and is no class: " : " have no images and are no classes: ") +
                 listed(empty, ", ", 3)});
  for (const auto& [name, files] : files_of_class)
    if (files > 0 && good_of_class[name] == 0 && !reading.target_may_be_absent)
      throw Error(Trouble::data, where,
                  "the class \"" + name + "\" has " + counted(files, "file") + " and no image that can be read" +
                      (bad.empty() ? "" : "; " + bad[0]),
                  std::string(picture_formats) + " images of each class");
  if (bad.empty()) {
    data.source_rows.clear();
    return rows;
  }
  for (const PictureFile* file : all) data.source_names.push_back(name_of(*file));
  const auto n = static_cast<std::int64_t>(bad.size());
  if (rows.empty())
    throw Error(Trouble::data, where, "no image that can be read: " + listed(bad, "; ", 3),
                std::string(picture_formats) + " images");
  data.notes.push_back({.text = where + ": " + counted(n, "image") + " cannot be read and " + (n == 1 ? "is" : "are") +
                                " left out: " + listed(bad, "; ", 3),
                        .lost = n,
                        .of = static_cast<std::int64_t>(all.size())});
  return rows;
}

Dataset dataset_of(FoundPictures& found, const Reading& reading, const std::string& where) {
  Dataset data;
  std::vector<std::string> classes;
  const std::vector<PictureFile*> all = in_turn(found.files, classes);
  const std::vector<PictureFile*> rows = without_bad(all, found, data, reading, where);
  if (rows.empty())
    throw Error(Trouble::data, where,
                found.beside > 0 ? counted(found.beside, "image") + " and no folder of a class" : "no images",
                std::string(picture_formats) + " files in a folder for each class: PATH/CLASS/FILE",
                found.beside > 0 ? "put the images of each class into a folder of its name, as " + where + "/cat/1.png" : "");
  int channels = reading.like && reading.like->x.shape().rank() == 4 ? static_cast<int>(reading.like->x.shape()[3]) : 1;
  const bool any_colour = std::any_of(rows.begin(), rows.end(), [](const PictureFile* f) { return f->picture.channels == 3; });
  if (any_colour) channels = 3;
  const auto [height, width] = common_size(rows, reading.settings, data, where);
  const bool any_deep = std::any_of(rows.begin(), rows.end(), [](const PictureFile* f) { return f->picture.is_deep(); });
  data.largest_sample = reading.like ? reading.like->largest_sample : any_deep ? 65535 : 255;
  const bool has_floats = any_deep || data.largest_sample != 255;
  data.x = Array({static_cast<std::int64_t>(rows.size()), height, width, channels},
                 has_floats ? ElementType::float32 : ElementType::uint8);
  put_pictures(rows, static_cast<float>(data.largest_sample), data.x);
  for (const PictureFile* row : rows) data.row_names.push_back(name_of(*row));
  data.rows_in_source = static_cast<std::int64_t>(all.size());
  if (const auto n = static_cast<std::int64_t>(found.others.size()); n > 0)
    data.notes.push_back({.text = where + ": " + counted(n, "file") + (n == 1 ? " is" : " are") +
                                  " passed over, being no image in a class folder: " + listed(found.others, ", ", 3),
                          .of = n + data.rows_in_source});
  set_classes(data, rows, classes, reading, where);
  return data;
}

}  // namespace

Claim Images::claims(const Source& source) const {
  if (source.path.empty()) return Claim::none;
  if (source.is_folder || is_picture(source.head)) return Claim::by_content;
  return looks_like_tar(source.path) ? Claim::by_content : has_picture_suffix(source.name()) ? Claim::by_name : Claim::none;
}

Dataset Images::read(const Source& source, const Reading& reading) const {
  const std::string where = source.name();
  if (source.is_folder) {
    const fs::path path(source.path);
    std::error_code ignored;
    const auto folder_of = [&](std::initializer_list<const char*> names) {
      for (const char* name : names)
        if (fs::is_directory(path / name, ignored)) return fs::absolute(path / name).string();
      return std::string();
    };
    const std::string train = folder_of({"train"});
    FoundPictures found = find_in_folder(train.empty() ? path : fs::path(train), reading.target_may_be_absent);
    Dataset data = dataset_of(found, reading, where);
    if (!train.empty()) {
      data.companion = folder_of({"test"});
      data.companion_validation = folder_of({"validation", "val", "valid"});
    }
    return data;
  }
  if (!looks_like_tar(source.path)) {
    if (!reading.target_may_be_absent) throw Error(Trouble::data, where, "one image", "a folder or tar of images by class");
    PictureDecoder decoder(1, "");
    decoder.add({.file = file_name(source.path), .path = source.path});
    FoundPictures found{.files = decoder.finish()};
    return dataset_of(found, reading, where);
  }
  const std::string part = source.part.empty() ? "train" : source.part;
  FoundPictures found = find_in_tar(source.path, part);
  if (found.files.empty() && source.part.empty() && found.parts.size() == 1)
    found = find_in_tar(source.path, *found.parts.begin());
  Dataset data = dataset_of(found, reading, where);
  if (source.part.empty()) {
    const std::string path = fs::absolute(source.path).string();
    if (found.parts.count("test")) data.companion = path + "#test";
    if (found.parts.count("validation")) data.companion_validation = path + "#validation";
  }
  return data;
}

}  // namespace tend
