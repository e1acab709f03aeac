// Errors as callers see them: a code, a message for humans, and a google.rpc.ErrorInfo for programs (AIP-193).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead {

// The domain of the reasons in masthead/type/v1/common_error_reason.proto.
inline constexpr char kCommonErrorDomain[] = "masthead";

// Who reports an error and why. (`domain`, `reason`) identifies it for good.
struct ErrorInfo {
  std::string domain;
  std::string reason;
  std::map<std::string, std::string> metadata = {};
};

absl::Status MakeError(absl::StatusCode code, absl::string_view message, const ErrorInfo& info);

// Tells the caller when trying again can help (google.rpc.RetryInfo).
absl::Status WithRetry(absl::Status status, absl::Duration delay);

// Tells which resource an error is about (google.rpc.ResourceInfo); for NOT_FOUND and its like.
absl::Status WithResource(absl::Status status, absl::string_view type, absl::string_view name);

// The reason in the status' ErrorInfo; empty if it has none.
std::string ErrorReason(const absl::Status& status);

// The metadata of that name in the status' ErrorInfo; empty if it has none.
std::string ErrorMetadata(const absl::Status& status, const std::string& name);

// Collects everything wrong with a request, so that the caller hears it at once.
class FieldViolations {
 public:
  // `field` is the path as the caller wrote it, for example `article.blocks[2].text`.
  void Add(absl::string_view field, absl::string_view description);

  // Adds all of `others`, each field below `parent`: `updates[2].article.headline`.
  void AddAll(absl::string_view parent, const FieldViolations& others);

  bool empty() const { return count_ == 0; }

  // OK if nothing was added; else INVALID_ARGUMENT, reason INVALID_FIELD, with a BadRequest. That holds as many of them
  // as fit into the trailers of an answer, and tells how many more there are.
  absl::Status ToStatus() const;

 private:
  std::vector<std::pair<std::string, std::string>> violations_;  // The first of them; nobody reads on for ever.
  size_t count_ = 0;
};

}  // namespace masthead
