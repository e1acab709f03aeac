#include "services/memberships/signin/sign_in_proto.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/network.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxSecret = 100;
constexpr size_t kMaxRedirect = 2000;
constexpr size_t kMaxAttribution = 16;
constexpr int64_t kMaxAttributionName = 64;
constexpr int64_t kMaxAttributionValue = 500;
constexpr int64_t kMaxDevice = 191;
constexpr size_t kCodeDigits = 6;

std::map<std::string, std::string> ParseAttribution(const google::protobuf::Map<std::string, std::string>& proto,
                                                    FieldViolations& violations) {
  std::map<std::string, std::string> attribution;
  if (proto.size() > kMaxAttribution) {
    violations.Add("attribution", absl::StrCat("must have at most ", kMaxAttribution, " entries"));
    return attribution;
  }
  for (const auto& [key, value] : proto) {
    std::string name = key, said = value;
    text::CheckLine("attribution", name, kMaxAttributionName, /*required=*/true, violations);
    text::CheckLine("attribution", said, kMaxAttributionValue, /*required=*/false, violations);
    attribution[name] = said;
  }
  return attribution;
}

}  // namespace

v1::Session ToProto(const Session& session) {
  v1::Session proto;
  proto.set_name(SessionName(session));
  proto.set_device(session.device);
  *proto.mutable_create_time() = resource::ToTimestamp(session.create_time);
  *proto.mutable_refresh_time() = resource::ToTimestamp(session.refresh_time);
  *proto.mutable_expire_time() = resource::ToTimestamp(session.expire_time);
  if (session.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*session.end_time);
  return proto;
}

SignInWish ParseSignInWish(const v1::BeginSignInRequest& request, const SignInOptions& options,
                           FieldViolations& violations) {
  SignInWish wish;
  const std::optional<SignInPurpose> purpose =
      ParseSignInPurpose(v1::BeginSignInRequest::Purpose_Name(request.purpose()));
  if (!purpose) violations.Add("purpose", "must be SIGN_IN, SIGN_UP or STAFF_SIGN_IN");
  wish.purpose = purpose.value_or(SignInPurpose::kSignIn);
  wish.errand.address = CheckEmail("email", request.email(), violations);
  wish.network = ParseNetwork("client_address", request.client_address(), violations);
  wish.errand.locale = request.locale();
  CheckLocale("locale", wish.errand.locale, violations);
  wish.errand.redirect_url = request.redirect_url();
  if (!request.redirect_url().empty() &&
      (request.redirect_url().size() > kMaxRedirect || !LeadsTo(request.redirect_url(), options.redirect_origins))) {
    violations.Add("redirect_url", "must lead to a site that is allowed here, in at most 2000 bytes");
  }
  wish.errand.attribution = ParseAttribution(request.attribution(), violations);
  return wish;
}

std::string ParseNetwork(absl::string_view field, const std::string& address, FieldViolations& violations) {
  const std::optional<std::string> network = auth::NetworkOfAddress(address);
  if (!network) violations.Add(field, "must be an IPv4 or IPv6 address");
  return network.value_or("");
}

SignInProof ParseSignInProof(const v1::CompleteSignInRequest& request, FieldViolations& violations) {
  SignInProof proof;
  switch (request.proof_case()) {
    case v1::CompleteSignInRequest::kToken:
      proof.token = request.token();
      CheckSecret("token", proof.token, violations);
      break;
    case v1::CompleteSignInRequest::kCode:
      proof.challenge_id = IdIn("code.challenge", request.code().challenge(), "signInChallenges", violations);
      proof.code = request.code().code();
      if (proof.code.size() != kCodeDigits) violations.Add("code.code", "must have 6 digits");
      break;
    case v1::CompleteSignInRequest::PROOF_NOT_SET:
      violations.Add("token", "must be set, or `code`");
      break;
  }
  proof.challenge_secret = request.challenge_secret();
  if (!proof.challenge_secret.empty()) CheckSecret("challenge_secret", proof.challenge_secret, violations);
  proof.device = request.device();
  text::CheckLine("device", proof.device, kMaxDevice, /*required=*/false, violations);
  return proof;
}

SessionOwner ParseSessionOwner(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  if (const auto staff = resource::ParseName(name, "staffMembers/*")) return {.member_id = "", .staff_id = (*staff)[0]};
  if (const auto member = resource::ParseName(name, "members/*")) return {.member_id = (*member)[0], .staff_id = ""};
  violations.Add(field, "must be a resource name `members/*` or `staffMembers/*`");
  return {};
}

SessionId ParseSessionName(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  if (const auto staff = resource::ParseName(name, "staffMembers/*/sessions/*")) {
    return {.owner = {.member_id = "", .staff_id = (*staff)[0]}, .id = (*staff)[1]};
  }
  if (const auto member = resource::ParseName(name, "members/*/sessions/*")) {
    return {.owner = {.member_id = (*member)[0], .staff_id = ""}, .id = (*member)[1]};
  }
  violations.Add(field, "must be a resource name `members/*/sessions/*` or `staffMembers/*/sessions/*`");
  return {};
}

void CheckSecret(absl::string_view field, const std::string& secret, FieldViolations& violations) {
  if (secret.empty() || secret.size() > kMaxSecret) violations.Add(field, "must have 1 to 100 bytes");
}

}  // namespace masthead::memberships
