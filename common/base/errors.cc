#include "common/base/errors.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "google/rpc/error_details.pb.h"

namespace masthead {
namespace {

// A client takes 8 KiB of trailers, in which details stand in Base64 beside the message.
constexpr size_t kMaxViolationBytes = 3000;
constexpr size_t kMaxViolations = 1000;

template <typename Detail>
std::string TypeUrl() {
  return absl::StrCat("type.googleapis.com/", Detail::descriptor()->full_name());
}

template <typename Detail>
void AddDetail(absl::Status& status, const Detail& detail) {
  status.SetPayload(TypeUrl<Detail>(), absl::Cord(detail.SerializeAsString()));
}

google::rpc::ErrorInfo ReadErrorInfo(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(TypeUrl<google::rpc::ErrorInfo>());
  google::rpc::ErrorInfo detail;
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return {};
  return detail;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message, const ErrorInfo& info) {
  google::rpc::ErrorInfo detail;
  detail.set_domain(info.domain);
  detail.set_reason(info.reason);
  detail.mutable_metadata()->insert(info.metadata.begin(), info.metadata.end());

  absl::Status status(code, message);
  AddDetail(status, detail);
  return status;
}

absl::Status WithRetry(absl::Status status, absl::Duration delay) {
  if (status.ok()) return status;
  google::rpc::RetryInfo detail;
  const int64_t seconds = absl::IDivDuration(delay, absl::Seconds(1), &delay);
  detail.mutable_retry_delay()->set_seconds(seconds);
  detail.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(delay)));
  AddDetail(status, detail);
  return status;
}

absl::Status WithResource(absl::Status status, absl::string_view type, absl::string_view name) {
  if (status.ok()) return status;
  google::rpc::ResourceInfo detail;
  detail.set_resource_type(std::string(type));
  detail.set_resource_name(std::string(name));
  AddDetail(status, detail);
  return status;
}

std::string ErrorReason(const absl::Status& status) { return ReadErrorInfo(status).reason(); }

std::string ErrorMetadata(const absl::Status& status, const std::string& name) {
  const google::rpc::ErrorInfo detail = ReadErrorInfo(status);
  const auto found = detail.metadata().find(name);
  return found == detail.metadata().end() ? "" : found->second;
}

void FieldViolations::Add(absl::string_view field, absl::string_view description) {
  ++count_;
  if (violations_.size() < kMaxViolations) violations_.emplace_back(field, description);
}

void FieldViolations::AddAll(absl::string_view parent, const FieldViolations& others) {
  for (const auto& [field, description] : others.violations_) Add(absl::StrCat(parent, ".", field), description);
  count_ += others.count_ - others.violations_.size();
}

absl::Status FieldViolations::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();

  google::rpc::BadRequest detail;
  size_t bytes = 0;
  for (const auto& [field, description] : violations_) {
    bytes += field.size() + description.size();
    auto& violation = *detail.add_field_violations();
    if (bytes > kMaxViolationBytes) {
      violation.set_description(
          absl::StrCat("and ", count_ - detail.field_violations_size() + 1, " more that are wrong"));
      break;
    }
    violation.set_field(field);
    violation.set_description(description);
  }
  absl::Status status = MakeError(absl::StatusCode::kInvalidArgument,
                                  absl::StrCat(violations_.front().first, " ", violations_.front().second),
                                  {.domain = kCommonErrorDomain, .reason = "INVALID_FIELD"});
  AddDetail(status, detail);
  return status;
}

}  // namespace masthead
