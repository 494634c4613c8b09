#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tend/monitor/history.h"

namespace tend {

/// A scalar of a log: values at steps, in their order; NaN where the log says that a value is not finite.
struct LogSeries {
  std::string name;           ///< as in the log: "val_loss", "train/loss"
  std::string axis = "step";  ///< what `steps` count: "step", "epoch", "row"
  bool is_printed = false;    ///< read from what a training printed on a terminal, in which not all is sure
  std::vector<double> steps, values;
};

/// The scalars of a log that another program wrote:
///   CSV          with a header: CSVLogger of Keras and Lightning, results.csv of ultralytics, exports of W&B; cells are
///                separated by commas, semicolons, tabs or bars; a table not separated by commas may have decimal commas
///   JSON lines   one object a line; or one document with "log_history", as trainer_state.json of Hugging Face
///   printed      lines of a terminal (exchange/console.h), where the file is none of the others
///   events       TensorBoard: a file events.out.tfevents..., or the newest run in a folder, with its folders train, validation ...
/// Steps are those of a column step, global_step, iteration ...; without one, epochs; otherwise rows count from 1. Throws
/// Error{missing, data}.
std::vector<LogSeries> read_log(const std::string& path);
/// The same of the bytes of a file; `name`: of the file, for messages.
std::vector<LogSeries> log_of_bytes(std::string_view bytes, const std::string& name);

/// What a log says about a training, and what each of its columns was taken for.
struct LogHistory {
  std::vector<std::pair<std::string, History>> losses;  ///< "loss"; or parts of it by name, such as "box_loss"
  std::vector<std::pair<std::string, std::string>>
      columns;                          ///< name in the log, meaning: "validation.loss"; "" if it is not used
  std::vector<std::string> not_judged;  ///< what the log does not hold: "gradients"
};
/// Takes columns by their usual names for losses, accuracies and rates of the training and the validation rows. A log without a
/// loss has parts of one, such as box_loss and cls_loss of ultralytics, where both training and validation rows have them. Throws
/// Error{data} if there is no loss.
LogHistory history_of(const std::vector<LogSeries>& log, const std::string& name);

/// Meanings that decide the place of a value.
inline constexpr std::string_view of_steps = "step", of_epochs = "epoch";
/// The meaning of a column's name: "step", "epoch", "train.loss", "validation.accuracy", "learning_rate", "gradient_norm",
/// "train.box_loss" for what may be a part of the loss; "" if unknown.
std::string meaning_of(const std::string& column);

}  // namespace tend
