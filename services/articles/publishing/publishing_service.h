// The RPCs of ArticlesService that move an article from state to state.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "services/articles/announcing/announcer.h"

namespace masthead::articles {

class PublishingService {
 public:
  PublishingService(db::Database& database, Announcer& announcer) : database_(database), announcer_(announcer) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Publish(const Call&, const v1::PublishArticleRequest&);
  absl::StatusOr<v1::Article> Unpublish(const Call&, const v1::UnpublishArticleRequest&);
  absl::StatusOr<v1::Article> Schedule(const Call&, const v1::ScheduleArticleRequest&);
  absl::StatusOr<v1::Article> Unschedule(const Call&, const v1::UnscheduleArticleRequest&);

  db::Database& database_;
  Announcer& announcer_;
};

}  // namespace masthead::articles
