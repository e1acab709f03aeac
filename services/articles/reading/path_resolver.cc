#include "services/articles/reading/path_resolver.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/strip.h"
#include "services/articles/article/article.h"
#include "services/articles/publishing/schedule_store.h"
#include "services/articles/reading/read_request.h"
#include "services/articles/reading/reading_store.h"
#include "services/articles/redirects/redirect_store.h"
#include "services/articles/taxonomy/section_store.h"

namespace masthead::articles {
namespace {

// Where nothing of its own stands, the newsroom may lead elsewhere.
PathResolution ResolveByNewsroom(db::Transaction& tx, const std::string& url_path, absl::Duration max_age) {
  const std::optional<PathRedirect> redirect = LoadRedirectFrom(tx, url_path);
  if (!redirect.has_value()) return {NothingAtPath{}, max_age};
  if (redirect->status == kGone) return {GoneAtPath{}, max_age};
  return {RedirectAtPath{.status = redirect->status, .target = redirect->target}, max_age};
}

PathResolution ResolveSection(db::Transaction& tx, const std::string& url_path, absl::string_view section_path) {
  const std::optional<Section> section = LoadSectionAt(tx, std::string(section_path));
  if (!section.has_value()) return ResolveByNewsroom(tx, url_path, kMaxAnswerAge);
  if (section->path == section_path) return {SectionAtPath{section->id}};
  return {RedirectAtPath{.status = kMovedForGood, .target = SectionUrlPath(section->path), .section_id = section->id}};
}

}  // namespace

absl::Duration MaxAgeOfAbsence(db::Transaction& tx) {
  return std::clamp(UntilNextDue(tx).value_or(kMaxAnswerAge), absl::ZeroDuration(), kMaxAnswerAge);
}

PathResolution ResolvePath(db::Transaction& tx, const std::string& url_path) {
  absl::string_view section_path = url_path;
  if (absl::ConsumePrefix(&section_path, SectionUrlPath(""))) return ResolveSection(tx, url_path, section_path);
  const std::optional<ArticlePath> path = ParseArticlePath(url_path);
  if (!path.has_value()) return ResolveByNewsroom(tx, url_path, kMaxAnswerAge);
  if (std::optional<PathHolder> holder = LoadPathHolder(tx, path->language_code, path->slug)) {
    if (holder->published_slug == path->slug) return {ArticleAtPath{std::move(holder->article_id)}};
    return {RedirectAtPath{.status = kMovedForGood,
                           .target = UrlPath(path->language_code, holder->published_slug),
                           .article_id = std::move(holder->article_id)}};
  }
  const absl::Duration max_age = MaxAgeOfAbsence(tx);
  if (IsGone(tx, path->language_code, path->slug)) return {GoneAtPath{}, max_age};
  return ResolveByNewsroom(tx, url_path, max_age);
}

}  // namespace masthead::articles
