#include "services/notifications/dkim/key_ring.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/telemetry/log.h"

namespace masthead::notifications::dkim {
namespace {

// Nothing that could lead out of the folder.
bool IsDnsName(absl::string_view name) {
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  });
}

std::string VersionOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return "";
  return absl::StrCat(found.st_ino, " ", found.st_size, " ", found.st_mtim.tv_sec, " ", found.st_mtim.tv_nsec);
}

}  // namespace

std::shared_ptr<const SigningKey> KeyRing::Find(absl::string_view domain, absl::string_view selector) {
  if (folder_.empty() || !IsDnsName(domain) || !IsDnsName(selector)) return nullptr;
  const std::string name = absl::StrCat(selector, "._domainkey.", domain, ".pem");
  const std::string path = absl::StrCat(folder_, "/", name);
  const absl::Time now = absl::Now();
  MutexLock lock(mutex_);
  const auto known = entries_.find(name);
  if (known != entries_.end() && known->second.checked_at + recheck_ > now) return known->second.key;
  std::string version = VersionOf(path);
  if (version.empty()) {
    entries_.erase(name);
    return nullptr;
  }
  Entry& entry = entries_[name];
  entry.checked_at = now;
  if (version == entry.version) return entry.key;
  entry.version = std::move(version);
  std::ifstream file(path, std::ios::binary);
  const std::string pem((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  absl::StatusOr<SigningKey> key = SigningKey::FromPem(pem);
  if (key.ok()) {
    entry.key = std::make_shared<const SigningKey>(*std::move(key));
  } else {
    telemetry::Warning("a DKIM key cannot be used", {{"file", name}, {"error", std::string(key.status().message())}});
  }
  return entry.key;
}

}  // namespace masthead::notifications::dkim
