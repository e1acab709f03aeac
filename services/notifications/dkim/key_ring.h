// The private keys in a folder, one file for each public key in the DNS and called like its record:
// `selector._domainkey.domain.pem`.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "services/notifications/dkim/signer.h"

namespace masthead::notifications::dkim {

// May be used from any thread.
class KeyRing {
 public:
  // An empty `folder` has no keys. A file is looked at again once `recheck` has passed.
  explicit KeyRing(std::string folder, absl::Duration recheck = absl::Seconds(5))
      : folder_(std::move(folder)), recheck_(recheck) {}

  // Null if there is none. Where a changed file cannot be read as a key, the key before stays in use, and the log tells
  // of it.
  std::shared_ptr<const SigningKey> Find(absl::string_view domain, absl::string_view selector);

 private:
  struct Entry {
    std::shared_ptr<const SigningKey> key;
    std::string version;  // Of the file: tells whether it has changed.
    absl::Time checked_at = absl::InfinitePast();
  };

  const std::string folder_;
  const absl::Duration recheck_;
  Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);  // By file name.
};

}  // namespace masthead::notifications::dkim
