// Letters of messages: the pinned template in the recipient's language, filled once for all who get the same (the same
// message, variant, language, topic, and of an issue's articles as much), then addressed.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "services/notifications/issues/issue.h"
#include "services/notifications/mail/letter.h"
#include "services/notifications/mail/smtp_wire.h"
#include "services/notifications/mail/unsubscribe_token.h"
#include "services/notifications/mail/verp.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/chunk_store.h"
#include "services/notifications/templates/template.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {

struct LetterOptions {
  std::string from;             // An address.
  std::string from_name;        // How the newsroom is called.
  std::string return_path;      // Where bounces go to: an address.
  std::string domain;           // Of Message-IDs and List-IDs.
  std::string public_base_url;  // Where unsubscribe links lead to: https, no slash at the end.
  std::string site_url;         // Before an article's path: as public_base_url.
};

// Used by one thread at a time.
class Letters {
 public:
  // `tokens`, `return_paths` and `letters_key`, which opens transactional letters, outlive this.
  Letters(LetterOptions options, const mail::UnsubscribeTokens& tokens, const mail::VerpTokens& return_paths,
          const crypto::SealingKey& letters_key)
      : options_(std::move(options)), tokens_(tokens), return_paths_(return_paths), letters_key_(letters_key) {}

  // One letter. The same bytes at every attempt.
  absl::StatusOr<mail::Envelope> Write(db::Database& database, const Scope& scope, const Message& message,
                                       const Due& due);

 private:
  using Key = std::tuple<int64_t, int, std::string, std::string, Admission>;  // Message, variant, locale, topic.
  using Compiled = absl::StatusOr<mail::LetterTemplate>;

  // What the message's articles are; none for most.
  absl::StatusOr<std::shared_ptr<const Issue>> IssueOf(db::Database& database, const Scope& scope,
                                                       const Message& message);

  absl::StatusOr<std::shared_ptr<const mail::LetterTemplate>> TemplateFor(db::Database& database, const Scope& scope,
                                                                          const Message& message, const Due& due);
  absl::StatusOr<mail::LetterTemplate> Compile(db::Database& database, const Scope& scope, const Message& message,
                                               const Due& due, const Lists& issue);
  absl::StatusOr<mail::LetterContent> Content(const TemplateText& text, const Values& values, const Lists& issue,
                                              const Message& message) const;
  // A letter of its own each time: nothing of it is kept.
  absl::StatusOr<mail::Envelope> WriteTransactional(db::Database& database, const Scope& scope, const Message& message,
                                                    const Due& due);
  // An address of each delivery's own: bounces come back to it.
  std::string ReturnPathOf(const Message& message, const Due& due) const;
  std::string MessageIdOf(const Message& message, const Due& due) const;

  const LetterOptions options_;
  const mail::UnsubscribeTokens& tokens_;
  const mail::VerpTokens& return_paths_;
  const crypto::SealingKey& letters_key_;
  std::map<Key, std::shared_ptr<const Compiled>> compiled_;
  std::list<Key> order_;  // Oldest first, to bound what is kept.
  std::map<int64_t, std::shared_ptr<const Issue>> issues_;
};

}  // namespace masthead::notifications
