// Seals what is personal in a member, and tells addresses apart without knowing them.
//
// Each sealing makes a key for that one member (AES-256-GCM), and wraps it with a key from a file that is not in the
// database: whoever has only the database has no address, and a member whose wrapped key is dropped is forgotten,
// whatever else is left. Sealed bytes are bound to the member's ID: put into another row they cannot be opened.
#pragma once

#include <memory>
#include <optional>
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

  // The same for what else is said about persons, in a row of `resource`: `gifts/{gift}`. One piece of bytes, which
  // begins with its wrapped key. OpenWords: DATA_LOSS as Open.
  std::string SealWords(absl::string_view words, absl::string_view resource) const;
  absl::StatusOr<std::string> OpenWords(absl::string_view sealed, absl::string_view resource) const;

  // What a wrapped key begins with that the first key wrapped: all others are to be wrapped again before their key may
  // leave the file.
  absl::string_view first_key_id() const;

  // The same key, or sealed words, wrapped by the first key. DATA_LOSS if none of the keys opens it.
  absl::StatusOr<std::string> Rewrap(absl::string_view wrapped, absl::string_view resource) const;

  // 32 bytes that are the same for the same address, and tell nothing else about it.
  std::string IndexOf(absl::string_view email_normal) const;

 private:
  struct WrappingKey {
    std::string id;  // Says in a wrapped key which one this is.
    std::string key;
  };

  AddressKeys(std::vector<WrappingKey> keys, crypto::MacKey index_key);

  // A key of one row, as it is stored beside what it seals; and back, if one of ours wrapped it for this row.
  std::string Wrap(absl::string_view key, absl::string_view resource) const;
  std::optional<std::string> Unwrap(absl::string_view wrapped, absl::string_view resource) const;

  const std::vector<WrappingKey> keys_;
  const crypto::MacKey index_key_;
};

}  // namespace masthead::memberships
