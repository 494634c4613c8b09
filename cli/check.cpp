#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

#include "checks.h"
#include "configuration.h"
#include "tend/check/setup.h"
#include "waiting.h"

namespace tend {

namespace {

struct CheckFlags : ConfigurationFlags {
  CommonFlags common;
  std::vector<std::string> only;
  std::string level;
  bool lr_plot = false;
};

std::string level_of(const CheckFlags& flags, const Experiment& experiment) {
  if (!flags.level.empty()) return flags.level;
  return experiment.watch.checks == "none" ? "standard" : experiment.watch.checks;  // a user of this verb wants checks
}

/// A plot of (learning rate, loss) in the terminal: the x axis is the logarithm of the rate, the y axis the loss.
void plot(const Value& curve) {
  constexpr int width = 72, height = 16;
  std::vector<std::pair<double, double>> points;
  for (const Value& point : curve.array_items())
    if (!point.array_items()[1].is_null()) points.emplace_back(point.array_items()[0].number(), point.array_items()[1].number());
  if (points.size() < 2) return;
  double low = points[0].second, high = points[0].second;
  for (const auto& [rate, loss] : points) low = std::min(low, loss), high = std::max(high, loss);
  const double left = std::log10(points.front().first), right = std::log10(points.back().first),
               span = std::max(high - low, 1e-12);
  std::vector<std::string> lines(height, std::string(width, ' '));
  for (const auto& [rate, loss] : points) {
    const int column = static_cast<int>((std::log10(rate) - left) / (right - left) * (width - 1)),
              row = static_cast<int>((high - loss) / span * (height - 1));
    lines[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = '*';
  }
  for (int row = 0; row < height; ++row)
    std::printf("%10.4g |%s\n", high - span * row / (height - 1), lines[static_cast<std::size_t>(row)].c_str());
  std::printf("%10s +%s\n%10s  %-10.3g%*s%10.3g\n", "loss", std::string(width, '-').c_str(), "rate", points.front().first,
              width - 20, "", points.back().first);
}

void plot_rates(const PreflightReport& report) {
  for (const CheckLine& line : report.lines)
    if (const Value* curve = line.result.record.find("curve"); curve && line.check == "learning_rate_range") {
      plot(*curve);
      return;
    }
}

void print_looks(const PreflightReport& report) {
  for (const CheckLine& line : report.lines) {
    const Value* layers = line.result.record.find("layers");
    if (!layers || line.check != "initialization") continue;
    std::printf("\n%-24s %11s %11s %9s %9s %9s %14s %14s\n", "before training", "mean", "deviation", "zero", "dead", "low slope",
                "gradient mean", "deviation");
    for (const Value& layer : layers->array_items()) {
      const auto number = [&](const char* key) {
        const Value& v = *layer.find(key);
        return v.is_null() ? std::string("-") : short_number(v.number());
      };
      const auto share = [&](const char* key) { return percent(std::round(100 * layer.find(key)->number()) / 100); };
      std::printf("%-24s %11s %11s %9s %9s %9s %14s %14s\n", layer.find("layer")->string().c_str(), number("mean").c_str(),
                  number("deviation").c_str(), share("zero_fraction").c_str(), share("dead_fraction").c_str(),
                  share("flat_fraction").c_str(), number("gradient_mean").c_str(), number("gradient_deviation").c_str());
    }
    return;
  }
}

/// `--set PATH=VALUE` for a shell, with quotes if they are needed.
std::string flag_of(const Change& change) {
  const std::string value = change.value.is_string() ? change.value.string() : to_inline_toml(change.value);
  const auto needs_no_quotes = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '-' || c == '+';
  };
  const bool is_plain = std::all_of(value.begin(), value.end(), needs_no_quotes);
  return is_plain ? "--set " + change.path + "=" + value : "--set '" + change.path + "=" + value + "'";
}

/// Flags to paste after `tend train FILE`, then changes that must be written into the file.
std::string text_of(const std::vector<Change>& changes) {
  std::string flags, others;
  for (const Change& change : changes) {
    if (change.kind == Change::Kind::set) flags += (flags.empty() ? "" : " ") + flag_of(change);
    else others += (others.empty() ? "" : "; ") + text_of(change);
  }
  return flags + (flags.empty() || others.empty() ? "" : "; ") + others;
}

int check(const CheckFlags& flags) {
  const Configuration configuration = configure(flags);
  const DataPlaces places{configuration.experiment.folder, registered_folders()};
  Dataset data;
  std::vector<Inferred> reasons;
  const Experiment experiment = infer_from_source(configuration.experiment, places, data, reasons);
  TrainingOptions options;
  options.places = places;
  const Training training(experiment, data, options);
  PreflightOptions checks;
  checks.level = level_of(flags, experiment);
  checks.only = flags.only;
  if (flags.lr_plot && checks.only.empty()) checks.only = {"learning_rate_range"};
  std::optional<Waiting> waiting(std::in_place, flags.common.quiet, "Checking");
  const PreflightReport report = preflight(training, checks);
  waiting.reset();
  std::erase_if(reasons, [](const Inferred& i) { return !i.field.starts_with("data."); });
  if (!flags.common.quiet) print_inferences(stderr, reasons, true);
  if (!flags.common.quiet) print_notes(training.summary().data_notes);
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["verdict"] = report.has_failed() ? "fail" : report.has_alarm() ? "warn" : "pass";
    v["seconds"] = report.seconds;
    v["data_notes"] = notes_to_value(training.summary().data_notes);
    v["checks"] = report.to_value();
    std::printf("%s\n", to_json(v).c_str());
  } else {
    if (!flags.common.quiet || report.has_alarm())
      print_checks(stdout, report, flags.common.quiet ? ShownChecks::alarms : ShownChecks::all);
    if (std::find(flags.only.begin(), flags.only.end(), "initialization") != flags.only.end()) print_looks(report);
    if (flags.lr_plot) plot_rates(report);
  }
  return report.has_failed() ? exit_code::check_failed : exit_code::done;
}

}  // namespace

