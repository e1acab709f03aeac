// The domain: what an article is. One struct serves rules and storage; article_proto.h turns it into what callers see.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/article/content.h"
#include "services/articles/article/translation.h"
#include "services/articles/article/workflow.h"

namespace masthead::articles {

struct Article {
  enum class State { kDraft, kInReview, kApproved, kScheduled, kPublished, kUnpublished, kRetracted };

  std::string id;
  std::string uid;
  std::string language_code;
  State state = State::kDraft;
  int64_t version = 1;   // Counts writes of every kind. Callers see it as the etag.
  int64_t revision = 1;  // The latest: the working copy.
  int64_t published_revision = 0;
  std::string published_slug;  // Empty before the first publication.
  std::optional<Schedule> schedule;
  std::optional<Review> review;            // Of the text since the last publication.
  std::optional<Retraction> retraction;    // While RETRACTED.
  std::optional<absl::Time> publish_time;  // The first; never changes.
  std::optional<absl::Time> content_update_time;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> delete_time;
  std::optional<absl::Time> purge_time;        // While deleted: when it is removed for good.
  bool legal_hold = false;                     // Lawyers keep it from going public.
  std::map<std::string, std::string> labels;   // For the newsroom to find it by.
  std::map<std::string, std::string> alt_ids;  // What it is called elsewhere, by scheme.
  std::string translation_set_id;              // Empty in none.
  std::string translation_of_id;               // Which of `translations` it was made from; may be one that is gone.
  std::vector<Translation> translations;       // The others of the set.
  int32_t correction_count = 0;                // Those that readers are shown.
  int32_t word_count = 0;                      // Of `content`.
  Content content;                             // Of the revision at hand: `revision`, unless said otherwise.
};

// One save of an article.
struct Revision {
  int64_t number = 0;
  std::string editor;
  absl::Time create_time;
  int32_t word_count = 0;
  Content content;
};

// Every state, in the order of an article's life.
inline constexpr Article::State kStates[] = {
    Article::State::kDraft,     Article::State::kInReview,    Article::State::kApproved, Article::State::kScheduled,
    Article::State::kPublished, Article::State::kUnpublished, Article::State::kRetracted};

// Whether the working copy is ahead of what is public, or planned to be.
bool HasUnpublishedChanges(const Article& article);

// What the article was translated from; null if that is nothing, or gone.
const Translation* TranslatedFrom(const Article& article);

// Whether readers have a later text of what the article was translated from than `content` is true to.
bool IsTranslationStale(const Article& article);

// The one spelling of a state: in the API, in the database and in errors.
absl::string_view Name(Article::State state);
std::optional<Article::State> ParseState(absl::string_view name);

std::string ArticleName(absl::string_view id);
std::string SectionName(absl::string_view id);
std::string TagName(absl::string_view id);
std::string ContributorName(absl::string_view id);
std::string PlaceName(absl::string_view id);
std::string LiveCoverageName(absl::string_view id);

// `/{language_code}/{slug}`; empty without a slug.
std::string UrlPath(absl::string_view language_code, absl::string_view slug);

}  // namespace masthead::articles
