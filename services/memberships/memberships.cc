#include "services/memberships/memberships.h"

#include "absl/strings/strip.h"
#include "masthead/memberships/v1/admin_service.pb.h"
#include "masthead/memberships/v1/billing_service.pb.h"
#include "masthead/memberships/v1/catalog_service.pb.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "masthead/memberships/v1/gifts_service.pb.h"
#include "masthead/memberships/v1/institutions_service.pb.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "masthead/memberships/v1/payment_providers_service.pb.h"
#include "masthead/memberships/v1/plans_service.pb.h"
#include "masthead/memberships/v1/privacy_service.pb.h"
#include "masthead/memberships/v1/seats_service.pb.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "masthead/memberships/v1/stats_service.pb.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "masthead/memberships/v1/support_service.pb.h"
#include "masthead/memberships/v1/tokens_service.pb.h"
#include "services/memberships/collecting/webhook.h"
#include "services/memberships/mail/mail_key.h"
#include "services/memberships/members/sealed_words.h"
#include "services/memberships/payments/ledgerpay/hosted_page.h"

namespace masthead::memberships {
namespace {

// Of those who read now: more than a hundred thousand members with a few grants each.
constexpr size_t kStandingBytes = 64 << 20;

// The one service in the file of `Request`.
template <typename Request>
const google::protobuf::ServiceDescriptor& ServiceOf() {
  return *Request::descriptor()->file()->service(0);
}

// Of `members/{member}` and of what is below it, as a member's invoices and subscriptions are.
absl::string_view MemberIdIn(absl::string_view resource) {
  if (!absl::ConsumePrefix(&resource, "members/")) return "";
  return resource.substr(0, resource.find('/'));
}

}  // namespace

Memberships::Memberships(const Needs& needs, const Settings& settings)
    : standings_(needs.clock, settings.standing_freshness, kStandingBytes),
      known_meter_policies_(needs.database, needs.clock, settings.standing_freshness),
      feed_(needs.database, needs.mac_key.Derive("memberships.feed")),
      worker_(needs.database, feed_, needs.mac_key, settings.newsroom_zone),
      providers_(needs.providers),
      inbox_(needs.database, feed_, needs.providers, needs.clock),
      collecting_(needs.database, feed_, inbox_, needs.providers),
      mail_worker_(needs.database, needs.notifications),
      privacy_worker_(needs.database, needs.providers, needs.address_keys),
      access_tokens_(needs.signing_keys, needs.clock),
      members_(needs.database, feed_, needs.mac_key, needs.address_keys),
      merging_(needs.database, feed_, needs.address_keys),
      labels_(needs.database, feed_, needs.mac_key),
      privacy_(needs.database, feed_, needs.address_keys),
      member_exchange_(needs.database, feed_, needs.address_keys),
      consents_(needs.database, feed_, needs.mac_key),
      member_counter_(needs.database, needs.clock),
      audience_(needs.database, feed_, needs.address_keys),
      plans_(needs.database, needs.mac_key),
      prices_(needs.database, needs.mac_key),
      offers_(needs.database, needs.mac_key),
      gifts_(needs.database, feed_, needs.mac_key, settings.newsroom_zone),
      seats_(needs.database, feed_, needs.mac_key, needs.address_keys),
      institutions_(needs.database, needs.mac_key),
      meter_policies_(needs.database, known_meter_policies_, needs.mac_key),
      subscriptions_(needs.database, feed_, needs.mac_key),
      paid_subscriptions_(needs.database, feed_, needs.mac_key),
      adopting_(needs.database, feed_, needs.providers),
      entitlements_(needs.database, standings_, known_meter_policies_, needs.mac_key),
      tokens_(needs.database, needs.mac_key, needs.signing_keys, needs.clock),
      sign_in_(needs.database, feed_, needs.mac_key, access_tokens_, settings.sign_in, needs.address_keys),
      sessions_(needs.database, needs.mac_key, access_tokens_),
      email_change_(needs.database, feed_, needs.mac_key, settings.sign_in, needs.address_keys),
      api_keys_(needs.database, needs.mac_key),
      staff_(needs.database, needs.mac_key),
      checkouts_(needs.database, feed_, needs.providers, settings.checkout_origins),
      invoices_(needs.database, feed_, needs.mac_key, needs.providers),
      payments_(needs.database, feed_, needs.mac_key),
      ledger_(needs.database, needs.mac_key),
      payment_providers_(needs.database, inbox_, needs.providers, needs.mac_key),
      campaigns_(needs.database, needs.mac_key),
      banner_(needs.database, needs.clock),
      referral_links_(needs.database, needs.mac_key),
      donations_(needs.database, needs.mac_key),
      stats_(needs.database),
      exports_(needs.database, needs.mac_key),
      events_(feed_),
      members_rpcs_(ServiceOf<v1::GetMemberRequest>()),
      privacy_rpcs_(ServiceOf<v1::EraseMemberRequest>()),
      member_exchange_rpcs_(ServiceOf<v1::ExportMembersRequest>()),
      plans_rpcs_(ServiceOf<v1::GetTierRequest>()),
      catalog_rpcs_(ServiceOf<v1::GetPriceRequest>()),
      gifts_rpcs_(ServiceOf<v1::GetGiftRequest>()),
      seats_rpcs_(ServiceOf<v1::ListSeatsRequest>()),
      institutions_rpcs_(ServiceOf<v1::GetInstitutionRequest>()),
      subscriptions_rpcs_(ServiceOf<v1::GetGrantRequest>()),
      entitlements_rpcs_(ServiceOf<v1::CheckAccessRequest>()),
      tokens_rpcs_(ServiceOf<v1::ExchangeApiKeyRequest>()),
      sign_in_rpcs_(ServiceOf<v1::BeginSignInRequest>()),
      admin_rpcs_(ServiceOf<v1::CreateApiKeyRequest>()),
      billing_rpcs_(ServiceOf<v1::GetInvoiceRequest>()),
      payment_providers_rpcs_(ServiceOf<v1::IngestProviderEventRequest>()),
      support_rpcs_(ServiceOf<v1::GetBannerRequest>()),
      stats_rpcs_(ServiceOf<v1::GetCountersRequest>()),
      events_rpcs_(ServiceOf<v1::ListEventsRequest>()) {
  SetMailKey(needs.mac_key);
  SetWordsKeys(needs.address_keys);
  feed_.Observe([this](const std::vector<std::string>& resources) {
    for (const std::string& resource : resources) standings_.Forget(MemberIdIn(resource));
  });
  members_.Register(members_rpcs_);
  merging_.Register(members_rpcs_);
  labels_.Register(members_rpcs_);
  privacy_.Register(privacy_rpcs_);
  member_exchange_.Register(member_exchange_rpcs_);
  consents_.Register(members_rpcs_);
  member_counter_.Register(members_rpcs_);
  audience_.Register(members_rpcs_);
  plans_.Register(plans_rpcs_);
  meter_policies_.Register(plans_rpcs_);
  prices_.Register(catalog_rpcs_);
  offers_.Register(catalog_rpcs_);
  gifts_.Register(gifts_rpcs_);
  seats_.Register(seats_rpcs_);
  institutions_.Register(institutions_rpcs_);
  subscriptions_.Register(subscriptions_rpcs_);
  paid_subscriptions_.Register(subscriptions_rpcs_);
  adopting_.Register(subscriptions_rpcs_);
  entitlements_.Register(entitlements_rpcs_);
  tokens_.Register(tokens_rpcs_);
  sign_in_.Register(sign_in_rpcs_);
  sessions_.Register(sign_in_rpcs_);
  email_change_.Register(sign_in_rpcs_);
  api_keys_.Register(admin_rpcs_);
  staff_.Register(admin_rpcs_);
  checkouts_.Register(billing_rpcs_);
  invoices_.Register(billing_rpcs_);
  payments_.Register(billing_rpcs_);
  ledger_.Register(billing_rpcs_);
  payment_providers_.Register(payment_providers_rpcs_);
  campaigns_.Register(support_rpcs_);
  banner_.Register(support_rpcs_);
  referral_links_.Register(support_rpcs_);
  donations_.Register(support_rpcs_);
  stats_.Register(stats_rpcs_);
  exports_.Register(stats_rpcs_);
  events_.Register(events_rpcs_);
}

std::vector<const rpc::Service*> Memberships::services() const {
  return {&members_rpcs_, &privacy_rpcs_, &member_exchange_rpcs_, &plans_rpcs_,         &catalog_rpcs_,
          &gifts_rpcs_,   &seats_rpcs_,   &institutions_rpcs_,    &subscriptions_rpcs_, &entitlements_rpcs_,
          &tokens_rpcs_,  &sign_in_rpcs_, &admin_rpcs_,           &billing_rpcs_,       &payment_providers_rpcs_,
          &support_rpcs_, &stats_rpcs_,   &events_rpcs_};
}

std::map<std::string, http::Handler> Memberships::public_pages() {
  std::map<std::string, http::Handler> pages = {{kWebhookPath, WebhookHandler(inbox_)}};
  if (providers_.embedded() != nullptr) {
    pages.emplace(ledgerpay::kPagePath, ledgerpay::HostedPageHandler(*providers_.embedded()));
  }
  return pages;
}

}  // namespace masthead::memberships
