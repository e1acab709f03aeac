#include "services/articles/article/article.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"

namespace masthead::articles {

absl::string_view Name(Article::State state) {
  switch (state) {
    case Article::State::kDraft:
      return "DRAFT";
    case Article::State::kInReview:
      return "IN_REVIEW";
    case Article::State::kApproved:
      return "APPROVED";
    case Article::State::kScheduled:
      return "SCHEDULED";
    case Article::State::kPublished:
      return "PUBLISHED";
    case Article::State::kUnpublished:
      return "UNPUBLISHED";
    case Article::State::kRetracted:
      return "RETRACTED";
  }
  return "";
}

std::optional<Article::State> ParseState(absl::string_view name) {
  for (const Article::State state : kStates) {
    if (name == Name(state)) return state;
  }
  return std::nullopt;
}

bool HasUnpublishedChanges(const Article& article) {
  if (article.state == Article::State::kScheduled) {
    return !article.schedule->follow_latest() && article.revision != article.schedule->revision;
  }
  return article.published_revision > 0 && article.revision != article.published_revision;
}

const Translation* TranslatedFrom(const Article& article) {
  const auto found = absl::c_find_if(
      article.translations, [&](const Translation& other) { return other.article_id == article.translation_of_id; });
  return found == article.translations.end() ? nullptr : &*found;
}

bool IsTranslationStale(const Article& article) {
  const Translation* source = TranslatedFrom(article);
  return source != nullptr && source->published_revision > article.content.source_revision;
}

std::string ArticleName(absl::string_view id) { return absl::StrCat("articles/", id); }
std::string SectionName(absl::string_view id) { return absl::StrCat("sections/", id); }
std::string TagName(absl::string_view id) { return absl::StrCat("tags/", id); }
std::string ContributorName(absl::string_view id) { return absl::StrCat("contributors/", id); }
std::string PlaceName(absl::string_view id) { return absl::StrCat("places/", id); }
std::string LiveCoverageName(absl::string_view id) { return absl::StrCat("liveCoverages/", id); }

std::string UrlPath(absl::string_view language_code, absl::string_view slug) {
  return slug.empty() ? "" : absl::StrCat("/", language_code, "/", slug);
}

}  // namespace masthead::articles
