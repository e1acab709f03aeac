#include "services/articles/search/search_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/filter/order.h"
#include "common/text/text.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/reading/article_answers.h"
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
constexpr int kMaxFacets = v1::SearchFacet::Kind_ARRAYSIZE - 1;
constexpr char kRelevance[] = "relevance";
constexpr char kRecency[] = "recency";

struct Question {
  SearchQuery query;
  SearchTerms terms;
  bool by_relevance = true;
  std::vector<v1::SearchFacet::Kind> facets;
};

// Each kind that is asked for, once.
std::vector<v1::SearchFacet::Kind> ReadFacets(const v1::SearchArticlesRequest& request, FieldViolations& violations) {
  std::vector<v1::SearchFacet::Kind> facets;
  if (request.facets_size() > kMaxFacets) {
    violations.Add("facets", absl::StrCat("has more than ", kMaxFacets, " entries"));
    return facets;
  }
  for (int i = 0; i < request.facets_size(); ++i) {
    const v1::SearchFacet::Kind kind = request.facets(i);
    if (kind == v1::SearchFacet::KIND_UNSPECIFIED || !v1::SearchFacet::Kind_IsValid(kind)) {
      violations.Add(absl::StrCat("facets[", i, "]"), "is nothing that this server counts by");
    } else if (absl::c_linear_search(facets, kind)) {
      violations.Add(absl::StrCat("facets[", i, "]"), "is there twice");
    } else {
      facets.push_back(kind);
    }
  }
  return facets;
}

absl::StatusOr<Question> ReadQuestion(const v1::SearchArticlesRequest& request) {
  FieldViolations violations;
  std::string text = request.query();
  text::CheckText("query", text, kMaxQueryCodePoints, /*required=*/false, violations);
  Question question;
  question.terms.language_code = request.language_code();
  if (!request.language_code().empty()) {
    CheckLanguage("language_code", question.terms.language_code, violations);
  }
  question.facets = ReadFacets(request, violations);
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

v1::SearchFacet CountFacet(db::Transaction& tx, const std::vector<SearchPosition>& candidates,
                           v1::SearchFacet::Kind kind) {
  const Facet facet = kind == v1::SearchFacet::SECTION ? Facet::kSection
                      : kind == v1::SearchFacet::TAG   ? Facet::kTag
                                                       : Facet::kYear;
  v1::SearchFacet proto;
  proto.set_kind(kind);
  for (const FacetCount& counted : CountByFacet(tx, candidates, facet)) {
    v1::SearchFacet::Count& count = *proto.add_counts();
    count.set_value(facet == Facet::kSection ? SectionName(counted.value)
                    : facet == Facet::kTag   ? TagName(counted.value)
                                             : counted.value);
    count.set_hits(counted.candidates);
  }
  return proto;
}

// A page of hits, and what all are counted by.
struct Found {
  std::vector<SearchPosition> page;
  std::vector<v1::SearchFacet> facets;
};

Found Find(db::Transaction& tx, const Question& question, const SearchTerms& terms, const PageStart& start, int limit) {
  Found found;
  std::vector<SearchPosition> candidates;
  if (question.by_relevance || !question.facets.empty()) {
    candidates = LoadNewestMatches(tx, terms, std::nullopt, kMaxCandidates);
  }
  found.page = question.by_relevance ? LoadBestMatches(tx, candidates, terms.tsquery, start.skip, limit)
                                     : LoadNewestMatches(tx, terms, start.after, limit);
  for (const v1::SearchFacet::Kind kind : question.facets) found.facets.push_back(CountFacet(tx, candidates, kind));
  return found;
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
  // No memberships are asked and no meter is used up for a snippet.
  const Reader reader = ReaderOf(*call.caller);
  const std::optional<PageStart> continued = ReadPageStart(keys, question.by_relevance);
  return database_.Read(call.scope, [&](db::Transaction& tx) {
    const PageStart start = continued.has_value() ? *continued : PageStart{.published_by = Now(tx)};
    SearchTerms terms = question.terms;
    terms.published_by = start.published_by;
    auto [page, facets] = Find(tx, question, terms, start, limit + 1);
    v1::SearchArticlesResponse response;
    if (static_cast<int>(page.size()) > limit) {
      page.resize(limit);
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, NextPageKeys(start, page, question.by_relevance)));
    }
    std::vector<std::string> ids;
    for (SearchPosition& position : page) ids.push_back(std::move(position.article_id));
    const absl::Time now = Now(tx);
    for (LiveArticle& live : LoadLiveArticles(tx, ids, Bodies::kAll)) {
      *response.add_hits() = ToProto(Gate::Open(std::move(live), reader, now), question.query);
    }
    for (v1::SearchFacet& facet : facets) *response.add_facets() = std::move(facet);
    return response;
  });
}

}  // namespace masthead::articles
