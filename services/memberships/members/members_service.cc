#include "services/memberships/members/members_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/memberships/errors.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {"email", "display_name", "locale", "time_zone", "labels"};

v1::Member Seen(const Member& member, const auth::Caller& caller) {
  return ToProto(member, SeesAddressOf(caller, member.id) ? EmailView::kFull : EmailView::kMasked);
}

v1::Member WithTiers(db::Transaction& tx, const Member& member, v1::Member proto) {
  if (member.state != Member::State::kActive) return proto;
  for (const std::string& tier_id : TiersAt(LoadOpenGrants(tx, member.id), db::Now(tx))) {
    proto.add_tiers(TierName(tier_id));
  }
  return proto;
}

absl::Status Taken(const auth::Caller& caller, absl::string_view existing) {
  return MemberExists(MayLookUpMembers(caller) ? existing : "");
}

std::vector<std::string> ChangedFields(const Member& before, const Member& after) {
  std::vector<std::string> changed;
  if (before.email != after.email) changed.push_back("email");
  if (before.display_name != after.display_name) changed.push_back("display_name");
  if (before.locale != after.locale) changed.push_back("locale");
  if (before.time_zone != after.time_zone) changed.push_back("time_zone");
  if (before.labels != after.labels) changed.push_back("labels");
  return changed;
}

std::vector<std::string> Keyset(const Member& member) {
  return {absl::StrCat(absl::ToUnixMicros(member.create_time)), member.id};
}

std::optional<MemberCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return MemberCursor{absl::FromUnixMicros(micros), keyset[1]};
}

}  // namespace

MembersService::MembersService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key)
    : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.members.page")) {}

void MembersService::Register(rpc::Service& service) {
  service.Unary("CreateMember", this, &MembersService::Create);
  service.Unary("GetMember", this, &MembersService::Get);
  service.Unary("LookupMember", this, &MembersService::Lookup);
  service.Unary("ListMembers", this, &MembersService::List);
  service.Unary("UpdateMember", this, &MembersService::Update);
  service.Unary("DeleteMember", this, &MembersService::Delete);
}

absl::StatusOr<v1::Member> MembersService::Create(const Call& call, const v1::CreateMemberRequest& request) {
  FieldViolations violations;
  Member wanted;
  wanted.id = ChosenOrNewId("member_id", request.member_id(), violations);
  ParseFields(request.member(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Member>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
        Member member = wanted;
        LockAddress(tx, member.email_normal);
        member.create_time = member.update_time = db::Now(tx);
        if (!InsertMember(tx, member)) {
          const std::optional<Member> same_address = LoadMemberByEmail(tx, member.email_normal);
          return Taken(*call.caller, same_address ? same_address->id : member.id);
        }
        CountMember(tx, member.id, 1);
        AnnounceMemberCreated(tx, feed_, member.id);
        change = {.resource = MemberName(member.id), .revision_before = 0, .revision_after = member.revision};
        return Seen(member, *call.caller);
      });
}

absl::StatusOr<v1::Member> MembersService::Get(const Call& call, const v1::GetMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Member> {
    const std::optional<Member> member = LoadMember(tx, id);
    if (!member) return MemberNotFound(id);
    return WithTiers(tx, *member, Seen(*member, *call.caller));
  });
}

absl::StatusOr<v1::Member> MembersService::Lookup(const Call& call, const v1::LookupMemberRequest& request) {
  FieldViolations violations;
  const EmailAddress address = CheckEmail("email", request.email(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Member> {
    const std::optional<Member> member = LoadMemberByEmail(tx, address.normal);
    if (!member) return AddressNotFound();
    return WithTiers(tx, *member, Seen(*member, *call.caller));
  });
}

absl::StatusOr<v1::ListMembersResponse> MembersService::List(const Call& call, const v1::ListMembersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Member> members, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadMembers(tx, CursorOf(after), page_size + 1);
  }));
  v1::ListMembersResponse response;
  for (const Member& member : members) {
    if (response.members_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, Keyset(members[page_size - 1])));
      break;
    }
    *response.add_members() = Seen(member, *call.caller);
  }
  return response;
}

absl::StatusOr<v1::Member> MembersService::Update(const Call& call, const v1::UpdateMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("member.name", request.member().name(), "members", violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.member(), kMutableFields, violations);
  Member wanted;
  ParseFields(request.member(), fields, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Member>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
        std::optional<Member> member = LockMember(tx, id);
        if (!member) return MemberNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.member().etag(), member->revision, MemberName(id)));
        const Member before = *member;
        FieldViolations checked_above;
        ParseFields(request.member(), fields, *member, checked_above);
        change = {.resource = MemberName(id), .revision_before = before.revision, .revision_after = before.revision};
        const std::vector<std::string> changed = ChangedFields(before, *member);
        if (changed.empty()) return Seen(*member, *call.caller);

        if (before.email_normal != member->email_normal) {
          LockAddress(tx, member->email_normal);
          const std::optional<Member> same_address = LoadMemberByEmail(tx, member->email_normal);
          if (same_address) return Taken(*call.caller, same_address->id);
        }
        member->update_time = db::Now(tx);
        SaveMember(tx, *member);
        AnnounceMemberUpdated(tx, feed_, id, changed);
        change.revision_after = member->revision;
        return Seen(*member, *call.caller);
      });
}

absl::StatusOr<v1::Member> MembersService::Delete(const Call& call, const v1::DeleteMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Member>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
        std::optional<Member> member = LockMember(tx, id);
        if (!member) return MemberNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), member->revision, MemberName(id)));
        change = {.resource = MemberName(id), .revision_before = member->revision};
        member->state = Member::State::kDeleted;
        member->delete_time = member->update_time = db::Now(tx);
        SaveMember(tx, *member);
        CountMember(tx, id, -1);
        AnnounceMemberDeleted(tx, feed_, id);
        change.revision_after = member->revision;
        return Seen(*member, *call.caller);
      });
}

}  // namespace masthead::memberships
