#include "tend/report/page.h"

#include <gtest/gtest.h>

namespace tend::page_test {

TEST(Page, base64_has_the_known_answers_of_rfc_4648) {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : known) EXPECT_EQ(base64(plain), coded);
}

TEST(Page, text_for_html_has_no_special_characters_left) {
  EXPECT_EQ(escaped("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
}

TEST(Page, a_picture_is_a_png_file_in_the_page) {
  // The file for one grey pixel 7, as Python's zlib and struct make it.
  EXPECT_EQ(
      picture_text({.width = 1, .height = 1, .channels = 1, .samples = "\x07"}, "a \"b\""),
      "<img alt=\"a &quot;b&quot;\" width=\"1\" src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAADUlEQVR4AQECAP3/AAcACQAIuayGhwAAAABJRU5ErkJggg==\">");
  EXPECT_EQ(picture_text({}, "x"), "");
}

TEST(Page, a_table_has_heads_for_columns_and_rows_bars_and_shades) {
  const std::string text = table_text(
      {.title = "t <1>",
       .note = "n",
       .columns = {"class", "rows"},
       .is_text = {true},
       .rows = {{{.text = "<a>"}, {.text = "3", .bar = 0.5}}, {{.text = "b"}, {.text = "4", .share = 1}}}});
  for (const char* part :
       {"<caption>t &lt;1&gt;</caption>", "<th scope=\"col\" class=\"text\">class</th>",
        "<th scope=\"row\" class=\"text\">&lt;a&gt;</th>", "width:50%", "class=\" wrong\" style=\"--share: 0.40\"",
        "role=\"region\" tabindex=\"0\" aria-label=\"t &lt;1&gt;\"", "<p class=\"note\">n</p>"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  EXPECT_EQ(table_text({.title = "empty"}), "");
}

}  // namespace tend::page_test
