// What ledgerpay's test methods do: each is a card, or a connection, with one habit.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::memberships::ledgerpay {

struct TestMethod {
  enum class Course {
    kSucceeds,
    kDeclines,
    kNeedsBuyer,  // Succeeds on the page, once the buyer has confirmed; asks for the buyer elsewhere.
    kSucceedsLater,
    kFailsLater,
    kAnswerLost,   // The charge is made, and the answer never arrives.
    kRequestLost,  // The request never arrives; the next one with its key does.
    kIsDisputed,   // Succeeds; the cardholder disputes it.
  };

  const char* token;  // `pm_ok`
  const char* label;  // For people.
  Course course;
  const char* decline_code = "";  // Where it declines or fails.
  bool retryable = false;
};

const std::vector<TestMethod>& TestMethods();

// Null if there is none of that token.
const TestMethod* FindTestMethod(absl::string_view token);

}  // namespace masthead::memberships::ledgerpay
