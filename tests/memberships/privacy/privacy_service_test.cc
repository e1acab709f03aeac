#include "services/memberships/privacy/privacy_service.h"

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "masthead/memberships/v1/billing_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/gifts/gift_fulfilment.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/privacy/leave_taking.h"
#include "tests/memberships/members/subscription_rows.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PrivacyServiceTest : public NewsroomTest {
 protected:
  absl::StatusOr<v1::Member> Erase(const std::string& id, const std::string& token) {
    v1::EraseMemberRequest request;
    request.set_name("members/" + id);
    return Call(token, &Privacy::EraseMember, request);
  }

  absl::StatusOr<v1::Member> Get(const std::string& id) {
    v1::GetMemberRequest request;
    request.set_name("members/" + id);
    return Call(Backend(), &Members::GetMember, request);
  }

  absl::StatusOr<std::map<std::string, nlohmann::json>> Export(const std::string& id, const std::string& token) {
    Privacy stub(server_.Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(20));
    testing::Authorize(context, token);
    v1::ExportPersonalDataRequest request;
    request.set_name("members/" + id);
    const auto reader = stub.ExportPersonalData(&context, request);
    std::map<std::string, nlohmann::json> kinds;
    v1::ExportPersonalDataResponse response;
    while (reader->Read(&response)) {
      for (const nlohmann::json& row : nlohmann::json::parse(response.json())) kinds[response.kind()].push_back(row);
    }
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return kinds;
  }

  // Every text, JSON and binary value of every table, as far as it is text.
  std::string WholeDatabase() {
    return database_.QueryValue(R"sql(
      SELECT string_agg(query_to_xml('SELECT * FROM ' || quote_ident(table_name), true, true, '')::text, ' ')
      FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
    )sql");
  }
};

TEST_F(PrivacyServiceTest, AMemberSeesEverythingThatIsHeld) {
  Register("nina", "nina@example.org");
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  InsertPaidSubscription(database_, "s", "nina");
  v1::SetConsentRequest consent =
      Text<v1::SetConsentRequest>(R"pb(name: "members/nina/consents/breaking" granted: true source: "form")pb");
  ASSERT_THAT(Call(Backend(), &Members::SetConsent, consent), IsOk());

  const auto held = Export("nina", server_.MemberToken("members/nina"));

  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->at("member")[0]["email"], "nina@example.org");
  EXPECT_EQ(held->at("consents")[0]["topic_id"], "breaking");
  EXPECT_EQ(held->at("grants")[0]["tier_id"], "gold");
  EXPECT_EQ(held->at("subscriptions")[0]["id"], "s");
  EXPECT_EQ(held->at("invoices")[0]["total"], 500);
  EXPECT_EQ(held->at("ledger")[0]["entries"].size(), 2);
  EXPECT_FALSE(held->at("subscriptions")[0].contains("payment_method"));
}

