// The RPCs of ExchangeService.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/exchange_service.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

class ExchangeService {
 public:
  ExchangeService(db::Database& database, Announcer& announcer, const HouseRules& rules);

  const rpc::Service& service() const { return service_; }

 private:
  using ImportStream = rpc::Dialogue<v1::ImportArticlesRequest, v1::ImportArticlesResponse>;
  using ExportedStream = rpc::Stream<v1::ExportArticlesResponse>;

  absl::StatusOr<std::unique_ptr<ImportStream>> Import(const rpc::Call&);
  absl::StatusOr<std::unique_ptr<ExportedStream>> Export(const rpc::Call&, const v1::ExportArticlesRequest&);

  db::Database& database_;
  Announcer& announcer_;
  const HouseRules rules_;
  rpc::Service service_;
};

}  // namespace masthead::articles
