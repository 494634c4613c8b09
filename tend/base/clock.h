#pragma once

namespace tend {

/// Seconds of a clock that never goes back, counted from an arbitrary start: for durations only.
double seconds_now();

}  // namespace tend
