#include "tend/data/readers/csv.h"

#include "tend/data/disk/file.h"
#include "tend/data/table/columns.h"

namespace tend {

Claim Csv::claims(const Source& source) const {
  if (source.path.empty() || source.is_folder) return Claim::none;
  std::string name = source.name();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  for (const char* suffix : {".csv", ".tsv", ".data"})
    if (name.ends_with(suffix)) return Claim::by_name;
  return Claim::fallback;
}

Dataset Csv::read(const Source& source, const Reading& reading) const {
  if (source.head.starts_with("PAR1"))
    throw Error(Trouble::data, source.name(), "a Parquet file", "a text table",
                "convert it: DuckDB writes COPY (FROM 'x.parquet') TO 'x.csv'");
  const Cells cells(read_file(source.path), reading.settings, file_name(source.path));
  return dataset_of_cells(cells, reading.settings, reading.like, reading.target_may_be_absent);
}

}  // namespace tend
