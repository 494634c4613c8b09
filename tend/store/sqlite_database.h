#pragma once
#include "tend/store/shared_database.h"

namespace tend {

/// A SQLite file as a SharedDatabase. Processes wait for one another for up to a minute.
std::unique_ptr<SharedDatabase> open_sqlite(const std::string& path, const DatabaseOptions& options);

}  // namespace tend
