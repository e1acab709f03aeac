#include "services/articles/exchange/export_stream.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "services/articles/article/article_list_store.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"
#include "services/articles/corrections/correction_store.h"
#include "services/articles/exchange/import_store.h"
#include "services/articles/exchange/native_proto.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/place_store.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"
#include "services/articles/taxonomy/taxonomy_proto.h"

namespace masthead::articles {
namespace {

using Messages = std::deque<v1::ExportArticlesResponse>;

constexpr int kPage = 1000;
constexpr int kMaxRevisions = 100'000;
constexpr int kMaxCorrections = 10'000;

// All of a kind, page by page.
template <typename Load, typename Add>
void ForEach(const Load& load, const Add& add) {
  std::string after;
  for (;;) {
    const auto page = load(after);
    for (const auto& resource : page) add(resource);
    if (page.size() < kPage) return;
    after = page.back().id;
  }
}

v1::ExportArticlesResponse RevisionMessage(const Article& article, const Revision& revision) {
  v1::ExportArticlesResponse message;
  *message.mutable_revision() = ToProto(article, revision);
  return message;
}

}  // namespace

ExportStream::ExportStream(db::Database& database, filter::Filter filter, filter::Order order,
                           std::optional<filter::Position> after, bool all_revisions)
    : database_(database),
      filter_(std::move(filter)),
      order_(std::move(order)),
      all_revisions_(all_revisions),
      position_(std::move(after)),
      catalogue_is_out_(position_.has_value()) {}

absl::StatusOr<ExportStream::Next> ExportStream::Ask(const Scope& scope) {
  while (messages_.empty()) {
    Messages messages;
    std::optional<filter::Position> position = position_;
    ASSIGN_OR_RETURN(const bool more, database_.Read(scope, [&](db::Transaction& tx) {
      messages.clear();
      position = position_;
      if (catalogue_is_out_) return LoadNextArticle(tx, messages, position);
      LoadCatalogue(tx, messages);
      return true;
    }));
    if (!more) return Next::End();
    catalogue_is_out_ = true;
    position_ = std::move(position);
    messages_ = std::move(messages);
  }
  v1::ExportArticlesResponse message = std::move(messages_.front());
  messages_.pop_front();
  return Next::Message(std::move(message));
}

void ExportStream::LoadCatalogue(db::Transaction& tx, Messages& messages) const {
  ForEach(
      [&](const std::string& after) { return LoadContributors(tx, after, kPage); },
      [&](const Contributor& contributor) { *messages.emplace_back().mutable_contributor() = ToProto(contributor); });
  std::vector<Section> sections;
  ForEach([&](const std::string& after) { return LoadSections(tx, after, kPage); },
          [&](const Section& section) { sections.push_back(section); });
  // Those above before those below: a path is longer than what it begins with.
  std::stable_sort(sections.begin(), sections.end(), [](const Section& a, const Section& b) {
    return std::count(a.path.begin(), a.path.end(), '/') < std::count(b.path.begin(), b.path.end(), '/');
  });
  for (const Section& section : sections) *messages.emplace_back().mutable_section() = ToProto(section);
  ForEach([&](const std::string& after) { return LoadTags(tx, after, kPage); },
          [&](const Tag& tag) { *messages.emplace_back().mutable_tag() = ToProto(tag); });
  for (const std::string& id : LoadMergedTagIds(tx)) {
    const std::optional<Tag> tag = LoadTag(tx, id);
    if (tag.has_value()) *messages.emplace_back().mutable_tag() = ToProto(*tag);
  }
  ForEach([&](const std::string& after) { return LoadPlaces(tx, after, kPage); },
          [&](const Place& place) { *messages.emplace_back().mutable_place() = ToProto(place); });
}

bool ExportStream::LoadNextArticle(db::Transaction& tx, Messages& messages,
                                   std::optional<filter::Position>& position) const {
  const std::vector<filter::Position> page = LoadArticlePage(tx, filter_, order_, position, 1);
  if (page.empty()) return false;
  position = page.front();
  const std::optional<Article> article = LoadArticle(tx, page.front().id);
  if (!article.has_value()) return true;  // Deleted between the two statements.

  std::set<int64_t> numbers = {article->revision};
  if (article->published_revision > 0) numbers.insert(article->published_revision);
  if (article->schedule.has_value() && article->schedule->revision > 0) numbers.insert(article->schedule->revision);
  if (all_revisions_) {
    for (const Revision& revision : LoadRevisions(tx, article->id, article->revision + 1, kMaxRevisions)) {
      numbers.insert(revision.number);
    }
  }
  for (const int64_t number : numbers) {
    const std::optional<Revision> revision = LoadRevision(tx, article->id, number);
    if (revision.has_value()) messages.push_back(RevisionMessage(*article, *revision));
  }
  for (Correction& correction : LoadCorrections(tx, article->id, Shown::kAll, std::nullopt, kMaxCorrections)) {
    std::vector<CorrectionVersion> former = LoadFormerVersions(tx, correction);
    *messages.emplace_back().mutable_correction() =
        ToProto(CorrectionHistory{.correction = std::move(correction), .former = std::move(former)});
  }
  v1::ExportedArticle& exported = *messages.emplace_back().mutable_article();
  *exported.mutable_article() = ToProto(*article);
  exported.set_version(article->version);
  for (const std::string& slug : LoadFormerSlugs(tx, article->id)) exported.add_former_slugs(slug);
  exported.set_translation_set(article->translation_set_id);
  for (const Translation& translation : article->translations) {
    if (translation.source_id == article->id) exported.add_translated_into(ArticleName(translation.article_id));
  }
  return true;
}

}  // namespace masthead::articles
