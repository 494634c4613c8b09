#include <gtest/gtest.h>

#include "program.h"

namespace tend::diagnose_test {
namespace {

TEST(DiagnoseFlow, a_log_of_another_program_is_judged) {
  const Folder f;
  std::string text = "epoch,loss,val_loss,speed\n";
  for (int e = 1; e <= 12; ++e)
    text += std::to_string(e) + "," + std::to_string(0.5 * e * e) + "," + std::to_string(0.6 * e * e) + ",9\n";
  f.write("log.csv", text);
  const Said said = f.tend("diagnose log.csv --json");
  EXPECT_EQ(said.code, 0) << said.error;
  const auto& json = said.json();
  EXPECT_EQ(json["findings"][0]["rule"], "divergence");
  EXPECT_EQ(json["findings"][0]["cause"], "learning-rate-high");
  EXPECT_EQ(json["columns"]["val_loss"], "validation.loss");
  EXPECT_TRUE(json["columns"]["speed"].is_null());
  EXPECT_FALSE(json["not_judged"].empty());
  EXPECT_NE(f.tend("diagnose log.csv").out.find("The training diverged"), std::string::npos);
  EXPECT_EQ(f.tend("diagnose nothing.csv").code, 66);
  f.write("bad.csv", "a,b\n1,2\n");
  EXPECT_EQ(f.tend("diagnose bad.csv").code, 65);
}

TEST(DiagnoseFlow, a_run_tells_its_findings) {
  const Folder f;
  f.write("flowers.csv", flowers(200));
  f.write("e.toml", flower_experiment);
  f.tend("train e.toml --set watch.checks=none --learning-rate 1e-12 --epochs 40 --run r --quiet");
  const Said said = f.tend("diagnose r --json");
  EXPECT_EQ(said.code, 0) << said.error;
  EXPECT_FALSE(said.json()["findings"].empty());
  EXPECT_NE(f.tend("diagnose r").out.find("to try"), std::string::npos);
}

}  // namespace
}  // namespace tend::diagnose_test
