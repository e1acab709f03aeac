#include "services/memberships/errors.h"

#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "masthead/memberships/v1/error_reason.pb.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/gifts/gift_errors.h"
#include "services/memberships/institutions/institution_errors.h"
#include "services/memberships/members/member_errors.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/seats/seat_errors.h"
#include "services/memberships/signin/sign_in_errors.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/support/support_errors.h"

namespace masthead::memberships {
namespace {

TEST(Errors, AreTheTwinOfTheDocumentedReasons) {
  const std::vector<absl::Status> all = {
      MemberNotFound("m"),
      AddressNotFound(),
      MemberExists("m"),
      MemberExists(""),
      TierNotFound("t"),
      TierExists("t"),
      TierArchived("t"),
      SubscriptionNotFound("members/m/subscriptions/s"),
      InvalidTransition("members/m/subscriptions/s", "EXPIRED", "RESUME"),
      CurrencyMismatch("EUR", "USD"),
      AmountOutOfRange(1, 2),
      ExternalSubscriptionNotFound("sub_1"),
      SubscriptionIsExternal("members/m/subscriptions/s", "stripe"),
      PreviewOutdated(),
      GrantNotFound("members/m/grants/g"),
      GrantExists("g"),
      GrantOver("g", "ENDED"),
      StaffMemberNotFound("s"),
      StaffMemberExists("s"),
      StaffMemberWithoutRole("s"),
      ApiKeyNotFound("k"),
      ApiKeyRevoked("k"),
      ApiKeyInvalid(),
      TooManyGuesses(absl::Seconds(6)),
      NotOwnResource(),
      TooManyGrants(50),
      TooManyConsents(200),
      MeterPolicyNotFound("p"),
      MeterPolicyExists("p"),
      TooManyMeterPolicies(100),
      MemberNotDeleted("m"),
      MemberMerged("m", "n"),
      MemberErased("m"),
      MergeConflict("s", "t"),
      FilterRequired(),
      ErasedAddress(),
      BadSignature(),
      ProviderNotFound("p"),
      ProviderEventNotFound("paymentProviders/p/events/e"),
      ProviderEventRejected("live mode", "test mode"),
      ProviderUnavailable("p"),
      TransferNotFound("r"),
      CheckoutNotFound("members/m/checkouts/c"),
      InvoiceNotFound("members/m/invoices/i"),
      PaymentNotFound("members/m/payments/p"),
      PaymentUnresolved("members/m/payments/p"),
      PaymentMethodMissing("members/m/invoices/i"),
      CardDeclined("stolen_card", false),
      RefundTooLarge(0),
      SubscribedAlready("members/m/subscriptions/s"),
      PriceNotFound("p"),
      PriceExists("p"),
      PriceArchived("p"),
      OfferNotFound("o"),
      OfferExists("o"),
      OfferEnded("o"),
      OfferExhausted("o", 100),
      OfferNotApplicable("o"),
      OfferRedeemed("o"),
      GiftNotFound("g"),
      GiftCodeUnknown(),
      GiftOver("g", "REDEEMED"),
      NoSeats(5),
      SeatNotFound("s"),
      InvitationOver(),
      InstitutionNotFound("i"),
      InstitutionExists("i"),
      SignInFailed(),
      TooManySignIns(absl::Minutes(1)),
      SessionNotFound("members/m/sessions/s"),
      SessionOver(),
      CampaignNotFound("c"),
      CampaignExists("c"),
      ReferralLinkNotFound("r"),
      TooManyReferralLinks(20),
  };
  std::set<std::string> given;
  for (const absl::Status& status : all) given.insert(ErrorReason(status));

  std::set<std::string> documented;
  const google::protobuf::EnumDescriptor* reasons = v1::ErrorReason_descriptor();
  for (int i = 1; i < reasons->value_count(); ++i) documented.insert(reasons->value(i)->name());
  EXPECT_EQ(given, documented);
}

}  // namespace
}  // namespace masthead::memberships
