#include "services/articles/search/search_query.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "services/articles/errors.h"
#include "services/articles/indexing/lexemes.h"
#include "services/articles/indexing/words.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMinPrefix = 3;

// One word, one phrase, or what is written as one word and is several: `прес-конференція`.
struct Term {
  std::string text;
  bool negated = false;
  bool quoted = false;
  bool is_or = false;
};

std::string WithPlainQuotes(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"“", "\""}, {"”", "\""}, {"„", "\""}, {"«", "\""}, {"»", "\""}});
}

std::vector<Term> SplitTerms(absl::string_view text) {
  std::vector<Term> terms;
  while (!(text = absl::StripLeadingAsciiWhitespace(text)).empty()) {
    Term term;
    if (text.size() > 1 && text[0] == '-' && !absl::ascii_isspace(text[1])) {
      term.negated = true;
      text.remove_prefix(1);
    }
    term.quoted = text[0] == '"';
    if (term.quoted) text.remove_prefix(1);
    const size_t end = std::min(term.quoted ? text.find('"') : text.find_first_of(" \t\n\r\v\f\""), text.size());
    term.text = std::string(text.substr(0, end));
    term.is_or = term.text == "OR" && !term.quoted && !term.negated;
    text.remove_prefix(std::min(end + (term.quoted ? 1 : 0), text.size()));
    terms.push_back(std::move(term));
  }
  return terms;
}

std::string Quoted(absl::string_view lexeme) {
  return absl::StrCat("'", absl::StrReplaceAll(lexeme, {{"'", "''"}, {"\\", "\\\\"}}), "'");
}

class Parser {
 public:
  explicit Parser(const QueryOptions& options) : options_(options) {}

  absl::StatusOr<SearchQuery> Parse(const std::vector<Term>& terms) {
    for (size_t i = 0; i < terms.size(); ++i) {
      if (terms[i].is_or) {
        RETURN_IF_ERROR(FinishAlternative());
      } else {
        AddTerm(terms[i], /*is_last=*/i + 1 == terms.size());
      }
    }
    RETURN_IF_ERROR(FinishAlternative());
    if (words_ > kMaxQueryWords) {
      FieldViolations violations;
      violations.Add("query", absl::StrCat("must have at most ", kMaxQueryWords, " words"));
      return violations.ToStatus();
    }
    query_.tsquery = absl::StrJoin(alternatives_, " | ");
    return std::move(query_);
  }

 private:
  absl::Status FinishAlternative() {
    if (!has_wanted_) return QueryEmpty();
    alternatives_.push_back(absl::StrCat("(", absl::StrJoin(conditions_, " & "), ")"));
    conditions_.clear();
    has_wanted_ = false;
    return absl::OkStatus();
  }

  void AddTerm(const Term& term, bool is_last) {
    std::string condition;
    int distance = 0;
    const std::vector<Word> words = SplitWords(term.text);
    words_ += words.size();
    for (size_t i = 0; i < words.size(); ++i) {
      ++distance;
      const bool may_be_prefix = options_.last_word_is_prefix && is_last && !term.quoted && !term.negated;
      const std::string place = AddWord(words[i].folded, term, may_be_prefix && i + 1 == words.size());
      if (place.empty()) continue;
      if (!condition.empty()) absl::StrAppend(&condition, " <", distance, "> ");
      condition += place;
      distance = 0;
    }
    if (condition.empty()) return;
    has_wanted_ = has_wanted_ || !term.negated;
    conditions_.push_back(absl::StrCat(term.negated ? "!(" : "(", condition, ")"));
  }

  // What may stand at one place; empty if anything may.
  std::string AddWord(const std::string& folded, const Term& term, bool is_prefix) {
    std::vector<std::string> lexemes =
        options_.language_code.empty() ? LexemesOf(folded)
                                       : std::vector<std::string>{LexemeOf(folded, AnalysisOf(options_.language_code))};
    if (lexemes.size() == 1 && lexemes.front().empty()) lexemes.clear();
    std::vector<std::string> alternatives;
    for (const std::string& lexeme : lexemes) {
      alternatives.push_back(Quoted(lexeme));
      if (!term.negated) query_.lexemes.insert(lexeme);
    }
    if (is_prefix && text::CodePoints(folded) >= kMinPrefix) {
      alternatives.push_back(absl::StrCat(Quoted(folded), ":*"));
      query_.prefix = folded;
    }
    return alternatives.empty() ? "" : absl::StrCat("(", absl::StrJoin(alternatives, " | "), ")");
  }

  const QueryOptions& options_;
  SearchQuery query_;
  std::vector<std::string> alternatives_;
  std::vector<std::string> conditions_;
  bool has_wanted_ = false;
  size_t words_ = 0;
};

}  // namespace

absl::StatusOr<SearchQuery> ParseSearchQuery(absl::string_view text, const QueryOptions& options) {
  return Parser(options).Parse(SplitTerms(WithPlainQuotes(text::Normalize(text))));
}

}  // namespace masthead::articles
