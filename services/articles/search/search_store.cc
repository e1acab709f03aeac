#include "services/articles/search/search_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

// With so many matches it pays to look at the newest articles one by one first. With fewer, their list is short.
constexpr int kCommon = 10'000;

// How many articles are looked at so. Matches that are all older are found by the list after all: however many articles
// there are, no search walks on to the oldest.
constexpr int kWindow = 3'000;

constexpr char kCountMatches[] = R"sql(
  SELECT count(*)
  FROM (SELECT FROM search_documents d WHERE d.words @@ $1::tsquery LIMIT $2) matches)sql";

// Postgres does not know how often a word occurs unless it is among the most frequent: its way is chosen here, for the
// transaction only. What is switched off is dear rather than forbidden, so dear that Postgres would compile the
// statement first.
constexpr char kByWord[] = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)";
constexpr char kAsPostgresLikes[] = "SELECT set_config('enable_seqscan', 'on', true)";

constexpr char kMatches[] = "SELECT d.article_id, d.publish_time FROM ";
constexpr char kAllDocuments[] = "search_documents d";
constexpr char kNewestDocuments[] = R"sql(
  (SELECT w.article_id, w.publish_time, w.language_code, w.words
   FROM search_documents w
   WHERE )sql";
constexpr char kJoinPublished[] = " JOIN published_articles p ON p.article_id = d.article_id";
constexpr char kNewestFirst[] = " ORDER BY publish_time DESC, article_id DESC LIMIT ";

// 1: an article is not better for being long.
constexpr char kRank[] = R"sql(
  SELECT d.article_id, d.publish_time
  FROM search_documents d
  WHERE d.article_id = ANY ($1::text[])
  ORDER BY ts_rank_cd(d.words, $2::tsquery, 1) DESC, d.publish_time DESC, d.article_id DESC
  LIMIT $3
  OFFSET $4)sql";

constexpr char kCountBySection[] = R"sql(
  SELECT section_id AS value, count(*)
  FROM published_articles
  WHERE article_id = ANY ($1::text[])
  GROUP BY value
  ORDER BY count DESC, value
  LIMIT $2)sql";

constexpr char kCountByTag[] = R"sql(
  SELECT tag_id AS value, count(*)
  FROM published_article_tags
  WHERE article_id = ANY ($1::text[])
  GROUP BY value
  ORDER BY count DESC, value
  LIMIT $2)sql";

constexpr char kCountByYear[] = R"sql(
  SELECT extract(year FROM publish_time AT TIME ZONE 'UTC')::text AS value, count(*)
  FROM published_articles
  WHERE article_id = ANY ($1::text[])
  GROUP BY value
  ORDER BY count DESC, value DESC
  LIMIT $2)sql";

bool IsCommon(db::Transaction& tx, const std::string& tsquery) {
  tx.Query(kByWord);
  return tx.Query(kCountMatches, tsquery, kCommon)[0][0].as<int64_t>() == kCommon;
}

// The condition for the part of the time line that is looked at, of `alias`.
std::string PeriodSql(absl::string_view alias, const SearchTerms& terms, const std::optional<SearchPosition>& after,
                      db::Parameters& parameters) {
  std::string sql = absl::StrCat(alias, ".publish_time <= ", parameters.Add(terms.published_by), "::timestamptz");
  if (after.has_value()) {
    const std::string time = parameters.Add(after->publish_time);
    const std::string id = parameters.Add(after->article_id);
    absl::StrAppend(&sql, " AND (", alias, ".publish_time, ", alias, ".article_id) < (", time, "::timestamptz, ", id,
                    "::text)");
  }
  return sql;
}

