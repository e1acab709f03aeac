// The return path of one delivery: `bounces+TOKEN@news.example`. A bounce comes back to it, and the token says which
// delivery it is about, sealed so that nobody else can report one (no scanning of what the bounce says).
//
//   VerpTokens verp({{1, key.Derive("masthead return path")}}, 1);
//   verp.ReturnPath("bounces@news.example", {.message = 17, .delivery = 3});
//
// Lower-case base32, since some servers on the way lower the case of local parts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"

namespace masthead::notifications::mail {

// Of the delivery that a return path stands for.
struct ReturnToken {
  int64_t message = 0;   // The number under which the service keeps the message: below 2^48.
  int64_t delivery = 0;  // Its seq in the message: below 2^40.

  bool operator==(const ReturnToken&) const = default;
};

class VerpTokens {
 public:
  // Signs with `keys[current]`, accepts all of `keys`. `current` must be among them.
  VerpTokens(std::map<uint8_t, crypto::MacKey> keys, uint8_t current) : keys_(std::move(keys)), current_(current) {}

  // 40 characters, a-z and 2-7.
  std::string Issue(const ReturnToken& what) const;

  // PERMISSION_DENIED, reason TOKEN_INVALID, for everything that Issue did not make under one of our keys; always the
  // same text, compared in constant time. Upper case is taken too.
  absl::StatusOr<ReturnToken> Open(absl::string_view token) const;

  // `address` with "+TOKEN" after its local part; `address` itself where that would be longer than a local part may be.
  std::string ReturnPath(absl::string_view address, const ReturnToken& what) const;

  // What stands for the delivery in `address`, an envelope recipient as a server passes it on. The same error.
  absl::StatusOr<ReturnToken> OpenReturnPath(absl::string_view address) const;

 private:
  std::map<uint8_t, crypto::MacKey> keys_;
  uint8_t current_;
};

}  // namespace masthead::notifications::mail