TEST_F(PrivacyServiceTest, NobodySeesOrErasesAnother) {
  Register("nina", "nina@example.org");
  EXPECT_THAT(Export("nina", server_.MemberToken("members/omar")),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Erase("nina", server_.MemberToken("members/omar")),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  EXPECT_THAT(Export("nobody", Backend()), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
}

TEST_F(PrivacyServiceTest, NoAddressIsReadableInTheDatabase) {
  v1::CreateMemberRequest request = Text<v1::CreateMemberRequest>(R"pb(
    member_id: "nina"
    member {
      email: "nina.secret@readers.example"
      display_name: "Nina Verysecret"
      note: "a secret note"
      custom_fields { key: "city" value: "Secretville" }
    }
    request_id: "0f7f8f7e-3c5b-4f3a-9a3e-0f6a4e6b8d11"
  )pb");
  ASSERT_THAT(Call(Backend(), &Members::CreateMember, request), IsOk());
  const std::string all = WholeDatabase();
  EXPECT_THAT(all, HasSubstr("nina")) << "the ID is there";
  for (const char* secret : {"nina.secret", "Verysecret", "a secret note", "Secretville"}) {
    EXPECT_THAT(all, Not(HasSubstr(secret)));
    // Octets are not text there.
    EXPECT_EQ(database_.QueryValue(absl::StrCat("SELECT count(*) FROM idempotency WHERE position('", secret,
                                                "'::bytea IN response) > 0")),
              "0");
    EXPECT_EQ(database_.QueryValue(
                  absl::StrCat("SELECT count(*) FROM event WHERE position('", secret, "'::bytea IN payload) > 0")),
              "0");
  }
}

TEST_F(PrivacyServiceTest, WhoIsErasedIsGoneAndTheBooksStay) {
  Register("nina", "nina@example.org");
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  InsertPaidSubscription(database_, "s", "nina");

  const auto erased = Erase("nina", server_.MemberToken("members/nina"));

  ASSERT_THAT(erased, IsOk());
  EXPECT_EQ(erased->state(), v1::Member::ERASED);
  const auto member = Get("nina");
  ASSERT_THAT(member, IsOk());
  EXPECT_EQ(member->state(), v1::Member::ERASED);
  EXPECT_EQ(member->email(), "");
  EXPECT_THAT(member->tiers(), IsEmpty());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM members WHERE wrapped_key IS NOT NULL"), "0");
  EXPECT_EQ(database_.QueryValue("SELECT state || payment_method FROM subscriptions"), "CANCELED");
  EXPECT_EQ(database_.QueryValue("SELECT sum(total) FROM invoices WHERE member_id = 'nina'"), "500");
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM ledger_transactions WHERE member_id = 'nina'"), "1");
  EXPECT_EQ(database_.QueryValue("SELECT sum(members) FROM member_counter_shards"), "0");
  EXPECT_THAT(FeedOf("member.erased"), SizeIs(1));
}

TEST_F(PrivacyServiceTest, ErasingOnceMoreChangesNothing) {
  Register("nina", "nina@example.org");
  const auto first = Erase("nina", Backend());
  ASSERT_THAT(first, IsOk());
  const auto second = Erase("nina", Backend());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->etag(), first->etag());
  EXPECT_THAT(FeedOf("member.erased"), SizeIs(1));
}

TEST_F(PrivacyServiceTest, AnErasedAddressIsRefusedUntilItsOwnerComesBack) {
  Register("nina", "Nina@example.org");
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  v1::CreateMemberRequest request;
  request.mutable_member()->set_email("nina@EXAMPLE.org");
  EXPECT_THAT(Call(Backend(), &Members::CreateMember, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ERASED_ADDRESS"));
  EXPECT_THAT(Call(Backend(), &Members::UndeleteMember, Text<v1::UndeleteMemberRequest>(R"pb(name: "members/nina"
                                                                                             etag: "*")pb")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "MEMBER_ERASED"));
}

TEST_F(PrivacyServiceTest, ErasureReachesTheNamesThatWereMerged) {
  Register("nina", "nina@example.org");
  Register("old", "old@example.org");
  ASSERT_THAT(Call(Backend(), &Members::MergeMembers,
                   Text<v1::MergeMembersRequest>(R"pb(
                     name: "members/old" into: "members/nina" etag: "*" into_etag: "*"
                   )pb")),
              IsOk());
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  v1::CreateMemberRequest request;
  request.mutable_member()->set_email("old@example.org");
  EXPECT_THAT(Call(Backend(), &Members::CreateMember, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ERASED_ADDRESS"));
  EXPECT_THAT(Erase("old", Backend()), StatusIs(absl::StatusCode::kFailedPrecondition, "MEMBER_MERGED"));
}

// A payment provider that keeps something of its customers, and does not always answer.
class KeepingProvider final : public PaymentProvider {
 public:
  const std::string& name() const override { return name_; }
  absl::Status CheckChargeable(const Money&) const override { return absl::OkStatus(); }
  absl::StatusOr<HostedPage> CreateCheckout(const Scope&, const CheckoutPage&) override { return HostedPage(); }
  absl::Status ExpireCheckout(const Scope&, const std::string&) override { return absl::OkStatus(); }
  ChargeOutcome MakeCharge(const Scope&, const Charge&) override { return {}; }
  RefundOutcome MakeRefund(const Scope&, const RefundOrder&) override { return {}; }
  absl::StatusOr<ChargeOutcome> LookUpCharge(const Scope&, const std::string&, const std::string&) override {
    return ChargeOutcome();
  }
  absl::StatusOr<RefundOutcome> LookUpRefund(const Scope&, const RefundOrder&, const std::string&) override {
    return RefundOutcome();
  }
  absl::Status ForgetMember(const Scope&, const std::string& member_id) override {
    if (silent_-- > 0) return ProviderUnavailable(name_);
    forgotten_.insert(member_id);
    return absl::OkStatus();
  }
  absl::Status VerifyEvent(absl::string_view, const std::map<std::string, std::string>&, absl::Time) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<ProviderEvent> ParseEvent(const Scope&, absl::string_view) override { return ProviderEvent(); }
  absl::StatusOr<ProviderEventPage> ListEvents(const Scope&, const std::string&) override {
    return ProviderEventPage();
  }

  int silent_ = 0;
  std::multiset<std::string> forgotten_;

 private:
  const std::string name_ = "keeping";
};

class LeaveTakingTest : public PrivacyServiceTest {
 protected:
  LeaveTakingTest() {
    auto owned = std::make_unique<KeepingProvider>();
    provider_ = owned.get();
    std::vector<std::unique_ptr<PaymentProvider>> all;
    all.push_back(std::move(owned));
    keeping_ = std::make_unique<Providers>(std::move(all));
    Register("nina", "nina@example.org");
  }

  absl::StatusOr<bool> Leave() { return TakeLeave(database_.database(), *keeping_, {}); }

  KeepingProvider* provider_ = nullptr;
  std::unique_ptr<Providers> keeping_;
};

TEST_F(LeaveTakingTest, ProvidersForgetTheMemberAndTheFormerNames) {
  Register("old", "old@example.org");
  ASSERT_THAT(Call(Backend(), &Members::MergeMembers,
                   Text<v1::MergeMembersRequest>(R"pb(
                     name: "members/old" into: "members/nina" etag: "*" into_etag: "*"
                   )pb")),
              IsOk());
  EXPECT_THAT(Leave(), IsOkAndHolds(false));
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  EXPECT_THAT(Leave(), IsOkAndHolds(true));
  EXPECT_THAT(Leave(), IsOkAndHolds(true));
  EXPECT_THAT(Leave(), IsOkAndHolds(false));
  EXPECT_THAT(provider_->forgotten_, ElementsAre("nina", "old"));
}

TEST_F(LeaveTakingTest, WhoDoesNotAnswerIsToldAgainLater) {
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  provider_->silent_ = 2;
  EXPECT_THAT(Leave(), StatusIs(absl::StatusCode::kUnavailable, "PROVIDER_UNAVAILABLE"));
  EXPECT_THAT(Leave(), IsOkAndHolds(false));
  MoveTime(absl::Seconds(61));
  EXPECT_THAT(Leave(), StatusIs(absl::StatusCode::kUnavailable, "PROVIDER_UNAVAILABLE"));
  MoveTime(absl::Seconds(121));
  EXPECT_THAT(Leave(), IsOkAndHolds(true));
  EXPECT_THAT(provider_->forgotten_, ElementsAre("nina"));
}

TEST_F(LeaveTakingTest, AProcessThatDiesBetweenTheAnswerAndItsRecordTellsItOnceMore) {
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  {
    const failpoint::ScopedFailpoints fault("memberships.leave.before_record=throw@1");
    EXPECT_THROW(Leave().IgnoreError(), failpoint::InjectedFailure);
  }
  EXPECT_THAT(Leave(), IsOkAndHolds(false));
  MoveTime(absl::Seconds(61));
  EXPECT_THAT(Leave(), IsOkAndHolds(true));
  EXPECT_THAT(provider_->forgotten_, ElementsAre("nina", "nina"));
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM provider_erasures"), "0");
}

class BuyersWordsTest : public PrivacyServiceTest {
 protected:
  BuyersWordsTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
    database_.Execute(
        "INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, state, "
        "revision,"
        " create_time, update_time) VALUES ('gold-eur', 'gold', 'Gold', 'EUR', 500, 'MONTH', 1, 'ACTIVE', 1, now(), "
        "now())");
    v1::CreateCheckoutRequest request = Text<v1::CreateCheckoutRequest>(R"pb(
      parent: "members/nina"
      checkout {
        kind: GIFT
        price: "prices/gold-eur"
        success_url: "https://www.news.example/thanks"
        cancel_url: "https://www.news.example/support"
        gift {
          months: 3
          receiver_email: "olha@secret.example"
          receiver_name: "Olha Secretive"
          giver_name: "Nina Hushed"
          message: "a whispered word"
        }
      }
    )pb");
    request.set_request_id("0f7f8f7e-3c5b-4f3a-9a3e-0f6a4e6b8d11");
    const auto checkout = Call(Backend(), &v1::BillingService::Stub::CreateCheckout, request);
    EXPECT_THAT(checkout, IsOk());
    EXPECT_EQ(checkout->gift().receiver_email(), "olha@secret.example") << "the buyer sees it";
    const auto fulfilled = database_.database().Write({}, [&](db::Transaction& tx) {
      const std::string id = checkout->name().substr(checkout->name().rfind('/') + 1);
      FulfilGift(tx, memberships_.feed(), LoadCheckout(tx, id).value(), "invoice", db::Now(tx));
      return absl::OkStatus();
    });
    EXPECT_THAT(fulfilled, IsOk());
  }

  std::string Readable() {
    std::string found;
    const std::string all = WholeDatabase();
    for (const char* secret : {"secret.example", "Secretive", "Hushed", "whispered"}) {
      const bool kept = database_.QueryValue(absl::StrCat("SELECT count(*) FROM idempotency WHERE position('", secret,
                                                          "'::bytea IN response) > 0")) != "0";
      if (kept || all.find(secret) != std::string::npos) absl::StrAppend(&found, secret, " ");
    }
    return found;
  }
};

TEST_F(BuyersWordsTest, AreNotReadableInTheDatabaseAndShownToTheirOwner) {
  EXPECT_EQ(Readable(), "");

  const auto held = Export("nina", server_.MemberToken("members/nina"));

  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->at("checkouts")[0]["details"]["receiver_email"], "olha@secret.example");
  EXPECT_EQ(held->at("giftsGiven")[0]["message"], "a whispered word");
  EXPECT_EQ(held->at("giftsGiven")[0]["receiver_name"], "Olha Secretive");
  EXPECT_FALSE(held->at("giftsGiven")[0].contains("receiver_email"));
  EXPECT_FALSE(held->at("giftsGiven")[0].contains("sealed_delivery"));
}

TEST_F(BuyersWordsTest, GoWithWhoWroteThemAndTheGiftStillArrives) {
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM checkouts WHERE sealed_details IS NOT NULL"), "0");
  const auto gift = database_.database().Read(
      {}, [](db::Transaction& tx) { return LoadGifts(tx, "nina", std::nullopt, 10).front(); });
  ASSERT_THAT(gift, IsOk());
  EXPECT_EQ(gift->delivery.giver_name + gift->delivery.message, "");
  EXPECT_EQ(gift->delivery.receiver_email, "olha@secret.example");
}

TEST_F(PrivacyServiceTest, ErasureReachesWhatWasRecordedUnderTheFormerNames) {
  Register("nina", "nina@example.org");
  Register("old", "old@example.org");
  ASSERT_THAT(Call(Backend(), &Members::SetConsent, Text<v1::SetConsentRequest>(R"pb(
                     name: "members/old/consents/breaking"
                     granted: true
                     source: "form"
                   )pb")),
              IsOk());
  ASSERT_THAT(Call(Backend(), &Members::MergeMembers,
                   Text<v1::MergeMembersRequest>(R"pb(
                     name: "members/old" into: "members/nina" etag: "*" into_etag: "*"
                   )pb")),
              IsOk());
  ASSERT_THAT(Erase("nina", Backend()), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM consents"), "0");
}

}  // namespace
}  // namespace masthead::memberships
