#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli.h"
#include "tend/base/executor.h"
#include "tend/kernels/backend.h"
#include "tend/store/postgresql/postgresql_database.h"

namespace tend {

namespace {

Value findings() {
  Value v = Value::table();
  v["schema"] = 1;
  v["version"] = version();
  v["compiler"] = __VERSION__;
  v["instruction_set"] = name_of(best_isa());
  v["kernels"] = fast_backend().name();
  v["cores"] = usable_cores();
  v["threads"] = usual_threads();
  v["devices"] = Value(Value::Array{"cpu"});
  Value folders = Value::array(), names = Value::array();
  names.push_back("digits (bundled)");
  for (const std::string& folder : registered_folders()) {
    folders.push_back(folder);
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      names.push_back(entry.path().filename().string());
  }
  v["data_folders"] = std::move(folders);
  v["registered_data"] = std::move(names);
  Value missing = Value::array();
  if (best_isa() == Isa::portable) missing.push_back("AVX2 and FMA: training is several times slower without them");
  if (!knows_postgresql()) missing.push_back("libpq: studies on a PostgreSQL server need libpq-dev and another build");
  v["missing"] = std::move(missing);
  return v;
}

}  // namespace

void add_doctor(CLI::App& app, int& code) {
  auto flags = std::make_shared<CommonFlags>();
  CLI::App* verb = app.add_subcommand("doctor", "Says what tend is built with and what this machine has.\n\n  tend doctor\n");
  add_common(*verb, *flags);
  verb->callback([flags, &code] {
    const Value v = findings();
    if (flags->json) std::printf("%s\n", to_json(v).c_str());
    else
      for (const auto& [key, item] : v.items()) {
        if (!item.is_array())
          std::printf("%-16s %s\n", key.c_str(), item.is_string() ? item.string().c_str() : to_inline_toml(item).c_str());
        else {
          std::string all;
          for (const Value& one : item.array_items()) all += (all.empty() ? "" : ", ") + one.string();
          std::printf("%-16s %s\n", key.c_str(), all.empty() ? "nothing" : all.c_str());
        }
      }
    code = exit_code::done;
  });
}

}  // namespace tend
