#include "services/articles/exchange/native_proto.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/articles/article/article_fields_proto.h"
#include "services/articles/article/article_rules.h"
#include "services/articles/article/block_proto.h"
#include "services/articles/article/content_rules.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/slug.h"
#include "services/articles/article/spelling_proto.h"
#include "services/articles/article/words.h"
#include "services/articles/corrections/correction_proto.h"

namespace masthead::articles {
namespace {

using google::protobuf::Timestamp;

// Parses the parts of an archived article; what is wrong adds violations.
class Parser {
 public:
  Article ParseArticle(const v1::Article& proto, int64_t version) {
    Article article;
    article.id = ParseId("article.name", proto.name(), "articles/*", violations_);
    article.uid = proto.uid();
    article.language_code = proto.language_code();
    CheckLanguage("article.language_code", article.language_code, violations_);
    article.version = AtLeastOne("version", version);
    ParseFields(proto, MutableSet(), article, violations_);
    CheckWritten(article, violations_);
    article.state = ParseState(v1::Article::State_Name(proto.state())).value_or(Article::State::kDraft);
    article.revision = AtLeastOne("article.revision", proto.revision());
    article.published_revision = proto.published_revision();
    article.publish_time = Optional("article.publish_time", proto.has_publish_time(), proto.publish_time());
    article.content_update_time =
        Optional("article.content_update_time", proto.has_content_update_time(), proto.content_update_time());
    article.create_time = Time("article.create_time", proto.create_time());
    article.update_time = Time("article.update_time", proto.update_time());
    if (proto.has_schedule()) article.schedule = ParseSchedule(proto.schedule());
    if (proto.has_review()) article.review = ParseReview(proto.review());
    if (proto.has_retraction()) {
      article.retraction = Retraction{.notice = proto.retraction().notice(),
                                      .retract_time = Time("article.retraction", proto.retraction().retract_time()),
                                      .retracted_by = proto.retraction().retracted_by()};
    }
    article.correction_count = proto.correction_count();
    article.word_count = CountWords(article.content);
    return article;
  }

  Revision ParseRevision(const v1::ArticleRevision& proto, const std::string& article_id) {
    Revision revision;
    const auto ids = resource::ParseName(proto.snapshot().name(), "articles/*");
    if (!ids.has_value() || ids->front() != article_id)
      violations_.Add("revision.snapshot.name", "is of another article");
    revision.number = AtLeastOne("revision.snapshot.revision", proto.snapshot().revision());
    revision.editor = proto.editor();
    revision.create_time = Time("revision.create_time", proto.create_time());
    Article snapshot;
    ParseFields(proto.snapshot(), MutableSet(), snapshot, violations_);
    CheckWritten(snapshot, violations_);
    revision.content = std::move(snapshot.content);
    revision.word_count = CountWords(revision.content);
    return revision;
  }

  CorrectionHistory ParseCorrection(const v1::Correction& proto, const std::string& article_id) {
    CorrectionHistory history;
    Correction& correction = history.correction;
    const auto ids = resource::ParseName(proto.name(), "articles/*/corrections/*");
    if (!ids.has_value() || ids->front() != article_id) {
      violations_.Add("correction.name", "is of another article");
      return history;
    }
    correction.article_id = article_id;
    correction.id = ids->back();
    correction.said = ParseText(proto.kind(), proto.text(), proto.placement());
    correction.article_revision = proto.article_revision();
    correction.create_time = Time("correction.create_time", proto.create_time());
    correction.update_time = Time("correction.update_time", proto.update_time());
    correction.withdraw_time = Optional("correction.withdraw_time", proto.has_withdraw_time(), proto.withdraw_time());
    correction.withdrawal_reason = proto.withdrawal_reason();
    for (const v1::CorrectionVersion& version : proto.history()) {
      history.former.push_back({.said = ParseText(version.kind(), version.text(), version.placement()),
                                .create_time = Time("correction.history.create_time", version.create_time())});
    }
    correction.version = static_cast<int64_t>(history.former.size()) + 1;
    return history;
  }

  void ParseTranslations(const v1::ExportedArticle& proto, ArchivedArticle& archived) {
    if (proto.translation_set().empty()) return;
    if (!ids::IsUuid(proto.translation_set())) violations_.Add("translation_set", "is no UUID");
    archived.article.translation_set_id = proto.translation_set();
    if (!proto.article().translation_of().empty()) {
      archived.article.translation_of_id =
          ParseId("article.translation_of", proto.article().translation_of(), "articles/*", violations_);
    }
    for (const std::string& name : proto.translated_into()) {
      archived.translated_into.push_back(ParseId("translated_into", name, "articles/*", violations_));
    }
  }

