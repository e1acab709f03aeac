#include "services/notifications/suppressions/suppression_service.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "services/notifications/suppressions/suppression_proto.h"
#include "services/notifications/suppressions/suppression_store.h"
#include "services/notifications/suppressions/suppressions_errors.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr int kMaxAddresses = 1000;

absl::StatusOr<std::string> ParseName(absl::string_view name) {
  FieldViolations violations;
  std::optional<std::string> hash = HashOfName(name);
  if (!hash) violations.Add("name", "must look like suppressions/ and 64 hexadecimal digits in lower case");
  RETURN_IF_ERROR(violations.ToStatus());
  return *std::move(hash);
}

}  // namespace

SuppressionService::SuppressionService(db::Database& database, const crypto::MacKey& key)
    : database_(database),
      page_tokens_(key),
      service_(*v1::CreateSuppressionRequest::descriptor()->file()->FindServiceByName("SuppressionService")) {
  service_.Unary("CreateSuppression", this, &SuppressionService::Create);
  service_.Unary("BatchCheckSuppressions", this, &SuppressionService::BatchCheck);
  service_.Unary("ListSuppressions", this, &SuppressionService::List);
  service_.Unary("DeleteSuppression", this, &SuppressionService::Delete);
}

absl::StatusOr<v1::Suppression> SuppressionService::Create(const Call& call,
                                                           const v1::CreateSuppressionRequest& request) {
  FieldViolations violations;
  Suppression wanted = ParseSuppression(request.suppression(), violations);
  const absl::StatusOr<std::string> hash = HashOfAddress(request.address());
  if (!hash.ok()) violations.Add("address", "must be an e-mail address");
  RETURN_IF_ERROR(violations.ToStatus());
  wanted.address_hash = *hash;

  return idempotency::Mutate<v1::Suppression>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Suppression> {
        if (wanted.expire_time && *wanted.expire_time <= db::Now(tx)) {
          FieldViolations past;
          past.Add("suppression.expire_time", "must be in the future");
          return past.ToStatus();
        }
        Suppression suppression = wanted;
        SaveSuppression(tx, suppression);
        change = {.resource = SuppressionName(suppression.address_hash),
                  .revision_before = suppression.revision - 1,
                  .revision_after = suppression.revision};
        return ToProto(suppression);
      });
}

absl::StatusOr<v1::BatchCheckSuppressionsResponse> SuppressionService::BatchCheck(
    const Call& call, const v1::BatchCheckSuppressionsRequest& request) {
  FieldViolations violations;
  if (request.addresses().empty() || request.addresses_size() > kMaxAddresses) {
    violations.Add("addresses", absl::StrCat("must have 1 to ", kMaxAddresses, " entries"));
    return violations.ToStatus();
  }
  std::vector<std::string> hashes;
  for (int i = 0; i < request.addresses_size(); ++i) {
    const absl::StatusOr<std::string> hash = HashOfAddress(request.addresses(i));
    if (!hash.ok()) violations.Add(absl::StrCat("addresses[", i, "]"), "must be an e-mail address");
    hashes.push_back(hash.value_or(""));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::vector<Suppression> found,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadSuppressions(tx, hashes); }));
  std::map<std::string, v1::Suppression> by_hash;
  for (const Suppression& suppression : found) by_hash[suppression.address_hash] = ToProto(suppression);
  v1::BatchCheckSuppressionsResponse response;
  for (int i = 0; i < request.addresses_size(); ++i) {
    const auto suppression = by_hash.find(hashes[static_cast<size_t>(i)]);
    if (suppression == by_hash.end()) continue;
    v1::BatchCheckSuppressionsResponse::Result& result = *response.add_results();
    result.set_index(i);
    *result.mutable_suppression() = suppression->second;
  }
  return response;
}

absl::StatusOr<v1::ListSuppressionsResponse> SuppressionService::List(const Call& call,
                                                                      const v1::ListSuppressionsRequest& request) {
  FieldViolations violations;
  if (!v1::Suppression::Reason_IsValid(request.reason())) violations.Add("reason", "must be a known reason");
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  std::optional<absl::Time> before_time;
  int64_t microseconds = 0;
  if (keyset.size() == 2 && absl::SimpleAtoi(keyset[0], &microseconds))
    before_time = absl::FromUnixMicros(microseconds);
  const std::string before_hash = keyset.size() == 2 ? absl::HexStringToBytes(keyset[1]) : "";
  const std::string reason =
      request.reason() == v1::Suppression::REASON_UNSPECIFIED ? "" : v1::Suppression::Reason_Name(request.reason());
  ASSIGN_OR_RETURN(const std::vector<Suppression> suppressions, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadSuppressions(tx, before_time, before_hash, reason, page_size + 1);
  }));
  v1::ListSuppressionsResponse response;
  for (const Suppression& suppression : suppressions) {
    if (response.suppressions_size() == page_size) {
      const Suppression& last = suppressions[static_cast<size_t>(page_size) - 1];
      response.set_next_page_token(page_tokens_.Make(
          call.caller->principal(), request,
          {absl::StrCat(absl::ToUnixMicros(last.create_time)), absl::BytesToHexString(last.address_hash)}));
      break;
    }
    *response.add_suppressions() = ToProto(suppression);
  }
  return response;
}

absl::StatusOr<google::protobuf::Empty> SuppressionService::Delete(const Call& call,
                                                                   const v1::DeleteSuppressionRequest& request) {
  ASSIGN_OR_RETURN(const std::string hash, ParseName(request.name()));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        const std::optional<int64_t> revision = RemoveSuppression(tx, hash);
        if (!revision) return SuppressionNotFound(request.name());
        change = {.resource = request.name(), .revision_before = *revision, .revision_after = 0};
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::notifications
