#include <gtest/gtest.h>

#include "program.h"

namespace tend::shell_test {
namespace {

/// What bash offers for these words, of which the last is to be completed.
std::string completed(const Folder& f, const std::string& words, const std::string& shell = "bash") {
  f.write("complete.sh", "source <(" TEND_BINARY_DIR "/tend completion " + shell + ")\nCOMP_WORDS=(" + words +
                             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_tend\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const Said said = f.tend("--version > /dev/null; " + shell + " complete.sh 2> /dev/null");
  return "\n" + said.out;
}

TEST(CompletionFlow, bash_completes_verbs_flags_keys_runs_and_files) {
  const Folder f;
  std::filesystem::create_directories(f / "runs/first");
  f.write("flowers.csv", "a");
  EXPECT_EQ(completed(f, "tend tra"), "\ntrain\n");
  EXPECT_EQ(completed(f, "tend train --tar"), "\n--target\n");
  EXPECT_EQ(completed(f, "tend train --set train.epo"), "\ntrain.epochs=\n");
  EXPECT_EQ(completed(f, "tend train flo"), "\nflowers.csv\n");
  EXPECT_EQ(completed(f, "tend show fi"), "\nfirst\n");
  EXPECT_EQ(completed(f, "tend show lat"), "\nlatest\n");
  EXPECT_NE(completed(f, "tend ''").find("\ntune\n"), std::string::npos);
  EXPECT_EQ(completed(f, "tend ''").find("board"), std::string::npos);  // a verb that is not there yet
}

TEST(CompletionFlow, bash_completes_values_nested_keys_and_runs_of_flags) {
  const Folder f;
  std::filesystem::create_directories(f / "runs/first");
  EXPECT_EQ(completed(f, "tend train --policy re"), "\nrepair\n");
  EXPECT_EQ(completed(f, "tend train --policy = ad"), "\nadvise\n");
  EXPECT_EQ(completed(f, "tend check --level th"), "\nthorough\n");
  EXPECT_EQ(completed(f, "tend train --from fi"), "\nfirst\n");
  EXPECT_EQ(completed(f, "tend train --set train.early_stopping.pa"), "\ntrain.early_stopping.patience=\n");
  EXPECT_EQ(completed(f, "tend train --set update.optimizer.learn"), "\nupdate.optimizer.learning_rate=\n");
  EXPECT_EQ(completed(f, "tend train --set watch.policy = st"), "\nstop\n");             // as bash splits the words
  EXPECT_EQ(completed(f, "tend train --set watch.policy=st"), "\nwatch.policy=stop\n");  // as zsh does
  EXPECT_EQ(completed(f, "tend train --set update.optimizer = adamw"), "\nadamw\n");
  EXPECT_EQ(completed(f, TEND_BINARY_DIR "/tend lecture overfitting"), "\noverfitting_gap\n");
}

TEST(CompletionFlow, zsh_and_fish_have_a_script_and_other_shells_an_error) {
  const Folder f;
  EXPECT_EQ(f.tend("completion zsh").out.find("autoload"), 0u);
  const Said fish = f.tend("completion fish");
  EXPECT_NE(fish.out.find("-n '__fish_seen_subcommand_from train' -l target"), std::string::npos);
  EXPECT_NE(fish.out.find("-l policy -r -f -a 'observe advise repair stop'"), std::string::npos);
  EXPECT_EQ(f.tend("completion csh").code, 2);
}

TEST(ManFlow, the_manual_page_has_every_verb_and_no_fault) {
  const Folder f;
  const Said page = f.tend("man");
  for (const char* verb : {"train", "resume", "tune", "report", "completion", "man"})
    EXPECT_NE(page.out.find(std::string("\n.SS tend ") + verb), std::string::npos) << verb;
  EXPECT_NE(page.out.find("\n.TP\n\\fB\\-\\-target\\fR"), std::string::npos) << page.out.substr(0, 2000);
  f.write("tend.1", page.out);
  const Said groff = f.tend("--version > /dev/null; if command -v groff > /dev/null; then groff -man -Tutf8 -ww -z tend.1; fi");
  EXPECT_EQ(groff.code, 0);
  EXPECT_EQ(groff.error, "");
}

}  // namespace
}  // namespace tend::shell_test
