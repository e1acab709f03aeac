// Running text of HTML on its way to a RichText: white space collapsed as a browser does, marks in code points, NFC.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/articles/article/block.h"
#include "services/articles/exchange/losses.h"

namespace masthead::articles {

class InlineText {
 public:
  // Line breaks in `utf8` are white space, or as kept lines what they look like: one ends a line, several a paragraph.
  enum class Lines { kCollapsed, kKept };

  void Append(absl::string_view utf8, Lines lines);
  void BreakLine();

  // What is appended until the Close that belongs to it has that mark.
  void Open(Mark::Kind kind, std::string href = "");
  void Close();

  // The paragraphs so far, none of them blank, each of at most `max_code_points`; marks that are open go on after it.
  std::vector<RichText> Take(int64_t max_code_points, Losses& losses);

 private:
  struct Span {
    size_t start = 0;  // In bytes of text_.
    size_t end = 0;
    Mark::Kind kind = Mark::Kind::kBold;
    std::string href;
  };

  void Put(absl::string_view utf8);

  std::string text_;
  bool space_ = false;  // White space that is part of the text if something follows it.
  std::vector<Span> open_;
  std::vector<Span> closed_;
};

// One after the other, on lines of their own.
RichText Join(RichText first, const RichText& second);

}  // namespace masthead::articles
