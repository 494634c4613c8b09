#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
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

bool names_run(const CLI::Option* option) { return option->get_type_name().starts_with("RUN"); }

bool takes_run(const CLI::App& verb) {
  const auto options = verb.get_options([](const CLI::Option* option) { return option->get_positional(); });
  return std::any_of(options.begin(), options.end(), names_run);
}

/// "train.epochs" and all other keys of an experiment file that have a fixed path, with the words that they may be.
class Keys {
 public:
  Keys() : tables_(key_tables(builtin_shelves(), search_shelves())) {
    for (const KeySection& section : tables_.sections)
      for (const FieldDescription& field : section.fields)
        add((section.name.empty() ? "" : section.name + ".") + field.name, field);
  }
  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& [path, values] : keys_) all.push_back(path);
    return all;
  }
  const std::map<std::string, std::vector<std::string>>& all() const { return keys_; }
  std::vector<std::string> values(const std::string& path) const {
    const auto found = keys_.find(path);
    return found == keys_.end() ? std::vector<std::string>() : found->second;
  }

 private:
  void add(const std::string& path, const FieldDescription& field) {
    if (field.text.empty()) return;
    std::vector<std::string>& values = keys_[path];
    if (field.type == "boolean") values = {"true", "false"};
    for (const std::string& word : words_of(field)) {
      if (!word.starts_with('<')) {
        values.push_back(word);
        continue;
      }
      const std::string form = word.substr(1, word.size() - 2);
      if (form == "boolean") values.insert(values.end(), {"true", "false"});
      for (const KeySection& table : tables_.tables)
        if (table.name == form)
          for (const FieldDescription& inner : table.fields) add(path + "." + inner.name, inner);
      for (const KeyShelf& shelf : tables_.shelves)
        if (shelf.name == form) add_shelf(path, shelf);
    }
  }
  void add_shelf(const std::string& path, const KeyShelf& shelf) {
    for (const KeyEntry& entry : shelf.entries) {
      keys_[path].push_back(entry.name);
      if (!shelf.by_name) continue;
      keys_[path + ".name"].push_back(entry.name);
      for (const FieldDescription& field : entry.fields)
        if (!keys_.contains(path + "." + field.name)) add(path + "." + field.name, field);
    }
  }

  KeyTables tables_;
  std::map<std::string, std::vector<std::string>> keys_;
};

/// The words that an option may be: those that it is checked for ("LEVEL:{still,standard}"), or those of the key that it sets.
std::vector<std::string> values_of(const CLI::Option& option, const Keys& keys) {
  const std::string type = option.get_type_name();
  std::vector<std::string> values;
  if (const std::size_t open = type.find(":{"); open != type.npos) {
    std::string inside = type.substr(open + 2, type.find('}', open) - open - 2);
    for (std::size_t comma; (comma = inside.find(',')) != inside.npos; inside.erase(0, comma + 1))
      values.push_back(inside.substr(0, comma));
    values.push_back(inside);
    return values;
  }
  for (const auto& [flag, path] : {std::pair{"policy", "watch.policy"}, {"task", "data.task"}, {"device", "train.device"}})
    if (option.check_lname(flag)) return keys.values(path);
  return values;
}

/// compgen expands its words, so that only names of harmless characters may reach it.
constexpr const char* list_of_runs = "latest $(ls runs 2>/dev/null | grep -x '[A-Za-z0-9._-]*')";

std::string words(const std::vector<std::string>& all) { return listed(all, " ", all.size()); }

std::string names_of_verbs(const CLI::App& app, bool with_runs_only) {
  std::vector<std::string> names;
  for (const CLI::App* verb : verbs_in(app))
    if (!with_runs_only || takes_run(*verb)) names.push_back(verb->get_name());
  return words(names);
}

/// The branches of a case over "VERB FLAG" and "VERB KEY": what may follow.
std::string cases_of_values(const CLI::App& app, const Keys& keys) {
  std::string cases;
  for (const CLI::App* verb : verbs_in(app))
    for (const CLI::Option* option : verb->get_options()) {
      if (option->get_positional()) continue;
      const std::string values = names_run(option) ? list_of_runs : words(values_of(*option, keys));
      for (const std::string& name : option->get_lnames())
        if (!values.empty()) cases += "    '" + verb->get_name() + " --" + name + "') echo \"" + values + "\" ;;\n";
    }
  for (const auto& [path, values] : keys.all())
    if (!values.empty()) cases += "    *' " + path + "') echo '" + words(values) + "' ;;\n";
  return cases;
}

/// A function for bash, which zsh can use too. bash makes a word of its own of "=", zsh does not.
std::string bash_function(const CLI::App& app) {
  const Keys keys;
  std::string cases, verbs_with_runs = names_of_verbs(app, true);
  std::replace(verbs_with_runs.begin(), verbs_with_runs.end(), ' ', '|');
  for (const CLI::App* verb : verbs_in(app))
    cases += "      " + verb->get_name() + ") flags='" + words(flags_of(*verb)) + "' ;;\n";
  return "_tend_values() {\n  case \"$1 $2\" in\n" + cases_of_values(app, keys) +
         "  esac\n}\n"
         "_tend() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} flags='' values='' start=''\n"
         "  local key=$before\n"
         "  COMPREPLY=()\n"
         "  if [ \"$word\" = = ]; then word=''\n"
         "  elif [ \"$before\" = = ]; then key=${COMP_WORDS[COMP_CWORD-2]}\n"
         "  elif [ \"$before\" = --set ] && [[ $word == *=* ]]; then key=${word%%=*} start=${word%%=*}= word=${word#*=}\n"
         "  fi\n"
         "  values=$(_tend_values \"$verb\" \"$key\")\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    COMPREPLY=($(compgen -W '" +
         names_of_verbs(app, false) +
         "' -- \"$word\"))\n"
         "  elif [ -n \"$values\" ]; then\n"
         "    COMPREPLY=($(compgen -P \"$start\" -W \"$values\" -- \"$word\"))\n"
         "  elif [ \"$before\" = --set ]; then\n"
         "    COMPREPLY=($(compgen -S = -W '" +
         words(keys.paths()) +
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
         verbs_with_runs + ") COMPREPLY=($(compgen -W \"" + list_of_runs +
         "\" -- \"$word\")) ;;\n"
         "      lecture) COMPREPLY=($(compgen -W \"$(\"${COMP_WORDS[0]}\" lecture 2>/dev/null | awk '/^  /{print $1}')\" -- \"$word\"));;\n"
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
  const Keys keys;
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
      if (option->check_lname("set")) text += " -f -a '" + words(keys.paths()) + "'";
      if (names_run(option)) text += " -f -a 'latest (ls runs 2>/dev/null)'";
      if (const std::vector<std::string> values = values_of(*option, keys); !values.empty())
        text += " -f -a '" + words(values) + "'";
      text += " -d " + quoted_for_fish(option->get_description()) + "\n";
    }
    if (takes_run(*verb)) text += used + " -a 'latest (ls runs 2>/dev/null)'\n";
    if (verb->get_name() == "lecture") text += used + " -a '(tend lecture 2>/dev/null | awk \\'/^  /{print $1}\\')'\n";
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
