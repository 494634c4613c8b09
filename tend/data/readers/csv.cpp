#include "tend/data/readers/csv.h"

#include "tend/data/disk/file.h"
#include "tend/data/table/columns.h"
#include "tend/data/table/json_lines.h"
#include "tend/data/table/table_text.h"

namespace tend {

Claim Csv::claims(const Source& source) const {
  if (source.path.empty() || source.is_folder) return Claim::none;
  std::string name = source.name();
  for (const std::string packed : {".gz", ".bz2", ".xz", ".zst"})
    if (name.ends_with(packed)) name.resize(name.size() - packed.size());
  if (is_json_lines(name)) return Claim::by_name;
  for (const char* suffix : {".csv", ".tsv", ".data"})
    if (name.ends_with(suffix)) return Claim::by_name;
  return Claim::fallback;
}

Dataset Csv::read(const Source& source, const Reading& reading) const {
  const TableFile table(source.path, reading.settings);
  return dataset_of_cells(table.cells, table.settings, reading.like, reading.target_may_be_absent);
}

}  // namespace tend
