#include "services/notifications/desks/desk_letter_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/auth/network.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/events/announcement.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/desks/desk_errors.h"
#include "services/notifications/desks/sealed_words.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/transactional/letter_queue.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr size_t kMaxLocale = 35;
constexpr char kPattern[] = "deskLetters/*";
constexpr char kTemplate[] = "desk-letter";
// As long as the words are worth relaying; a smarthost that is down for longer is not waited for.
constexpr absl::Duration kRelayPatience = absl::Hours(72);

absl::Status CheckFlood(const RecentLetters& recent, absl::Time now) {
  if (recent.same_words) return LetterRefused("REPEATED");
  if (recent.of_network < kLettersOfANetwork && recent.of_sender < kLettersOfASender &&
      recent.to_desk < kLettersToADesk) {
    return absl::OkStatus();
  }
  return LettersRateLimited(recent.oldest + kDeskLetterWindow - now);
}

void Announce(db::Transaction& tx, events::Feed& feed, const DeskLetter& letter) {
  v1::Event event;
  event.mutable_letter_received()->set_letter(DeskLetterName(letter.id));
  event.mutable_letter_received()->set_desk(absl::StrCat("contributors/", letter.desk_id));
  events::Announce(
      tx, feed,
      {.type = "letter.received", .resource = DeskLetterName(letter.id), .revision = 1, .time = letter.create_time},
      std::move(event));
}

}  // namespace

DeskLetterService::DeskLetterService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                                     const std::shared_ptr<grpc::Channel>& articles,
                                     const crypto::SealingKey& letters_key, rpc::Bell& asked)
    : database_(database),
      feed_(feed),
      desks_(articles),
      page_tokens_(key),
      marks_key_(key.Derive("masthead marks of desk letters")),
      words_key_(key, kDeskLetters),
      letters_key_(letters_key),
      asked_(asked),
      service_(*v1::SendDeskLetterRequest::descriptor()->file()->FindServiceByName("DeskLetterService")) {
  service_.Unary("SendDeskLetter", this, &DeskLetterService::Send);
  service_.Unary("GetDeskLetter", this, &DeskLetterService::Get);
  service_.Unary("ListDeskLetters", this, &DeskLetterService::List);
  service_.Unary("DeleteDeskLetter", this, &DeskLetterService::Delete);
}

LetterMarks DeskLetterService::MarksOf(const DeskLetterWords& words, const std::string& network) const {
  const auto mark = [&](absl::string_view text) { return absl::BytesToHexString(marks_key_.Sign(text)); };
  const absl::StatusOr<std::string> sender = text::NormalizeEmail(words.sender_address);
  return {.network = mark(network), .sender = sender.ok() ? mark(*sender) : "", .words = mark(WordsHash(words.text))};
}

absl::StatusOr<std::string> DeskLetterService::Relay(db::Transaction& tx, const ParsedDeskLetter& parsed,
                                                     const Desk& desk, const std::string& locale) const {
  const std::optional<int> revision = LoadNewestRevision(tx, kTemplate);
  if (!revision) return TemplateNotFound(absl::StrCat("templates/", kTemplate));
  const DeskLetterWords& words = parsed.words;
  Values values = {{"desk", desk.display_name},
                   {"sender_name", words.sender_name},
                   {"sender_address", words.sender_address},
                   {"subject", words.subject},
                   {"text", words.text},
                   {"letter", DeskLetterName(parsed.letter.id)},
                   {parsed.letter.kind == "TIP" ? "tip" : "feedback", "1"}};
  // A Reply-To that not every server of the way takes would cost the letter: the desk finds the address in it, too.
  const bool plain = absl::c_all_of(words.sender_address, absl::ascii_isascii);
  if (!parsed.letter.article_id.empty()) values["article"] = absl::StrCat("articles/", parsed.letter.article_id);
  return QueueLetter(tx, letters_key_,
                     {.template_id = kTemplate,
                      .template_revision = *revision,
                      .dedupe_key = DeskLetterName(parsed.letter.id),
                      .locale = locale,
                      .expire_time = db::Now(tx) + kRelayPatience,
                      .to = {},
                      .secrets = {.mailbox = desk.mailbox,
                                  .reply_to = plain ? words.sender_address : "",
                                  .values = std::move(values)}})
      .id;
}

