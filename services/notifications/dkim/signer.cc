#include "services/notifications/dkim/signer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/notifications/dkim/canonical.h"

namespace masthead::notifications::dkim {
namespace {

// What a reader or a mail program goes by. Without List-Unsubscribe and its -Post under the signature, no one-click
// link is shown (RFC 8058 section 4).
constexpr absl::string_view kSigned[] = {"from",
                                         "to",
                                         "reply-to",
                                         "subject",
                                         "date",
                                         "message-id",
                                         "mime-version",
                                         "content-type",
                                         "content-transfer-encoding",
                                         "content-language",
                                         "list-id",
                                         "list-unsubscribe",
                                         "list-unsubscribe-post",
                                         "feedback-id",
                                         "auto-submitted"};
constexpr absl::string_view kOverSigned[] = {"from", "subject", "date"};
constexpr size_t kLineBytes = 72;

std::vector<std::string> SignedNames(const Message& message) {
  std::vector<std::string> present;
  for (const absl::string_view field : message.fields) present.push_back(FieldName(field));
  std::vector<std::string> names;
  for (const absl::string_view name : kSigned) {
    names.insert(names.end(), static_cast<size_t>(std::count(present.begin(), present.end(), name)), std::string(name));
  }
  for (const absl::string_view name : kOverSigned) names.emplace_back(name);
  return names;
}

// "h=from:to:...", folded after colons.
std::string NamesTag(const std::vector<std::string>& names) {
  std::string out = "h=";
  size_t column = out.size();
  for (const std::string& name : names) {
    if (&name != &names.front()) {
      out += ':';
      ++column;
    }
    if (column + name.size() > kLineBytes) {
      out += "\r\n ";
      column = 1;
    }
    out += name;
    column += name.size();
  }
  return out;
}

std::string Folded(absl::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); at += kLineBytes) {
    absl::StrAppend(&out, at == 0 ? "" : "\r\n ", text.substr(at, kLineBytes));
  }
  return out;
}

}  // namespace

const std::string& BodyHashes::Of(absl::string_view body) {
  if (hash_.empty() || body != body_) {
    hash_ = BodyHash(body, Canonicalization::kRelaxed);
    body_.assign(body.data(), body.size());
  }
  return hash_;
}

absl::StatusOr<std::string> Sign(absl::string_view letter, const std::vector<Identity>& identities, absl::Time time,
                                 BodyHashes& hashes) {
  const Message message = Parse(letter);
  const std::vector<std::string> names = SignedNames(message);
  const std::string names_tag = NamesTag(names);
  const std::string& body_hash = hashes.Of(message.body);
  std::string out;
  out.reserve(letter.size() + 1000 * identities.size());
  for (const Identity& identity : identities) {
    const std::string field =
        absl::StrCat("DKIM-Signature: v=1; a=", AlgorithmName(identity.key->algorithm()),
                     "; c=relaxed/relaxed;\r\n d=", identity.domain, "; s=", identity.selector,
                     ";\r\n t=", absl::ToUnixSeconds(time), ";\r\n ", names_tag, ";\r\n bh=", body_hash, ";\r\n b=");
    ASSIGN_OR_RETURN(const std::string signature,
                     identity.key->Sign(SignedData(message.fields, names, field, Canonicalization::kRelaxed)));
    absl::StrAppend(&out, field, Folded(signature), "\r\n");
  }
  out.append(letter.data(), letter.size());
  return out;
}

}  // namespace masthead::notifications::dkim
