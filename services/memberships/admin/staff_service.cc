#include "services/memberships/admin/staff_service.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/memberships/admin/admin_proto.h"
#include "services/memberships/admin/staff_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {"email", "display_name", "roles"};

}  // namespace

StaffService::StaffService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.staff.page")) {}

void StaffService::Register(rpc::Service& service) {
  service.Unary("CreateStaffMember", this, &StaffService::Create);
  service.Unary("GetStaffMember", this, &StaffService::Get);
  service.Unary("UpdateStaffMember", this, &StaffService::Update);
  service.Unary("ListStaffMembers", this, &StaffService::List);
}

absl::StatusOr<v1::StaffMember> StaffService::Create(const Call& call, const v1::CreateStaffMemberRequest& request) {
  FieldViolations violations;
  StaffMember wanted;
  wanted.id = ChosenOrNewId("staff_member_id", request.staff_member_id(), violations);
  ParseFields(request.staff_member(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::StaffMember>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::StaffMember> {
        StaffMember person = wanted;
        LockStaffAddress(tx, person.email_normal);
        person.create_time = person.update_time = db::Now(tx);
        if (!InsertStaffMember(tx, person)) {
          const std::optional<StaffMember> same_address = LoadStaffMemberByEmail(tx, person.email_normal);
          return StaffMemberExists(same_address ? same_address->id : person.id);
        }
        change = {.resource = StaffMemberName(person.id), .revision_before = 0, .revision_after = person.revision};
        return ToProto(person);
      });
}

absl::StatusOr<v1::StaffMember> StaffService::Get(const Call& call, const v1::GetStaffMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "staffMembers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::StaffMember> {
    const std::optional<StaffMember> person = LoadStaffMember(tx, id);
    if (!person) return StaffMemberNotFound(id);
    return ToProto(*person);
  });
}

absl::StatusOr<v1::StaffMember> StaffService::Update(const Call& call, const v1::UpdateStaffMemberRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("staff_member.name", request.staff_member().name(), "staffMembers", violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.staff_member(), kMutableFields, violations);
  StaffMember wanted;
  ParseFields(request.staff_member(), fields, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::StaffMember>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::StaffMember> {
        std::optional<StaffMember> person = LockStaffMember(tx, id);
        if (!person) return StaffMemberNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.staff_member().etag(), person->revision, StaffMemberName(id)));
        if (fields.contains("email") && person->email_normal != wanted.email_normal) {
          LockStaffAddress(tx, wanted.email_normal);
          const std::optional<StaffMember> same_address = LoadStaffMemberByEmail(tx, wanted.email_normal);
          if (same_address) return StaffMemberExists(same_address->id);
        }
        change = {.resource = StaffMemberName(id), .revision_before = person->revision};
        FieldViolations checked_above;
        ParseFields(request.staff_member(), fields, *person, checked_above);
        person->update_time = db::Now(tx);
        SaveStaffMember(tx, *person);
        change.revision_after = person->revision;
        return ToProto(*person);
      });
}

absl::StatusOr<v1::ListStaffMembersResponse> StaffService::List(const Call& call,
                                                                const v1::ListStaffMembersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<StaffMember> staff, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadStaffMembers(tx, after.empty() ? "" : after.front(), page_size + 1);
  }));
  v1::ListStaffMembersResponse response;
  for (const StaffMember& person : staff) {
    if (response.staff_members_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {staff[page_size - 1].id}));
      break;
    }
    *response.add_staff_members() = ToProto(person);
  }
  return response;
}

}  // namespace masthead::memberships
