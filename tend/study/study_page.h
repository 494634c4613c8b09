#pragma once
#include <string>

#include "tend/study/study_result.h"

namespace tend {

/// One self-contained HTML page of a study: history, learning curves, parallel coordinates, slices, a contour of the two most
/// important parameters, importance, a timeline, the list of trials. Its charts are SVG; it loads nothing.
std::string study_page(const StudyResult& result);

}  // namespace tend
