#include "common/filter/syntax.h"

#include <array>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/text/text.h"

namespace masthead::filter {
namespace {

// The longer ones first.
constexpr std::array<absl::string_view, 7> kComparators = {"<=", ">=", "!=", "<", ">", "=", ":"};

bool StartsName(char c) { return absl::ascii_isalpha(c) || c == '_'; }
bool IsName(char c) { return absl::ascii_isalnum(c) || c == '_'; }
bool IsKey(char c) { return IsName(c) || c == '-'; }
bool IsQuote(char c) { return c == '"' || c == '\''; }
bool EndsValue(char c) { return absl::ascii_isspace(c) || c == '(' || c == ')' || IsQuote(c); }

class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text) {}

  absl::StatusOr<Node> Parse() {
    SkipSpace();
    if (AtEnd()) return Node{.kind = Node::Kind::kAll};
    ASSIGN_OR_RETURN(Node node, ParseExpression(/*depth=*/0));
    if (!AtEnd()) return Bad("there is no ( for this )");
    return node;
  }

 private:
  bool AtEnd() const { return position_ == text_.size(); }
  char Next() const { return AtEnd() ? '\0' : text_[position_]; }
  size_t Column() const { return static_cast<size_t>(text::CodePoints(text_.substr(0, position_))) + 1; }
  absl::Status Bad(absl::string_view what, absl::string_view field = "") const {
    return BadFilter(what, Column(), field);
  }

  void SkipSpace() {
    while (!AtEnd() && absl::ascii_isspace(Next())) ++position_;
  }

  bool SeesWord(absl::string_view word) const {
    if (!absl::StartsWith(text_.substr(position_), word)) return false;
    const size_t after = position_ + word.size();
    return after == text_.size() || absl::ascii_isspace(text_[after]) || text_[after] == '(';
  }
  bool TakeWord(absl::string_view word) {
    if (!SeesWord(word)) return false;
    position_ += word.size();
    SkipSpace();
    return true;
  }
  bool SeesKeyword() const { return SeesWord("AND") || SeesWord("OR") || SeesWord("NOT"); }

  // Terms joined by AND or by nothing, up to the end or a `)`.
  absl::StatusOr<Node> ParseExpression(int depth) {
    Node all = {.kind = Node::Kind::kAll};
    do {
      ASSIGN_OR_RETURN(Node factor, ParseFactor(depth));
      all.children.push_back(std::move(factor));
      SkipSpace();
    } while (TakeWord("AND") || (!AtEnd() && Next() != ')'));
    return Simplified(std::move(all));
  }

  absl::StatusOr<Node> ParseFactor(int depth) {
    Node any = {.kind = Node::Kind::kAny};
    do {
      ASSIGN_OR_RETURN(Node term, ParseTerm(depth));
      any.children.push_back(std::move(term));
      SkipSpace();
    } while (TakeWord("OR"));
    return Simplified(std::move(any));
  }

  static Node Simplified(Node node) {
    if (node.children.size() != 1) return node;
    Node only = std::move(node.children.front());
    return only;
  }

  absl::StatusOr<Node> ParseTerm(int depth) {
    bool negated = TakeWord("NOT");
    if (!negated && Next() == '-') {
      ++position_;
      negated = true;
    }
    ASSIGN_OR_RETURN(Node simple, ParseSimple(depth));
    if (!negated) return simple;
    Node inverse = {.kind = Node::Kind::kNot};
    inverse.children.push_back(std::move(simple));
    return inverse;
  }

  absl::StatusOr<Node> ParseSimple(int depth) {
    if (Next() != '(') return ParseRestriction();
    if (depth == kMaxDepth) return Bad(absl::StrCat("parentheses are nested more than ", kMaxDepth, " deep"));
    ++position_;
    SkipSpace();
    ASSIGN_OR_RETURN(Node inner, ParseExpression(depth + 1));
    if (Next() != ')') return Bad("a ) is missing");
    ++position_;
    return inner;
  }

