// Matchers for absl::Status, absl::StatusOr and grpc::Status: IsOk(), IsOkAndHolds(matcher), StatusIs(code),
// StatusIs(code, reason).
#pragma once

#include <concepts>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "gmock/gmock.h"
#include "google/rpc/status.pb.h"

namespace masthead::testing {

inline const absl::Status& ToStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& ToStatus(const absl::StatusOr<T>& result) {
  return result.status();
}
// grpc::Status, without naming it: most tests need no gRPC.
template <typename GrpcStatus>
requires requires(const GrpcStatus& status) {
  { status.error_details() } -> std::convertible_to<std::string>;
}
absl::Status ToStatus(const GrpcStatus& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return result;
  for (const auto& detail : details.details()) result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  return result;
}

inline std::string Describe(const absl::Status& status) {
  return absl::StrCat(status.ok() ? "OK" : status.ToString(absl::StatusToStringMode::kWithNoExtraData), " (reason \"",
                      ErrorReason(status), "\")");
}

MATCHER(IsOk, negation ? "fails" : "is OK") {
  const absl::Status& status = ToStatus(arg);
  *result_listener << "which is " << Describe(status);
  return status.ok();
}

MATCHER_P(IsOkAndHolds, matcher, "is OK and holds what " + ::testing::PrintToString(matcher)) {
  if (!arg.ok()) {
    *result_listener << "which is " << Describe(arg.status());
    return false;
  }
  return ::testing::ExplainMatchResult(matcher, *arg, result_listener);
}

MATCHER_P(StatusHasCode, code, "has the code " + absl::StatusCodeToString(code)) {
  const absl::Status& status = ToStatus(arg);
  *result_listener << "which is " << Describe(status);
  return status.code() == code;
}

MATCHER_P2(StatusHasReason, code, reason,
           "has the code " + absl::StatusCodeToString(code) + " and the reason " + std::string(reason)) {
  const absl::Status& status = ToStatus(arg);
  *result_listener << "which is " << Describe(status);
  return status.code() == code && ErrorReason(status) == reason;
}

// The status has this code and, if given, this ErrorInfo.reason.
inline auto StatusIs(absl::StatusCode code) { return StatusHasCode(code); }
inline auto StatusIs(absl::StatusCode code, const std::string& reason) { return StatusHasReason(code, reason); }

}  // namespace masthead::testing
