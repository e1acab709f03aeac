#include "services/memberships/signin/sign_in_service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "services/memberships/books/checkout_details.h"
#include "services/memberships/entitlements/question_proto.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/meters/metering.h"
#include "services/memberships/signin/challenge_store.h"
#include "services/memberships/signin/session_store.h"
#include "services/memberships/signin/sign_in_errors.h"
#include "services/memberships/support/attribution_store.h"

namespace masthead::memberships {
namespace {

constexpr size_t kNonceBytes = 32;

std::string ChallengeName(absl::string_view id) { return absl::StrCat("signInChallenges/", id); }

Session NewSession(SessionOwner owner, const std::string& device, absl::Time now) {
  Session session;
  session.id = ids::NewUuid(now);
  session.owner = std::move(owner);
  session.device = device;
  session.nonce = crypto::RandomBytes(kNonceBytes);
  session.create_time = session.refresh_time = now;
  session.expire_time = now + kSessionLifetime;
  return session;
}

std::optional<Challenge> LockShown(db::Transaction& tx, const SignInProof& proof) {
  return proof.token.empty() ? LockChallenge(tx, proof.challenge_id)
                             : LockChallengeByToken(tx, LinkSecretHash(proof.token));
}

}  // namespace

SignInService::SignInService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                             const AccessTokens& tokens, SignInOptions options, const AddressKeys& address_keys)
    : database_(database),
      directory_(feed, address_keys),
      secrets_(mac_key),
      meter_keys_(mac_key),
      tokens_(tokens),
      options_(std::move(options)) {}

void SignInService::Register(rpc::Service& service) {
  service.Unary("BeginSignIn", this, &SignInService::Begin);
  service.Unary("CompleteSignIn", this, &SignInService::Complete);
}

