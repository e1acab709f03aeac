#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "services/articles/article/article_list_store.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::testing::SizeIs;

class ArticleListTest : public Newsroom {
 protected:
  v1::ListArticlesResponse List(const std::string& filter) {
    v1::ListArticlesRequest request;
    request.set_filter(filter);
    v1::ListArticlesResponse response;
    EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ListArticles, request, &response), IsOk()) << filter;
    return response;
  }
};

TEST_F(ArticleListTest, FindsWhatCameFromAnotherSystemByItsIdThere) {
  v1::Article moved = Draft("Moved");
  (*moved.mutable_alt_ids())["wordpress"] = "12";
  moved = Create(moved);
  Create(Draft("Our own"));

  ASSERT_THAT(List("alt_ids.wordpress = \"12\"").articles(), SizeIs(1));
  EXPECT_EQ(List("alt_ids.wordpress = \"12\"").articles(0).name(), moved.name());
  EXPECT_THAT(List("alt_ids.wordpress = \"13\"").articles(), SizeIs(0));
  EXPECT_THAT(List("alt_ids.ghost = \"12\"").articles(), SizeIs(0));
  EXPECT_THAT(List("alt_ids.wordpress != \"12\"").articles(), SizeIs(1));
  EXPECT_THAT(List("alt_ids.wordpress:*").articles(), SizeIs(1));
}

TEST_F(ArticleListTest, ReadsOneArticleToFindOneByItsIdElsewhere) {
  Create(Draft("One"), "one");
  postgres_.Execute(R"sql(
    INSERT INTO articles (id, uid, language_code, state, version, revision, section_id, create_time, update_time, alt_ids)
    SELECT 'a' || n, 'u' || n, 'en', 'DRAFT', 1, 1, 'national', db_now(), db_now(), jsonb_build_object('ghost', n::text)
    FROM generate_series(1, 2000) n)sql");
  postgres_.Execute(R"sql(
    INSERT INTO article_revisions (article_id, revision, head, body, word_count, editor, create_time)
    SELECT 'a' || n, 1, r.head, r.body, 1, 'staffMembers/x', db_now()
    FROM generate_series(1, 2000) n, article_revisions r
    WHERE r.article_id = 'one')sql");
  postgres_.Execute(
      "INSERT INTO article_alt_ids (scheme, value, article_id)"
      " SELECT 'ghost', n::text, 'a' || n FROM generate_series(1, 2000) n");
  postgres_.Execute("ANALYZE articles, article_revisions, article_alt_ids");
  const absl::StatusOr<filter::Filter> filter = filter::Filter::Parse("alt_ids.ghost = \"7\"", ArticleFields());
  const absl::StatusOr<filter::Order> order = ParseArticleOrder("");
  ASSERT_THAT(filter.status(), IsOk());
  ASSERT_THAT(order.status(), IsOk());

  const absl::StatusOr<int64_t> read =
      postgres_.database().Read({.deadline = absl::Now() + absl::Seconds(20)}, [&](db::Transaction& tx) {
        EXPECT_THAT(LoadArticlePage(tx, *filter, *order, std::nullopt, 21), SizeIs(1));
        return tx
            .Query(
                "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables"
                " WHERE relname IN ('articles', 'article_revisions', 'article_alt_ids')")[0][0]
            .as<int64_t>();
      });

  ASSERT_THAT(read.status(), IsOk());
  EXPECT_LE(*read, 10) << "of the 2,001 there are";
}

}  // namespace
}  // namespace masthead::articles
