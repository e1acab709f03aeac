#include "services/notifications/outbound/address_guard.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/notifications/outbound/outbound_errors.h"

namespace masthead::notifications {
namespace {

// An IPv4 address counts as ::ffff:a.b.c.d.
using Address = std::array<uint8_t, 16>;
constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<uint8_t, 12> kNat64Prefix = {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

struct Network {
  const char* prefix;
  int bits;
};

// The special-purpose registries of IANA (RFC 6890), and multicast.
constexpr Network kReserved4[] = {{"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10}, {"127.0.0.0", 8},
                                  {"169.254.0.0", 16}, {"172.16.0.0", 12},  {"192.0.0.0", 24},  {"192.0.2.0", 24},
                                  {"192.88.99.0", 24}, {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"198.51.100.0", 24},
                                  {"203.0.113.0", 24}, {"224.0.0.0", 3}};
// Nothing beyond 2000::/3 is global unicast; within it these are not.
constexpr Network kReserved6[] = {{"2001::", 23}, {"2001:db8::", 32}, {"2002::", 16}, {"3fff::", 20}};
constexpr Network kGlobal6 = {"2000::", 3};

bool SharesBits(const uint8_t* a, const uint8_t* b, int bits) {
  for (int i = 0; i < bits; ++i) {
    const int mask = 0x80 >> (i % 8);
    if ((a[i / 8] & mask) != (b[i / 8] & mask)) return false;
  }
  return true;
}

bool IsIn4(const uint8_t* address, const Network& network) {
  uint8_t prefix[4];
  return inet_pton(AF_INET, network.prefix, prefix) == 1 && SharesBits(address, prefix, network.bits);
}

bool IsIn6(const uint8_t* address, const Network& network) {
  uint8_t prefix[16];
  return inet_pton(AF_INET6, network.prefix, prefix) == 1 && SharesBits(address, prefix, network.bits);
}

bool IsPublic4(const uint8_t* address) {
  for (const Network& network : kReserved4) {
    if (IsIn4(address, network)) return false;
  }
  return true;
}

bool IsPublic(const Address& address) {
  const uint8_t* const last4 = address.data() + 12;
  if (std::memcmp(address.data(), kMappedPrefix.data(), 12) == 0) return IsPublic4(last4);
  if (std::memcmp(address.data(), kNat64Prefix.data(), 12) == 0) return IsPublic4(last4);
  if (!IsIn6(address.data(), kGlobal6)) return false;
  for (const Network& network : kReserved6) {
    if (IsIn6(address.data(), network)) return false;
  }
  return true;
}

std::optional<Address> Parse(const std::string& text) {
  Address address = {};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  std::memcpy(address.data(), kMappedPrefix.data(), 12);
  if (inet_pton(AF_INET, text.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

struct HostAndPort {
  std::string host;  // An IPv6 address without its brackets.
  int port = 443;
};

absl::StatusOr<HostAndPort> ParseUrl(absl::string_view url, const OutboundOptions& options) {
  HostAndPort parsed;
  if (!absl::ConsumePrefix(&url, "https://")) {
    if (!options.allow_private || !absl::ConsumePrefix(&url, "http://")) return NonHttpsWebhook();
    parsed.port = 80;
  }
  absl::string_view authority = url.substr(0, url.find_first_of("/?#"));
  // Names and passwords before the host serve only to mislead.
  if (authority.find('@') != absl::string_view::npos) return WebhookAddressForbidden("");
  absl::string_view port;
  if (absl::ConsumePrefix(&authority, "[")) {
    const size_t close = authority.find(']');
    if (close == absl::string_view::npos) return WebhookAddressForbidden(authority);
    port = authority.substr(close + 1);
    authority = authority.substr(0, close);
  } else {
    const size_t colon = authority.find(':');
    if (colon != absl::string_view::npos) port = authority.substr(colon);
    authority = authority.substr(0, colon);
  }
  parsed.host = absl::AsciiStrToLower(authority);
  if (!port.empty() && (!absl::ConsumePrefix(&port, ":") || !absl::SimpleAtoi(port, &parsed.port) || parsed.port < 1 ||
                        parsed.port > 65535)) {
    return WebhookAddressForbidden(parsed.host);
  }
  if (parsed.host.empty()) return WebhookAddressForbidden("");
  return parsed;
}

struct FreeResults {
  void operator()(addrinfo* results) const { freeaddrinfo(results); }
};

}  // namespace

bool IsPublicAddress(absl::string_view address) {
  const std::optional<Address> parsed = Parse(std::string(address));
  return parsed && IsPublic(*parsed);
}

absl::StatusOr<std::string> PinAddress(absl::string_view url, const OutboundOptions& options) {
  ASSIGN_OR_RETURN(const HostAndPort target, ParseUrl(url, options));
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  if (getaddrinfo(target.host.c_str(), nullptr, &hints, &raw) != 0) {
    return absl::UnavailableError("the host's name does not resolve");
  }
  const std::unique_ptr<addrinfo, FreeResults> results(raw);
  for (const addrinfo* result = raw; result != nullptr; result = result->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(result->ai_addr, result->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (!options.allow_private && !IsPublicAddress(text)) continue;
    const bool is_ipv6 = result->ai_family == AF_INET6;
    return absl::StrCat(target.host, ":", target.port, ":", is_ipv6 ? "[" : "", text, is_ipv6 ? "]" : "");
  }
  return WebhookAddressForbidden(target.host);
}

}  // namespace masthead::notifications
