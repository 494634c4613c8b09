#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

#include "cli.h"
#include "tend/base/text.h"
#include "tend/experiment/key_tables.h"
#include "tend/tune/search.h"

namespace tend {

namespace {

std::vector<const CLI::App*> verbs_in(const CLI::App& app) {
  std::vector<const CLI::App*> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!verb->get_group().empty()) verbs.push_back(verb);
  return verbs;
}

/// The flags of a verb: "--json", "-o".
std::vector<std::string> flags_of(const CLI::App& verb) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
  }
  return flags;
}

bool takes_run(const CLI::App& verb) {
  const auto options = verb.get_options([](const CLI::Option* option) { return option->get_positional(); });
  return std::any_of(options.begin(), options.end(),
                     [](const CLI::Option* option) { return option->get_type_name().starts_with("RUN"); });
}

/// "train.epochs" and all other keys of an experiment file that have a fixed path.
std::vector<std::string> key_paths() {
  std::vector<std::string> paths;
  for (const KeySection& section : key_tables(builtin_shelves(), search_shelves()).sections)
    for (const FieldDescription& field : section.fields)
      if (!field.text.empty()) paths.push_back((section.name.empty() ? "" : section.name + ".") + field.name);
  return paths;
}

std::string words(const std::vector<std::string>& all) { return listed(all, " ", all.size()); }

std::string names_of_verbs(const CLI::App& app, bool with_runs_only) {
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs_in(app))
    if (!with_runs_only || takes_run(*verb)) names.push_back(verb->get_name());
  return words(names);
}

/// A function for bash, which zsh can use too.
std::string bash_function(const CLI::App& app) {
  std::string cases, verbs_with_runs = names_of_verbs(app, true);
  std::replace(verbs_with_runs.begin(), verbs_with_runs.end(), ' ', '|');
  for (const CLI::App* verb : verbs_in(app))
    cases += "      " + verb->get_name() + ") flags='" + words(flags_of(*verb)) + "' ;;\n";
  return "_tend() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} flags=''\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         names_of_verbs(app, false) +
         "' -- \"$word\"))\n"
         "  elif [ \"$before\" = --set ]; then\n"
         "    COMPREPLY=($(compgen -S = -W '" +
         words(key_paths()) +
         "' -- \"$word\"))\n"
         "    compopt -o nospace 2>/dev/null\n"
         "  elif [[ $word == -* ]]; then\n"
         "    case $verb in\n" +
         cases +
         "    esac\n"
         "    COMPREPLY=($(compgen -W \"$flags\" -- \"$word\"))\n"
         "  else\n"
         "    case $verb in\n"
         "      " +
         verbs_with_runs +
         ") COMPREPLY=($(compgen -W \"latest $(ls runs 2>/dev/null)\" -- \"$word\")) ;;\n"
         "    esac\n"
         "    COMPREPLY+=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _tend tend ./run\n";
}

std::string quoted_for_fish(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string first_sentence(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string fish_script(const CLI::App& app) {
  std::string text = "complete -c tend -n __fish_use_subcommand -f\n";
  for (const CLI::App* verb : verbs_in(app)) {
    const std::string used = "complete -c tend -n '__fish_seen_subcommand_from " + verb->get_name() + "'";
    text += "complete -c tend -n __fish_use_subcommand -a " + verb->get_name() + " -d " +
            quoted_for_fish(first_sentence(verb->get_description())) + "\n";
    for (const CLI::Option* option : verb->get_options()) {
      if (option->get_positional()) continue;
      text += used;
      for (const std::string& name : option->get_lnames()) text += " -l " + name;
      for (const std::string& name : option->get_snames()) text += " -s " + name;
      if (option->get_items_expected_max() > 0) text += " -r";
      if (option->check_lname("set")) text += " -f -a '" + words(key_paths()) + "'";
      text += " -d " + quoted_for_fish(option->get_description()) + "\n";
    }
    if (takes_run(*verb)) text += used + " -a 'latest (ls runs 2>/dev/null)'\n";
  }
  return text;
}

/// Text for troff: a backslash and a first full stop or apostrophe have meanings there.
std::string in_roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
  }
  return out;
}

std::string man_page(const CLI::App& app) {
  std::string text = std::string(".TH TEND 1 \"\" \"tend ") + version() + "\" \"User Commands\"\n.SH NAME\ntend \\- " +
                     in_roff("trains neural networks and looks after them while they learn") +
                     "\n.SH SYNOPSIS\n.B tend\n.I VERB\n[\\fIARGUMENTS\\fR]\n.SH VERBS\n";
  for (const CLI::App* verb : verbs_in(app)) {
    std::string arguments;
    for (const CLI::Option* option : verb->get_options())
      if (option->get_positional())
        arguments += std::string(" ") + (option->get_required() ? "" : "[") + "\\fI" + in_roff(option->get_type_name()) + "\\fR" +
                     (option->get_required() ? "" : "]");
    const std::string about = verb->get_description();
    text += ".SS tend " + verb->get_name() + arguments + "\n" + in_roff(first_sentence(about)) + "\n";
    if (const std::size_t examples = about.find("\n\n"); examples != about.npos)
      text += ".PP\n.EX\n" + in_roff(about.substr(examples + 2)) + "\n.EE\n";
    for (const CLI::Option* option : verb->get_options()) {
      if (option->get_positional()) continue;
      const std::string type = option->get_items_expected_max() > 0 ? " \\fI" + in_roff(option->get_type_name()) + "\\fR" : "";
      text += ".TP\n\\fB" + in_roff(option->get_name(false, true)) + "\\fR" + type + "\n" + in_roff(option->get_description()) +
              "\n";
    }
  }
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : {std::pair{"0", "done"},
                                      {"2", "the command or the experiment file is wrong"},
                                      {"3", "a check failed"},
                                      {"65", "the data or the model file is damaged or unsuitable"},
                                      {"66", "a file is missing"},
                                      {"73", "a file or folder cannot be written"},
                                      {"75", "another process writes this run"},
                                      {"86", "the run diverged"},
                                      {"130, 143", "interrupted by Ctrl-C or SIGTERM, after a checkpoint was saved"}})
    text += std::string(".TP\n") + code + "\n" + in_roff(meaning) + "\n";
  text += ".SH ENVIRONMENT\n.TP\nTEND_DATA\n" +
          in_roff("the folder with registered data; TEND_SECTION__KEY sets a key of the experiment") + "\n.TP\nTMPDIR\n" +
          in_roff("the folder of temporary files, which hold data that the memory has no room for") + "\n";
  return text;
}

}  // namespace

void add_shell(CLI::App& app, int& code) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand("completion",
                                            "Prints a script that lets a shell complete verbs, flags, keys and runs.\n\n"
                                            "  source <(tend completion bash)\n"
                                            "  source <(tend completion zsh)\n"
                                            "  tend completion fish > ~/.config/fish/completions/tend.fish\n");
  completion->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
  completion->callback([shell, &app, &code] {
    const std::string script = *shell == "fish" ? fish_script(app)
                               : *shell == "zsh"
                                   ? "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n" + bash_function(app)
                                   : bash_function(app);
    std::fputs(script.c_str(), stdout);
    code = exit_code::done;
  });
  CLI::App* man = app.add_subcommand("man", "Prints the manual page of tend.\n\n  tend man > tend.1; man ./tend.1\n");
  man->callback([&app, &code] {
    std::fputs(man_page(app).c_str(), stdout);
    code = exit_code::done;
  });
}

}  // namespace tend
