// The RPCs of ArticlesService that bring an article to readers and take it from them.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/publishing/review.h"

namespace masthead::articles {

class PublishingService {
 public:
  PublishingService(db::Database& database, Announcer& announcer, HouseRules rules)
      : database_(database), announcer_(announcer), rules_(rules) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Publish(const Call&, const v1::PublishArticleRequest&);
  absl::StatusOr<v1::Article> Unpublish(const Call&, const v1::UnpublishArticleRequest&);
  absl::StatusOr<v1::Article> Schedule(const Call&, const v1::ScheduleArticleRequest&);
  absl::StatusOr<v1::Article> Unschedule(const Call&, const v1::UnscheduleArticleRequest&);
  absl::StatusOr<v1::Article> Retract(const Call&, const v1::RetractArticleRequest&);
  absl::StatusOr<v1::Article> Reinstate(const Call&, const v1::ReinstateArticleRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const HouseRules rules_;
};

}  // namespace masthead::articles
