// What TemplateService shows and sends to editors.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/notifications/authoring/template_names.h"
#include "services/notifications/authoring/template_proto.h"
#include "services/notifications/authoring/template_service.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/topic_proto.h"
#include "services/notifications/issues/issue.h"
#include "services/notifications/issues/issue_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/templates/template_errors.h"
#include "services/notifications/transactional/letter_store.h"
#include "services/notifications/transactional/sealed_letter.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxValueBytes = 64 * 1024;
constexpr int kMaxArticles = 20;
constexpr int kMaxAddresses = 10;
constexpr absl::Duration kTestExpiry = absl::Hours(1);
constexpr char kTestTemplate[] = "test-letter";

void CheckPreview(const google::protobuf::Map<std::string, std::string>& values,
                  const google::protobuf::RepeatedPtrField<std::string>& articles, const std::string& recipient,
                  const std::string& locale, FieldViolations& violations) {
  size_t bytes = 0;
  for (const auto& [name, value] : values) bytes += name.size() + value.size();
  if (bytes > kMaxValueBytes) violations.Add("values", "must not be longer than 64 KiB in all");
  if (articles.size() > kMaxArticles) {
    violations.Add("articles", absl::StrCat("must not have more than ", kMaxArticles, " entries"));
  } else if (!absl::c_all_of(articles, [](const auto& name) { return resource::ParseName(name, "articles/*"); })) {
    violations.Add("articles", "must look like articles/{article}");
  }
  if (!recipient.empty() && !resource::ParseName(recipient, "recipients/*")) {
    violations.Add("recipient", "must look like recipients/{recipient}");
  }
  if (!IsLocale(locale)) violations.Add("locale", "must be a BCP 47 tag");
}

absl::StatusOr<TemplateBody> LoadBody(db::Transaction& tx, const TemplateReference& reference,
                                      const std::string& name) {
  if (reference.revision > 0) {
    std::optional<TemplateRevision> revision = LoadRevision(tx, reference.id, reference.revision);
    if (!revision) return RevisionNotFound(name);
    return std::move(revision->body);
  }
  std::optional<TemplateDraft> draft = LoadTemplate(tx, reference.id);
  if (!draft) return TemplateNotFound(name);
  return std::move(draft->body);
}

std::vector<std::string> ParseAddresses(const v1::SendTestTemplateRequest& request, FieldViolations& violations) {
  std::vector<std::string> mailboxes;
  if (request.addresses().empty() || request.addresses_size() > kMaxAddresses) {
    violations.Add("addresses", absl::StrCat("must have 1 to ", kMaxAddresses, " entries"));
    return mailboxes;
  }
  for (int i = 0; i < request.addresses_size(); ++i) {
    const absl::StatusOr<std::string> mailbox = text::MailboxAddress(request.addresses(i));
    if (!mailbox.ok()) violations.Add(absl::StrCat("addresses[", i, "]"), "must be an e-mail address");
    mailboxes.push_back(mailbox.value_or(""));
  }
  return mailboxes;
}

}  // namespace

