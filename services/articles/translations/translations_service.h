// The RPCs of ArticlesService that make articles translations of one another.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/article.pb.h"
#include "masthead/articles/v1/article_translation.pb.h"
#include "services/articles/announcing/announcer.h"

namespace masthead::articles {

class TranslationsService {
 public:
  TranslationsService(db::Database& database, Announcer& announcer) : database_(database), announcer_(announcer) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Create(const Call&, const v1::CreateTranslationRequest&);
  absl::StatusOr<v1::Article> Link(const Call&, const v1::LinkTranslationRequest&);
  absl::StatusOr<v1::Article> Unlink(const Call&, const v1::UnlinkTranslationRequest&);

  db::Database& database_;
  Announcer& announcer_;
};

}  // namespace masthead::articles
