#include "services/memberships/support/referral_links_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/timestamp.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/support/referral_link_store.h"
#include "services/memberships/support/support_errors.h"

namespace masthead::memberships {
namespace {

constexpr size_t kRandomBytes = 8;

v1::ReferralLink ToProto(const ReferralLink& link) {
  v1::ReferralLink proto;
  proto.set_name(ReferralLinkName(link.code));
  if (!link.member_id.empty()) proto.set_member(MemberName(link.member_id));
  proto.set_display_name(link.display_name);
  proto.set_landing_path(link.landing_path);
  proto.set_sign_ups(link.sign_ups);
  proto.set_payments(link.payments);
  *proto.mutable_create_time() = resource::ToTimestamp(link.create_time);
  return proto;
}

// The member that is named, "" for nobody; a calling member must name himself or herself.
absl::StatusOr<std::string> NamedMember(const auth::Caller& caller, absl::string_view field, const std::string& name,
                                        FieldViolations& violations) {
  const std::string id = name.empty() ? "" : IdIn(field, name, "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(caller, id));
  return id;
}

}  // namespace

ReferralLinksService::ReferralLinksService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.referral_links.page")) {}

void ReferralLinksService::Register(rpc::Service& support_service) {
  support_service.Unary("CreateReferralLink", this, &ReferralLinksService::Create);
  support_service.Unary("GetReferralLink", this, &ReferralLinksService::Get);
  support_service.Unary("ListReferralLinks", this, &ReferralLinksService::List);
}

absl::StatusOr<v1::ReferralLink> ReferralLinksService::Create(const Call& call,
                                                              const v1::CreateReferralLinkRequest& request) {
  FieldViolations violations;
  ReferralLink wanted = {.display_name = request.referral_link().display_name(),
                         .landing_path = request.referral_link().landing_path()};
  CheckReferralLink("referral_link", wanted, violations);
  ASSIGN_OR_RETURN(wanted.member_id,
                   NamedMember(*call.caller, "referral_link.member", request.referral_link().member(), violations));

  return idempotency::Mutate<v1::ReferralLink>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ReferralLink> {
        ReferralLink link = wanted;
        if (!link.member_id.empty()) {
          if (!LockMember(tx, link.member_id)) return MemberNotFound(link.member_id);
          if (CountReferralLinks(tx, link.member_id) >= kMaxReferralLinks) {
            return TooManyReferralLinks(kMaxReferralLinks);
          }
        }
        link.create_time = db::Now(tx);
        do {
          link.code = ReferralCode(crypto::RandomBytes(kRandomBytes));
        } while (!InsertReferralLink(tx, link));
        change = {.resource = ReferralLinkName(link.code), .revision_before = 0, .revision_after = 1};
        return ToProto(link);
      });
}

absl::StatusOr<v1::ReferralLink> ReferralLinksService::Get(const Call& call,
                                                           const v1::GetReferralLinkRequest& request) {
  FieldViolations violations;
  const std::string code = IdIn("name", request.name(), "referralLinks", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ReferralLink> {
    const std::optional<ReferralLink> link = LoadReferralLink(tx, code);
    // To a member, somebody else's is not there.
    if (!link || !CheckOwn(*call.caller, link->member_id).ok()) return ReferralLinkNotFound(code);
    return ToProto(*link);
  });
}

absl::StatusOr<v1::ListReferralLinksResponse> ReferralLinksService::List(const Call& call,
                                                                         const v1::ListReferralLinksRequest& request) {
  FieldViolations violations;
  ASSIGN_OR_RETURN(const std::string member_id, NamedMember(*call.caller, "member", request.member(), violations));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 200));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<ReferralLink> links, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadReferralLinks(tx, member_id, after.empty() ? "" : after.front(), page_size + 1);
  }));
  v1::ListReferralLinksResponse response;
  for (const ReferralLink& link : links) {
    if (response.referral_links_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {links[page_size - 1].code}));
      break;
    }
    *response.add_referral_links() = ToProto(link);
  }
  return response;
}

}  // namespace masthead::memberships