template <typename Request>
absl::StatusOr<std::pair<std::string, Preview>> TemplateService::PreviewOf(const Call& call, const Request& request) {
  ASSIGN_OR_RETURN(const TemplateReference reference, ParseTemplateReference("name", request.name()));
  FieldViolations violations;
  CheckPreview(request.values(), request.articles(), request.recipient(), request.locale(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  struct Parts {
    TemplateBody body;
    KnownReader reader;
    absl::Time now;
  };
  ASSIGN_OR_RETURN(const Parts parts, database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<Parts> {
    Parts loaded;
    ASSIGN_OR_RETURN(loaded.body, LoadBody(tx, reference, request.name()));
    loaded.now = db::Now(tx);
    if (request.recipient().empty()) return loaded;
    std::optional<KnownReader> reader =
        LoadReader(tx, resource::ParseName(request.recipient(), "recipients/*")->front());
    if (!reader) return RecipientNotFound(request.recipient());
    loaded.reader = *std::move(reader);
    return loaded;
  }));
  RETURN_IF_ERROR(CheckBody(parts.body));
  Issue issue = {.articles = {}, .site_url = letters_.site_url};
  ASSIGN_OR_RETURN(issue.articles,
                   issue_source_.Ask(call.scope, {request.articles().begin(), request.articles().end()}));

  const std::string& locale = request.locale().empty() ? parts.reader.locale : request.locale();
  const std::vector<std::string> locales = LocalesFor(locale, parts.body.default_locale);
  const auto found = absl::c_find_if(locales, [&](const auto& wanted) { return parts.body.texts.contains(wanted); });
  const TemplateText& text = parts.body.texts.at(found == locales.end() ? parts.body.default_locale : *found);
  Values values(request.values().begin(), request.values().end());
  values[kUnsubscribeUrlName] = absl::StrCat(letters_.public_base_url, "/u/");
  ASSIGN_OR_RETURN(Preview preview,
                   MakePreview(text, std::move(values), OpenIssue(issue, Admit(issue, parts.reader.standing)),
                               {.from = letters_.from, .from_name = letters_.from_name, .date = parts.now}));
  return std::pair(text.locale, std::move(preview));
}

absl::StatusOr<v1::PreviewTemplateResponse> TemplateService::Show(const Call& call,
                                                                  const v1::PreviewTemplateRequest& request) {
  ASSIGN_OR_RETURN(const auto shown, PreviewOf(call, request));
  const auto& [locale, preview] = shown;
  v1::PreviewTemplateResponse response;
  response.set_locale(locale);
  response.set_subject(preview.letter.subject);
  response.set_html(preview.letter.html);
  response.set_text(preview.letter.text);
  response.mutable_push()->set_title(preview.short_text.push_title);
  response.mutable_push()->set_body(preview.short_text.push_body);
  response.mutable_push()->set_url(preview.short_text.push_url);
  response.set_sms(preview.short_text.sms);
  response.set_headers(preview.headers);
  response.set_size_bytes(preview.size_bytes);
  for (const std::string& warning : preview.warnings) response.add_warnings(warning);
  return response;
}

absl::StatusOr<v1::SendTestTemplateResponse> TemplateService::SendTest(const Call& call,
                                                                       const v1::SendTestTemplateRequest& request) {
  FieldViolations violations;
  const std::vector<std::string> mailboxes = ParseAddresses(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const auto shown, PreviewOf(call, request));
  const auto& [locale, preview] = shown;
  const Values values = {
      {"subject", preview.letter.subject}, {"text", preview.letter.text}, {"html", preview.letter.html}};
  return idempotency::Mutate<v1::SendTestTemplateResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::SendTestTemplateResponse> {
        const std::optional<int> revision = LoadNewestRevision(tx, kTestTemplate);
        if (!revision) return TemplateNotFound(TemplateName(kTestTemplate));
        change = {.resource = request.name()};
        v1::SendTestTemplateResponse response;
        for (const std::string& mailbox : mailboxes) {
          Message message;
          message.create_time = db::Now(tx);
          message.id = ids::NewUuid(message.create_time);
          message.dedupe_key = absl::StrCat("tests/", message.id);
          message.state = "SENDING";
          message.lane = kCriticalLane;
          message.duplicate_policy = "AT_LEAST_ONCE";
          message.template_id = kTestTemplate;
          message.template_revision = *revision;
          message.expire_time = message.create_time + kTestExpiry;
          InsertLetterMessage(tx, message, 0, 0);
          InsertLetter(tx, message.number,
                       {.to_address = true,
                        .locale = locale,
                        .sealed = SealLetter(letters_key_, message.id, {.mailbox = mailbox, .values = values})});
          response.add_messages(MessageName(message.id));
        }
        tx.AfterCommit([this] { asked_.Ring(); });
        return response;
      });
}

}  // namespace masthead::notifications
