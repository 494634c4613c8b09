#include <filesystem>
#include <functional>

#include "tend/data/disk/file.h"
#include "tend/data/readers.h"
#include "tend/data/settings.h"
#include "tend/data/table/table_text.h"

namespace tend {
namespace {

struct AnyReader {
  std::string_view name;
  std::function<Claim(const Source&)> claims;
  std::function<Dataset(const Source&, const Reading&)> read;
};

const std::vector<AnyReader>& readers() {
  static const std::vector<AnyReader> all = [] {
    std::vector<AnyReader> list;
    for_each_type(all_readers{}, [&]<class R>() {
      list.push_back({entry_name<R>, [](const Source& s) { return R{}.claims(s); },
                      [](const Source& s, const Reading& r) { return R{}.read(s, r); }});
    });
    return list;
  }();
  return all;
}

const AnyReader& reader_of(const Source& source) {
  const AnyReader* surest = nullptr;
  Claim most = Claim::none;
  for (const AnyReader& reader : readers())
    if (const Claim claim = reader.claims(source); claim > most) {
      most = claim;
      surest = &reader;
    }
  if (!surest)
    throw Error(Trouble::usage, "data.source", source.given.describe(),
                "a registered name, a path, or a generator: {generate = \"blobs\", rows = 1000}");
  return *surest;
}

}  // namespace

Dataset read_dataset(const Value& given, const DataSettings& settings, const DataPlaces& places, const Dataset* like,
                     bool target_may_be_absent) {
  if (given.is_null()) throw Error(Trouble::usage, "data.source", "nothing", "a registered name, a path or a generator");
  if (settings.decimal != "." && settings.decimal != ",")
    throw Error(Trouble::usage, "data.decimal", "\"" + settings.decimal + "\"", "\".\" or \",\"");
  if (const std::string& t = settings.thousands; !t.empty() && t != "," && t != "." && t != "'" && t != " ")
    throw Error(Trouble::usage, "data.thousands", "\"" + t + "\"", "\",\", \".\", \"'\" or a blank");
  Source source = find_source(given, places);
  if (!settings.labels.empty() && !like) source.labels = (std::filesystem::path(places.folder) / settings.labels).string();
  Dataset data = reader_of(source).read(source,
                                        {.settings = settings, .like = like, .target_may_be_absent = target_may_be_absent});
  if (data.rows() == 0) throw Error(Trouble::data, source.name(), "no rows", "at least one");
  if (data.x.is_on_disk())
    data.notes.push_back({.text = source.name() + ": " + std::to_string((data.x.shape().count() * size_of(data.x.type())) >> 20) +
                                  " MiB of numbers are in a temporary file, since the free memory has no room for them"});
  if (!source.companion.empty()) data.companion = source.companion;
  return data;
}

std::vector<std::string> column_names(const Value& given, const DataSettings& settings, const DataPlaces& places) {
  const Source source = find_source(given, places);
  if (source.path.empty() || source.is_folder || reader_of(source).name != "csv") return {};
  return TableFile(source.path, settings).cells.names();
}

}  // namespace tend
