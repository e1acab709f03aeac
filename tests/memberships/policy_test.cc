// Who may call what: every RPC against every kind of caller, as people would read it in a table. The descriptors carry
// the policy; this table says what it must be.
#include "common/auth/policy.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "masthead/memberships/v1/admin_service.pb.h"
#include "masthead/memberships/v1/billing_service.pb.h"
#include "masthead/memberships/v1/catalog_service.pb.h"
#include "masthead/memberships/v1/entitlements_service.pb.h"
#include "masthead/memberships/v1/events_service.pb.h"
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
#include "tests/support/status_matchers.h"

namespace masthead::memberships {
namespace {

using Kind = auth::Caller::Kind;

// The staff role `admin` is admitted wherever some role is.
const std::map<std::string, std::string>& Table() {
  static const std::map<std::string, std::string> kTable = {
      {"MembersService.CreateMember", "role:support scope:members.write"},
      {"MembersService.GetMember", "member role:support scope:members.read"},
      {"MembersService.LookupMember", "role:support scope:members.read"},
      {"MembersService.ListMembers", "role:support scope:members.read"},
      {"MembersService.UpdateMember", "role:support scope:members.write"},
      {"MembersService.DeleteMember", "role:admin scope:members.write"},
      {"MembersService.SetConsent", "member role:support scope:members.write service:notifications"},
      {"MembersService.ListConsents", "member role:support scope:members.read"},
      {"MembersService.GetMemberCounter", "anyone"},
      {"MembersService.ExportAudience", "role:admin service:notifications"},
      {"MembersService.BatchGetAudienceMembers", "service:notifications"},
      {"MembersService.UndeleteMember", "role:admin scope:members.write"},
      {"MembersService.MergeMembers", "role:admin scope:members.write"},
      {"MembersService.BatchModifyLabels", "role:admin scope:members.write"},
      {"MembersService.ListConsentHistory", "member role:support scope:members.read"},
      {"PrivacyService.ExportPersonalData", "member role:support scope:members.read"},
      {"PrivacyService.EraseMember", "member role:support scope:members.write"},
      {"MemberExchangeService.ImportMembers", "role:admin scope:members.write"},
      {"MemberExchangeService.ExportMembers", "role:admin scope:members.read"},
      {"PlansService.CreateTier", "role:admin scope:members.write"},
      {"PlansService.GetTier", "anyone"},
      {"PlansService.ListTiers", "anyone"},
      {"PlansService.UpdateTier", "role:admin scope:members.write"},
      {"PlansService.ArchiveTier", "role:admin scope:members.write"},
      {"PlansService.CreateMeterPolicy", "role:admin scope:members.write"},
      {"PlansService.GetMeterPolicy", "role:support scope:members.read"},
      {"PlansService.ListMeterPolicies", "role:support scope:members.read"},
      {"PlansService.UpdateMeterPolicy", "role:admin scope:members.write"},
      {"PlansService.DeleteMeterPolicy", "role:admin scope:members.write"},
      {"CatalogService.CreatePrice", "role:admin scope:members.write"},
      {"CatalogService.GetPrice", "anyone"},
      {"CatalogService.ListPrices", "anyone"},
      {"CatalogService.ArchivePrice", "role:admin scope:members.write"},
      {"CatalogService.CreateOffer", "role:admin scope:members.write"},
      {"CatalogService.GetOffer", "member role:support scope:members.read"},
      {"CatalogService.ListOffers", "role:support scope:members.read"},
      {"CatalogService.UpdateOffer", "role:admin scope:members.write"},
      {"CatalogService.ArchiveOffer", "role:admin scope:members.write"},
      {"GiftsService.PreviewGift", "anyone"},
      {"GiftsService.RedeemGift", "member role:support scope:members.write"},
      {"GiftsService.GetGift", "member role:support scope:members.read"},
      {"GiftsService.ListGifts", "member role:support scope:members.read"},
      {"GiftsService.UpdateGiftDelivery", "member role:support scope:members.write"},
      {"SeatsService.InviteSeat", "member role:support scope:members.write"},
      {"SeatsService.AcceptSeat", "member role:support scope:members.write"},
      {"SeatsService.ListSeats", "member role:support scope:members.read"},
      {"SeatsService.RemoveSeat", "member role:support scope:members.write"},
      {"SeatsService.RevokeInvitation", "member role:support scope:members.write"},
      {"SeatsService.SetSeatManager", "member role:support scope:members.write"},
      {"InstitutionsService.CreateInstitution", "role:admin scope:members.write"},
      {"InstitutionsService.GetInstitution", "role:support scope:members.read"},
      {"InstitutionsService.ListInstitutions", "role:support scope:members.read"},
      {"InstitutionsService.UpdateInstitution", "role:admin scope:members.write"},
      {"InstitutionsService.DeleteInstitution", "role:admin scope:members.write"},
      {"SubscriptionsService.CreateGrant", "role:support scope:members.write"},
      {"SubscriptionsService.RevokeGrant", "role:support scope:members.write"},
      {"SubscriptionsService.GetGrant", "member role:support scope:members.read"},
      {"SubscriptionsService.ListGrants", "member role:support scope:members.read"},
      {"SubscriptionsService.GetSubscription", "member role:support scope:members.read"},
      {"SubscriptionsService.ListSubscriptions", "member role:support scope:members.read"},
      {"SubscriptionsService.ChangeSubscription", "member role:support scope:members.write"},
      {"SubscriptionsService.AdoptSubscription", "role:support scope:members.write"},
      {"SubscriptionsService.CancelSubscription", "member role:support scope:members.write"},
      {"SubscriptionsService.ResumeSubscription", "member role:support scope:members.write"},
      {"SubscriptionsService.PauseSubscription", "member role:support scope:members.write"},
      {"SubscriptionsService.ApplyOffer", "member role:support scope:members.write"},
      {"EntitlementsService.CheckAccess", "member scope:members.read service:articles service:notifications"},
      {"EntitlementsService.BatchCheckAccess", "member scope:members.read service:articles service:notifications"},
      {"EntitlementsService.IssueAnonymousReader", "scope:members.read"},
      {"EntitlementsService.MergeMeters", "member scope:members.write"},
      {"TokensService.ExchangeApiKey", "anyone"},
      {"PaymentProvidersService.IngestProviderEvent", "scope:payments.ingest"},
      {"PaymentProvidersService.GetProviderEvent", "role:finance scope:members.read"},
      {"PaymentProvidersService.ListProviderEvents", "role:finance scope:members.read"},
      {"PaymentProvidersService.ReplayProviderEvent", "role:finance scope:members.write"},
      {"PaymentProvidersService.ConfirmTransfer", "role:finance scope:members.write"},
      {"TokensService.IssueMemberToken", "scope:tokens.issue"},
      {"TokensService.IssueStaffToken", "scope:tokens.issue"},
      {"TokensService.GetJsonWebKeySet", "anyone"},
      {"TokensService.MintEntitlementToken", "member scope:tokens.issue"},
      {"SignInService.BeginSignIn", "scope:tokens.issue"},
      {"SignInService.CompleteSignIn", "scope:tokens.issue"},
      {"SignInService.RefreshSession", "anyone"},
      {"SignInService.CheckSession", "member scope:tokens.issue"},
      {"SignInService.ListSessions", "member role:support scope:tokens.issue"},
      {"SignInService.RevokeSession", "member role:support scope:tokens.issue"},
      {"SignInService.RevokeAllSessions", "member role:support scope:tokens.issue"},
      {"SignInService.BeginEmailChange", "member scope:tokens.issue"},
      {"SignInService.CompleteEmailChange", "scope:tokens.issue"},
      {"AdminService.RotateApiKey", "role:admin scope:admin"},
      {"AdminService.CreateApiKey", "role:admin scope:admin"},
      {"AdminService.ListApiKeys", "role:admin scope:admin"},
      {"AdminService.RevokeApiKey", "role:admin scope:admin"},
      {"AdminService.CreateStaffMember", "role:admin scope:admin"},
      {"AdminService.GetStaffMember", "role:admin scope:admin"},
      {"AdminService.UpdateStaffMember", "role:admin scope:admin"},
      {"AdminService.ListStaffMembers", "role:admin scope:admin"},
      {"BillingService.CreateCheckout", "member role:finance role:support scope:members.write"},
      {"BillingService.GetCheckout", "member role:finance role:support scope:members.read"},
      {"BillingService.ExpireCheckout", "member role:finance role:support scope:members.write"},
      {"BillingService.GetInvoice", "member role:finance role:support scope:billing.read scope:members.read"},
      {"BillingService.ListInvoices", "member role:finance role:support scope:billing.read scope:members.read"},
      {"BillingService.CollectInvoice", "role:finance role:support scope:billing.write"},
      {"BillingService.VoidInvoice", "role:finance role:support scope:billing.write"},
      {"BillingService.RecordManualPayment", "role:finance role:support scope:billing.write"},
      {"BillingService.GetPayment", "member role:finance role:support scope:billing.read scope:members.read"},
      {"BillingService.ListPayments", "member role:finance role:support scope:billing.read scope:members.read"},
      {"BillingService.RefundPayment", "role:finance role:support scope:billing.write"},
      {"BillingService.ListLedgerTransactions", "role:finance scope:billing.read"},
      {"BillingService.GetMemberCredit", "member role:finance role:support scope:billing.read scope:members.read"},
      {"BillingService.ListDisputes", "role:finance role:support scope:billing.read"},
      {"SupportService.CreateCampaign", "role:campaigner scope:members.write"},
      {"SupportService.GetCampaign", "role:campaigner role:finance role:support scope:members.read"},
      {"SupportService.ListCampaigns", "role:campaigner role:finance role:support scope:members.read"},
      {"SupportService.UpdateCampaign", "role:campaigner scope:members.write"},
      {"SupportService.EndCampaign", "role:campaigner scope:members.write"},
      {"SupportService.GetBanner", "anyone"},
      {"SupportService.CreateReferralLink", "member role:campaigner scope:members.write"},
      {"SupportService.GetReferralLink", "member role:campaigner role:support scope:members.read"},
      {"SupportService.ListReferralLinks", "member role:campaigner role:support scope:members.read"},
      {"SupportService.ListDonations", "member role:campaigner role:finance role:support scope:members.read"},
      {"StatsService.GetRevenueStats", "role:finance scope:billing.read"},
      {"StatsService.GetChurn", "role:finance scope:billing.read"},
      {"StatsService.GetCohorts", "role:finance scope:billing.read"},
      {"StatsService.GetCounters", "role:campaigner role:finance role:support scope:billing.read scope:members.read"},
      {"StatsService.GetAttributionStats", "role:campaigner role:finance scope:billing.read scope:members.read"},
      {"StatsService.ExportSubscriptionChanges", "role:finance scope:billing.read"},
      {"StatsService.ExportLedger", "role:finance scope:billing.read"},
      {"EventsService.ListEvents", "role:admin scope:members.read service:articles service:notifications"},
      {"EventsService.WatchEvents", "role:admin scope:members.read service:articles service:notifications"},
  };
  return kTable;
}

std::vector<const google::protobuf::MethodDescriptor*> AllMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const google::protobuf::Descriptor* request :
       {v1::GetMemberRequest::descriptor(), v1::EraseMemberRequest::descriptor(),
        v1::ExportMembersRequest::descriptor(), v1::GetTierRequest::descriptor(), v1::GetPriceRequest::descriptor(),
        v1::GetGiftRequest::descriptor(), v1::ListSeatsRequest::descriptor(), v1::GetInstitutionRequest::descriptor(),
        v1::GetGrantRequest::descriptor(), v1::CheckAccessRequest::descriptor(),
        v1::ExchangeApiKeyRequest::descriptor(), v1::BeginSignInRequest::descriptor(),
        v1::CreateApiKeyRequest::descriptor(), v1::GetInvoiceRequest::descriptor(),
        v1::IngestProviderEventRequest::descriptor(), v1::GetBannerRequest::descriptor(),
        v1::GetCountersRequest::descriptor(), v1::ListEventsRequest::descriptor()}) {
    const google::protobuf::ServiceDescriptor* service = request->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

// Every caller there can be, by the name the table gives it.
std::map<std::string, auth::Caller> AllCallers() {
  std::map<std::string, auth::Caller> callers = {{"anonymous", {}},
                                                 {"member", {.kind = Kind::kMember, .subject = "members/nina"}}};
  for (const char* role : {"admin", "editor", "reporter", "support", "campaigner", "finance"}) {
    callers[absl::StrCat("role:", role)] = {.kind = Kind::kStaff, .subject = "staffMembers/olha", .roles = {role}};
  }
  for (const char* scope : {"articles.read", "articles.write", "members.read", "members.write", "tokens.issue",
                            "notifications.read", "notifications.send", "notifications.write", "payments.ingest",
                            "billing.read", "billing.write", "articles.raw_html", "admin"}) {
    callers[absl::StrCat("scope:", scope)] = {.kind = Kind::kBackend, .subject = "apiKeys/k", .scopes = {scope}};
  }
  for (const char* service : {"articles", "memberships", "notifications"}) {
    callers[absl::StrCat("service:", service)] = {.kind = Kind::kService,
                                                  .subject = absl::StrCat("services/", service)};
  }
  return callers;
}

TEST(Policy, EveryRpcAdmitsExactlyWhomTheTableNames) {
  const std::vector<const google::protobuf::MethodDescriptor*> methods = AllMethods();
  EXPECT_EQ(methods.size(), Table().size());
  for (const google::protobuf::MethodDescriptor* method : methods) {
    const std::string name = absl::StrCat(method->service()->name(), ".", method->name());
    ASSERT_TRUE(Table().contains(name)) << name << " is missing in the table";
    const std::set<std::string> admitted = absl::StrSplit(Table().at(name), ' ');
    const bool some_role = Table().at(name).find("role:") != std::string::npos;
    const absl::StatusOr<options::v1::Policy> policy = auth::PolicyOf(*method);
    ASSERT_THAT(policy, testing::IsOk()) << name;

    for (const auto& [who, caller] : AllCallers()) {
      const bool expected = admitted.contains("anyone") || admitted.contains(who) || (who == "role:admin" && some_role);
      const absl::Status status = auth::Admit(*policy, caller, name);
      EXPECT_EQ(status.ok(), expected) << who << " calls " << name;
      if (expected) continue;
      EXPECT_EQ(status.code(),
                who == "anonymous" ? absl::StatusCode::kUnauthenticated : absl::StatusCode::kPermissionDenied)
          << who << " calls " << name;
    }
  }
}

}  // namespace
}  // namespace masthead::memberships
