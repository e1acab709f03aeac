#include "services/memberships/mail/mail_key.h"

#include <cstdlib>
#include <utility>

#include "common/base/mutex.h"
#include "common/telemetry/log.h"

namespace masthead::memberships {
namespace {

struct KeyHolder {
  Mutex mutex;
  std::shared_ptr<const crypto::SealingKey> key ABSL_GUARDED_BY(mutex);
};

KeyHolder& Holder() {
  static auto* const holder = new KeyHolder;
  return *holder;
}

}  // namespace

void SetMailKey(const crypto::MacKey& mac_key) {
  auto key = std::make_shared<const crypto::SealingKey>(mac_key, "memberships.outgoing_mail");
  MutexLock lock(Holder().mutex);
  Holder().key = std::move(key);
}

std::shared_ptr<const crypto::SealingKey> MailKey() {
  MutexLock lock(Holder().mutex);
  if (Holder().key == nullptr) {
    telemetry::Error("a letter was queued before there was a key to seal it with");
    std::abort();
  }
  return Holder().key;
}

}  // namespace masthead::memberships
