#pragma once
#include <stdexcept>
#include <string>

namespace tend {

/// The kind of an Error. The command line maps it to an exit code (in brackets).
enum class Trouble {
  usage,    ///< wrong use or a wrong experiment file (2)
  data,     ///< bad data or model file (65)
  missing,  ///< an input does not exist (66)
  write,    ///< an output cannot be written (73)
  locked,   ///< the run is in use by another process (75)
};

/// The one exception of the library: wrong use or bad input. It says where it happened, what was found there, what was expected
/// and what to do. `got`, `wanted` and `hint` may be empty; `where` is never empty. what() reads "where: got; wanted ...; hint".
/// Parts of more than 1000 bytes are shortened.
class Error : public std::runtime_error {
 public:
  Error(Trouble trouble, std::string where, std::string got, std::string wanted = "", std::string hint = "");

  Trouble trouble;
  std::string where, got, wanted, hint;
};

/// Reports a broken invariant of our own: prints the place and aborts. No input can reach it.
[[noreturn]] void broken_invariant(const char* what, const char* file, int line);

}  // namespace tend

#define TEND_EXPECTS(condition) ((condition) ? static_cast<void>(0) : ::tend::broken_invariant(#condition, __FILE__, __LINE__))
