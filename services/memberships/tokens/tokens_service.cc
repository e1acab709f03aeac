#include "services/memberships/tokens/tokens_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/auth/network.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/ids/uuid.h"
#include "services/memberships/admin/api_key.h"
#include "services/memberships/admin/api_key_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/tokens/guess_limit.h"
#include "services/memberships/tokens/lifetime.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxApiKey = 200;
constexpr absl::Duration kChargePatience = absl::Seconds(5);

// What a key's token may do, and for how long.
struct KeyPower {
  std::vector<std::string> scopes;
  absl::Duration lifetime;
};

// No secret has this hash.
const std::string& NoHash() {
  static const auto* const hash = new std::string(32, '\0');
  return *hash;
}

// The parts of `text`, empty if it does not have the form of a key.
PresentedKey Presented(const std::string& text) {
  std::optional<PresentedKey> key = text.size() <= kMaxApiKey ? ParseApiKey(text) : std::nullopt;
  return key && ids::IsResourceId(key->id) ? *std::move(key) : PresentedKey();
}

}  // namespace

TokensService::TokensService(db::Database& database, const crypto::MacKey& mac_key, const SigningKeys& keys,
                             const Clock& clock)
    : database_(database), guess_slots_(mac_key.Derive("memberships.guesses")), keys_(keys), tokens_(keys, clock) {}

void TokensService::Register(rpc::Service& service) {
  service.Unary("ExchangeApiKey", this, &TokensService::ExchangeApiKey);
  service.Unary("IssueMemberToken", this, &TokensService::IssueMemberToken);
  service.Unary("IssueStaffToken", this, &TokensService::IssueStaffToken);
  service.Unary("MintEntitlementToken", this, &TokensService::MintEntitlementToken);
  service.Unary("GetJsonWebKeySet", this, &TokensService::GetJsonWebKeySet);
}

// Whatever is wrong with a key, the same is done with it, so that neither the answer nor its time tells what it was.
absl::StatusOr<v1::AccessToken> TokensService::ExchangeApiKey(const Call& call,
                                                              const v1::ExchangeApiKeyRequest& request) {
  const PresentedKey presented = Presented(request.api_key());
  const std::string hash = crypto::Sha256(presented.secret);
  const Guesser guesser = GuesserOf(presented.id, call.peer);

  const absl::StatusOr<KeyPower> power =
      database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<KeyPower> {
        const GuessDebts debts = LoadGuessDebts(tx, guesser);
        const absl::Duration wait = std::max(WaitBeforeGuess(kKeyGuessLimit, debts.key_paid_off, debts.now),
                                             WaitBeforeGuess(kNetworkGuessLimit, debts.network_paid_off, debts.now));
        if (wait > absl::ZeroDuration()) return TooManyGuesses(wait);
        const std::optional<ApiKey> key = LoadApiKey(tx, presented.id);
        const bool matches = crypto::ConstantTimeEquals(key ? key->secret_hash : NoHash(), hash);
        if (!key || !matches || StateAt(*key, debts.now) != ApiKey::State::kActive) return ApiKeyInvalid();
        const absl::Duration remaining = key->expire_time ? *key->expire_time - debts.now : absl::InfiniteDuration();
        return KeyPower{key->scopes, std::min(kBackendTokenLifetime, remaining)};
      });
  if (absl::IsUnauthenticated(power.status())) RETURN_IF_ERROR(Charge(guesser));
  RETURN_IF_ERROR(power.status());
  return tokens_.Sign(
      {.kind = auth::Caller::Kind::kBackend, .subject = ApiKeyName(presented.id), .scopes = power->scopes},
      power->lifetime);
}

Guesser TokensService::GuesserOf(const std::string& key_id, absl::string_view peer) const {
  const auto slot = [&](absl::string_view who) {
    const std::string mac = guess_slots_.Sign(who);
    return static_cast<uint8_t>(mac[0]) << 8 | static_cast<uint8_t>(mac[1]);
  };
  Guesser guesser = {.key_slot = std::nullopt, .network_slot = slot(auth::NetworkOf(peer))};
  if (!key_id.empty()) guesser.key_slot = slot(ApiKeyName(key_id));
  return guesser;
}

// Not in the caller's scope: who hangs up before the answer has guessed all the same.
absl::Status TokensService::Charge(const Guesser& guesser) {
  const Scope scope = {.deadline = absl::Now() + kChargePatience};
  return database_.Write(scope, [&](db::Transaction& tx) {
    InsertGuess(tx, guesser);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::AccessToken> TokensService::IssueMemberToken(const Call& call,
                                                                const v1::IssueMemberTokenRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("member", request.member(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) { return tokens_.ForMember(tx, id); });
}

absl::StatusOr<v1::AccessToken> TokensService::IssueStaffToken(const Call& call,
                                                               const v1::IssueStaffTokenRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("staff_member", request.staff_member(), "staffMembers", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) { return tokens_.ForStaff(tx, id); });
}

absl::StatusOr<v1::AccessToken> TokensService::MintEntitlementToken(const Call& call,
                                                                    const v1::MintEntitlementTokenRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("member", request.member(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id));
  return database_.Read(call.scope, [&](db::Transaction& tx) { return tokens_.Entitlements(tx, id); });
}

absl::StatusOr<v1::JsonWebKeySet> TokensService::GetJsonWebKeySet(const Call&, const v1::GetJsonWebKeySetRequest&) {
  v1::JsonWebKeySet key_set;
  key_set.set_jwks_json(keys_.key_set_json());
  return key_set;
}

}  // namespace masthead::memberships