absl::StatusOr<v1::DeskLetter> DeskLetterService::Send(const Call& call, const v1::SendDeskLetterRequest& request) {
  ASSIGN_OR_RETURN(const ParsedDeskLetter parsed, ParseDeskLetter(request.desk_letter()));
  FieldViolations violations;
  const std::optional<std::string> network = auth::NetworkOfAddress(request.client_address());
  if (!network) violations.Add("client_address", "must be an IPv4 or IPv6 address");
  if (request.locale().size() > kMaxLocale) violations.Add("locale", "must be a BCP 47 tag");
  RETURN_IF_ERROR(violations.ToStatus());
  if (const std::optional<std::string> cause = CauseOfRefusal(parsed.words)) return LetterRefused(*cause);
  ASSIGN_OR_RETURN(const Desk desk, desks_.Ask(call.scope, request.desk_letter().desk()));
  const LetterMarks marks = MarksOf(parsed.words, *network);

  return idempotency::Mutate<v1::DeskLetter>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::DeskLetter> {
        RETURN_IF_ERROR(CheckFlood(CountRecentLetters(tx, parsed.letter.desk_id, marks), db::Now(tx)));
        ParsedDeskLetter taken = parsed;
        taken.letter.id = ids::NewUuid();
        taken.letter.sealed_words = SealWords(words_key_, taken.letter.id, taken.words);
        ASSIGN_OR_RETURN(taken.letter.message_id, Relay(tx, taken, desk, request.locale()));
        InsertDeskLetter(tx, taken.letter, marks);
        Announce(tx, feed_, taken.letter);
        change = {.resource = DeskLetterName(taken.letter.id), .revision_after = 1};
        tx.AfterCommit([this] { asked_.Ring(); });
        return ToProto(taken.letter, taken.words);
      });
}

absl::StatusOr<v1::DeskLetter> DeskLetterService::Get(const Call& call, const v1::GetDeskLetterRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  ASSIGN_OR_RETURN(const std::optional<DeskLetter> letter,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadDeskLetter(tx, ids[0]); }));
  if (!letter) return DeskLetterNotFound(request.name());
  ASSIGN_OR_RETURN(const DeskLetterWords words, OpenWords(words_key_, letter->id, letter->sealed_words));
  return ToProto(*letter, words);
}

absl::StatusOr<v1::ListDeskLettersResponse> DeskLetterService::List(const Call& call,
                                                                    const v1::ListDeskLettersRequest& request) {
  std::string desk_id, article_id;
  if (!request.desk().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("desk", request.desk(), "contributors/*"));
    desk_id = ids[0];
  }
  if (!request.article().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("article", request.article(), "articles/*"));
    article_id = ids[0];
  }
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before)) before = 0;
  ASSIGN_OR_RETURN(const std::vector<DeskLetter> letters, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadDeskLetters(tx, desk_id, article_id, before, page_size + 1);
  }));
  v1::ListDeskLettersResponse response;
  for (const DeskLetter& letter : letters) {
    if (response.desk_letters_size() == page_size) {
      const DeskLetter& last = letters[static_cast<size_t>(page_size) - 1];
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(last.number)}));
      break;
    }
    ASSIGN_OR_RETURN(const DeskLetterWords words, OpenWords(words_key_, letter.id, letter.sealed_words));
    *response.add_desk_letters() = ToProto(letter, words);
  }
  return response;
}

absl::StatusOr<google::protobuf::Empty> DeskLetterService::Delete(const Call& call,
                                                                  const v1::DeleteDeskLetterRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        if (!RemoveDeskLetter(tx, ids[0])) return DeskLetterNotFound(request.name());
        change = {.resource = request.name(), .revision_before = 1, .revision_after = 2};
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::notifications
