#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tend {

/// For the head of every page: a policy that lets it load nothing and run no other script, the style (light and dark by the
/// reader's setting, printable, curves that differ in dashes), and the script that lets a reader zoom and smooth the charts.
const std::string& page_style();
/// The files that are embedded.
std::string_view page_css();
std::string_view chart_script();

/// Text with &, <, > and quotes replaced, for HTML and SVG.
std::string escaped(const std::string& text);
std::string base64(std::string_view bytes);

/// Samples of 8 bits of a picture by rows: one channel (grey) or three.
struct PagePicture {
  std::int64_t width = 0, height = 0, channels = 1;
  std::string samples = {};
};
/// The picture as an <img> element that holds its PNG file; "" if it has no samples. `description`: for readers who do not see
/// it.
std::string picture_text(const PagePicture& picture, const std::string& description);

/// A cell of a table.
struct PageCell {
  std::string text = {};
  double bar = -1;           ///< of 0 to 1: a bar beside the text; below 0: none
  double share = -1;         ///< of 0 to 1: how dark the cell is; below 0: not at all
  bool is_right = false;     ///< of a shaded cell: what it counts is right
  PagePicture picture = {};  ///< above the text
};
struct PageTable {
  std::string title = {}, note = {};
  std::vector<std::string> columns = {};
  std::vector<bool> is_text = {};  ///< of each column: aligned to the left; absent: to the right
  std::vector<std::vector<PageCell>> rows = {};
};
/// The table with its title as caption, in a part of the page that scrolls by itself where it is too wide; "" if it has no rows.
std::string table_text(const PageTable& table);
/// That part around the text of a table. `name`: of the part, different from others on the page.
std::string scrolled(const std::string& table, const std::string& name);

}  // namespace tend
