#pragma once
#include <string>
#include <vector>

#include "shown_run.h"

namespace tend {

/// A table of the parameters: size, norms of weights and gradient at the end, the usual ratio of an update to the weights, and
/// that ratio from the start to the end; then a table of the activations' outputs at the end. Lines of text; none if nothing is
/// known.
std::vector<std::string> layer_tables(const ShownRun& shown);

/// The parameters that are shown: all, or for each parameter of a pack that of the network whose updates are in the middle.
std::vector<const ParameterHistory*> usual_of_pack(const std::vector<ParameterHistory>& all);
/// The name of a parameter without the network of the pack to which it belongs.
std::string name_in_network(const std::string& name);

/// What is unusual about its gradients or the usual size of its updates; "" if nothing is.
std::string remark_on_parameter(const ParameterHistory& p);

/// One character for each part of a run: how large the ratio of an update to the weights was. Each level is half a decade; the
/// lowest is 1e-5 and less, the highest 3e-2 and more, the fifth is 1e-3. A blank: no step changed the weights.
std::string ratio_line(const std::vector<ParameterWindow>& windows, std::size_t width, bool with_blocks);

/// The parameters with all windows, each as [first step, last step, gradient norm, update norm, weight norm, elements that are
/// not finite].
Value parameters_to_value(const std::vector<ParameterHistory>& parameters);

}  // namespace tend
