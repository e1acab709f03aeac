// Tells those who were told a story that it was corrected or retracted.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "common/db/database.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"
#include "grpcpp/channel.h"
#include "masthead/articles/v1/corrections_service.grpc.pb.h"

namespace masthead::notifications {

// Part of what follows articles: used as its consumer uses it.
class Notices {
 public:
  // `feed` and `made` (rung after a message was made) outlive this. `site_url` stands before articles' paths.
  Notices(const std::shared_ptr<grpc::Channel>& articles, events::Feed& feed, rpc::Bell& made, std::string site_url);

  // Asks what the batch's corrections say.
  absl::Status Prepare(const Scope& scope, const events::SourceBatch& batch);

  // Makes the notice that follows from `event`, if one does. A retraction stops the alerts about the article.
  absl::Status Apply(db::Transaction& tx, const events::Record& event);

 private:
  const std::unique_ptr<articles::v1::CorrectionsService::Stub> corrections_;
  events::Feed& feed_;
  rpc::Bell& made_;
  const std::string site_url_;
  std::map<std::string, std::string> texts_;  // Of the batch's corrections that stand, by name.
};

}  // namespace masthead::notifications
