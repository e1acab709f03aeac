// The whole service: its RPCs bound to their handlers, and its worker.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/db/migrations.h"
#include "common/events/feed.h"
#include "common/events/feed_service.h"
#include "common/http/listener.h"
#include "common/rpc/service.h"
#include "grpcpp/channel.h"
#include "masthead/memberships/v1/events_service.pb.h"
#include "services/memberships/admin/api_keys_service.h"
#include "services/memberships/admin/staff_service.h"
#include "services/memberships/cashier/adopting_service.h"
#include "services/memberships/cashier/checkouts_service.h"
#include "services/memberships/cashier/invoices_service.h"
#include "services/memberships/cashier/ledger_service.h"
#include "services/memberships/cashier/payments_service.h"
#include "services/memberships/collecting/collecting_worker.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/collecting/payment_providers_service.h"
#include "services/memberships/entitlements/entitlements_service.h"
#include "services/memberships/entitlements/standing_cache.h"
#include "services/memberships/exchange/member_exchange_service.h"
#include "services/memberships/gifts/gifts_service.h"
#include "services/memberships/institutions/institutions_service.h"
#include "services/memberships/mail/mail_worker.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/members/audience_service.h"
#include "services/memberships/members/consents_service.h"
#include "services/memberships/members/labels_service.h"
#include "services/memberships/members/member_counter_service.h"
#include "services/memberships/members/members_service.h"
#include "services/memberships/merging/merging_service.h"
#include "services/memberships/meters/meter_policies_service.h"
#include "services/memberships/payments/providers.h"
#include "services/memberships/plans/offers_service.h"
#include "services/memberships/plans/plans_service.h"
#include "services/memberships/plans/prices_service.h"
#include "services/memberships/privacy/privacy_service.h"
#include "services/memberships/privacy/privacy_worker.h"
#include "services/memberships/seats/seats_service.h"
#include "services/memberships/signin/email_change_service.h"
#include "services/memberships/signin/sessions_service.h"
#include "services/memberships/signin/sign_in_options.h"
#include "services/memberships/signin/sign_in_service.h"
#include "services/memberships/stats/exports_service.h"
#include "services/memberships/stats/stats_service.h"
#include "services/memberships/subscriptions/paid_subscriptions_service.h"
#include "services/memberships/subscriptions/subscriptions_service.h"
#include "services/memberships/support/banner_service.h"
#include "services/memberships/support/campaigns_service.h"
#include "services/memberships/support/donations_service.h"
#include "services/memberships/support/referral_links_service.h"
#include "services/memberships/tokens/access_tokens.h"
#include "services/memberships/tokens/signing_keys.h"
#include "services/memberships/tokens/tokens_service.h"
#include "services/memberships/worker.h"

namespace masthead::memberships {

// The migrations of this service and of the rooms it uses, in order.
absl::Span<const db::Migration> Schema();

// What the service works with. All of it outlives the service.
struct Needs {
  db::Database& database;
  const Clock& clock;
  const crypto::MacKey& mac_key;
  const SigningKeys& signing_keys;
  const AddressKeys& address_keys;
  const Providers& providers;
  std::shared_ptr<grpc::Channel> notifications;  // Which sends the letters.
};

// What the newspaper decides.
struct Settings {
  SignInOptions sign_in;
  absl::TimeZone newsroom_zone = absl::UTCTimeZone();  // Of members who say none, and of nine o'clock.
  std::vector<std::string> checkout_origins;           // Where buyers may be sent back to: https://www.example.org.
  absl::Duration standing_freshness;                   // How long access and meter policies are known unasked.
};

class Memberships {
 public:
  explicit Memberships(const Needs& needs, const Settings& settings = {});

  std::vector<const rpc::Service*> services() const;
  // What the public HTTP listener serves.
  std::map<std::string, http::Handler> public_pages();
  Worker& worker() { return worker_; }
  CollectingWorker& collecting() { return collecting_; }
  MailWorker& mail_worker() { return mail_worker_; }
  PrivacyWorker& privacy_worker() { return privacy_worker_; }
  events::Feed& feed() { return feed_; }

 private:
  struct EventsProto {
    using Event = v1::Event;
    using ListRequest = v1::ListEventsRequest;
    using ListResponse = v1::ListEventsResponse;
    using WatchRequest = v1::WatchEventsRequest;
    using WatchResponse = v1::WatchEventsResponse;
  };

  StandingCache standings_;
  MeterPolicyCache known_meter_policies_;
  events::Feed feed_;
  Worker worker_;
  const Providers& providers_;
  Inbox inbox_;
  CollectingWorker collecting_;
  MailWorker mail_worker_;
  PrivacyWorker privacy_worker_;
  const AccessTokens access_tokens_;

  MembersService members_;
  MergingService merging_;
  LabelsService labels_;
  PrivacyService privacy_;
  MemberExchangeService member_exchange_;
  ConsentsService consents_;
  MemberCounterService member_counter_;
  AudienceService audience_;
  PlansService plans_;
  PricesService prices_;
  OffersService offers_;
  GiftsService gifts_;
  SeatsService seats_;
  InstitutionsService institutions_;
  MeterPoliciesService meter_policies_;
  SubscriptionsService subscriptions_;
  PaidSubscriptionsService paid_subscriptions_;
  AdoptingService adopting_;
  EntitlementsService entitlements_;
  TokensService tokens_;
  SignInService sign_in_;
  SessionsService sessions_;
  EmailChangeService email_change_;
  ApiKeysService api_keys_;
  StaffService staff_;
  CheckoutsService checkouts_;
  InvoicesService invoices_;
  PaymentsService payments_;
  LedgerService ledger_;
  PaymentProvidersService payment_providers_;
  CampaignsService campaigns_;
  BannerService banner_;
  ReferralLinksService referral_links_;
  DonationsService donations_;
  StatsService stats_;
  ExportsService exports_;
  events::FeedService<EventsProto> events_;

  rpc::Service members_rpcs_;
  rpc::Service privacy_rpcs_;
  rpc::Service member_exchange_rpcs_;
  rpc::Service plans_rpcs_;
  rpc::Service catalog_rpcs_;
  rpc::Service gifts_rpcs_;
  rpc::Service seats_rpcs_;
  rpc::Service institutions_rpcs_;
  rpc::Service subscriptions_rpcs_;
  rpc::Service entitlements_rpcs_;
  rpc::Service tokens_rpcs_;
  rpc::Service sign_in_rpcs_;
  rpc::Service admin_rpcs_;
  rpc::Service billing_rpcs_;
  rpc::Service payment_providers_rpcs_;
  rpc::Service support_rpcs_;
  rpc::Service stats_rpcs_;
  rpc::Service events_rpcs_;
};

}  // namespace masthead::memberships
