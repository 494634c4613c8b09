#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli.h"
#include "tend/base/digest.h"
#include "tend/base/text.h"
#include "tend/base/write_whole.h"
#include "tend/record/checkpoints.h"
#include "tend/record/record.h"
#include "tend/record/run_directory.h"
#include "tend/train/checkpoint.h"
#include "text.h"

namespace tend {

namespace {

namespace fs = std::filesystem;

struct VerifyFlags {
  CommonFlags common;
  std::string run;
};

/// One thing that is proved, and what is wrong with it.
struct Proof {
  std::string what;
  std::vector<std::string> troubles;
};

/// Runs a proof; an error of reading is its trouble.
template <class F>
Proof proved(const std::string& what, F find_troubles) {
  try {
    return {what, find_troubles()};
  } catch (const Error& e) {
    return {what, {e.what()}};
  }
}

std::vector<std::string> troubles_of_files(const std::string& run, const Record& record) {
  std::vector<std::string> troubles;
  for (const Record::File& file : record.files()) {
    const std::optional<std::string> bytes = read_whole(run + "/" + file.name);
    if (!bytes) troubles.push_back(file.name + " is missing");
    else if (sha256(std::as_bytes(std::span(*bytes))) != file.sha256)
      troubles.push_back(file.name + " has " + counted(static_cast<std::int64_t>(bytes->size()), "byte") + ", not the " +
                         std::to_string(file.bytes) + " that the run wrote, or other ones");
  }
  return troubles;
}

std::vector<Proof> proofs_of(const std::string& run) {
  std::vector<Proof> all;
  all.push_back(proved("experiment.toml can be read",
                       [&] { return Experiment::read(run + "/experiment.toml"), std::vector<std::string>(); }));
  std::vector<std::string> none;
  const fs::path around = fs::absolute(run).lexically_normal().parent_path();
  const bool has_none = !fs::exists(Record::path_in(run)) && fs::exists(around / "study.toml");
  if (has_none) {
    all.push_back({"there is no record: tend tune keeps none of its last trainings", {}});
    all.push_back(proved("summary.json can be read", [&] {
      parse_json(read_whole(run + "/summary.json").value_or(""), run + "/summary.json");
      return std::vector<std::string>();
    }));
  }
  if (!has_none)
    all.push_back(proved("the record is whole, with each step once",
                         [&] { return Record(Record::path_in(run), Record::Mode::read).troubles(); }));
  const bool has_record = !has_none && all.back().troubles.empty();
  if (has_record)
    all.push_back(proved("the files are those that the run wrote",
                         [&] { return troubles_of_files(run, Record(Record::path_in(run), Record::Mode::read)); }));
  for (const SavedCheckpoint& saved : list_checkpoints(run))
    all.push_back(proved("the checkpoint of step " + std::to_string(saved.step) + " is whole", [&] {
      checkpoint_header(read_checkpoint(saved.path), saved.path);
      return none;
    }));
  if (fs::exists(run + "/model.safetensors"))
    all.push_back(proved("the model can be loaded", [&] { return Model::load(run + "/model.safetensors"), none; }));
  if (has_record && !list_checkpoints(run).empty())
    all.push_back(proved("the record has every step before the newest checkpoint", [&] {
      const std::int64_t last = Record(Record::path_in(run), Record::Mode::read).last_step(),
                         saved = list_checkpoints(run)[0].step;
      if (last >= saved) return none;
      return std::vector<std::string>{"the record ends at step " + std::to_string(last) + ", the checkpoint is of step " +
                                      std::to_string(saved)};
    }));
  return all;
}

int verify(const VerifyFlags& flags) {
  const std::string run = find_run(flags.run, false).path;
  const std::vector<Proof> proofs = proofs_of(run);
  bool is_whole = true;
  Value v = Value::table();
  v["schema"] = 1;
  v["run"] = run;
  v["proofs"] = Value::array();
  for (const Proof& proof : proofs) {
    is_whole &= proof.troubles.empty();
    Value line = Value::table();
    line["what"] = proof.what;
    line["troubles"] = write_value(proof.troubles);
    v["proofs"].push_back(std::move(line));
    if (flags.common.json || (flags.common.quiet && proof.troubles.empty())) continue;
    std::printf("%s  %s\n", proof.troubles.empty() ? "ok  " : "FAIL", proof.what.c_str());
    for (const std::string& trouble : proof.troubles) std::printf("      %s\n", trouble.c_str());
  }
  v["whole"] = is_whole;
  if (flags.common.json) std::printf("%s\n", to_json(v).c_str());
  return is_whole ? exit_code::done : exit_code::bad_data;
}

}  // namespace

void add_verify(CLI::App& app, int& code) {
  auto flags = std::make_shared<VerifyFlags>();
  CLI::App* verb = app.add_subcommand(
      "verify",
      "Proves that the folder of a run is whole: record, checkpoints, model and files. Exit code 65 if it is not.\n\n  tend verify latest\n");
  verb->add_option("run", flags->run, "a run: its folder, its name under runs/, or latest")->required()->type_name("RUN");
  add_common(*verb, flags->common);
  verb->callback([flags, &code] { code = verify(*flags); });
}

}  // namespace tend
