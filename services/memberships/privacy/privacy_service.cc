#include "services/memberships/privacy/privacy_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "google/protobuf/util/json_util.h"
#include "services/memberships/errors.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/member_errors.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/privacy/erasure_store.h"
#include "services/memberships/privacy/leave_store.h"
#include "services/memberships/privacy/personal_data_store.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/support/supporter_store.h"

namespace masthead::memberships {
namespace {

constexpr int kRowsPerMessage = 500;
constexpr int kMaxFormerNames = 10'000;

// One export: the member, then kind by kind, each message a transaction of its own.
class PersonalDataStream final : public rpc::Stream<v1::ExportPersonalDataResponse> {
 public:
  using Next = rpc::Next<v1::ExportPersonalDataResponse>;

  PersonalDataStream(db::Database& database, std::vector<std::string> member_ids, v1::ExportPersonalDataResponse first)
      : database_(database), member_ids_(std::move(member_ids)), first_(std::move(first)) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override {
    if (first_) return Next::Message(*std::exchange(first_, std::nullopt));
    while (kind_ < PersonalDataKinds().size()) {
      const PersonalDataKind& kind = PersonalDataKinds()[kind_];
      ASSIGN_OR_RETURN(const std::vector<std::string> rows, database_.Read(scope, [&](db::Transaction& tx) {
        return LoadPersonalData(tx, kind, member_ids_, kRowsPerMessage, sent_);
      }));
      sent_ += static_cast<int64_t>(rows.size());
      if (rows.size() < kRowsPerMessage) {
        ++kind_;
        sent_ = 0;
      }
      if (rows.empty()) continue;
      v1::ExportPersonalDataResponse response;
      response.set_kind(kind.name);
      response.set_json(absl::StrCat("[", absl::StrJoin(rows, ","), "]"));
      return Next::Message(std::move(response));
    }
    return Next::End();
  }

 private:
  db::Database& database_;
  const std::vector<std::string> member_ids_;
  std::optional<v1::ExportPersonalDataResponse> first_;
  size_t kind_ = 0;
  int64_t sent_ = 0;  // Of this kind.
};

absl::StatusOr<v1::ExportPersonalDataResponse> AsJson(const v1::Member& member) {
  v1::ExportPersonalDataResponse response;
  response.set_kind("member");
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(member, &json).ok()) {
    return absl::InternalError("a member is no JSON");
  }
  response.set_json(absl::StrCat("[", json, "]"));
  return response;
}

}  // namespace

void PrivacyService::Register(rpc::Service& service) {
  service.ServerStream("ExportPersonalData", this, &PrivacyService::Export);
  service.Unary("EraseMember", this, &PrivacyService::Erase);
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::ExportPersonalDataResponse>>> PrivacyService::Export(
    const Call& call, const v1::ExportPersonalDataRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id));

  std::vector<std::string> ids;
  ASSIGN_OR_RETURN(const std::optional<Member> member, database_.Read(call.scope, [&](db::Transaction& tx) {
    std::optional<Member> found = ResolveMember(tx, id);
    if (found) {
      ids = LoadMergedFrom(tx, found->id, kMaxFormerNames);
      ids.push_back(found->id);
    }
    return found;
  }));
  if (!member) return MemberNotFound(id);
  ASSIGN_OR_RETURN(const v1::Member shown, answers_.ShowInFull(*member));
  ASSIGN_OR_RETURN(v1::ExportPersonalDataResponse first, AsJson(shown));
  return std::make_unique<PersonalDataStream>(database_, std::move(ids), std::move(first));
}

absl::StatusOr<v1::Member> PrivacyService::Erase(const Call& call, const v1::EraseMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id));

  return idempotency::Mutate<v1::Member>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
        const std::optional<Member> member = LockMemberInAnyState(tx, id);
        if (!member) return MemberNotFound(id);
        if (member->state == Member::State::kMerged) return NotActive(*member);
        change = {.resource = MemberName(id), .revision_before = member->revision, .revision_after = member->revision};
        if (member->state == Member::State::kErased) return ToImpersonalProto(*member);

        const absl::Time now = db::Now(tx);
        const bool had_tiers = !TiersAt(LoadOpenGrants(tx, id), now).empty();
        for (const std::string& subscription_id : LoadOpenSubscriptions(tx, id)) {
          EndAtOnce(tx, feed_, subscription_id, "ERASED", now);
        }
        QueueLeave(tx, id, now);
        const std::vector<std::string> former_ids = LoadMergedFrom(tx, id, kMaxFormerNames);
        EraseTraces(tx, id, former_ids, now);
        ForgetSupporter(tx, id);
        for (const std::string& former : former_ids) ForgetSupporter(tx, former);
        if (member->state == Member::State::kActive) CountMember(tx, id, -1);
        if (had_tiers) AnnounceEntitlements(tx, feed_, id, {});
        AnnounceMemberErased(tx, feed_, id);
        const Member erased = *LoadMember(tx, id);
        change.revision_after = erased.revision;
        return ToImpersonalProto(erased);
      });
}

}  // namespace masthead::memberships
