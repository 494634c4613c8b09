#include <cstdio>
#include <memory>

#include "cli.h"
#include "configuration.h"
#include "tend/trial/gradients.h"

namespace tend {

namespace {

struct GradcheckFlags : ConfigurationFlags {
  CommonFlags common;
  GradientCheckOptions options;
};

Value value_of(const GradientReport& report) {
  Value v = Value::table();
  v["schema"] = 1;
  v["verdict"] = report.passed() ? "pass" : "fail";
  v["loss"] = report.loss;
  v["rows"] = report.rows;
  v["evaluations"] = report.evaluations;
  v["tensors"] = Value::array();
  for (const TensorCheck& t : report.tensors) {
    Value row = Value::table();
    row["tensor"] = t.tensor;
    row["part"] = t.part;
    row["shape"] = Value::array();
    for (std::int64_t n : t.shape.sizes()) row["shape"].push_back(n);
    row["checked"] = t.checked;
    row["kinks"] = t.kinks;
    row["element"] = t.at;
    row["numeric"] = t.numeric;
    row["analytic"] = t.analytic;
    row["trained"] = t.trained;
    row["error"] = t.error;
    row["trained_error"] = t.trained_error;
    row["verdict"] = name_of(t.band);
    row["mistake"] = t.mistake.empty() ? Value() : Value(t.mistake);
    v["tensors"].push_back(std::move(row));
  }
  return v;
}

void print(const GradientReport& report) {
  std::printf("loss %.6g on %lld rows, %lld evaluations in double\n\n", report.loss, static_cast<long long>(report.rows),
              static_cast<long long>(report.evaluations));
  std::printf("%-28s %-16s %9s %6s  %9s  %9s  %12s  %12s  %s\n", "tensor", "shape", "checked", "kinks", "error", "float32",
              "numeric", "analytic", "verdict");
  for (const TensorCheck& t : report.tensors) {
    const std::string name = t.tensor + (t.part == "loss" ? "" : " (" + t.part + ")");
    std::printf("%-28s %-16s %4d/%-6lld %4d  %9.1e  %9.1e  %12.5g  %12.5g  %s\n", name.c_str(), t.shape.text().c_str(), t.checked,
                static_cast<long long>(t.shape.count()), t.kinks, t.error, t.trained_error, t.numeric, t.analytic,
                coloured(name_of(t.band), t.band == GradientBand::wrong ? "31" : "32").c_str());
    if (!t.mistake.empty()) std::printf("    element %lld: %s\n", static_cast<long long>(t.at), t.mistake.c_str());
  }
  std::printf("\n%s\n", report.passed() ? "The gradients are right." : "A gradient is wrong.");
}

int gradcheck(const GradcheckFlags& flags) {
  const Configuration configuration = configure(flags);
  const DataPlaces places{configuration.experiment.folder, registered_folders()};
  Dataset data;
  std::vector<Inferred> reasons;
  const Experiment experiment = infer_from_source(configuration.experiment, places, data, reasons);
  TrainingOptions options;
  options.places = places;
  Training training(experiment, data, options);
  const GradientReport report = check_gradients(training.engine(), flags.options);
  if (flags.common.json) std::printf("%s\n", to_json(value_of(report)).c_str());
  else if (!flags.common.quiet || !report.passed()) print(report);
  return report.passed() ? exit_code::done : exit_code::check_failed;
}

}  // namespace

void add_gradcheck(CLI::App& app, int& code) {
  auto flags = std::make_shared<GradcheckFlags>();
  CLI::App* verb = app.add_subcommand(
      "gradcheck",
      "Compares every parameter's gradient with central differences in double, and with what training computes in float32.\n\n"
      "  tend gradcheck experiment.toml\n  tend gradcheck                  the bundled digits\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("--elements", flags->options.elements, "of each tensor at most; small tensors are checked whole")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N");
  verb->add_option("--burn-in", flags->options.burn_in_steps, "steps of gradient descent before")
      ->check(CLI::Range(0, 100000))
      ->type_name("N");
  verb->add_option("--step", flags->options.step, "h of the central differences")->check(CLI::PositiveNumber)->type_name("H");
  verb->callback([flags, &code] { code = gradcheck(*flags); });
}

}  // namespace tend
