#include <cstdio>
#include <filesystem>
#include <memory>

#include "configuration.h"
#include "tend/experiment/commented.h"

namespace tend {

namespace {

struct InitFlags : ConfigurationFlags {
  CommonFlags common;
  std::string out;
  bool overwrite = false;
};

/// Paths in a file are relative to its folder.
void make_paths_relative(Experiment& e, const std::string& out) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::absolute(out.empty() ? fs::path("x") : fs::path(out)).parent_path();
  const auto relative = [&](const std::string& path) {
    const fs::path there = fs::path(e.folder) / path;
    return !path.empty() && fs::exists(there)
               ? fs::absolute(there).lexically_normal().lexically_relative(folder.lexically_normal()).string()
               : path;
  };
  for (Value* v : {&e.data.source, &e.data.validation, &e.data.test})
    if (v->is_string()) *v = relative(v->string());
  e.data.labels = relative(e.data.labels);
}

int init(const InitFlags& flags) {
  if (flags.common.json && flags.out.empty())
    throw Error(Trouble::usage, "init --json", "no -o FILE", "a file for the experiment", "the summary takes standard output");
  if (!flags.out.empty() && std::filesystem::path(flags.out).extension() != ".toml")
    throw Error(Trouble::usage, "-o", "\"" + flags.out + "\"", "a name that ends in .toml");
  const Configuration c = configure(flags);
  const DataPlaces places{c.experiment.folder, registered_folders()};
  Dataset data;
  std::vector<Inferred> reasons;
  Experiment experiment = infer_from_source(c.experiment, places, data, reasons);
  make_paths_relative(experiment, flags.out);
  const std::string text = commented_toml(experiment, reasons);
  if (flags.out.empty()) std::fwrite(text.data(), 1, text.size(), stdout);
  else write_new(flags.out, text, flags.overwrite);
  if (flags.common.json) {
    Value v = Value::table();
    v["schema"] = 1;
    v["output"] = flags.out;
    v["experiment"] = experiment.to_value();
    std::printf("%s\n", to_json(v).c_str());
  } else if (!flags.out.empty() && !flags.common.quiet) {
    std::fprintf(stderr, "The experiment is in %s. Next:\n  %s train %s\n", flags.out.c_str(), called_as().c_str(),
                 flags.out.c_str());
  }
  return exit_code::done;
}

}  // namespace

void add_init(CLI::App& app, int& code) {
  auto flags = std::make_shared<InitFlags>();
  CLI::App* verb = app.add_subcommand("init",
                                      "Writes a complete experiment file with comments for these data.\n\n"
                                      "  tend init adult.csv --target income -o adult.toml\n");
  add_configuration(*verb, *flags);
  add_common(*verb, flags->common);
  verb->add_option("-o,--output", flags->out, "the file to write; absent: standard output")->type_name("FILE");
  verb->add_flag("--overwrite", flags->overwrite, "replace the file of -o");
  verb->callback([flags, &code] { code = init(*flags); });
}

}  // namespace tend
