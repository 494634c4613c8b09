#include "tend/store/shared_database.h"

#include "tend/base/error.h"
#include "tend/store/address.h"
#include "tend/store/postgresql/postgresql_database.h"
#include "tend/store/sqlite_database.h"

namespace tend {

namespace {

template <class T>
const T& value_in(const std::vector<SqlValue>& values, std::size_t column, const char* wanted) {
  const T* value = column < values.size() ? std::get_if<T>(&values[column]) : nullptr;
  if (!value) throw Error(Trouble::data, "a study's database", "column " + std::to_string(column) + " of another type", wanted);
  return *value;
}

}  // namespace

std::int64_t SqlRow::integer(std::size_t column) const { return value_in<std::int64_t>(values_, column, "a whole number"); }
double SqlRow::number(std::size_t column) const {
  if (column < values_.size() && std::holds_alternative<std::int64_t>(values_[column]))
    return static_cast<double>(integer(column));
  return value_in<double>(values_, column, "a number");
}
const std::string& SqlRow::text(std::size_t column) const { return value_in<std::string>(values_, column, "a text"); }
const std::vector<std::byte>& SqlRow::bytes(std::size_t column) const {
  return value_in<std::vector<std::byte>>(values_, column, "bytes");
}

std::unique_ptr<SharedDatabase> open_database(const std::string& folder_or_address, const DatabaseOptions& options) {
  if (is_server_address(folder_or_address)) return open_postgresql(read_server_address(folder_or_address), options);
  return open_sqlite(study_file_in(folder_or_address), options);
}

}  // namespace tend
