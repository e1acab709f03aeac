#include "services/memberships/support/donations_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/support/campaign.h"
#include "services/memberships/support/donation_store.h"

namespace masthead::memberships {
namespace {

constexpr char kEverybody[] = "members/-";

v1::Donation ToProto(const Donation& donation) {
  v1::Donation proto;
  proto.set_name(absl::StrCat(MemberName(donation.member_id), "/donations/", donation.payment_id));
  proto.mutable_amount()->set_currency_code(donation.money.currency);
  proto.mutable_amount()->set_minor_units(donation.money.amount);
  if (!donation.campaign_id.empty()) proto.set_campaign(CampaignName(donation.campaign_id));
  proto.set_message(donation.message);
  proto.set_public_name(donation.public_name);
  proto.set_anonymous(donation.anonymous);
  *proto.mutable_receive_time() = resource::ToTimestamp(donation.receive_time);
  if (donation.take_back_time) *proto.mutable_take_back_time() = resource::ToTimestamp(*donation.take_back_time);
  return proto;
}

std::vector<std::string> Keyset(const Donation& donation) {
  return {absl::StrCat(absl::ToUnixMicros(donation.receive_time)), donation.payment_id};
}

std::optional<DonationCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return DonationCursor{absl::FromUnixMicros(micros), keyset[1]};
}

}  // namespace

DonationsService::DonationsService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.donations.page")) {}

void DonationsService::Register(rpc::Service& support_service) {
  support_service.Unary("ListDonations", this, &DonationsService::List);
}

absl::StatusOr<v1::ListDonationsResponse> DonationsService::List(const rpc::Call& call,
                                                                 const v1::ListDonationsRequest& request) {
  FieldViolations violations;
  std::string member_id;
  if (request.parent() != kEverybody) member_id = IdIn("parent", request.parent(), "members", violations);
  std::string campaign_id;
  if (!request.campaign().empty()) campaign_id = IdIn("campaign", request.campaign(), "campaigns", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Donation> donations, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadDonations(tx, member_id, campaign_id, CursorOf(after), page_size + 1);
  }));
  v1::ListDonationsResponse response;
  for (const Donation& donation : donations) {
    if (response.donations_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, Keyset(donations[page_size - 1])));
      break;
    }
    *response.add_donations() = ToProto(donation);
  }
  return response;
}

}  // namespace masthead::memberships
