#include "common/paging/page_token.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace masthead::paging {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

// A token is base64url of: the version, 16 bytes of MAC, then each keyset value after its length. What the token is
// bound to goes into the MAC only, so the token stays short.
constexpr char kVersion = 1;
constexpr size_t kMacBytes = 16;
constexpr size_t kMaxTokenBytes = 4096;

std::string Encode(const std::vector<std::string>& values) {
  std::string bytes;
  StringOutputStream sink(&bytes);
  CodedOutputStream out(&sink);
  for (const std::string& value : values) {
    out.WriteVarint64(value.size());
    out.WriteString(value);
  }
  out.Trim();
  return bytes;
}

std::optional<std::vector<std::string>> Decode(absl::string_view bytes) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  std::vector<std::string> values;
  while (static_cast<size_t>(in.CurrentPosition()) < bytes.size()) {
    uint32_t size = 0;
    std::string value;
    if (!in.ReadVarint32(&size) || size > bytes.size() || !in.ReadString(&value, static_cast<int>(size)))
      return std::nullopt;
    values.push_back(std::move(value));
  }
  return values;
}

// The request without what may differ from page to page, in one form whatever the order of its maps.
std::string Fingerprint(const Message& request) {
  const std::unique_ptr<Message> bound(request.New());
  bound->CopyFrom(request);
  for (const char* field : {"page_size", "page_token"}) {
    if (const FieldDescriptor* descriptor = bound->GetDescriptor()->FindFieldByName(field)) {
      bound->GetReflection()->ClearField(bound.get(), descriptor);
    }
  }
  std::string bytes;
  {
    StringOutputStream sink(&bytes);
    CodedOutputStream out(&sink);
    out.SetSerializationDeterministic(true);
    bound->SerializePartialToCodedStream(&out);
  }
  return crypto::Sha256(bytes);
}

std::string Mac(const crypto::MacKey& key, absl::string_view principal, const Message& request,
                absl::string_view values) {
  const std::string bound =
      Encode({std::string(principal), request.GetDescriptor()->full_name(), Fingerprint(request)});
  return key.Sign(absl::StrCat(absl::string_view(&kVersion, 1), bound, values)).substr(0, kMacBytes);
}

absl::Status BadToken() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "page_token is not one that this method gave you for these arguments",
                   {kCommonErrorDomain, "BAD_PAGE_TOKEN"});
}

std::string TokenOf(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("page_token");
  // No List request: a wiring bug.
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) std::abort();
  return request.GetReflection()->GetString(request, field);
}

}  // namespace

absl::StatusOr<int> PageSize(int requested, int fallback, int max) {
  if (requested < 0) {
    FieldViolations violations;
    violations.Add("page_size", "must not be negative");
    return violations.ToStatus();
  }
  return requested == 0 ? fallback : std::min(requested, max);
}

std::string PageTokens::Make(absl::string_view principal, const Message& request,
                             const std::vector<std::string>& after) const {
  const std::string values = Encode(after);
  return crypto::Base64Url(
      absl::StrCat(absl::string_view(&kVersion, 1), Mac(key_, principal, request, values), values));
}

absl::StatusOr<std::vector<std::string>> PageTokens::Read(absl::string_view principal, const Message& request) const {
  const std::string token = TokenOf(request);
  if (token.empty()) return std::vector<std::string>();
  if (token.size() > kMaxTokenBytes) return BadToken();
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(token);
  if (!bytes.ok() || bytes->size() < 1 + kMacBytes || bytes->front() != kVersion) return BadToken();
  const absl::string_view mac = absl::string_view(*bytes).substr(1, kMacBytes);
  const absl::string_view values = absl::string_view(*bytes).substr(1 + kMacBytes);
  if (!crypto::ConstantTimeEquals(Mac(key_, principal, request, values), mac)) return BadToken();
  std::optional<std::vector<std::string>> after = Decode(values);
  if (!after.has_value()) return BadToken();
  return *std::move(after);
}

}  // namespace masthead::paging
