#include "services/notifications/alerts/notices.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "masthead/articles/v1/events.pb.h"
#include "services/notifications/alerts/notice.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/issues/issue_store.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/digest_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kCallPatience = absl::Seconds(10);
// Longer than a window that is on its way: who is being told just now has been told then.
constexpr absl::Duration kSettleTime = absl::Minutes(2);

// The correction that an event tells readers of: something was wrong. One that was withdrawn is told to nobody.
std::optional<articles::v1::ArticleCorrected> ToldCorrection(const events::Record& event) {
  articles::v1::Event proto;
  if (event.type != "article.corrected" || !proto.ParseFromString(event.payload)) return std::nullopt;
  const articles::v1::ArticleCorrected& corrected = proto.article_corrected();
  if (corrected.withdrawn() || corrected.kind() != articles::v1::Correction::CORRECTION) return std::nullopt;
  return corrected;
}

std::optional<Change> RetractionOf(const events::Record& event) {
  articles::v1::Event proto;
  if (event.type != "article.retracted" || !proto.ParseFromString(event.payload)) return std::nullopt;
  const std::string& article = proto.article_retracted().facts().article();
  return Change{.kind = Change::Kind::kRetraction,
                .article = article,
                .key = absl::StrCat(article, "/retractions/", event.revision),
                .text = "",
                .time = event.time};
}

// How the story was told: by an alert, or among the articles of a newsletter.
AlertText StoryOf(db::Transaction& tx, const Change& change, const std::vector<Message>& told,
                  const std::string& site_url) {
  for (const Message& message : told) {
    if (message.alert.article == change.article) return message.alert;
  }
  for (const Message& message : told) {
    for (const articles::v1::NewsletterContent& article : ArticlesFromBytes(LoadIssue(tx, message.number))) {
      if (article.article() != change.article) continue;
      AlertText story = message.alert;
      story.headline = article.headline();
      story.url = absl::StrCat(site_url, article.url_path());
      story.language_code = article.language_code();
      return story;
    }
  }
  return {};
}

}  // namespace

Notices::Notices(const std::shared_ptr<grpc::Channel>& articles, events::Feed& feed, rpc::Bell& made,
                 std::string site_url)
    : corrections_(articles::v1::CorrectionsService::NewStub(articles)),
      feed_(feed),
      made_(made),
      site_url_(std::move(site_url)) {}

absl::Status Notices::Prepare(const Scope& scope, const events::SourceBatch& batch) {
  texts_.clear();
  for (const events::Record& event : batch.records) {
    const std::optional<articles::v1::ArticleCorrected> corrected = ToldCorrection(event);
    if (!corrected || texts_.contains(corrected->correction())) continue;
    articles::v1::GetCorrectionRequest request;
    request.set_name(corrected->correction());
    articles::v1::Correction correction;
    grpc::ClientContext context;
    rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
    const absl::Status asked = rpc::FromGrpcStatus(corrections_->GetCorrection(&context, request, &correction));
    if (absl::IsNotFound(asked)) continue;  // Gone with its article.
    RETURN_IF_ERROR(asked);
    if (!correction.has_withdraw_time()) texts_[corrected->correction()] = correction.text().text();
  }
  return absl::OkStatus();
}

absl::Status Notices::Apply(db::Transaction& tx, const events::Record& event) {
  std::optional<Change> change = RetractionOf(event);
  if (const auto corrected = ToldCorrection(event); corrected) {
    const auto text = texts_.find(corrected->correction());
    if (text == texts_.end()) return absl::OkStatus();
    change = Change{.kind = Change::Kind::kCorrection,
                    .article = corrected->facts().article(),
                    .key = corrected->correction(),
                    .text = text->second,
                    .time = event.time};
  }
  if (!change) return absl::OkStatus();
  const std::vector<Message> told = LoadMessagesThatTold(tx, change->article);
  bool settled = true;
  for (const Message& message : told) {
    if (HasEnded(message) && message.counts.pending() == 0) continue;
    settled = false;
    if (change->kind != Change::Kind::kRetraction || message.source != "ALERT") continue;
    const std::optional<Message> living = LockMessage(tx, message.id);
    if (HasEnded(*living)) continue;
    CancelMessage(tx, *living);
    AnnounceMessageEnded(tx, feed_, *LoadMessage(tx, message.id));
  }
  if (told.empty()) return absl::OkStatus();
  if (change->kind == Change::Kind::kRetraction) {
    std::vector<int64_t> numbers;
    for (const Message& message : told) numbers.push_back(message.number);
    RemoveFromDigests(tx, numbers);
  }

  Message notice = MakeNotice(*change, told, StoryOf(tx, *change, told, site_url_));
  const std::vector<Topic> topics = LoadLivingTopics(tx, notice.topics);
  notice.id = ids::NewUuid();
  notice.create_time = db::Now(tx);
  if (topics.empty() || notice.expire_time <= notice.create_time) return absl::OkStatus();
  ASSIGN_OR_RETURN(notice.template_revision, NewestRevision(tx, notice.template_id));
  if (!InsertMessage(tx, notice, topics, settled ? absl::InfinitePast() : notice.create_time + kSettleTime)) {
    return absl::OkStatus();
  }
  InsertAudience(tx, notice.number, AudienceOfNotice(*change));
  AnnounceMessageCreated(tx, feed_, notice);
  tx.AfterCommit([this] { made_.Ring(); });
  failpoint::Hit("notifications.notice.made");
  return absl::OkStatus();
}

}  // namespace masthead::notifications
