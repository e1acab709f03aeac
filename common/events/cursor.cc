#include "common/events/cursor.h"

#include "absl/strings/string_view.h"
#include "common/base/errors.h"

namespace masthead::events {
namespace {

// version(1) timeline(4) system(8) xid(8) seq(8) epoch(36) mac(16), integers big-endian.
constexpr char kVersion = 1;
constexpr size_t kEpochBytes = 36;
constexpr size_t kSignedBytes = 1 + 4 + 8 + 8 + 8 + kEpochBytes;
constexpr size_t kMacBytes = 16;  // Half of HMAC-SHA-256 (RFC 2104 §5).

void AppendInteger(uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

uint64_t TakeInteger(int bytes, absl::string_view& in) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(in[static_cast<size_t>(i)]);
  in.remove_prefix(static_cast<size_t>(bytes));
  return value;
}

absl::Status CursorInvalid() {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      "the cursor is not one of this feed's; use one that the feed gave, or none to start from its beginning",
      {.domain = kCommonErrorDomain, .reason = "CURSOR_INVALID"});
}

}  // namespace

std::string CursorCodec::Make(const Cursor& cursor) const {
  std::string bytes(1, kVersion);
  AppendInteger(cursor.lineage.timeline, 4, bytes);
  AppendInteger(cursor.lineage.system, 8, bytes);
  AppendInteger(cursor.position.xid, 8, bytes);
  AppendInteger(static_cast<uint64_t>(cursor.position.seq), 8, bytes);
  bytes += cursor.lineage.epoch;
  bytes += key_.Sign(bytes).substr(0, kMacBytes);
  return crypto::Base64Url(bytes);
}

absl::StatusOr<Cursor> CursorCodec::Read(const std::string& token) const {
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(token);
  if (!bytes.ok() || bytes->size() != kSignedBytes + kMacBytes || bytes->front() != kVersion) return CursorInvalid();
  absl::string_view rest = absl::string_view(*bytes).substr(0, kSignedBytes);
  const std::string mac = key_.Sign(rest).substr(0, kMacBytes);
  if (!crypto::ConstantTimeEquals(mac, absl::string_view(*bytes).substr(kSignedBytes))) return CursorInvalid();

  rest.remove_prefix(1);
  Cursor cursor;
  cursor.lineage.timeline = static_cast<uint32_t>(TakeInteger(4, rest));
  cursor.lineage.system = TakeInteger(8, rest);
  cursor.position.xid = TakeInteger(8, rest);
  cursor.position.seq = static_cast<int64_t>(TakeInteger(8, rest));
  cursor.lineage.epoch = std::string(rest);
  return cursor;
}

}  // namespace masthead::events
