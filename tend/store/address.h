#pragma once
#include <string>

namespace tend {

/// The address of a study on a PostgreSQL server: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?study=NAME&wait=SECONDS. All but
/// study and wait is libpq's (PostgreSQL's manual, 34.1.1).
struct ServerAddress {
  std::string server;             ///< for libpq, with the password if it has one
  std::string name;               ///< for messages and files: the whole address without the password
  std::string study = "study";    ///< each study has a PostgreSQL schema of its own: tend_STUDY
  double patience_seconds = 120;  ///< how long a server that does not answer any longer is waited for
};

/// Does a text name a server, not a folder?
bool is_server_address(const std::string& text);
/// Throws Error{usage} if the text is no address, without the password.
ServerAddress read_server_address(const std::string& text);
/// The address without its password, for everything that is shown or kept. Texts that are no address stay as they are.
std::string without_password(const std::string& address);

}  // namespace tend
