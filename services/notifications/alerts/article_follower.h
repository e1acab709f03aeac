// Makes an alert of every article that is published for the first time, and notices of what is corrected or retracted.
// What these say is asked of articles before the transaction; the transaction only writes: inbox, cursor, message,
// fan-out and our own event together.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/db/database.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/events_service.grpc.pb.h"
#include "masthead/articles/v1/taxonomy_service.grpc.pb.h"
#include "services/notifications/alerts/alert.h"
#include "services/notifications/alerts/alert_source.h"
#include "services/notifications/alerts/notices.h"

namespace masthead::notifications {

struct ArticleFollowerOptions {
  std::string site_url;  // Before an article's path: `https://news.example`.
  // Whether breaking news whose last reply was lost is sent again (AT_LEAST_ONCE); other alerts never are.
  bool repeat_uncertain_breaking_news = false;
};

class ArticleFollower {
 public:
  // `feed` and `made` (rung after a message was made) outlive this.
  ArticleFollower(std::shared_ptr<grpc::Channel> articles, events::Feed& feed, rpc::Bell& made,
                  ArticleFollowerOptions options);

  const AlertSource& source() const { return source_; }

  // For events::Consumer; one thread at a time. This outlives the consumer.
  events::ConsumerOptions Options();

 private:
  absl::Status Prepare(const Scope& scope, const events::SourceBatch& batch);
  absl::Status AskForContent(const Scope& scope, const std::vector<std::string>& articles);
  absl::StatusOr<bool> IsDesk(const Scope& scope, const std::string& contributor);
  absl::Status Apply(db::Transaction& tx, const events::Record& event);

  const std::unique_ptr<articles::v1::EventsService::Stub> events_;
  const std::unique_ptr<articles::v1::TaxonomyService::Stub> taxonomy_;
  events::Feed& feed_;
  rpc::Bell& made_;
  const ArticleFollowerOptions options_;
  const AlertSource source_;
  Notices notices_;
  // What may be said about the current batch's articles. One that was withdrawn in the meantime is missing: nobody is
  // told of it.
  std::map<std::string, PublishedArticle> contents_;
  std::map<std::string, bool> desks_;  // A contributor's kind never changes.
};

}  // namespace masthead::notifications
