#include "services/notifications/sending/letters.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/engagement/tracked_html.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/issues/issue_store.h"
#include "services/notifications/mail/message_id.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/digest_store.h"
#include "services/notifications/messages/message_values.h"
#include "services/notifications/templates/filled_letter.h"
#include "services/notifications/templates/template_store.h"
#include "services/notifications/transactional/letter_store.h"
#include "services/notifications/transactional/readable_values.h"
#include "services/notifications/transactional/sealed_letter.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxCompiled = 128;
constexpr size_t kMaxIssues = 16;

// Whether another attempt would meet the same: then there is no reason to try again for every recipient.
bool IsForGood(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status);
}

// What mailbox providers count complaints by: campaign, topic, category, sender. No reader is named.
std::string FeedbackId(const Message& message, const Due& due, absl::string_view sender) {
  return absl::StrCat(message.campaign.empty() ? message.id : message.campaign, ":", due.topic_id, ":",
                      absl::AsciiStrToLower(message.category), ":", sender);
}

// Of a digest: what the alerts would have said, without the text behind them.
Lists ArticlesOf(const std::vector<AlertText>& stories) {
  Lists lists;
  for (const AlertText& story : stories) {
    lists[kArticlesName].push_back({{"headline", story.headline},
                                    {"dek", story.dek},
                                    {"byline", story.byline},
                                    {"url", story.url},
                                    {"body_html", ""},
                                    {"body_text", ""},
                                    {"subscribe", ""}});
  }
  return lists;
}

}  // namespace

absl::StatusOr<mail::Envelope> Letters::Write(db::Database& database, const Scope& scope, const Message& message,
                                              const Due& due) {
  if (IsTransactional(message)) return WriteTransactional(database, scope, message, due);
  const std::string tracking = options_.counts_engagement ? due.tracking : "NONE";
  ASSIGN_OR_RETURN(const std::shared_ptr<const Filled> filled,
                   FilledFor(database, scope, message, due, /*counts_in_sum=*/tracking == "AGGREGATE"));
  const std::string token = tokens_.Issue({.recipient = static_cast<uint64_t>(due.recipient_number),
                                           .topic = static_cast<uint32_t>(due.topic_number),
                                           .scope = kUnsubscribeTopic});
  const mail::Addressee addressee = {.to = due.mailbox,
                                     .to_name = "",
                                     .message_id = MessageIdOf(message, due),
                                     .unsubscribe_url = absl::StrCat(options_.public_base_url, "/u/", token),
                                     .unsubscribe_mailto = ""};
  mail::Envelope envelope = {
      .id = due.seq, .mail_from = ReturnPathOf(message, due), .rcpt_to = due.mailbox, .bytes = ""};
  if (tracking == "INDIVIDUAL") {
    ASSIGN_OR_RETURN(const mail::LetterTemplate own,
                     mail::LetterTemplate::Compile(Counting(filled->content, message, due, due.seq)));
    ASSIGN_OR_RETURN(envelope.bytes, own.Compose(addressee));
  } else {
    ASSIGN_OR_RETURN(envelope.bytes, filled->letter.Compose(addressee));
  }
  return envelope;
}

absl::StatusOr<std::shared_ptr<const Issue>> Letters::IssueOf(db::Database& database, const Scope& scope,
                                                              const Message& message) {
  const auto found = issues_.find(message.number);
  if (found != issues_.end()) return found->second;
  ASSIGN_OR_RETURN(const std::vector<std::string> contents,
                   database.Read(scope, [&](db::Transaction& tx) { return LoadIssue(tx, message.number); }));
  Issue issue = {.articles = ArticlesFromBytes(contents), .site_url = options_.site_url};
  if (issues_.size() == kMaxIssues) issues_.erase(issues_.begin());
  return issues_[message.number] = std::make_shared<const Issue>(std::move(issue));
}

absl::StatusOr<Letters::Reading> Letters::ReadingOf(db::Database& database, const Scope& scope, const Message& message,
                                                    const Due& due) {
  if (message.source == "DIGEST") {
    ASSIGN_OR_RETURN(std::vector<AlertText> stories, database.Read(scope, [&](db::Transaction& tx) {
      return LoadStories(tx, message.number, due.recipient_number);
    }));
    if (stories.empty()) return absl::FailedPreconditionError("every story of the digest was taken out");
    Reading reading;
    for (const AlertText& story : stories) absl::StrAppend(&reading.same_as, story.article, "\n");
    reading.articles = [stories = std::move(stories)] { return ArticlesOf(stories); };
    return reading;
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Issue> issue, IssueOf(database, scope, message));
  const Admission admission = Admit(*issue, {.is_member = due.is_member, .tiers = due.tiers});
  return Reading{.same_as = admission, .articles = [issue, admission] { return OpenIssue(*issue, admission); }};
}

