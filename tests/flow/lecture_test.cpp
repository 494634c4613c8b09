#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "program.h"

namespace tend::lecture_test {
namespace {

const std::string statements = " --from " TEND_SOURCE_DIR "/examples/lecture";

/// The names of the bundled statements, which each have a folder.
std::vector<std::string> names() {
  const Folder f;
  std::vector<std::string> all;
  const Said said = f.tend("lecture --json" + statements);
  for (const auto& one : said.json()) all.push_back(one["name"]);
  return all;
}

TEST(LectureFlow, each_claim_holds_from_three_seeds) {
#ifdef TEND_SANITIZED
  const std::string seeds = "0";
  constexpr std::size_t every = 7;  // they take ten times as long
#else
  const std::string seeds = "0,1,2";
  constexpr std::size_t every = 1;
#endif
  const Folder f;
  const std::vector<std::string> all = names();
  for (std::size_t i = 0; i < all.size(); i += every) {
    const std::string& name = all[i];
    const Said said = f.tend("lecture " + name + " --seeds " + seeds + " --json --quiet" + statements);
    EXPECT_EQ(said.code, 0) << name << "\n" << said.out << said.error;
    for (const auto& seed : said.json()[0]["seeds"])
      for (const auto& claim : seed["claims"])
        EXPECT_TRUE(claim["holds"]) << name << ", seed " << seed["seed"] << ": " << claim["text"] << ": " << claim["measured"];
  }
}

TEST(LectureFlow, lists_runs_one_and_writes_a_page) {
  const Folder f;
  const Said list = f.tend("lecture" + statements);
  EXPECT_NE(list.out.find("Weight initialization\n  zero_initialization "), std::string::npos) << list.out;
  const Said one = f.tend("lecture loss_at_chance --out page" + statements, "LC_ALL=C");
  EXPECT_EQ(one.code, 0) << one.error;
  for (const char* word : {"holds  small weights begin at chance", "small.initial.loss 2.3", "Look at: ", "Try: ", "run large"})
    EXPECT_NE(one.out.find(word), std::string::npos) << word << "\n" << one.out;
  const std::string page = f.read("page/lecture.html");
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_EQ(page.find("://"), page.npos);                                        // it loads nothing
  EXPECT_EQ(f.tend("lecture loss_at_chance --out page" + statements).code, 73);  // the page is there
  const Said probes = f.tend("lecture --probes");
  EXPECT_NE(probes.out.find("histograms\n  Histograms of the outputs"), std::string::npos) << probes.out;
  const Said unknown = f.tend("lecture los_at_chance" + statements);
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.error.find("did you mean \"loss_at_chance\""), std::string::npos) << unknown.error;
}

/// docs/lecture.md is made by `tend lecture --all --seeds 0,1,2 --markdown docs`; numbers differ a little between processors.
TEST(LectureFlow, the_text_in_docs_has_each_statement_with_its_slides_and_claims) {
  const Folder f;
  std::ifstream file(TEND_SOURCE_DIR "/docs/lecture.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Said said = f.tend("lecture --json" + statements);
  for (const auto& one : said.json()) {
    const std::string name = one["name"];
    EXPECT_NE(text.find("| [" + name + "](#" + name + ") | " + std::string(one["title"]) + " | " + std::string(one["slides"])),
              text.npos)
        << name;
    EXPECT_TRUE(std::filesystem::exists(TEND_SOURCE_DIR "/docs/lecture/" + name + ".svg")) << name;
    std::ifstream statement(TEND_SOURCE_DIR "/examples/lecture/" + name + "/statement.toml");
    for (std::string line; std::getline(statement, line);)
      if (line.starts_with("holds = \""))
        EXPECT_NE(text.find("`" + line.substr(9, line.size() - 10) + "`"), text.npos) << name << ": " << line;
  }
  EXPECT_EQ(text.find("| 2 of 3 seeds |"), text.npos);
}

TEST(LectureFlow, a_claim_that_does_not_hold_ends_with_3) {
  const Folder f;
  std::filesystem::create_directories(f / "mine/wrong");
  std::string text;
  {
    std::ifstream file(TEND_SOURCE_DIR "/examples/lecture/loss_at_chance/statement.toml");
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  text += "[[claim]]\ntext = \"a wrong one\"\nholds = \"small.initial.loss > 3\"\n";
  f.write("mine/wrong/statement.toml", text);
  const Said said = f.tend("lecture wrong --from mine");
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.out.find("FAILS  a wrong one"), std::string::npos) << said.out;
}

}  // namespace
}  // namespace tend::lecture_test
