#include "tend/store/address.h"

#include <gtest/gtest.h>

#include "tend/base/error.h"

namespace tend::address_test {

TEST(ServerAddress, has_keys_of_ours_and_the_rest_is_libpqs) {
  const ServerAddress a = read_server_address(
      "postgresql://ann:secret@db:5433/trials?sslmode=require&study=first_1&wait=2.5&host=/x");
  EXPECT_EQ(a.server, "postgresql://ann:secret@db:5433/trials?sslmode=require&host=/x");
  EXPECT_EQ(a.study, "first_1");
  EXPECT_EQ(a.patience_seconds, 2.5);
  EXPECT_EQ(a.name, "postgresql://ann@db:5433/trials?sslmode=require&study=first_1&wait=2.5&host=/x");
  EXPECT_EQ(read_server_address("postgres://db").study, "study");
  EXPECT_FALSE(is_server_address("studies/first"));
}

TEST(ServerAddress, is_shown_without_any_part_of_a_password) {
  EXPECT_EQ(without_password("postgresql://ann:secret@db/trials"), "postgresql://ann@db/trials");
  EXPECT_EQ(without_password("postgresql://ann:se:c/r@et@db/trials"), "postgresql://ann@db/trials");
  EXPECT_EQ(without_password("postgresql://db/trials?password=secret&study=a&sslpassword=secret"),
            "postgresql://db/trials?study=a");
  EXPECT_EQ(without_password("postgresql://db:5432/trials"), "postgresql://db:5432/trials");
  EXPECT_EQ(without_password("mysql://ann:secret@db"), "mysql://ann@db");
  EXPECT_EQ(without_password("a:b@c"), "a:b@c");  // no address
}

TEST(ServerAddress, that_is_wrong_is_one_error_without_the_password) {
  for (const char* text :
       {"postgresql://u:secret@h/d?study=A", "postgresql://u:secret@h/d?study=", "postgresql://u:secret@h/d?wait=soon",
        "postgresql://u:secret@h/d?wait=-1", "postgresql://u:sec/secret@h/d", "postgresql://u:sec?secret@h/d",
        "postgresql://u:sec@secret@h/d", "mysql://u:secret@h/d"}) {
    try {
      read_server_address(text);
      FAIL() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.trouble, Trouble::usage);
      EXPECT_EQ(std::string(e.what()).find("sec"), std::string::npos) << e.what();
    }
  }
}

}  // namespace tend::address_test
