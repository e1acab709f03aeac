#include "tests/articles/planned_articles.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/articles/article/article_store.h"
#include "services/articles/publishing/publishing.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {
namespace {

Article Story(int number, absl::Time now) {
  Article article;
  article.id = absl::StrCat("story-", number);
  article.uid = article.id;
  article.language_code = "en";
  article.create_time = now;
  article.content.headline = absl::StrCat("Story ", number);
  article.content.dek = "What happened.";
  article.content.slug = article.id;
  article.content.section_id = "national";
  article.content.bylines = {{.contributor_id = "news-desk"}};
  article.content.body = {{"b1", Paragraph{.text = {.text = "First paragraph."}}}};
  return article;
}

}  // namespace

absl::Status PlanArticles(db::Database& database, int count, absl::Time publish_time,
                          std::optional<absl::Time> unpublish_time) {
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(60)};
  return database.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    const absl::Time now = Now(tx);
    for (int number = 1; number <= count; ++number) {
      Article article = Story(number, now);
      InsertArticleRow(tx, article, article.content.section_id);
      InsertRevision(tx, article, "staffMembers/test-staff", now);
      ReserveSlug(tx, article.language_code, article.content.slug, article.id);
      const Schedule plan = {.publish_time = publish_time, .unpublish_time = unpublish_time, .time_zone = "UTC"};
      RETURN_IF_ERROR(ScheduleFor(article, plan, /*follow_latest=*/false, {}, now));
      SaveArticle(tx, article);
    }
    return absl::OkStatus();
  });
}

}  // namespace masthead::articles
