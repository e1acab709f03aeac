#include "services/memberships/collecting/asking.h"

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/payments/payments_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;

class AskingTest : public PaymentsTest {
 protected:
  absl::StatusOr<int> Ask() { return AskProviders(database_.database(), feed_, *providers_, {}); }
  int Charges() { return Count("ledgerpay_charges"); }
};

TEST_F(AskingTest, ChargesWhatIsDueOnce) {
  const std::string payment = MakePayment("pm_ok");
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_THAT(Ask(), IsOkAndHolds(0));
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_EQ(Charges(), 1);
}

TEST_F(AskingTest, RecordsEveryAnswer) {
  const std::vector<std::pair<std::string, std::string>> answers = {
      {"pm_decline_insufficient", "FAILED"}, {"pm_decline_stolen", "FAILED"}, {"pm_expired", "FAILED"},
      {"pm_requires_action", "FAILED"},      {"pm_async_ok", "PROCESSING"},   {"pm_async_fail", "PROCESSING"},
      {"pm_ok_then_dispute", "SUCCEEDED"},   {"no_such_method", "FAILED"}};
  std::map<std::string, std::string> payments;
  for (const auto& [method, state] : answers) payments[method] = MakePayment(method);
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_THAT(Ask(), IsOkAndHolds(1));
  for (const auto& [method, state] : answers) EXPECT_EQ(StateOf(payments[method]), state) << method;
  const auto retryable = [&](const std::string& method) {
    return database_.QueryValue("SELECT retryable FROM payments WHERE payment_method = '" + method + "'");
  };
  EXPECT_EQ(retryable("pm_decline_insufficient"), "t");
  EXPECT_EQ(retryable("pm_decline_stolen"), "f");
}

// The call timed out, and the provider did charge.
TEST_F(AskingTest, FindsTheChargeWhoseAnswerWasLost) {
  const std::string payment = MakePayment("pm_timeout_then_ok");
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(StateOf(payment), "UNKNOWN");
  EXPECT_THAT(Ask(), IsOkAndHolds(0));  // Not before a minute has passed.

  MoveTime(absl::Minutes(1));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));

  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_EQ(Charges(), 1);
}

// The call timed out, and the provider never saw it.
TEST_F(AskingTest, SendsAChargeThatNeverArrivedAgainUnderItsKey) {
  const std::string payment = MakePayment("pm_timeout_then_nothing");
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(StateOf(payment), "UNKNOWN");
  EXPECT_EQ(Charges(), 0);

  MoveTime(absl::Minutes(1));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));

  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_EQ(database_.QueryValue("SELECT string_agg(key, ',') FROM ledgerpay_charges"), payment);
}

TEST_F(AskingTest, NeverSendsAKeyThatTheProviderMayHaveForgotten) {
  const std::string payment = MakePayment("pm_timeout_then_nothing");
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  MoveTime(absl::Hours(25));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(StateOf(payment), "FAILED");
  EXPECT_EQ(database_.QueryValue("SELECT decline_code FROM payments"), "never_arrived");
  EXPECT_EQ(Charges(), 0);
}

TEST_F(AskingTest, LooksBeforeItSendsAPaymentThatHasWaitedForADay) {
  const std::string payment = MakePayment("pm_ok");
  MoveTime(absl::Hours(25));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(StateOf(payment), "FAILED");
  EXPECT_EQ(Charges(), 0);
}

TEST_F(AskingTest, ChargesOnceWhereverItIsCutOff) {
  for (const char* point :
       {"memberships.charge.before_call", "memberships.charge.after_call", "memberships.charge.before_record"}) {
    SCOPED_TRACE(point);
    const std::string payment = MakePayment("pm_ok");
    {
      const failpoint::ScopedFailpoints fault(absl::StrCat(point, "=throw@1"));
      EXPECT_THROW(Ask().IgnoreError(), failpoint::InjectedFailure);
    }
    EXPECT_THAT(Ask(), IsOkAndHolds(0));  // The lease of who died holds.
    MoveTime(absl::Minutes(12));
    EXPECT_THAT(Ask(), IsOkAndHolds(1));
    EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  }
  EXPECT_EQ(Charges(), 3);
}

