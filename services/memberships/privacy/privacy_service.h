// PrivacyService: what is held of a person, and forgetting it.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/memberships/v1/privacy_service.pb.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/member_answers.h"

namespace masthead::memberships {

class PrivacyService {
 public:
  PrivacyService(db::Database& database, events::Feed& feed, const AddressKeys& address_keys)
      : database_(database), feed_(feed), answers_(database, address_keys) {}

  // Binds ExportPersonalData and EraseMember.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::ExportPersonalDataResponse>>> Export(
      const Call& call, const v1::ExportPersonalDataRequest& request);
  absl::StatusOr<v1::Member> Erase(const Call& call, const v1::EraseMemberRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const MemberAnswers answers_;
};

}  // namespace masthead::memberships
