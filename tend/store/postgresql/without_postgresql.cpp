#ifndef TEND_HAS_POSTGRESQL
#include "tend/base/error.h"
#include "tend/store/postgresql/postgresql_database.h"

namespace tend {

bool knows_postgresql() { return false; }

std::unique_ptr<SharedDatabase> open_postgresql(const ServerAddress& address, const DatabaseOptions&) {
  throw Error(Trouble::usage, address.name, "a server, but tend was built without libpq, the library of PostgreSQL",
              "a folder, or a build with libpq", "install libpq-dev (Debian), then configure and build tend again");
}

}  // namespace tend
#endif
