#include "services/articles/exchange/inline_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "services/articles/article/graphemes.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr char kParagraphEnd[] = "\xE2\x80\xA9";  // U+2029

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

// Of all code points, and of the end.
std::vector<size_t> ByteOffsets(absl::string_view utf8) {
  std::vector<size_t> offsets;
  for (size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(utf8.size());
  return offsets;
}

// A text by its code points, so that ranges of it can be taken.
class Sliceable {
 public:
  explicit Sliceable(const RichText& whole)
      : whole_(whole), offsets_(ByteOffsets(whole.text)), edges_(GraphemeEdges(whole.text)) {}

  auto size() const { return static_cast<int32_t>(offsets_.size()) - 1; }
  absl::string_view At(int32_t i) const {
    return absl::string_view(whole_.text).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }
  bool IsBlank(int32_t i) const {
    absl::string_view rest = At(i);
    return text::IsWhiteSpace(text::TakeCodePoint(rest));
  }

  // Without white space around it, and marks on edges of graphemes.
  RichText Slice(int32_t start, int32_t end) const {
    while (start < end && IsBlank(start)) ++start;
    while (end > start && IsBlank(end - 1)) --end;
    RichText slice;
    slice.text = whole_.text.substr(offsets_[start], offsets_[end] - offsets_[start]);
    for (Mark mark : whole_.marks) {
      mark.start = std::max(mark.start, start);
      mark.end = std::min(mark.end, end);
      while (mark.start > start && !edges_[mark.start]) --mark.start;
      while (mark.end < end && !edges_[mark.end]) ++mark.end;
      while (mark.start < mark.end && IsBlank(mark.start)) ++mark.start;
      while (mark.end > mark.start && IsBlank(mark.end - 1)) --mark.end;
      if (mark.start >= mark.end || !edges_[mark.start] || !edges_[mark.end]) continue;
      mark.start -= start;
      mark.end -= start;
      if (std::find(slice.marks.begin(), slice.marks.end(), mark) == slice.marks.end()) slice.marks.push_back(mark);
    }
    return slice;
  }

  // Where a piece that begins at `start` ends, which must have at most `most` before `limit`: at white space if there
  // is any, else between graphemes.
  int32_t EndOfPiece(int32_t start, int32_t limit, int32_t most) const {
    if (limit - start <= most) return limit;
    for (int32_t end = start + most; end > start + most / 2; --end) {
      if (IsBlank(end)) return end;
    }
    int32_t end = start + most;
    while (end > start + 1 && !edges_[end]) --end;
    return end;
  }

 private:
  const RichText& whole_;
  std::vector<size_t> offsets_;
  std::vector<bool> edges_;
};

}  // namespace

void InlineText::Append(absl::string_view utf8, Lines lines) {
  int line_breaks = 0;
  while (!utf8.empty()) {
    const absl::string_view rest = utf8;
    const char32_t c = text::TakeCodePoint(utf8);
    if (c < 0x80 && absl::ascii_isspace(static_cast<unsigned char>(c))) {
      if (c == '\n') ++line_breaks;
      space_ = true;
      continue;
    }
    if (IsControl(c) || c == 0x2029) continue;
    if (lines == Lines::kKept && line_breaks > 0) Put(line_breaks > 1 ? kParagraphEnd : "\n");
    line_breaks = 0;
    if (space_ && !text_.empty() && text_.back() != '\n') text_ += ' ';
    space_ = false;
    text_.append(rest.data(), rest.size() - utf8.size());
  }
  if (lines == Lines::kKept && line_breaks > 0) Put(line_breaks > 1 ? kParagraphEnd : "\n");
}

void InlineText::Put(absl::string_view utf8) {
  text_.append(utf8.data(), utf8.size());
  space_ = false;
}

void InlineText::BreakLine() { Put("\n"); }

void InlineText::Open(Mark::Kind kind, std::string href) {
  open_.push_back({.start = text_.size(), .end = 0, .kind = kind, .href = std::move(href)});
}

void InlineText::Close() {
  Span span = std::move(open_.back());
  open_.pop_back();
  span.end = text_.size();
  if (span.start < span.end) closed_.push_back(std::move(span));
}

std::vector<RichText> InlineText::Take(int64_t max_code_points, Losses& losses) {
  std::vector<Span> spans = std::exchange(closed_, {});
  for (Span& span : open_) {
    spans.push_back(span);
    spans.back().end = text_.size();
    span.start = 0;
  }
  std::stable_sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
  const std::string raw = std::exchange(text_, {});
  space_ = false;

  RichText whole;
  whole.text = text::Normalize(raw);
  const bool same = whole.text == raw;
  // What was composed, or left out, moves all that follows.
  const auto offset = [&](size_t bytes) {
    const absl::string_view before = absl::string_view(raw).substr(0, bytes);
    return static_cast<int32_t>(text::CodePoints(same ? std::string(before) : text::Normalize(before)));
  };
  const auto length = static_cast<int32_t>(text::CodePoints(whole.text));
  for (const Span& span : spans) {
    if (whole.marks.size() == kMaxMarks) {
      losses.Add("formatting beyond 500 marks");
      break;
    }
    whole.marks.push_back({.start = std::min(offset(span.start), length),
                           .end = std::min(offset(span.end), length),
                           .kind = span.kind,
                           .href = span.href});
  }

  std::vector<RichText> paragraphs;
  const Sliceable sliceable(whole);
  for (int32_t start = 0; start < sliceable.size();) {
    int32_t end = start;
    while (end < sliceable.size() && sliceable.At(end) != kParagraphEnd) ++end;
    while (start < end) {
      const int32_t piece = sliceable.EndOfPiece(start, end, static_cast<int32_t>(max_code_points));
      RichText slice = sliceable.Slice(start, piece);
      if (!slice.text.empty()) paragraphs.push_back(std::move(slice));
      start = piece;
    }
    start = end + 1;
  }
  return paragraphs;
}

RichText Join(RichText first, const RichText& second) {
  if (first.text.empty()) return second;
  const auto shift = static_cast<int32_t>(text::CodePoints(first.text)) + 1;
  first.text += "\n" + second.text;
  for (Mark mark : second.marks) {
    mark.start += shift;
    mark.end += shift;
    if (first.marks.size() < kMaxMarks) first.marks.push_back(std::move(mark));
  }
  return first;
}

}  // namespace masthead::articles
