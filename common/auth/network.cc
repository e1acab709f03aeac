#include "common/auth/network.h"

#include <arpa/inet.h>

#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace masthead::auth {
namespace {

constexpr size_t kNetworkBytes = 8;
constexpr size_t kMappedPrefixBytes = 12;

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

std::string NetworkOfIpv6(const std::string& address) {
  std::array<char, sizeof(in6_addr)> bytes = {};
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return absl::StrCat("ipv6:", address);
  const absl::string_view all(bytes.data(), bytes.size());
  static constexpr absl::string_view kMappedPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", kMappedPrefixBytes);
  // A dual-stack socket shows IPv4 callers in this form (RFC 4291 section 2.5.5.2); their first 64 bits are all zero.
  if (all.substr(0, kMappedPrefixBytes) == kMappedPrefix)
    return absl::StrCat("ipv4:", Hex(all.substr(kMappedPrefixBytes)));
  return absl::StrCat("ipv6:", Hex(all.substr(0, kNetworkBytes)));
}

}  // namespace

std::string NetworkOf(absl::string_view peer) {
  const std::string plain = absl::StrReplaceAll(peer, {{"%5B", "["}, {"%5D", "]"}, {"%25", "%"}});
  absl::string_view address = plain;
  if (absl::ConsumePrefix(&address, "ipv6:[")) {
    return NetworkOfIpv6(std::string(address.substr(0, address.find_first_of("]%"))));
  }
  if (absl::ConsumePrefix(&address, "ipv4:")) {
    std::array<char, sizeof(in_addr)> bytes = {};
    const std::string text(address.substr(0, address.find(':')));
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
      return absl::StrCat("ipv4:", Hex({bytes.data(), bytes.size()}));
    }
  }
  return plain;
}

std::optional<std::string> NetworkOfAddress(const std::string& address) {
  std::array<char, sizeof(in6_addr)> bytes = {};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return NetworkOf(absl::StrCat("ipv4:", address, ":0"));
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return NetworkOf(absl::StrCat("ipv6:[", address, "]:0"));
  return std::nullopt;
}

}  // namespace masthead::auth
