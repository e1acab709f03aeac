// MembersService: what members agree to be told.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "services/memberships/events/announcer.h"

namespace masthead::memberships {

class ConsentsService {
 public:
  ConsentsService(db::Database& database, Announcer& announcer) : database_(database), announcer_(announcer) {}

  // Binds SetConsent and ListConsents.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Consent> Set(const Call& call, const v1::SetConsentRequest& request);
  absl::StatusOr<v1::ListConsentsResponse> List(const Call& call, const v1::ListConsentsRequest& request);

  db::Database& database_;
  Announcer& announcer_;
};

}  // namespace masthead::memberships
