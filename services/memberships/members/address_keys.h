// Seals what is personal in a member, and tells addresses apart without knowing them.
//
// Each sealing makes a key for that one member (AES-256-GCM), and wraps it with a key from a file that is not in the
// database: whoever has only the database has no address, and a member whose wrapped key is dropped is forgotten,
// whatever else is left. Sealed bytes are bound to the member's ID: put into another row they cannot be opened.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// Thread-safe.
class AddressKeys {
 public:
  // One key of 32 bytes a line, in 64 hexadecimal digits or base64url. The first wraps, all unwrap: a new one is put on
  // top. The last is the oldest, and stays: addresses are told apart with a key derived from it. Errors say the line,
  // never what it holds.
  static absl::StatusOr<std::unique_ptr<AddressKeys>> FromText(absl::string_view text);

  // Takes what is personal in `member`, and its domain, and makes `member.sealed` of it.
  void Seal(Member& member) const;

  // Fills in what is personal from `member.sealed`; nothing if the key was dropped. DATA_LOSS if none of the keys opens
  // it, or it is not what was sealed for this member.
  absl::Status Open(Member& member) const;

  // 32 bytes that are the same for the same address, and tell nothing else about it.
  std::string IndexOf(absl::string_view email_normal) const;

 private:
  struct WrappingKey {
    std::string id;  // Says in a wrapped key which one this is.
    std::string key;
  };

  AddressKeys(std::vector<WrappingKey> keys, crypto::MacKey index_key);

  const std::vector<WrappingKey> keys_;
  const crypto::MacKey index_key_;
};

}  // namespace masthead::memberships