TEST_F(AskingTest, ChargesOnceHoweverManyAsk) {
  for (int i = 0; i < 30; ++i) MakePayment(i % 3 == 0 ? "pm_timeout_then_ok" : "pm_ok");
  std::vector<std::thread> askers;
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([this] {
      while (Ask().value_or(0) > 0) {
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(Charges(), 30);
  EXPECT_EQ(Count("payments WHERE state = 'SUCCEEDED'"), 20);
  EXPECT_EQ(Count("payments WHERE state = 'UNKNOWN'"), 10);
}

// A house that loses what it is told about refunds, as it is told to.
class ForgetfulProvider final : public PaymentProvider {
 public:
  const std::string& name() const override { return name_; }
  absl::Status CheckChargeable(const Money&) const override { return absl::OkStatus(); }
  absl::StatusOr<HostedPage> CreateCheckout(const Scope&, const CheckoutPage&) override { return HostedPage(); }
  absl::Status ExpireCheckout(const Scope&, const std::string&) override { return absl::OkStatus(); }
  ChargeOutcome MakeCharge(const Scope&, const Charge&) override { return {}; }
  RefundOutcome MakeRefund(const Scope&, const RefundOrder& refund) override {
    ++asked_;
    if (lose_request_-- > 0) return {};
    made_ = refund.key;
    if (lose_answer_-- > 0) return {};
    return {.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = "re_1"};
  }
  absl::StatusOr<ChargeOutcome> LookUpCharge(const Scope&, const std::string&, const std::string&) override {
    return absl::NotFoundError("");
  }
  absl::StatusOr<RefundOutcome> LookUpRefund(const Scope&, const RefundOrder& refund, const std::string&) override {
    if (made_ != refund.key) return absl::NotFoundError("");
    return RefundOutcome{.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = "re_1"};
  }
  absl::Status VerifyEvent(absl::string_view, const std::map<std::string, std::string>&, absl::Time) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<ProviderEvent> ParseEvent(const Scope&, absl::string_view) override { return ProviderEvent(); }
  absl::StatusOr<ProviderEventPage> ListEvents(const Scope&, const std::string&) override {
    return ProviderEventPage();
  }

  int asked_ = 0;
  int lose_request_ = 0;
  int lose_answer_ = 0;
  std::string made_;

 private:
  const std::string name_ = "forgetful";
};

class RefundTest : public PaymentsTest {
 protected:
  RefundTest() {
    auto owned = std::make_unique<ForgetfulProvider>();
    provider_ = owned.get();
    std::vector<std::unique_ptr<PaymentProvider>> all;
    all.push_back(std::move(owned));
    forgetful_ = std::make_unique<Providers>(std::move(all));
  }

  void MakeRefund() {
    const std::string payment = MakePayment("pm_ok");
    database_.Execute("UPDATE payments SET state = 'SUCCEEDED', provider = 'forgetful', provider_ref = 'pi_1'");
    database_.Execute(absl::StrCat(
        "INSERT INTO refunds (id, payment_id, amount, reason, automatic, revoke_access, state, next_action_time, ",
        "create_time) VALUES ('refund-1', '", payment, "', 500, 'late', true, false, 'CREATED', db_now(), db_now())"));
  }
  absl::StatusOr<int> Ask() { return AskProviders(database_.database(), feed_, *forgetful_, {}); }
  std::string State() { return database_.QueryValue("SELECT state FROM refunds"); }

  ForgetfulProvider* provider_ = nullptr;
  std::unique_ptr<Providers> forgetful_;
};

TEST_F(RefundTest, IsGivenOnce) {
  MakeRefund();
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_THAT(Ask(), IsOkAndHolds(0));
  EXPECT_EQ(State(), "SUCCEEDED");
}

TEST_F(RefundTest, IsFoundIfItsAnswerWasLost) {
  MakeRefund();
  provider_->lose_answer_ = 1;
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(State(), "UNKNOWN");
  MoveTime(absl::Minutes(2));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(State(), "SUCCEEDED");
  EXPECT_EQ(provider_->asked_, 1);
}

TEST_F(RefundTest, IsSentAgainUnderItsKeyIfItNeverArrived) {
  MakeRefund();
  provider_->lose_request_ = 1;
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  MoveTime(absl::Minutes(2));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(State(), "SUCCEEDED");
  EXPECT_EQ(provider_->asked_, 2);
  EXPECT_EQ(provider_->made_, "refund-1");
}

TEST_F(RefundTest, IsNeverSentUnderAnOldKey) {
  MakeRefund();
  provider_->lose_request_ = 1;
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  MoveTime(absl::Hours(25));
  EXPECT_THAT(Ask(), IsOkAndHolds(1));
  EXPECT_EQ(State(), "FAILED");
  EXPECT_EQ(provider_->asked_, 1);
}

}  // namespace
}  // namespace masthead::memberships
