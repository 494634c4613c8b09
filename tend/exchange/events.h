#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tend/exchange/log.h"

namespace tend {

/// Reads the scalars of a TensorBoard event file: frames of TFRecord (length, masked CRC32C of it, data, masked CRC32C of them),
/// each an Event of event.proto, of which step, and of each value of the summary tag and simple_value, or a tensor of one float,
/// double or half, are read. A last frame that is not complete is left out. Throws Error{data} for a damaged one.
std::vector<LogSeries> read_events(std::string_view bytes, const std::string& name);
/// Does a file begin like one?
bool is_event_file(std::string_view head);

}  // namespace tend
