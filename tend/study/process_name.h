#pragma once
#include <string>

namespace tend {

/// A name for this process that no other has, on any machine: the machine since its start, the space of its process numbers, and
/// its number and time of start.
std::string own_process_name();
/// Whether the process of this name ran on this machine, and is there no more. Of processes elsewhere it is false.
bool is_gone(const std::string& process_name);

}  // namespace tend
