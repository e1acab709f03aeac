#include "services/articles/slugs/slug_claim.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/articles/article/article_store.h"
#include "services/articles/article/slug.h"
#include "services/articles/errors.h"
#include "services/articles/slugs/slug_store.h"

namespace masthead::articles {
namespace {

// Beyond that many articles of one headline, numbers would cost more than they please.
constexpr int kMaxSuffix = 30;

constexpr char kFallback[] = "article";

// Whether `slug` is `base`, or `base` with a suffix.
bool IsMadeFrom(absl::string_view slug, absl::string_view base) {
  if (slug == base) return true;
  int suffix = 0;
  return absl::ConsumePrefix(&slug, base) && absl::ConsumePrefix(&slug, "-") && absl::SimpleAtoi(slug, &suffix);
}

// The slug's n-th alternative, from 1, which is the slug itself. Far out the numbers are spread, so that few tries find
// a free one.
std::string Alternative(const std::string& slug, const Article& article, int n) {
  if (n == 1) return slug;
  constexpr uint64_t kSpread = 100'000'000;
  const uint64_t spread = std::hash<std::string>()(article.id) % kSpread;
  return WithSuffix(slug, n <= kMaxSuffix ? n : static_cast<int>((spread + n) % kSpread));
}

std::string ReserveMadeSlug(db::Transaction& tx, const Article& article, const std::string& base) {
  int n = 1;
  while (ReserveSlug(tx, article.language_code, Alternative(base, article, n), article.id).has_value()) ++n;
  return Alternative(base, article, n);
}

bool IsFreeTo(db::Transaction& tx, const Article& article, const std::string& slug) {
  const std::optional<SlugHolder> holder = LoadSlugHolder(tx, article.language_code, slug);
  return !holder.has_value() || holder->article_id == article.id;
}

absl::Status ReserveChosenSlug(db::Transaction& tx, const Article& article, const std::string& slug, bool reclaim) {
  const std::optional<SlugHolder> holder = ReserveSlug(tx, article.language_code, slug, article.id);
  if (!holder.has_value()) return absl::OkStatus();
  if (reclaim && TakeRedirect(tx, article.language_code, slug, article.id)) return absl::OkStatus();
  return ArticleSlugTaken(slug, ArticleName(holder->article_id), holder->redirects, FirstFreeSlug(tx, article, slug));
}

// What the working copy's slug was made from, is kept while it still fits the headline.
absl::Status ClaimMadeSlug(db::Transaction& tx, const Article& article, Content& content) {
  const Content& before = article.content;
  content.slug_is_generated = true;
  if (content.headline.empty()) {
    content.slug = before.slug;
    return absl::OkStatus();
  }
  const std::string base = MakeArticleSlug(content.headline);
  const bool fits = before.slug_is_generated && IsMadeFrom(before.slug, base);
  content.slug = fits ? before.slug : ReserveMadeSlug(tx, article, base);
  return absl::OkStatus();
}

absl::Status ClaimAny(db::Transaction& tx, const Article& article, Content& content, bool reclaim) {
  const Content& before = article.content;
  if (!content.slug.empty() && content.slug != before.slug) {
    content.slug_is_generated = false;
    return ReserveChosenSlug(tx, article, content.slug, reclaim);
  }
  const bool follows_headline = content.slug.empty() || before.slug_is_generated;
  if (follows_headline && !article.publish_time.has_value()) return ClaimMadeSlug(tx, article, content);
  content.slug = before.slug;
  content.slug_is_generated = before.slug_is_generated;
  return absl::OkStatus();
}

}  // namespace

absl::Status ClaimSlug(db::Transaction& tx, const Article& article, Content& content, bool reclaim) {
  RETURN_IF_ERROR(ClaimAny(tx, article, content, reclaim));
  if (content.slug == article.content.slug) return absl::OkStatus();
  std::vector<std::string> keep = {content.slug};
  if (article.schedule.has_value() && article.schedule->due_time.has_value()) {
    const std::optional<Revision> planned = LoadRevision(tx, article.id, article.schedule->revision);
    if (planned.has_value()) keep.push_back(planned->content.slug);
  }
  ReleaseSlugs(tx, article.id, keep);
  return absl::OkStatus();
}

std::string MakeArticleSlug(absl::string_view headline) { return MakeSlug(headline, kFallback); }

std::string FirstFreeSlug(db::Transaction& tx, const Article& article, const std::string& slug) {
  int n = 1;
  while (!IsFreeTo(tx, article, Alternative(slug, article, n))) ++n;
  return Alternative(slug, article, n);
}

bool ReclaimSlug(db::Transaction& tx, Article& article) {
  if (article.content.slug.empty()) return false;
  const std::string reserved = ReserveMadeSlug(tx, article, article.content.slug);
  if (reserved == article.content.slug) return false;
  article.content.slug = reserved;
  return true;
}

}  // namespace masthead::articles
