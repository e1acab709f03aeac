#include "services/memberships/institutions/network.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace masthead::memberships {
namespace {

constexpr size_t kIpv4Bytes = 4;
constexpr size_t kIpv6Bytes = 16;
constexpr int kWidestIpv4 = 8;
constexpr int kWidestIpv6 = 16;
constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291 §2.5.5.2

using AddressBytes = std::vector<uint8_t>;  // 4 or 16, in network order.

std::optional<AddressBytes> Parse(absl::string_view text) {
  const std::string address(text);
  AddressBytes bytes(kIpv6Bytes);
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(kIpv4Bytes);
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

bool IsMapped(const AddressBytes& bytes) {
  return bytes.size() == kIpv6Bytes && std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

std::string Format(const AddressBytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(bytes.size() == kIpv4Bytes ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

void ClearHostBits(AddressBytes& bytes, int prefix) {
  for (int bit = prefix; bit < static_cast<int>(bytes.size()) * 8; ++bit) bytes[bit / 8] &= ~(0x80 >> (bit % 8));
}

}  // namespace

std::optional<std::string> NormalAddress(absl::string_view address) {
  std::optional<AddressBytes> bytes = Parse(address);
  if (!bytes) return std::nullopt;
  if (IsMapped(*bytes)) bytes->erase(bytes->begin(), bytes->begin() + kMappedPrefix.size());
  return Format(*bytes);
}

std::optional<std::string> NormalNetwork(absl::string_view network) {
  const std::vector<absl::string_view> parts = absl::StrSplit(network, '/');
  std::optional<AddressBytes> bytes = Parse(parts.front());
  if (!bytes || IsMapped(*bytes) || parts.size() > 2) return std::nullopt;
  const int bits = static_cast<int>(bytes->size()) * 8;
  const int widest = bytes->size() == kIpv4Bytes ? kWidestIpv4 : kWidestIpv6;
  int prefix = bits;
  if (parts.size() == 2 && !absl::SimpleAtoi(parts[1], &prefix)) return std::nullopt;
  if (prefix < widest || prefix > bits) return std::nullopt;
  ClearHostBits(*bytes, prefix);
  return absl::StrCat(Format(*bytes), "/", prefix);
}

}  // namespace masthead::memberships
