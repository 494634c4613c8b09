#pragma once

namespace tend {

/// Returns the seconds of a monotonic clock with an arbitrary start. Use it only for durations.
double seconds_now();

}  // namespace tend
