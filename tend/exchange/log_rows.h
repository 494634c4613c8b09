#pragma once
#include <string>
#include <utility>
#include <vector>

#include "tend/exchange/log.h"

namespace tend {

/// Names and values of one row of a log; a value that is no number is left out.
using LogRow = std::vector<std::pair<std::string, double>>;

/// Does the row have a number in a column that is known as a loss?
bool has_finite_loss(const LogRow& row);
/// Removes the cells of tables that write NaN for each cell without a value. A loss or gradient norm that is NaN in a row is such
/// a cell where the row has another column that is never finite together with it: rows are of the training, of the validation or
/// of the learning rate. Steps and epochs stand in rows of all kinds.
void leave_out_missing(std::vector<LogRow>& rows);
/// The columns of the rows, at the steps of the rows; without steps at their epochs, otherwise at their numbers. Steps or epochs
/// that go back, as in a file to which a second training was appended, are not used.
std::vector<LogSeries> series_of(const std::vector<LogRow>& rows);
/// Numbers the values of each series whose steps are all the same, as where a program names none.
void number_where_steps_stand(std::vector<LogSeries>& log);

}  // namespace tend