// Whoever has the address, the same statements run and the same answer is given.
absl::StatusOr<v1::BeginSignInResponse> SignInService::Begin(const Call& call, const v1::BeginSignInRequest& request) {
  FieldViolations violations;
  const SignInWish wish = ParseSignInWish(request, options_, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const Asker asker = {.address_key = secrets_.AddressKey(wish.errand.address.normal),
                       .network_key = secrets_.NetworkKey(wish.network)};
  const LinkSecret token = NewLinkSecret(), browser = NewLinkSecret();
  const std::string code = NewCode();

  return database_.Write(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::BeginSignInResponse> {
    const RecentRequests recent = LockRecentRequests(tx, asker);
    const absl::Duration wait = WaitBeforeRequest(recent);
    if (wait > absl::ZeroDuration()) return TooManySignIns(wait);
    InsertRequest(tx, asker, recent.now);
    Challenge challenge;
    challenge.id = ids::NewUuid(recent.now);
    challenge.purpose = wish.purpose;
    challenge.sealed_errand = secrets_.SealErrand(challenge.id, wish.errand);
    challenge.token_hash = token.hash;
    challenge.code_mac = secrets_.CodeMac(challenge.id, code);
    challenge.secret_hash = browser.hash;
    challenge.create_time = recent.now;
    challenge.expire_time = recent.now + LifetimeOf(wish.purpose);
    InsertChallenge(tx, challenge);
    SendLetter(tx, wish, challenge, token.text, code);
    v1::BeginSignInResponse response;
    response.set_challenge(ChallengeName(challenge.id));
    response.set_challenge_secret(browser.text);
    *response.mutable_expire_time() = resource::ToTimestamp(challenge.expire_time);
    return response;
  });
}

void SignInService::SendLetter(db::Transaction& tx, const SignInWish& wish, const Challenge& challenge,
                               const std::string& token, const std::string& code) const {
  const bool is_staff = wish.purpose == SignInPurpose::kStaffSignIn;
  const std::string known =
      is_staff ? directory_.FindStaff(tx, wish.errand.address) : directory_.FindMember(tx, wish.errand.address);
  const bool is_blocked = IsInDomain(wish.errand.address.normal, options_.blocked_domains);
  const bool may_enter = !known.empty() || (wish.purpose == SignInPurpose::kSignUp && !is_blocked);
  OutgoingMail mail;
  mail.address = wish.errand.address.mailbox;
  mail.locale = wish.errand.locale;
  mail.expire_time = challenge.expire_time;
  mail.template_id = may_enter ? "sign-in" : "sign-in-unknown";
  mail.values = {{"link", options_.sign_in_url}};
  if (may_enter) mail.values = {{"link", absl::StrCat(options_.sign_in_url, "?token=", token)}, {"code", code}};
  if (may_enter || (!is_staff && !is_blocked)) {
    QueueMail(tx, mail, challenge.create_time);
  } else {
    QueueNoMail(tx, mail, challenge.create_time);
  }
}

absl::StatusOr<v1::CompleteSignInResponse> SignInService::Complete(const Call& call,
                                                                   const v1::CompleteSignInRequest& request) {
  FieldViolations violations;
  const SignInProof proof = ParseSignInProof(request, violations);
  std::string reader_key;
  if (!request.anonymous_reader().empty()) {
    reader_key = ParseAnonymousReader(request.anonymous_reader(), meter_keys_, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (proof.token.empty()) RETURN_IF_ERROR(TryCode(call, proof));

  // The answer that is stored has no token in it: these are made afterwards, of what the database has.
  ASSIGN_OR_RETURN(
      v1::CompleteSignInResponse response,
      (idempotency::Mutate<v1::CompleteSignInResponse>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::CompleteSignInResponse> {
            const std::optional<Challenge> challenge = LockShown(tx, proof);
            if (!challenge || !IsRight(*challenge, proof)) return SignInFailed();
            ASSIGN_OR_RETURN(v1::CompleteSignInResponse opened, Open(tx, *challenge, proof, reader_key));
            change.resource = opened.session().name();
            return opened;
          })));
  FieldViolations own_name;
  const std::string session_id = ParseSessionName("name", response.session().name(), own_name).id;
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::CompleteSignInResponse> {
    const std::optional<Session> session = LoadSession(tx, session_id);
    if (!session || session->generation != 0 || !IsLive(*session, db::Now(tx))) return SignInFailed();
    ASSIGN_OR_RETURN(*response.mutable_access_token(), session->owner.member_id.empty()
                                                           ? tokens_.ForStaff(tx, session->owner.staff_id)
                                                           : tokens_.ForMember(tx, session->owner.member_id));
    response.set_refresh_token(secrets_.RefreshToken(*session));
    return response;
  });
}

// In a transaction of its own: that a code was wrong is kept, whatever is answered.
absl::Status SignInService::TryCode(const Call& call, const SignInProof& proof) {
  ASSIGN_OR_RETURN(const bool right, database_.Write(call.scope, [&](db::Transaction& tx) {
    const std::optional<Challenge> challenge = LockChallenge(tx, proof.challenge_id);
    if (challenge && IsRight(*challenge, proof)) return true;
    if (challenge) CountFailedTry(tx, challenge->id);
    return false;
  }));
  return right ? absl::OkStatus() : SignInFailed();
}

bool SignInService::IsRight(const Challenge& challenge, const SignInProof& proof) const {
  if (!proof.token.empty()) return true;  // It was found by it.
  return challenge.failed_tries < kMaxCodeTries &&
         crypto::ConstantTimeEquals(challenge.code_mac, secrets_.CodeMac(challenge.id, proof.code));
}

absl::StatusOr<v1::CompleteSignInResponse> SignInService::Open(db::Transaction& tx, const Challenge& challenge,
                                                               const SignInProof& proof,
                                                               const std::string& reader_key) const {
  const absl::Time now = db::Now(tx);
  ASSIGN_OR_RETURN(const SignInErrand errand, secrets_.OpenErrand(challenge));
  v1::CompleteSignInResponse response;
  response.set_redirect_url(errand.redirect_url);
  response.mutable_attribution()->insert(errand.attribution.begin(), errand.attribution.end());
  const bool same_browser = crypto::ConstantTimeEquals(challenge.secret_hash, LinkSecretHash(proof.challenge_secret));
  if (same_browser && MayReplay(challenge, now)) {
    const std::optional<Session> session = LoadSession(tx, challenge.session_id);
    if (!session) return SignInFailed();
    *response.mutable_session() = ToProto(*session);
    return response;
  }
  if (!IsOpen(challenge, now)) return SignInFailed();

  ASSIGN_OR_RETURN(const Directory::Registration entered, Enter(tx, challenge, errand, now));
  const bool is_staff = challenge.purpose == SignInPurpose::kStaffSignIn;
  SessionOwner owner;
  (is_staff ? owner.staff_id : owner.member_id) = entered.member_id;
  if (entered.created) {
    RecordAttribution(tx, AttributionKind::kSignUp, entered.member_id, entered.member_id, ToJson(errand.attribution),
                      now);
  }
  if (!is_staff) directory_.ConfirmAddress(tx, entered.member_id, now);
  if (!is_staff && !reader_key.empty()) MergeMeters(tx, reader_key, MeterKeys::MemberKey(entered.member_id));
  const Session session = NewSession(std::move(owner), proof.device, now);
  InsertSession(tx, session);
  SaveCompletion(tx, challenge.id, session.id, now);
  response.set_created(entered.created);
  *response.mutable_session() = ToProto(session);
  return response;
}

absl::StatusOr<Directory::Registration> SignInService::Enter(db::Transaction& tx, const Challenge& challenge,
                                                             const SignInErrand& errand, absl::Time now) const {
  Directory::Registration entered;
  switch (challenge.purpose) {
    case SignInPurpose::kSignUp:
      // No letter went to a blocked address; but a code can be guessed.
      if (IsInDomain(errand.address.normal, options_.blocked_domains)) {
        entered.member_id = directory_.FindMember(tx, errand.address);
        break;
      }
      return directory_.Register(tx, errand.address, errand.locale, now);
    case SignInPurpose::kSignIn:
      entered.member_id = directory_.FindMember(tx, errand.address);
      break;
    case SignInPurpose::kStaffSignIn:
      entered.member_id = directory_.FindStaff(tx, errand.address);
      break;
  }
  if (entered.member_id.empty()) return SignInFailed();
  return entered;
}

}  // namespace masthead::memberships
