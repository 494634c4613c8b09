#pragma once
#include "tend/store/address.h"
#include "tend/store/shared_database.h"

namespace tend {

/// Was tend built with libpq?
bool knows_postgresql();

/// A study on a PostgreSQL server, in a schema of its own, as a SharedDatabase. A lost connection is made again for as long as
/// the address says; then Error{missing}. A server that does not answer at the first try is Error{missing} at once, unless it is
/// just starting. Where tend was built without libpq: Error{usage} that says how to build it with it.
std::unique_ptr<SharedDatabase> open_postgresql(const ServerAddress& address, const DatabaseOptions& options);

}  // namespace tend
