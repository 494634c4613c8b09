#include "tend/experiment/schema.h"

#include <cstdio>
#include <memory>

#include "cli.h"
#include "tend/tune/search.h"

namespace tend {

void add_schema(CLI::App& app, int& code) {
  struct Flags : CommonFlags {
    bool markdown = false;
  };
  auto flags = std::make_shared<Flags>();
  CLI::App* verb = app.add_subcommand("schema",
                                      "Prints the JSON Schema of experiment files, for editors and other programs.\n\n"
                                      "  tend schema > experiment.schema.json\n"
                                      "  tend schema --markdown > reference.md\n");
  add_common(*verb, *flags);
  verb->add_flag("--markdown", flags->markdown, "print the reference of all keys in Markdown instead")->excludes("--json");
  verb->callback([flags, &code] {
    if (flags->markdown) std::fputs(experiment_reference(builtin_shelves(), search_shelves()).c_str(), stdout);
    else std::printf("%s\n", to_json(experiment_schema(builtin_shelves(), search_shelves())).c_str());
    code = exit_code::done;
  });
}

}  // namespace tend
