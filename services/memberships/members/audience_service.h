// MembersService: the audience, for the service that tells it news.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "services/memberships/members/address_keys.h"

namespace masthead::memberships {

class AudienceService {
 public:
  AudienceService(db::Database& database, events::Feed& feed, const AddressKeys& address_keys)
      : database_(database), feed_(feed), address_keys_(address_keys) {}

  // Binds ExportAudience and BatchGetAudienceMembers.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::ExportAudienceResponse>>> Export(
      const Call& call, const v1::ExportAudienceRequest& request);
  absl::StatusOr<v1::BatchGetAudienceMembersResponse> BatchGet(const Call& call,
                                                               const v1::BatchGetAudienceMembersRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const AddressKeys& address_keys_;
};

}  // namespace masthead::memberships
