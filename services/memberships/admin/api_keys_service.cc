#include "services/memberships/admin/api_keys_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "services/memberships/admin/admin_proto.h"
#include "services/memberships/admin/api_key_store.h"
#include "services/memberships/admin/key_minting.h"
#include "services/memberships/errors.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kDefaultOverlap = absl::Hours(24);
constexpr absl::Duration kMaxOverlap = absl::Hours(30 * 24);

std::vector<std::string> Keyset(const ApiKey& key) {
  return {absl::StrCat(absl::ToUnixMicros(key.create_time)), key.id};
}

std::optional<ApiKeyCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return ApiKeyCursor{absl::FromUnixMicros(micros), keyset[1]};
}

// How long a former key stays good beside the new one.
absl::Duration ParseOverlap(const v1::RotateApiKeyRequest& request, FieldViolations& violations) {
  if (!request.has_overlap()) return kDefaultOverlap;
  const absl::Duration overlap =
      absl::Seconds(request.overlap().seconds()) + absl::Nanoseconds(request.overlap().nanos());
  if (overlap < absl::ZeroDuration() || overlap > kMaxOverlap) violations.Add("overlap", "must be 0 to 30 days");
  return overlap;
}

absl::Status CheckNotExpired(const ApiKey& key, absl::Time now) {
  FieldViolations violations;
  if (key.expire_time && *key.expire_time <= now) violations.Add("api_key.expire_time", "must be in the future");
  return violations.ToStatus();
}

}  // namespace

ApiKeysService::ApiKeysService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.api_keys.page")) {}

void ApiKeysService::Register(rpc::Service& service) {
  service.Unary("CreateApiKey", this, &ApiKeysService::Create);
  service.Unary("ListApiKeys", this, &ApiKeysService::List);
  service.Unary("RotateApiKey", this, &ApiKeysService::Rotate);
  service.Unary("RevokeApiKey", this, &ApiKeysService::Revoke);
}

absl::StatusOr<v1::CreateApiKeyResponse> ApiKeysService::Create(const Call& call,
                                                                const v1::CreateApiKeyRequest& request) {
  FieldViolations violations;
  const MintedKey minted = MintApiKey(ParseApiKeyProto(request.api_key(), violations));
  RETURN_IF_ERROR(violations.ToStatus());

  // The answer that is stored for repetitions has no secret: only its hash may ever be at rest.
  ASSIGN_OR_RETURN(
      v1::CreateApiKeyResponse response,
      (idempotency::Mutate<v1::CreateApiKeyResponse>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CreateApiKeyResponse> {
            ApiKey key = minted.key;
            key.create_time = db::Now(tx);
            RETURN_IF_ERROR(CheckNotExpired(key, key.create_time));
            InsertApiKey(tx, key);
            change = {.resource = ApiKeyName(key.id), .revision_before = 0, .revision_after = key.revision};
            v1::CreateApiKeyResponse stored;
            *stored.mutable_api_key() = ToProto(key, key.create_time);
            return stored;
          })));
  const bool made_by_this_call = response.api_key().name() == ApiKeyName(minted.key.id);
  if (made_by_this_call) response.set_secret(minted.text);
  return response;
}

absl::StatusOr<v1::ListApiKeysResponse> ApiKeysService::List(const Call& call, const v1::ListApiKeysRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListApiKeysResponse> {
    const absl::Time now = db::Now(tx);
    const std::vector<ApiKey> keys = LoadApiKeys(tx, CursorOf(after), page_size + 1);
    v1::ListApiKeysResponse response;
    for (const ApiKey& key : keys) {
      if (response.api_keys_size() == page_size) {
        response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, Keyset(keys[page_size - 1])));
        break;
      }
      *response.add_api_keys() = ToProto(key, now);
    }
    return response;
  });
}

absl::StatusOr<v1::RotateApiKeyResponse> ApiKeysService::Rotate(const Call& call,
                                                                const v1::RotateApiKeyRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "apiKeys", violations);
  const absl::Duration overlap = ParseOverlap(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const MintedKey minted = MintApiKey(ApiKey());

  // As for CreateApiKey: only the secret's hash may ever be at rest.
  ASSIGN_OR_RETURN(
      v1::RotateApiKeyResponse response,
      (idempotency::Mutate<v1::RotateApiKeyResponse>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::RotateApiKeyResponse> {
            std::optional<ApiKey> former = LockApiKey(tx, id);
            if (!former) return ApiKeyNotFound(id);
            RETURN_IF_ERROR(resource::CheckEtag(request.etag(), former->revision, ApiKeyName(id)));
            const absl::Time now = db::Now(tx);
            if (StateAt(*former, now) != ApiKey::State::kActive) return ApiKeyRevoked(id);
            change = {.resource = ApiKeyName(id), .revision_before = former->revision};
            ApiKey next = minted.key;
            next.display_name = former->display_name;
            next.scopes = former->scopes;
            next.expire_time = former->expire_time;
            next.create_time = now;
            InsertApiKey(tx, next);
            former->expire_time = std::min(former->expire_time.value_or(absl::InfiniteFuture()), now + overlap);
            SaveApiKey(tx, *former);
            change.revision_after = former->revision;
            change.others = {{.resource = ApiKeyName(next.id), .revision_before = 0, .revision_after = next.revision}};
            v1::RotateApiKeyResponse stored;
            *stored.mutable_api_key() = ToProto(next, now);
            *stored.mutable_former() = ToProto(*former, now);
            return stored;
          })));
  const bool made_by_this_call = response.api_key().name() == ApiKeyName(minted.key.id);
  if (made_by_this_call) response.set_secret(minted.text);
  return response;
}

absl::StatusOr<v1::ApiKey> ApiKeysService::Revoke(const Call& call, const v1::RevokeApiKeyRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "apiKeys", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::ApiKey>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::ApiKey> {
        std::optional<ApiKey> key = LockApiKey(tx, id);
        if (!key) return ApiKeyNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), key->revision, ApiKeyName(id)));
        if (key->revoke_time) return ApiKeyRevoked(id);
        change = {.resource = ApiKeyName(id), .revision_before = key->revision};
        key->revoke_time = db::Now(tx);
        SaveApiKey(tx, *key);
        change.revision_after = key->revision;
        return ToProto(*key, *key->revoke_time);
      });
}

}  // namespace masthead::memberships
