#include "services/notifications/alerts/article_follower.h"

#include <algorithm>
#include <vector>

#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "common/telemetry/log.h"
#include "masthead/articles/v1/events.pb.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr size_t kArticlesPerCall = 100;
constexpr size_t kMaxKnownContributors = 10000;
constexpr absl::Duration kCallPatience = absl::Seconds(10);

// The facts, if the event makes an alert.
std::optional<articles::v1::ArticleFacts> FirstPublication(const events::Record& event) {
  if (event.type != "article.published") return std::nullopt;
  articles::v1::Event proto;
  if (!proto.ParseFromString(event.payload)) return std::nullopt;
  const articles::v1::ArticlePublished& published = proto.article_published();
  if (!published.first_publication() || published.imported()) return std::nullopt;  // An archive is no news.
  return published.facts();
}

std::string IdOf(absl::string_view name, absl::string_view collection) {
  return absl::ConsumePrefix(&name, collection) ? std::string(name) : "";
}

}  // namespace

ArticleFollower::ArticleFollower(std::shared_ptr<grpc::Channel> articles, events::Feed& feed, rpc::Bell& made,
                                 ArticleFollowerOptions options)
    : events_(articles::v1::EventsService::NewStub(articles)),
      taxonomy_(articles::v1::TaxonomyService::NewStub(articles)),
      feed_(feed),
      made_(made),
      options_(std::move(options)),
      source_(articles, options_.site_url),
      notices_(articles, feed, made, options_.site_url) {}

events::ConsumerOptions ArticleFollower::Options() {
  // No rebuild: after OUT_OF_RANGE the feed is read from its beginning, and what made a message already is dropped by
  // its key.
  return {
      .source = "articles",
      .open = [this](grpc::ClientContext& context, const std::string& cursor) -> std::unique_ptr<events::SourceStream> {
        articles::v1::WatchEventsRequest request;
        request.set_after_cursor(cursor);
        return std::make_unique<events::ReaderStream<articles::v1::WatchEventsResponse>>(
            events_->WatchEvents(&context, request));
      },
      .apply = [this](db::Transaction& tx, const events::Record& event) { return Apply(tx, event); },
      .prepare = [this](const Scope& scope, const events::SourceBatch& batch) { return Prepare(scope, batch); }};
}

absl::Status ArticleFollower::Prepare(const Scope& scope, const events::SourceBatch& batch) {
  contents_.clear();
  if (desks_.size() > kMaxKnownContributors) desks_.clear();
  std::map<std::string, bool> breaking;
  std::vector<std::string> articles;
  for (const events::Record& event : batch.records) {
    const std::optional<articles::v1::ArticleFacts> facts = FirstPublication(event);
    if (facts && breaking.emplace(facts->article(), facts->breaking()).second) articles.push_back(facts->article());
  }
  for (size_t start = 0; start < articles.size(); start += kArticlesPerCall) {
    const auto first = articles.begin() + static_cast<ptrdiff_t>(start);
    const auto last = articles.begin() + static_cast<ptrdiff_t>(std::min(start + kArticlesPerCall, articles.size()));
    RETURN_IF_ERROR(AskForContent(scope, {first, last}));
  }
  for (auto& [article, content] : contents_) content.breaking = breaking[article];
  return notices_.Prepare(scope, batch);
}

absl::Status ArticleFollower::AskForContent(const Scope& scope, const std::vector<std::string>& articles) {
  ASSIGN_OR_RETURN(const std::vector<articles::v1::AlertContent> contents, source_.Ask(scope, articles));
  for (const articles::v1::AlertContent& content : contents) {
    PublishedArticle& article = contents_[content.article()];
    article.text = source_.TextOf(content);
    article.section_id = IdOf(content.section(), "sections/");
    for (const std::string& section : content.additional_sections()) {
      article.additional_section_ids.push_back(IdOf(section, "sections/"));
    }
    for (const std::string& contributor : content.contributors()) {
      ASSIGN_OR_RETURN(const bool desk, IsDesk(scope, contributor));
      if (desk) article.desk_ids.push_back(IdOf(contributor, "contributors/"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ArticleFollower::IsDesk(const Scope& scope, const std::string& contributor) {
  const auto known = desks_.find(contributor);
  if (known != desks_.end()) return known->second;
  articles::v1::GetContributorRequest request;
  request.set_name(contributor);
  articles::v1::Contributor response;
  grpc::ClientContext context;
  rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
  RETURN_IF_ERROR(rpc::FromGrpcStatus(taxonomy_->GetContributor(&context, request, &response)));
  const bool desk = response.kind() == articles::v1::Contributor::DESK;
  desks_[contributor] = desk;
  return desk;
}

absl::Status ArticleFollower::Apply(db::Transaction& tx, const events::Record& event) {
  const std::optional<articles::v1::ArticleFacts> facts = FirstPublication(event);
  if (!facts) return notices_.Apply(tx, event);
  const auto found = contents_.find(facts->article());
  if (found == contents_.end()) {
    telemetry::Info("no alert: the article is not public any more", {{"article", facts->article()}});
    return absl::OkStatus();
  }
  const std::vector<std::string> wanted = TopicsOf(found->second);
  InsertTopicsFirstSeen(tx, wanted);
  const std::vector<Topic> topics = LoadLivingTopics(tx, wanted);
  if (topics.empty()) return absl::OkStatus();

  Message message = MakeAlert(found->second, topics, event.time);
  message.id = ids::NewUuid();
  message.create_time = db::Now(tx);
  if (options_.repeat_uncertain_breaking_news && found->second.breaking) message.duplicate_policy = "AT_LEAST_ONCE";
  if (message.expire_time <= message.create_time) {
    telemetry::Info("no alert: the publication is older than alerts may be", {{"article", facts->article()}});
    return absl::OkStatus();
  }
  if (!InsertMessage(tx, message, topics)) return absl::OkStatus();
  AnnounceMessageCreated(tx, feed_, message);
  tx.AfterCommit([this] { made_.Ring(); });
  failpoint::Hit("notifications.message.made");
  return absl::OkStatus();
}

}  // namespace masthead::notifications
