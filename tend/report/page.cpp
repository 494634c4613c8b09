#include "tend/report/page.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>

#include "tend/base/digest.h"

namespace tend {

namespace {

/// The hash of a script as a content security policy names it.
std::string hash_of(std::string_view script) {
  const std::string hex = sha256(std::as_bytes(std::span(script)));
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return "'sha256-" + base64(bytes) + "'";
}

std::string big_endian(std::uint32_t v) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(v >> shift & 255);
  return bytes;
}

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
  }
  return ~crc;
}

std::string chunk(const std::string& kind, const std::string& content) {
  return big_endian(static_cast<std::uint32_t>(content.size())) + kind + content + big_endian(crc32(kind + content));
}

/// A zlib stream of stored blocks: pictures of a page are small.
std::string stored(const std::string& bytes) {
  constexpr std::size_t most = 65535;
  std::string stream = "\x78\x01";
  std::uint32_t a = 1, b = 0;
  for (const char c : bytes) a = (a + static_cast<unsigned char>(c)) % 65521, b = (b + a) % 65521;
  for (std::size_t at = 0; at < bytes.size(); at += most) {
    const std::size_t n = std::min(most, bytes.size() - at);
    stream += static_cast<char>(at + n == bytes.size());
    for (const std::size_t count : {n, ~n})
      for (const int shift : {0, 8}) stream += static_cast<char>(count >> shift & 255);
    stream += bytes.substr(at, n);
  }
  return stream + big_endian(b << 16 | a);
}

/// A PNG file (ISO/IEC 15948) with 8 bits for each sample.
std::string png_of(const PagePicture& p) {
  std::string rows;
  const auto row_bytes = static_cast<std::size_t>(p.width * p.channels);
  for (std::size_t r = 0; r < static_cast<std::size_t>(p.height); ++r)
    rows += std::string(1, '\0') + p.samples.substr(r * row_bytes, row_bytes);
  std::string header = big_endian(static_cast<std::uint32_t>(p.width)) + big_endian(static_cast<std::uint32_t>(p.height));
  header += '\x08';
  header += p.channels == 3 ? '\x02' : '\0';
  header += std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", stored(rows)) + chunk("IEND", "");
}

std::string percent_of(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", 100 * std::clamp(share, 0.0, 1.0));
  return text;
}

/// `is_first`: it names its row.
std::string cell_text(const PageCell& cell, bool is_text, bool is_first) {
  std::string kind = is_text ? "text" : "", style;
  if (cell.share >= 0) {
    kind += cell.is_right ? " right" : " wrong";
    char share[48];
    std::snprintf(share, sizeof share, " style=\"--share: %.2f\"", 0.04 + 0.36 * std::clamp(cell.share, 0.0, 1.0));
    style = share;
  }
  const std::string name = is_first ? "th" : "td";
  return "<" + name + (is_first ? " scope=\"row\"" : "") + (kind.empty() ? "" : " class=\"" + kind + "\"") + style + ">" +
         picture_text(cell.picture, cell.text.empty() ? "the picture of this row" : "the picture of " + cell.text) +
         escaped(cell.text) +
         (cell.bar >= 0
              ? "<span class=\"bar\" aria-hidden=\"true\"><span style=\"width:" + percent_of(cell.bar) + "%\"></span></span>"
              : "") +
         "</" + name + ">";
}

}  // namespace

const std::string& page_style() {
  static const std::string style =
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
      "script-src " +
      hash_of(chart_script()) + "\">\n<style>\n" + std::string(page_css()) + "</style>\n<script>" + std::string(chart_script()) +
      "</script>\n";
  return style;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else out += c;
  }
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? letters[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string picture_text(const PagePicture& picture, const std::string& description) {
  if (picture.samples.empty()) return "";
  return "<img alt=\"" + escaped(description) + "\" width=\"" + std::to_string(picture.width) +
         "\" src=\"data:image/png;base64," + base64(png_of(picture)) + "\">";
}

std::string table_text(const PageTable& table) {
  if (table.rows.empty()) return "";
  const auto is_text = [&](std::size_t column) { return column < table.is_text.size() && table.is_text[column]; };
  std::string text = "<table><caption>" + escaped(table.title) + "</caption>\n<thead><tr>";
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    text += std::string(table.columns[c].empty() ? "<td" : "<th scope=\"col\"") + (is_text(c) ? " class=\"text\"" : "") + ">" +
            escaped(table.columns[c]) + (table.columns[c].empty() ? "</td>" : "</th>");
  text += "</tr></thead>\n<tbody>\n";
  for (const std::vector<PageCell>& row : table.rows) {
    text += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) text += cell_text(row[c], is_text(c), c == 0);
    text += "</tr>\n";
  }
  text += "</tbody></table>";
  return scrolled(text, table.title) + (table.note.empty() ? "" : "<p class=\"note\">" + escaped(table.note) + "</p>\n");
}

std::string scrolled(const std::string& table, const std::string& name) {
  return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + escaped(name) + "\">" + table + "</div>\n";
}

}  // namespace tend