// Of `documents`, as `d`.
std::string MatchesSql(absl::string_view documents, const SearchTerms& terms, db::Parameters& parameters) {
  std::string sql = absl::StrCat(kMatches, documents, terms.filter.empty() ? "" : kJoinPublished, " WHERE d.words @@ ",
                                 parameters.Add(terms.tsquery), "::tsquery");
  if (!terms.language_code.empty()) {
    absl::StrAppend(&sql, " AND d.language_code = ", parameters.Add(terms.language_code));
  }
  if (!terms.filter.empty()) absl::StrAppend(&sql, " AND ", terms.filter.ToSql(parameters));
  return sql;
}

std::vector<SearchPosition> ReadPositions(const pqxx::result& rows) {
  std::vector<SearchPosition> positions;
  for (const pqxx::row& row : rows) positions.push_back({row[1].as<absl::Time>(), row[0].as<std::string>()});
  return positions;
}

// Those among the newest kWindow articles of the period.
std::vector<SearchPosition> LoadFromWindow(db::Transaction& tx, const SearchTerms& terms,
                                           const std::optional<SearchPosition>& after, int limit) {
  db::Parameters parameters;
  const std::string window =
      absl::StrCat(kNewestDocuments, PeriodSql("w", terms, after, parameters), kNewestFirst, kWindow, ") d");
  const std::string sql = absl::StrCat(MatchesSql(window, terms, parameters),
                                       " ORDER BY d.publish_time DESC, d.article_id DESC LIMIT ", limit);
  return ReadPositions(tx.QueryComposed(sql, parameters));
}

std::vector<SearchPosition> LoadFromAll(db::Transaction& tx, const SearchTerms& terms,
                                        const std::optional<SearchPosition>& after, int limit) {
  db::Parameters parameters;
  std::string matches = MatchesSql(kAllDocuments, terms, parameters);
  absl::StrAppend(&matches, " AND ", PeriodSql("d", terms, after, parameters));
  // Materialised, so that the order does not tempt Postgres to walk.
  const std::string sql = absl::StrCat("WITH matches AS MATERIALIZED (", matches,
                                       ") SELECT article_id, publish_time FROM matches", kNewestFirst, limit);
  return ReadPositions(tx.QueryComposed(sql, parameters));
}

std::vector<std::string> IdsOf(const std::vector<SearchPosition>& positions) {
  std::vector<std::string> ids;
  for (const SearchPosition& position : positions) ids.push_back(position.article_id);
  return ids;
}

const char* StatementFor(Facet facet) {
  switch (facet) {
    case Facet::kSection:
      return kCountBySection;
    case Facet::kTag:
      return kCountByTag;
    case Facet::kYear:
      return kCountByYear;
  }
  return kCountBySection;
}

}  // namespace

std::vector<SearchPosition> LoadNewestMatches(db::Transaction& tx, const SearchTerms& terms,
                                              const std::optional<SearchPosition>& after, int limit) {
  if (IsCommon(tx, terms.tsquery)) {
    std::vector<SearchPosition> newest = LoadFromWindow(tx, terms, after, limit);
    if (static_cast<int>(newest.size()) == limit) return newest;
    // A filter may be rare where the words are common, and Postgres has counted what it is about.
    if (!terms.filter.empty()) tx.Query(kAsPostgresLikes);
  }
  return LoadFromAll(tx, terms, after, limit);
}

std::vector<SearchPosition> LoadBestMatches(db::Transaction& tx, const std::vector<SearchPosition>& candidates,
                                            const std::string& tsquery, int skip, int limit) {
  return ReadPositions(tx.Query(kRank, db::TextArray(IdsOf(candidates)), tsquery, limit, skip));
}

std::vector<FacetCount> CountByFacet(db::Transaction& tx, const std::vector<SearchPosition>& candidates, Facet facet) {
  std::vector<FacetCount> counts;
  const pqxx::result rows = tx.Query(StatementFor(facet), db::TextArray(IdsOf(candidates)), kMaxFacetCounts);
  for (const pqxx::row& row : rows) counts.push_back({row[0].as<std::string>(), row[1].as<int>()});
  return counts;
}

}  // namespace masthead::articles
