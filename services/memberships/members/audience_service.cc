#include "services/memberships/members/audience_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/paging/page_token.h"
#include "services/memberships/members/audience_store.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxBatchGet = 1000;

absl::StatusOr<v1::AudienceMember> Opened(const AddressKeys& address_keys, AudienceEntry entry) {
  RETURN_IF_ERROR(address_keys.Open(entry.member));
  return ToProto(entry);
}

// One export. Each batch is a transaction of its own, so that no snapshot is held while a client reads slowly. What
// changes in the meantime is told by the feed after `cursor_`, which is taken before the first batch.
class AudienceStream final : public rpc::Stream<v1::ExportAudienceResponse> {
 public:
  using Next = rpc::Next<v1::ExportAudienceResponse>;

  AudienceStream(db::Database& database, const AddressKeys& address_keys, std::string cursor, int batch_size)
      : database_(database), address_keys_(address_keys), cursor_(std::move(cursor)), batch_size_(batch_size) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override {
    if (ended_) return Next::End();
    ASSIGN_OR_RETURN(const std::vector<AudienceEntry> audience,
                     database_.Read(scope, [&](db::Transaction& tx) { return LoadAudience(tx, after_, batch_size_); }));
    v1::ExportAudienceResponse response;
    for (const AudienceEntry& entry : audience) {
      ASSIGN_OR_RETURN(*response.add_members(), Opened(address_keys_, entry));
    }
    if (audience.empty()) {
      ended_ = true;
      response.set_cursor(cursor_);
    } else {
      after_ = audience.back().member.id;
    }
    return Next::Message(std::move(response));
  }

 private:
  db::Database& database_;
  const AddressKeys& address_keys_;
  const std::string cursor_;
  const int batch_size_;
  std::string after_;
  bool ended_ = false;
};

}  // namespace

void AudienceService::Register(rpc::Service& service) {
  service.ServerStream("ExportAudience", this, &AudienceService::Export);
  service.Unary("BatchGetAudienceMembers", this, &AudienceService::BatchGet);
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::ExportAudienceResponse>>> AudienceService::Export(
    const Call& call, const v1::ExportAudienceRequest& request) {
  ASSIGN_OR_RETURN(const int batch_size, paging::PageSize(request.max_batch_size(), 500, 1000));
  ASSIGN_OR_RETURN(std::string cursor, feed_.Head(call.scope));
  return std::make_unique<AudienceStream>(database_, address_keys_, std::move(cursor), batch_size);
}

absl::StatusOr<v1::BatchGetAudienceMembersResponse> AudienceService::BatchGet(
    const Call& call, const v1::BatchGetAudienceMembersRequest& request) {
  FieldViolations violations;
  if (request.names().empty() || request.names_size() > kMaxBatchGet) {
    violations.Add("names", absl::StrCat("must have 1 to ", kMaxBatchGet, " entries"));
    return violations.ToStatus();
  }
  std::vector<std::string> member_ids;
  for (int i = 0; i < request.names_size(); ++i) {
    member_ids.push_back(IdIn(absl::StrCat("names[", i, "]"), request.names(i), "members", violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(const std::vector<AudienceEntry> audience,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadAudienceOf(tx, member_ids); }));
  v1::BatchGetAudienceMembersResponse response;
  for (const AudienceEntry& entry : audience) {
    ASSIGN_OR_RETURN(*response.add_members(), Opened(address_keys_, entry));
  }
  return response;
}

}  // namespace masthead::memberships
