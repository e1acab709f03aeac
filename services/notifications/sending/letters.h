// Letters of messages: the pinned template in the recipient's language, filled once for all who get the same (the same
// message, variant, language, topic, and of an issue's articles as much), then addressed.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "absl/status/statusor.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "services/notifications/engagement/engagement_token.h"
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
  std::string from;                // An address.
  std::string from_name;           // How the newsroom is called.
  std::string return_path;         // Where bounces go to: an address.
  std::string domain;              // Of Message-IDs and List-IDs.
  std::string public_base_url;     // Where unsubscribe links lead to: https, no slash at the end.
  std::string site_url;            // Before an article's path: as public_base_url.
  bool counts_engagement = false;  // Whether links count and letters carry a pixel, as far as recipients let us know.
};

// Used by one thread at a time.
class Letters {
 public:
  // The tokens and `letters_key`, which opens transactional letters, outlive this.
  Letters(LetterOptions options, const mail::UnsubscribeTokens& tokens, const mail::VerpTokens& return_paths,
          const EngagementTokens& engagement_tokens, const crypto::SealingKey& letters_key)
      : options_(std::move(options)),
        tokens_(tokens),
        return_paths_(return_paths),
        engagement_tokens_(engagement_tokens),
        letters_key_(letters_key) {}

  // One letter. The same bytes at every attempt.
  absl::StatusOr<mail::Envelope> Write(db::Database& database, const Scope& scope, const Message& message,
                                       const Due& due);

 private:
  // Message, variant, locale, topic, what it reads the same as; last, whether it counts in sum.
  using Key = std::tuple<int64_t, int, std::string, std::string, std::string, bool>;
  struct Filled {
    mail::LetterContent content;
    mail::LetterTemplate letter;
  };
  using Compiled = absl::StatusOr<Filled>;

  // A message as one recipient reads it.
  struct Reading {
    std::string same_as;  // Equal for all who read the same.
    std::function<Lists()> articles;
  };

  absl::StatusOr<Reading> ReadingOf(db::Database& database, const Scope& scope, const Message& message, const Due& due);

  // What the message's articles are; none for most.
  absl::StatusOr<std::shared_ptr<const Issue>> IssueOf(db::Database& database, const Scope& scope,
                                                       const Message& message);

  absl::StatusOr<std::shared_ptr<const Filled>> FilledFor(db::Database& database, const Scope& scope,
                                                          const Message& message, const Due& due, bool counts_in_sum);
  absl::StatusOr<mail::LetterContent> Fill(db::Database& database, const Scope& scope, const Message& message,
                                           const Due& due, const Lists& issue);
  // With links and a pixel that count: for the delivery alone, or, if `delivery` is 0, for all alike.
  mail::LetterContent Counting(mail::LetterContent content, const Message& message, const Due& due,
                               int64_t delivery) const;
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
  const EngagementTokens& engagement_tokens_;
  const crypto::SealingKey& letters_key_;
  std::map<Key, std::shared_ptr<const Compiled>> compiled_;
  std::list<Key> order_;  // Oldest first, to bound what is kept.
  std::map<int64_t, std::shared_ptr<const Issue>> issues_;
};

}  // namespace masthead::notifications