  FieldViolations& violations() { return violations_; }

 private:
  static std::set<std::string> MutableSet() {
    std::set<std::string> fields;
    for (absl::string_view field : MutableFields()) fields.emplace(field);
    return fields;
  }

  int64_t AtLeastOne(absl::string_view field, int64_t number) {
    if (number < 1) violations_.Add(field, "is not positive");
    return number;
  }

  absl::Time Time(absl::string_view field, const Timestamp& time) {
    return resource::ParseTimestamp(field, time, violations_);
  }
  std::optional<absl::Time> Optional(absl::string_view field, bool has, const Timestamp& time) {
    return has ? std::optional(Time(field, time)) : std::nullopt;
  }

  Schedule ParseSchedule(const v1::Schedule& proto) {
    return {.publish_time = Time("article.schedule.publish_time", proto.publish_time()),
            .unpublish_time =
                Optional("article.schedule.unpublish_time", proto.has_unpublish_time(), proto.unpublish_time()),
            .time_zone = proto.time_zone(),
            .local_publish_time = proto.local_publish_time(),
            .local_time_repeats = proto.local_time_repeats(),
            .local_unpublish_time = proto.local_unpublish_time(),
            .local_unpublish_time_repeats = proto.local_unpublish_time_repeats(),
            .revision = proto.revision(),
            .substantive = proto.substantive(),
            .due_time = Optional("article.schedule.due_time", proto.has_due_time(), proto.due_time())};
  }

  Review ParseReview(const v1::Review& proto) {
    return {.requested_by = proto.requested_by(),
            .assignee = proto.assignee(),
            .revision = proto.revision(),
            .decision = ParseEnum<Review::Decision>("article.review.decision", proto.decision(), violations_)
                            .value_or(Review::Decision::kNone),
            .decided_by = proto.decided_by(),
            .comment = proto.comment(),
            .update_time = Time("article.review.update_time", proto.update_time())};
  }

  CorrectionText ParseText(v1::Correction::Kind kind, const v1::RichText& text, v1::Correction::Placement placement) {
    CorrectionText said;
    v1::Correction proto;
    proto.set_kind(kind);
    *proto.mutable_text() = text;
    proto.set_placement(placement);
    ParseCorrectionText(proto, {"kind", "text", "placement"}, said, violations_);
    CheckCorrectionText(said, violations_);
    return said;
  }

  FieldViolations violations_;
};

bool HasRevision(const ArchivedArticle& archived, int64_t number) {
  for (const Revision& revision : archived.revisions) {
    if (revision.number == number) return true;
  }
  return false;
}

}  // namespace

v1::Correction ToProto(const CorrectionHistory& history) {
  v1::Correction proto = ToProto(history.correction, history.former);
  *proto.mutable_text() = ToProto(history.correction.said.text);
  return proto;
}

absl::StatusOr<ArchivedArticle> ParseArchived(const v1::ExportedArticle& exported,
                                              const std::vector<v1::ArticleRevision>& revisions,
                                              const std::vector<v1::Correction>& corrections) {
  Parser parser;
  ArchivedArticle archived;
  Article& article = archived.article;
  article = parser.ParseArticle(exported.article(), exported.version());
  for (const v1::ArticleRevision& revision : revisions) {
    archived.revisions.push_back(parser.ParseRevision(revision, article.id));
  }
  for (const v1::Correction& correction : corrections) {
    archived.corrections.push_back(parser.ParseCorrection(correction, article.id));
  }
  for (const std::string& slug : exported.former_slugs()) {
    if (!IsSlug(slug)) parser.violations().Add("former_slugs", kSlugSyntax);
    archived.former_slugs.push_back(slug);
  }
  parser.ParseTranslations(exported, archived);
  const bool was_public = article.state == Article::State::kPublished ||
                          article.state == Article::State::kUnpublished || article.state == Article::State::kRetracted;
  const bool is_whole = HasRevision(archived, article.revision) &&
                        (article.published_revision == 0 || HasRevision(archived, article.published_revision)) &&
                        (!was_public || (article.published_revision > 0 && article.publish_time.has_value())) &&
                        (article.state == Article::State::kRetracted) == article.retraction.has_value() &&
                        (article.state != Article::State::kScheduled || article.schedule.has_value());
  if (!is_whole) parser.violations().Add("article", "lacks a revision, or a part that its state needs");
  RETURN_IF_ERROR(parser.violations().ToStatus());
  return archived;
}

}  // namespace masthead::articles
