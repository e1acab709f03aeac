#include "services/articles/search/search_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/filter/order.h"
#include "common/text/text.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/reading/gate.h"
#include "services/articles/reading/published_list_store.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/reading/reading_store.h"
#include "services/articles/search/search_query.h"
#include "services/articles/search/search_store.h"
#include "services/articles/search/snippet.h"

namespace masthead::articles {
namespace {

constexpr int kDefaultPage = 20;
constexpr int kMaxPage = 50;
constexpr int64_t kMaxQueryCodePoints = 300;
constexpr char kRelevance[] = "relevance";
constexpr char kRecency[] = "recency";

struct Question {
  SearchQuery query;
  SearchTerms terms;
  bool by_relevance = true;
};

absl::StatusOr<Question> ReadQuestion(const v1::SearchArticlesRequest& request) {
  FieldViolations violations;
  std::string text = request.query();
  text::CheckText("query", text, kMaxQueryCodePoints, /*required=*/false, violations);
  Question question;
  question.terms.language_code = request.language_code();
  if (!request.language_code().empty()) {
    CheckLanguage("language_code", question.terms.language_code, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  question.by_relevance = request.order_by().empty() || request.order_by() == kRelevance;
  if (!question.by_relevance && request.order_by() != kRecency) {
    return filter::BadOrderBy(request.order_by(), "relevance, recency");
  }
  ASSIGN_OR_RETURN(question.terms.filter, filter::Filter::Parse(request.filter(), PublishedFields()));
  ASSIGN_OR_RETURN(question.query, ParseSearchQuery(text, {.language_code = question.terms.language_code,
                                                           .last_word_is_prefix = request.last_word_is_prefix()}));
  question.terms.tsquery = question.query.tsquery;
  return question;
}

// Where a page starts: in both orders nothing that was published since the first page is on it.
struct PageStart {
  absl::Time published_by;
  int skip = 0;                         // By relevance.
  std::optional<SearchPosition> after;  // By recency.
};

// nullopt for the first page.
std::optional<PageStart> ReadPageStart(const std::vector<std::string>& keys, bool by_relevance) {
  PageStart start;
  int64_t micros = 0;
  if (keys.empty() || !absl::SimpleAtoi(keys[0], &micros)) return std::nullopt;
  start.published_by = absl::FromUnixMicros(micros);
  if (by_relevance)
    return keys.size() == 2 && absl::SimpleAtoi(keys[1], &start.skip) ? std::optional(start) : std::nullopt;
  if (keys.size() != 3 || !absl::SimpleAtoi(keys[1], &micros)) return std::nullopt;
  start.after = SearchPosition{absl::FromUnixMicros(micros), keys[2]};
  return start;
}

std::vector<std::string> NextPageKeys(const PageStart& start, const std::vector<SearchPosition>& page,
                                      bool by_relevance) {
  std::vector<std::string> keys = {absl::StrCat(absl::ToUnixMicros(start.published_by))};
  if (by_relevance) {
    keys.push_back(absl::StrCat(start.skip + page.size()));
  } else {
    keys.push_back(absl::StrCat(absl::ToUnixMicros(page.back().publish_time)));
    keys.push_back(page.back().article_id);
  }
  return keys;
}

v1::SearchHit ToProto(const GatedArticle& article, const SearchQuery& query) {
  v1::SearchHit hit;
  *hit.mutable_article() = ToListedProto(article);
  Snippet snippet = MakeSnippet(article, query);
  hit.set_snippet(std::move(snippet.text));
  for (const Snippet::Range& match : snippet.matches) {
    v1::TextRange& range = *hit.add_matches();
    range.set_start(match.start);
    range.set_end(match.end);
  }
  return hit;
}

}  // namespace

void SearchService::Register(rpc::Service& reading_service) {
  reading_service.Unary("SearchArticles", this, &SearchService::Search);
}

absl::StatusOr<v1::SearchArticlesResponse> SearchService::Search(const rpc::Call& call,
                                                                 const v1::SearchArticlesRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  ASSIGN_OR_RETURN(const Question question, ReadQuestion(request));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const std::optional<PageStart> continued = ReadPageStart(keys, question.by_relevance);
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    const PageStart start = continued.has_value() ? *continued : PageStart{.published_by = Now(tx)};
    SearchTerms terms = question.terms;
    terms.published_by = start.published_by;
    std::vector<SearchPosition> page = question.by_relevance ? LoadBestMatches(tx, terms, start.skip, limit + 1)
                                                             : LoadNewestMatches(tx, terms, start.after, limit + 1);
    v1::SearchArticlesResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, NextPageKeys(start, page, question.by_relevance)));
    }
    std::vector<std::string> ids;
    for (SearchPosition& position : page) ids.push_back(std::move(position.article_id));
    for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kAll)) {
      *response.add_hits() = ToProto(Gate::OpenForOthers(std::move(live)), question.query);
    }
    return response;
  });
}

}  // namespace masthead::articles
