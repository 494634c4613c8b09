#include <iostream>
#include <memory>

#include "ask_tell.h"
#include "cli.h"
#include "tend/base/write_whole.h"

namespace tend {

namespace {

struct TuneFlags {
  CommonFlags common;
  std::string what;
  bool asks_and_tells = false;
};

/// Reads a study for another program: a file whose keys are seed and tune.
Search read_study(const std::string& path) {
  const std::optional<std::string> text = read_whole(path);
  if (!text) throw Error(Trouble::missing, path, "no such file", "a study: a file with seed and [tune]");
  const Value file = text->starts_with("{") ? parse_json(*text, path) : parse_toml(*text, path);
  for (const auto& [key, v] : file.items())
    if (key != "seed" && key != "tune") unknown_key(path, key, {"seed", "tune"});
  const Value* tune = file.find("tune");
  if (!tune || !tune->is_table()) throw Error(Trouble::usage, path, "a study without [tune]", "a table [tune] with parameters");
  const Value* seed = file.find("seed");
  if (seed && (!seed->is_integer() || seed->integer() < 0))
    throw Error(Trouble::usage, path + ": seed", seed->describe(), "an integer >= 0");
  SearchSettings settings;
  fields_of<SearchSettings>().read(&settings, *tune, path + ": tune");
  return Search(settings, seed ? static_cast<std::uint64_t>(seed->integer()) : 0, path + ": tune");
}

int tune(const TuneFlags& flags) {
  if (!flags.asks_and_tells)
    throw Error(Trouble::usage, "tune", "a search that trains by itself",
                "--ask-tell: this version only lets another program train", "tend tune STUDY.toml --ask-tell");
  Search search = read_study(flags.what);
  ask_and_tell(search, std::cin, stdout);
  return exit_code::done;
}

}  // namespace

void add_tune(CLI::App& app, int& code) {
  auto flags = std::make_shared<TuneFlags>();
  CLI::App* verb = app.add_subcommand("tune", "Search for the best values of settings.");
  verb->add_option("experiment", flags->what, "A study: seed and [tune]")->required();
  verb->add_flag("--ask-tell", flags->asks_and_tells, "Let another program train: JSON lines on standard input and output");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = tune(*flags); });
}

}  // namespace tend
