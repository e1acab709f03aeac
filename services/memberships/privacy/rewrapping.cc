#include "services/memberships/privacy/rewrapping.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/gifts/gift_store.h"
#include "services/memberships/privacy/wrapped_key_store.h"

namespace masthead::memberships {
namespace {

constexpr int kRowsAtATime = 1000;
constexpr SealedRows kKinds[] = {SealedRows::kMembers, SealedRows::kGifts, SealedRows::kCheckouts};

// What an older version left readable gets a key, too.
void SealReadable(db::Transaction& tx, SealedRows rows) {
  if (rows == SealedRows::kGifts) SealReadableGifts(tx);
  if (rows == SealedRows::kCheckouts) SealReadableCheckouts(tx);
}

struct Rewrapped {
  std::string last_id;
  int seen = 0;
  int wrapped = 0;
  int unopened = 0;
};

Rewrapped RewrapRows(db::Transaction& tx, const AddressKeys& keys, SealedRows rows, const std::string& after) {
  Rewrapped done = {.last_id = after};
  if (after.empty()) SealReadable(tx, rows);
  for (const WrappedKey& key : LoadWrappedKeys(tx, rows, after, kRowsAtATime)) {
    ++done.seen;
    done.last_id = key.id;
    if (absl::StartsWith(key.wrapped, keys.first_key_id())) continue;
    const absl::StatusOr<std::string> again = keys.Rewrap(key.wrapped, absl::StrCat(CollectionOf(rows), "/", key.id));
    if (again.ok()) {
      SaveWrappedKey(tx, rows, key, *again);
      ++done.wrapped;
    } else {
      ++done.unopened;
    }
  }
  return done;
}

}  // namespace

absl::StatusOr<bool> Rewrapping::Step(const Scope& scope) {
  if (std::exchange(begins_, false)) wrapped_ = unopened_ = 0;
  ASSIGN_OR_RETURN(const Rewrapped done, database_.Write(scope, [&](db::Transaction& tx) {
    return RewrapRows(tx, keys_, kKinds[kind_], last_id_);
  }));
  wrapped_ += done.wrapped;
  unopened_ += done.unopened;
  last_id_ = done.last_id;
  if (done.seen == kRowsAtATime) return true;
  last_id_.clear();
  kind_ = (kind_ + 1) % std::size(kKinds);
  begins_ = kind_ == 0;
  return !begins_;
}

}  // namespace masthead::memberships
