// Keyset page tokens (AIP-158): opaque, signed, and good only for the method, the caller and the arguments they were
// given for.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "google/protobuf/message.h"

namespace masthead::paging {

// How many items a page has: 0 means `fallback`, more than `max` means `max`; negative is INVALID_ARGUMENT.
absl::StatusOr<int> PageSize(int requested, int fallback, int max);

// Makes and reads the tokens of one service.
class PageTokens {
 public:
  // Any key of the service: the one for page tokens is derived from it.
  explicit PageTokens(const crypto::MacKey& key) : key_(key.Derive("masthead page token")) {}

  // A token for the page after the row whose keyset values are `after`. `request` is the List request; its page_size,
  // page_token are not bound.
  std::string Make(absl::string_view principal, const google::protobuf::Message& request,
                   const std::vector<std::string>& after) const;

  // The keyset values; empty for an empty token (the first page). INVALID_ARGUMENT, BAD_PAGE_TOKEN, with one constant
  // text otherwise.
  absl::StatusOr<std::vector<std::string>> Read(absl::string_view principal,
                                                const google::protobuf::Message& request) const;

 private:
  crypto::MacKey key_;
};

}  // namespace masthead::paging
