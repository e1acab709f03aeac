#include "services/articles/search/search_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

// With so many matches, a walk from the newest article on meets enough of them soon. With fewer, their list is short,
// and the walk might go on to the oldest article.
constexpr int kCommon = 10'000;

constexpr char kCountMatches[] = R"sql(
  SELECT count(*)
  FROM (SELECT FROM search_documents d WHERE d.words @@ $1::tsquery LIMIT $2) matches)sql";

// Postgres does not know how often a word occurs unless it is among the most frequent: its way is chosen here, for the
// transaction only. What is switched off is dear rather than forbidden, so dear that Postgres would compile the
// statement first.
constexpr char kByWord[] = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)";
constexpr char kByTime[] = R"sql(
  SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true))sql";
constexpr char kAsPostgresLikes[] = "SELECT set_config('enable_seqscan', 'on', true)";

constexpr char kMatches[] = "SELECT d.article_id, d.publish_time FROM search_documents d";
constexpr char kJoinPublished[] = " JOIN published_articles p ON p.article_id = d.article_id";
constexpr char kNewestFirst[] = " ORDER BY publish_time DESC, article_id DESC LIMIT ";

bool IsCommon(db::Transaction& tx, const std::string& tsquery) {
  tx.Query(kByWord);
  return tx.Query(kCountMatches, tsquery, kCommon)[0][0].as<int64_t>() == kCommon;
}

std::string MatchesSql(const SearchTerms& terms, const std::optional<SearchPosition>& after,
                       db::Parameters& parameters) {
  const std::string tsquery = parameters.Add(terms.tsquery);
  const std::string published_by = parameters.Add(terms.published_by);
  std::string sql = absl::StrCat(kMatches, terms.filter.empty() ? "" : kJoinPublished, " WHERE d.words @@ ", tsquery,
                                 "::tsquery AND d.publish_time <= ", published_by, "::timestamptz");
  if (!terms.language_code.empty()) {
    absl::StrAppend(&sql, " AND d.language_code = ", parameters.Add(terms.language_code));
  }
  if (!terms.filter.empty()) absl::StrAppend(&sql, " AND ", terms.filter.ToSql(parameters));
  if (after.has_value()) {
    const std::string time = parameters.Add(after->publish_time);
    const std::string id = parameters.Add(after->article_id);
    absl::StrAppend(&sql, " AND (d.publish_time, d.article_id) < (", time, "::timestamptz, ", id, "::text)");
  }
  return sql;
}

// The statement for the newest matches; tells Postgres which way to go.
std::string NewestSql(db::Transaction& tx, const SearchTerms& terms, const std::optional<SearchPosition>& after,
                      int limit, db::Parameters& parameters) {
  const std::string matches = MatchesSql(terms, after, parameters);
  if (!IsCommon(tx, terms.tsquery)) {
    // Materialised, so that the order does not tempt Postgres to walk.
    return absl::StrCat("WITH matches AS MATERIALIZED (", matches, ") SELECT article_id, publish_time FROM matches",
                        kNewestFirst, limit);
  }
  // A filter may be rare where the words are common, and Postgres has counted what it is about.
  tx.Query(terms.filter.empty() ? kByTime : kAsPostgresLikes);
  return absl::StrCat(matches, " ORDER BY d.publish_time DESC, d.article_id DESC LIMIT ", limit);
}

std::vector<SearchPosition> ReadPositions(const pqxx::result& rows) {
  std::vector<SearchPosition> positions;
  for (const pqxx::row& row : rows) positions.push_back({row[1].as<absl::Time>(), row[0].as<std::string>()});
  return positions;
}

}  // namespace

std::vector<SearchPosition> LoadNewestMatches(db::Transaction& tx, const SearchTerms& terms,
                                              const std::optional<SearchPosition>& after, int limit) {
  db::Parameters parameters;
  const std::string sql = NewestSql(tx, terms, after, limit, parameters);
  return ReadPositions(tx.QueryComposed(sql, parameters));
}

std::vector<SearchPosition> LoadBestMatches(db::Transaction& tx, const SearchTerms& terms, int skip, int limit) {
  db::Parameters parameters;
  const std::string newest = NewestSql(tx, terms, std::nullopt, kMaxRanked, parameters);
  const std::string tsquery = parameters.Add(terms.tsquery);
  // 1: an article is not better for being long.
  return ReadPositions(tx.QueryComposed(
      absl::StrCat("SELECT d.article_id, d.publish_time FROM (", newest,
                   ") candidates JOIN search_documents d ON d.article_id = candidates.article_id",
                   " ORDER BY ts_rank_cd(d.words, ", tsquery,
                   "::tsquery, 1) DESC, d.publish_time DESC, d.article_id DESC", " LIMIT ", limit, " OFFSET ", skip),
      parameters));
}

}  // namespace masthead::articles