void print_checks(std::FILE* out, const PreflightReport& report, ShownChecks shown) {
  std::size_t alarms = 0, passed = 0;
  std::vector<std::string> skipped;
  for (const CheckLine& line : report.lines) {
    const CheckResult& r = line.result;
    alarms += r.is_alarm();
    passed += r.verdict == Verdict::pass;
    if (r.verdict == Verdict::skipped) skipped.push_back(line.check);
    if (shown != ShownChecks::all && !r.is_alarm()) continue;
    const char* colour = r.verdict == Verdict::fail   ? "31"
                         : r.verdict == Verdict::warn ? "33"
                         : r.verdict == Verdict::pass ? "32"
                                                      : "2";
    char verdict[16];
    std::snprintf(verdict, sizeof verdict, "%-8s", name_of(r.verdict));
    std::fprintf(out, "  %s %-26s %s\n", coloured(verdict, colour).c_str(), line.check.c_str(),
                 wrapped(r.message, 38, out).c_str());
    if (!r.is_alarm()) continue;
    std::fprintf(out, "  %8s %-26s cause: %s%s%s\n", "", "", r.cause.c_str(), r.layer.empty() ? "" : ", at ", r.layer.c_str());
    std::fprintf(out, "  %8s %-26s %s\n", "", "",
                 r.changes.empty() ? wrapped(r.advice, 38, out).c_str() : ("change: " + text_of(r.changes)).c_str());
  }
  const std::string names = shown == ShownChecks::all || skipped.empty() ? "" : " (" + listed(skipped, ", ", 4) + ")";
  std::fprintf(out, "%s %zu passed, %zu %s, %zu skipped%s, in %.2f s\n", coloured("Checks:", "1").c_str(), passed, alarms,
               alarms == 1 ? "alarm" : "alarms", skipped.size(), names.c_str(), report.seconds);
}

void add_check(CLI::App& app, int& code) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* verb = app.add_subcommand(
      "check",
      "Checks the data, the network, the loss, the initial weights and the learning rate before training. Takes the arguments "
      "of train.\n\n"
      "  tend check experiment.toml\n  tend check adult.csv --target income\n  tend check experiment.toml --only initialization\n"
      "  tend check experiment.toml --lr-plot\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("--only", flags->only, "run only these checks")->delimiter(',')->type_name("NAME,...");
  verb->add_option("--level", flags->level, "still (takes no training step), standard or thorough; default: watch.checks")
      ->check(CLI::IsMember({"still", "standard", "thorough"}))
      ->type_name("LEVEL");
  add_threads(*verb);
  verb->add_flag("--lr-plot", flags->lr_plot, "draw the loss over the learning rate");
  verb->callback([flags, &code] { code = check(*flags); });
}

}  // namespace tend
