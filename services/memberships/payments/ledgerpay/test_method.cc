#include "services/memberships/payments/ledgerpay/test_method.h"

namespace masthead::memberships::ledgerpay {

const std::vector<TestMethod>& TestMethods() {
  using Course = TestMethod::Course;
  static const auto& methods = *new std::vector<TestMethod>{
      {"pm_ok", "A card that is good", Course::kSucceeds},
      {"pm_decline_insufficient", "A card without enough money", Course::kDeclines, "insufficient_funds", true},
      {"pm_decline_stolen", "A stolen card", Course::kDeclines, "stolen_card"},
      {"pm_expired", "An expired card", Course::kDeclines, "expired_card"},
      {"pm_requires_action", "A card whose bank asks", Course::kNeedsBuyer},
      {"pm_async_ok", "A debit that is settled later", Course::kSucceedsLater},
      {"pm_async_fail", "A debit that fails later", Course::kFailsLater, "debit_not_authorized"},
      {"pm_timeout_then_ok", "A charge whose answer is lost", Course::kAnswerLost},
      {"pm_timeout_then_nothing", "A charge whose request is lost", Course::kRequestLost},
      {"pm_ok_then_dispute", "A card whose holder disputes", Course::kIsDisputed}};
  return methods;
}

const TestMethod* FindTestMethod(absl::string_view token) {
  for (const TestMethod& method : TestMethods()) {
    if (token == method.token) return &method;
  }
  return nullptr;
}

}  // namespace masthead::memberships::ledgerpay
