#include "services/memberships/members/members_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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
#include "services/memberships/members/member_errors.h"
#include "services/memberships/members/member_list_store.h"
#include "services/memberships/members/member_proto.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxMergedFrom = 100;

constexpr absl::string_view kMutableFields[] = {"email",  "display_name", "locale",       "time_zone",
                                                "labels", "note",         "custom_fields"};

absl::Status Taken(const auth::Caller& caller, absl::string_view existing) {
  return MemberExists(MayLookUpMembers(caller) ? existing : "");
}

// Until `tx` ends nobody else has the member's address, or MEMBER_EXISTS.
absl::Status TakeAddress(db::Transaction& tx, const rpc::Call& call, const Member& member) {
  LockAddress(tx, member.sealed.address_index);
  if (IsErasedAddress(tx, member.sealed.address_index)) return ErasedAddress();
  const std::optional<Member> same_address = LoadMemberByAddress(tx, member.sealed.address_index);
  return same_address ? Taken(*call.caller, same_address->id) : absl::OkStatus();
}

std::vector<std::string> ChangedFields(const Member& before, const Member& after) {
  std::vector<std::string> changed;
  if (before.email != after.email) changed.push_back("email");
  if (before.display_name != after.display_name) changed.push_back("display_name");
  if (before.locale != after.locale) changed.push_back("locale");
  if (before.time_zone != after.time_zone) changed.push_back("time_zone");
  if (before.labels != after.labels) changed.push_back("labels");
  if (before.note != after.note) changed.push_back("note");
  if (before.custom_fields != after.custom_fields) changed.push_back("custom_fields");
  return changed;
}

}  // namespace

MembersService::MembersService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                               const AddressKeys& address_keys)
    : database_(database),
      feed_(feed),
      address_keys_(address_keys),
      answers_(database, address_keys),
      page_tokens_(mac_key.Derive("memberships.members.page")) {}

void MembersService::Register(rpc::Service& service) {
  service.Unary("CreateMember", this, &MembersService::Create);
  service.Unary("GetMember", this, &MembersService::Get);
  service.Unary("LookupMember", this, &MembersService::Lookup);
  service.Unary("ListMembers", this, &MembersService::List);
  service.Unary("UpdateMember", this, &MembersService::Update);
  service.Unary("DeleteMember", this, &MembersService::Delete);
  service.Unary("UndeleteMember", this, &MembersService::Undelete);
}

absl::StatusOr<v1::Member> MembersService::WithTiers(db::Transaction& tx, const Call& call,
                                                     const Member& member) const {
  ASSIGN_OR_RETURN(v1::Member proto, answers_.Show(call, member));
  if (member.state != Member::State::kActive) return proto;
  for (const std::string& tier_id : TiersAt(LoadOpenGrants(tx, member.id), db::Now(tx))) {
    proto.add_tiers(TierName(tier_id));
  }
  return proto;
}

