#include "services/memberships/memberships.h"

#include "masthead/memberships/v1/admin_service.pb.h"
#include "masthead/memberships/v1/catalog_service.pb.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "masthead/memberships/v1/member_exchange_service.pb.h"
#include "masthead/memberships/v1/gifts_service.pb.h"
#include "masthead/memberships/v1/institutions_service.pb.h"
#include "masthead/memberships/v1/members_service.pb.h"
#include "masthead/memberships/v1/payment_providers_service.pb.h"
#include "masthead/memberships/v1/plans_service.pb.h"
#include "masthead/memberships/v1/privacy_service.pb.h"
#include "masthead/memberships/v1/seats_service.pb.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "masthead/memberships/v1/tokens_service.pb.h"
#include "services/memberships/collecting/webhook.h"
#include "services/memberships/payments/ledgerpay/hosted_page.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "masthead/memberships/v1/tokens_service.pb.h"
#include "services/memberships/mail/mail_key.h"

namespace masthead::memberships {
namespace {

// The one service in the file of `Request`.
template <typename Request>
const google::protobuf::ServiceDescriptor& ServiceOf() {
  return *Request::descriptor()->file()->service(0);
}

}  // namespace

Memberships::Memberships(db::Database& database, const Clock& clock, const crypto::MacKey& mac_key,
                         const SigningKeys& keys, const AddressKeys& address_keys)
    : feed_(database, mac_key.Derive("memberships.feed")),
      worker_(database, feed_),
      members_(database, feed_, mac_key, address_keys),
      merging_(database, feed_, address_keys),
      labels_(database, feed_, mac_key),
      privacy_(database, feed_, address_keys),
      member_exchange_(database, feed_, address_keys),
      consents_(database, feed_, mac_key),
                         const SigningKeys& keys, const Providers& providers)
    : feed_(database, mac_key.Derive("memberships.feed")),
      worker_(database, feed_),
      providers_(providers),
      inbox_(database, feed_, providers, clock),
      collecting_(database, feed_, inbox_, providers),
                         const SigningKeys& keys, absl::TimeZone newsroom_zone)
    : feed_(database, mac_key.Derive("memberships.feed")),
      worker_(database, feed_, mac_key, newsroom_zone),
                         const SigningKeys& keys, const std::shared_ptr<grpc::Channel>& notifications,
                         const SignInOptions& sign_in)
    : feed_(database, mac_key.Derive("memberships.feed")),
      worker_(database, feed_),
      mail_worker_(database, notifications),
      access_tokens_(keys, clock),
      members_(database, feed_, mac_key),
      consents_(database, feed_),
      member_counter_(database, clock),
      audience_(database, feed_, address_keys),
      plans_(database, mac_key),
      prices_(database, mac_key),
      offers_(database, mac_key),
      gifts_(database, feed_, mac_key, newsroom_zone),
      seats_(database, feed_, mac_key),
      institutions_(database, mac_key),
      meter_policies_(database, mac_key),
      subscriptions_(database, feed_, mac_key),
      paid_subscriptions_(database, feed_, mac_key),
      entitlements_(database, mac_key),
      tokens_(database, mac_key, keys, clock),
      sign_in_(database, feed_, mac_key, access_tokens_, sign_in, EmailVerified()),
      sessions_(database, mac_key, access_tokens_),
      email_change_(database, feed_, mac_key, sign_in, EmailVerified()),
      api_keys_(database, mac_key),
      staff_(database, mac_key),
      payment_providers_(database, inbox_, providers, mac_key),
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
      payment_providers_rpcs_(ServiceOf<v1::IngestProviderEventRequest>()),
      events_rpcs_(ServiceOf<v1::ListEventsRequest>()) {
  SetMailKey(mac_key);
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
  entitlements_.Register(entitlements_rpcs_);
  tokens_.Register(tokens_rpcs_);
  sign_in_.Register(sign_in_rpcs_);
  sessions_.Register(sign_in_rpcs_);
  email_change_.Register(sign_in_rpcs_);
  api_keys_.Register(admin_rpcs_);
  staff_.Register(admin_rpcs_);
  payment_providers_.Register(payment_providers_rpcs_);
  events_.Register(events_rpcs_);
}

std::vector<const rpc::Service*> Memberships::services() const {
  return {&members_rpcs_,      &privacy_rpcs_, &member_exchange_rpcs_, &plans_rpcs_, &subscriptions_rpcs_,
          &entitlements_rpcs_, &tokens_rpcs_,  &admin_rpcs_,           &events_rpcs_};
  return {&members_rpcs_, &plans_rpcs_, &subscriptions_rpcs_,     &entitlements_rpcs_,
          &tokens_rpcs_,  &admin_rpcs_, &payment_providers_rpcs_, &events_rpcs_};
}

std::map<std::string, http::Handler> Memberships::public_pages() {
  std::map<std::string, http::Handler> pages = {{kWebhookPath, WebhookHandler(inbox_)}};
  if (providers_.embedded() != nullptr) {
    pages.emplace(ledgerpay::kPagePath, ledgerpay::HostedPageHandler(*providers_.embedded()));
  }
  return pages;
  return {&members_rpcs_,       &plans_rpcs_,        &catalog_rpcs_, &gifts_rpcs_, &seats_rpcs_, &institutions_rpcs_,
          &subscriptions_rpcs_, &entitlements_rpcs_, &tokens_rpcs_,  &admin_rpcs_, &events_rpcs_};
  return {&members_rpcs_, &plans_rpcs_,   &subscriptions_rpcs_, &entitlements_rpcs_,
          &tokens_rpcs_,  &sign_in_rpcs_, &admin_rpcs_,         &events_rpcs_};
}

}  // namespace masthead::memberships
