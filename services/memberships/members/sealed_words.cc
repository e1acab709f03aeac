#include "services/memberships/members/sealed_words.h"

#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/telemetry/log.h"

namespace masthead::memberships {
namespace {

struct KeysHolder {
  Mutex mutex;
  std::shared_ptr<const AddressKeys> keys ABSL_GUARDED_BY(mutex);
};

KeysHolder& Holder() {
  static auto* const holder = new KeysHolder;
  return *holder;
}

std::shared_ptr<const AddressKeys> Keys() {
  MutexLock lock(Holder().mutex);
  if (Holder().keys == nullptr) {
    telemetry::Error("words about a person were used before there were keys to seal them with");
    std::abort();
  }
  return Holder().keys;
}

}  // namespace

void SetWordsKeys(const AddressKeys& keys) {
  auto copy = std::make_shared<const AddressKeys>(keys);
  MutexLock lock(Holder().mutex);
  Holder().keys = std::move(copy);
}

std::string SealWords(absl::string_view words, absl::string_view resource) {
  return Keys()->SealWords(words, resource);
}

std::string OpenWords(absl::string_view sealed, absl::string_view resource) {
  absl::StatusOr<std::string> words = Keys()->OpenWords(sealed, resource);
  if (words.ok()) return *std::move(words);
  telemetry::Error("sealed words cannot be opened", {{"resource", std::string(resource)}});
  return "";
}

}  // namespace masthead::memberships