absl::StatusOr<v1::Member> MembersService::Create(const Call& call, const v1::CreateMemberRequest& request) {
  FieldViolations violations;
  Member wanted;
  wanted.id = ChosenOrNewId("member_id", request.member_id(), violations);
  ParseFields(request.member(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  address_keys_.Seal(wanted);

  return answers_.Complete(call,
                           idempotency::Mutate<v1::Member>(
                               database_, call, request,
                               [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
                                 Member member = wanted;
                                 const std::string& address = member.sealed.address_index;
                                 LockAddress(tx, address);
                                 if (IsErasedAddress(tx, address)) return ErasedAddress();
                                 member.create_time = member.update_time = db::Now(tx);
                                 if (!InsertMember(tx, member)) {
                                   const std::optional<Member> same_address = LoadMemberByAddress(tx, address);
                                   return Taken(*call.caller, same_address ? same_address->id : member.id);
                                 }
                                 CountMember(tx, member.id, 1);
                                 AnnounceMemberCreated(tx, feed_, member.id);
                                 change = {.resource = MemberName(member.id), .revision_after = member.revision};
                                 return ToImpersonalProto(member);
                               }));
}

absl::StatusOr<v1::Member> MembersService::Get(const Call& call, const v1::GetMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Member> {
    const std::optional<Member> member = ResolveMember(tx, id);
    if (!member) return MemberNotFound(id);
    ASSIGN_OR_RETURN(v1::Member proto, WithTiers(tx, call, *member));
    for (const std::string& former : LoadMergedFrom(tx, member->id, kMaxMergedFrom)) {
      proto.add_merged_from(MemberName(former));
    }
    return proto;
  });
}

absl::StatusOr<v1::Member> MembersService::Lookup(const Call& call, const v1::LookupMemberRequest& request) {
  FieldViolations violations;
  const EmailAddress address = CheckEmail("email", request.email(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Member> {
    const std::string index = address_keys_.IndexOf(address.normal);
    std::optional<Member> member = LoadMemberByAddress(tx, index);
    if (!member) member = LoadMemberByFormerAddress(tx, index);
    if (!member) return AddressNotFound();
    return WithTiers(tx, call, *member);
  });
}

absl::StatusOr<v1::ListMembersResponse> MembersService::List(const Call& call, const v1::ListMembersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), MemberFields()));
  ASSIGN_OR_RETURN(const filter::Order order, ParseMemberOrder(request.order_by()));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, page_tokens_.Read(call.caller->principal(), request));
  const Absent absent = request.show_deleted() ? Absent::kIncluded : Absent::kLeftOut;

  ASSIGN_OR_RETURN(MemberPage page, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadMemberPage(tx, filter, order, filter::PositionFromKeys(keys), page_size + 1, absent);
  }));
  v1::ListMembersResponse response;
  if (page.members.size() > static_cast<size_t>(page_size)) {
    page.members.resize(page_size);
    const filter::Position& last = page.positions[page_size - 1];
    response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {last.key, last.id}));
  }
  for (Member& member : page.members) {
    ASSIGN_OR_RETURN(*response.add_members(), answers_.Show(call, std::move(member)));
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

  return answers_.Complete(
      call, idempotency::Mutate<v1::Member>(
                database_, call, request,
                [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
                  std::optional<Member> member = LockMember(tx, id);
                  if (!member) return MemberNotFound(id);
                  RETURN_IF_ERROR(resource::CheckEtag(request.member().etag(), member->revision, MemberName(id)));
                  RETURN_IF_ERROR(address_keys_.Open(*member));
                  const Member before = *member;
                  FieldViolations checked_above;
                  ParseFields(request.member(), fields, *member, checked_above);
                  change = {.resource = MemberName(id),
                            .revision_before = before.revision,
                            .revision_after = before.revision};
                  const std::vector<std::string> changed = ChangedFields(before, *member);
                  if (changed.empty()) return ToImpersonalProto(*member);

                  address_keys_.Seal(*member);
                  if (before.email_normal != member->email_normal) {
                    RETURN_IF_ERROR(TakeAddress(tx, call, *member));
                    member->email_verify_time.reset();
                  }
                  member->update_time = db::Now(tx);
                  SaveMember(tx, *member);
                  AnnounceMemberUpdated(tx, feed_, id, changed);
                  change.revision_after = member->revision;
                  return ToImpersonalProto(*member);
                }));
}

absl::StatusOr<v1::Member> MembersService::Delete(const Call& call, const v1::DeleteMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return answers_.Complete(call,
                           idempotency::Mutate<v1::Member>(
                               database_, call, request,
                               [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
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
                                 return ToImpersonalProto(*member);
                               }));
}

absl::StatusOr<v1::Member> MembersService::Undelete(const Call& call, const v1::UndeleteMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return answers_.Complete(call,
                           idempotency::Mutate<v1::Member>(
                               database_, call, request,
                               [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Member> {
                                 std::optional<Member> member = LockMemberInAnyState(tx, id);
                                 if (!member) return MemberNotFound(id);
                                 if (member->state == Member::State::kActive) return MemberNotDeleted(id);
                                 if (member->state != Member::State::kDeleted) return NotActive(*member);
                                 RETURN_IF_ERROR(resource::CheckEtag(request.etag(), member->revision, MemberName(id)));
                                 RETURN_IF_ERROR(TakeAddress(tx, call, *member));
                                 change = {.resource = MemberName(id), .revision_before = member->revision};
                                 member->state = Member::State::kActive;
                                 member->delete_time.reset();
                                 member->update_time = db::Now(tx);
                                 SaveMember(tx, *member);
                                 CountMember(tx, id, 1);
                                 AnnounceMemberCreated(tx, feed_, id);
                                 change.revision_after = member->revision;
                                 return ToImpersonalProto(*member);
                               }));
}

}  // namespace masthead::memberships