absl::StatusOr<std::shared_ptr<const Letters::Filled>> Letters::FilledFor(db::Database& database, const Scope& scope,
                                                                          const Message& message, const Due& due,
                                                                          bool counts_in_sum) {
  ASSIGN_OR_RETURN(const Reading reading, ReadingOf(database, scope, message, due));
  const Key key(message.number, due.variant, due.locale, due.topic_id, reading.same_as, counts_in_sum);
  auto found = compiled_.find(key);
  if (found == compiled_.end()) {
    const auto compile = [&]() -> Compiled {
      ASSIGN_OR_RETURN(mail::LetterContent content, Fill(database, scope, message, due, reading.articles()));
      if (counts_in_sum) content = Counting(std::move(content), message, due, /*delivery=*/0);
      ASSIGN_OR_RETURN(mail::LetterTemplate letter, mail::LetterTemplate::Compile(content));
      return Filled{std::move(content), std::move(letter)};
    };
    Compiled compiled = compile();
    if (!compiled.ok() && !IsForGood(compiled.status())) return compiled.status();
    if (order_.size() == kMaxCompiled) {
      compiled_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(key);
    found = compiled_.emplace(key, std::make_shared<const Compiled>(std::move(compiled))).first;
  }
  const std::shared_ptr<const Compiled>& kept = found->second;
  if (!kept->ok()) return kept->status();
  return std::shared_ptr<const Filled>(kept, &**kept);
}

absl::StatusOr<mail::LetterContent> Letters::Fill(db::Database& database, const Scope& scope, const Message& message,
                                                  const Due& due, const Lists& issue) {
  struct Parts {
    Values values;
    std::optional<TemplateText> text;
  };
  ASSIGN_OR_RETURN(const Parts parts, database.Read(scope, [&](db::Transaction& tx) {
    Variant letter = {.template_id = message.template_id, .template_revision = message.template_revision, .values = {}};
    for (Variant& variant : LoadVariants(tx, message.number)) {
      if (variant.number == due.variant) letter = std::move(variant);
    }
    return Parts{std::move(letter.values),
                 LoadTemplateText(tx, letter.template_id, letter.template_revision, due.locale)};
  }));
  if (!parts.text) return absl::InternalError(absl::StrCat("no text of template ", message.template_id));
  Values values = ValuesOf(message, parts.values);
  values.insert_or_assign(kUnsubscribeUrlName, mail::kUnsubscribeUrlSlot);
  ASSIGN_OR_RETURN(mail::LetterContent content, Content(*parts.text, values, issue, message));
  content.reply_to = message.alert.contact_address;
  content.list_id = absl::StrCat(due.topic_id, ".", options_.domain);
  content.feedback_id = FeedbackId(message, due, options_.domain);
  return content;
}

mail::LetterContent Letters::Counting(mail::LetterContent content, const Message& message, const Due& due,
                                      int64_t delivery) const {
  if (content.html.empty()) return content;
  content.html = TrackHtml(content.html, options_.public_base_url, engagement_tokens_,
                           {.message = message.number, .delivery = delivery, .variant = due.variant});
  return content;
}

absl::StatusOr<mail::LetterContent> Letters::Content(const TemplateText& text, const Values& values, const Lists& issue,
                                                     const Message& message) const {
  ASSIGN_OR_RETURN(mail::LetterContent content, FillTemplate(text, values, issue));
  content.from = options_.from;
  content.from_name = options_.from_name;
  content.date = message.create_time;
  return content;
}

absl::StatusOr<mail::Envelope> Letters::WriteTransactional(db::Database& database, const Scope& scope,
                                                           const Message& message, const Due& due) {
  struct Parts {
    std::optional<StoredLetter> letter;
    std::optional<TemplateText> text;
  };
  ASSIGN_OR_RETURN(const Parts parts, database.Read(scope, [&](db::Transaction& tx) {
    return Parts{LoadLetter(tx, message.number),
                 LoadTemplateText(tx, message.template_id, message.template_revision, due.locale)};
  }));
  // Cancelled since the intent: the next window calls it off.
  if (!parts.letter) return absl::AbortedError("the letter is forgotten");
  if (!parts.text) return absl::InternalError(absl::StrCat("no text of template ", message.template_id));
  ASSIGN_OR_RETURN(const LetterSecrets secrets, OpenLetter(letters_key_, message.id, parts.letter->sealed));
  ASSIGN_OR_RETURN(mail::LetterContent content,
                   Content(*parts.text, Readable(secrets.values, LanguageOf(parts.text->locale)), {}, message));
  content.transactional = true;
  content.reply_to = secrets.reply_to;
  ASSIGN_OR_RETURN(const mail::LetterTemplate compiled, mail::LetterTemplate::Compile(content));
  const std::string& mailbox = parts.letter->to_address ? secrets.mailbox : due.mailbox;
  mail::Envelope envelope = {.id = due.seq, .mail_from = ReturnPathOf(message, due), .rcpt_to = mailbox, .bytes = ""};
  ASSIGN_OR_RETURN(envelope.bytes, compiled.Compose({.to = mailbox,
                                                     .to_name = "",
                                                     .message_id = MessageIdOf(message, due),
                                                     .unsubscribe_url = "",
                                                     .unsubscribe_mailto = ""}));
  return envelope;
}

std::string Letters::ReturnPathOf(const Message& message, const Due& due) const {
  return return_paths_.ReturnPath(options_.return_path, {.message = message.number, .delivery = due.seq});
}

std::string Letters::MessageIdOf(const Message& message, const Due& due) const {
  return mail::MessageId(MessageName(message.id), EndpointName(due.recipient_id, due.endpoint_id), options_.domain);
}

}  // namespace masthead::notifications