  absl::StatusOr<Node> ParseRestriction() {
    if (++restrictions_ > kMaxRestrictions) {
      return Bad(absl::StrCat("there are more than ", kMaxRestrictions, " comparisons"));
    }
    Restriction restriction;
    restriction.column = Column();
    RETURN_IF_ERROR(ParsePath(restriction));
    SkipSpace();
    for (const absl::string_view comparator : kComparators) {
      if (!absl::StartsWith(text_.substr(position_), comparator)) continue;
      restriction.comparator = std::string(comparator);
      position_ += comparator.size();
      break;
    }
    if (restriction.comparator.empty()) {
      return Bad("after a field stands one of = != < <= > >= :", FieldName(restriction));
    }
    SkipSpace();
    RETURN_IF_ERROR(ParseValue(restriction));
    Node node = {.kind = Node::Kind::kRestriction};
    node.restriction = std::move(restriction);
    return node;
  }

  absl::Status ParsePath(Restriction& restriction) {
    if (!StartsName(Next()) || SeesKeyword()) return Bad("a comparison such as state = PUBLISHED is missing");
    restriction.path.push_back(TakeWhile(IsName));
    while (Next() == '.') {
      ++position_;
      std::string key;
      if (IsQuote(Next())) {
        ASSIGN_OR_RETURN(key, TakeQuoted());
      } else {
        key = TakeWhile(IsKey);
      }
      if (key.empty()) return Bad("a name is missing after the .", FieldName(restriction));
      restriction.path.push_back(std::move(key));
    }
    return absl::OkStatus();
  }

  absl::Status ParseValue(Restriction& restriction) {
    restriction.value_column = Column();
    restriction.quoted = IsQuote(Next());
    std::string raw;
    if (restriction.quoted) {
      ASSIGN_OR_RETURN(raw, TakeQuoted());
    } else if (!SeesKeyword()) {
      raw = TakeWhile([](char c) { return !EndsValue(c); });
    }
    if (raw.empty() && !restriction.quoted) return Bad("a value is missing", FieldName(restriction));
    restriction.value = text::Normalize(raw);
    return absl::OkStatus();
  }

  template <typename Predicate>
  std::string TakeWhile(Predicate belongs) {
    const size_t start = position_;
    while (!AtEnd() && belongs(Next())) ++position_;
    return std::string(text_.substr(start, position_ - start));
  }

  // A backslash takes the character after it as it is.
  absl::StatusOr<std::string> TakeQuoted() {
    const size_t start = position_;
    const char quote = text_[position_++];
    std::string taken;
    for (; !AtEnd() && Next() != quote; ++position_) {
      if (Next() == '\\' && position_ + 1 < text_.size()) ++position_;
      taken += Next();
    }
    if (AtEnd()) {
      position_ = start;
      return Bad("this quote is not closed");
    }
    ++position_;
    return taken;
  }

  const absl::string_view text_;
  size_t position_ = 0;
  int restrictions_ = 0;
};

}  // namespace

std::string FieldName(const Restriction& restriction) { return absl::StrJoin(restriction.path, "."); }

absl::Status BadFilter(absl::string_view what, size_t column, absl::string_view field) {
  std::map<std::string, std::string> metadata = {{"column", absl::StrCat(column)}};
  if (!field.empty()) metadata.emplace("field", field);
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("filter, column ", column, field.empty() ? "" : ", field ", field, ": ", what),
                   {kCommonErrorDomain, "BAD_FILTER", std::move(metadata)});
}

absl::StatusOr<Node> ParseSyntax(absl::string_view text) {
  if (text.size() > kMaxBytes) return BadFilter(absl::StrCat("is longer than ", kMaxBytes, " bytes"), kMaxBytes + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    if (absl::ascii_iscntrl(text[i]) && !absl::ascii_isspace(text[i])) {
      return BadFilter("control characters are not taken",
                       static_cast<size_t>(text::CodePoints(text.substr(0, i))) + 1);
    }
  }
  return Parser(text).Parse();
}

}  // namespace masthead::filter
