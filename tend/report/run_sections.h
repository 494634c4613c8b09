#pragma once
#include <string>

namespace tend {

struct RunPage;  // run_page.h

/// Parts of the page of a run; "" where the run has nothing for it.
std::string findings_section(const RunPage& page);  ///< findings, alarms of checks, repairs
std::string checks_section(const RunPage& page);    ///< all checks, with what they measured
std::string rates_section(const RunPage& page);     ///< the loss over the learning rate, of the check that tries rates
std::string configuration_section(const RunPage& page);

}  // namespace tend
