#include "services/notifications/feedback/mime_report.h"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/notifications/feedback/feedback_errors.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxBlocks = 100;         // Recipients of one letter: ours have one each.
constexpr size_t kMaxFieldBytes = 4096;    // Of a value; what is longer is cut.
constexpr size_t kMaxAddresses = 20;       // Of those that a header names.
constexpr int kMaxParts = 10;              // Of a report: three are usual.
constexpr size_t kMaxMachinePart = 65536;  // Bytes of the machine-readable part that are read.

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <typename T>
using Ref = std::unique_ptr<T, Unref>;

void StartGMime() {
  static const bool started = [] {
    g_mime_init();
    return true;
  }();
  static_cast<void>(started);
}

Ref<GMimeParser> ParserOf(absl::string_view bytes) {
  const Ref<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  return Ref<GMimeParser>(g_mime_parser_new_with_stream(stream.get()));
}

ReportFields FieldsOf(GMimeObject* object) {
  ReportFields fields;
  GMimeHeaderList* const headers = g_mime_object_get_header_list(object);
  for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
    GMimeHeader* const header = g_mime_header_list_get_header_at(headers, i);
    const char* const value = g_mime_header_get_value(header);
    if (value == nullptr) continue;
    fields.emplace(absl::AsciiStrToLower(g_mime_header_get_name(header)),
                   absl::StripAsciiWhitespace(absl::string_view(value).substr(0, kMaxFieldBytes)));
  }
  return fields;
}

ReportFields ParseFields(absl::string_view block) {
  const std::string bytes = absl::StrCat(block, "\n\n");
  const Ref<GMimeParser> parser = ParserOf(bytes);
  const Ref<GMimeObject> part(g_mime_parser_construct_part(parser.get(), nullptr));
  return part == nullptr ? ReportFields() : FieldsOf(part.get());
}

// The part's content, decoded.
std::string ContentOf(GMimeObject* part) {
  GMimeDataWrapper* const content = g_mime_part_get_content(GMIME_PART(part));
  if (content == nullptr) return "";
  const Ref<GMimeStream> stream(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return std::string(reinterpret_cast<const char*>(bytes->data), std::min<size_t>(bytes->len, kMaxMachinePart));
}

// Blocks are separated by empty lines (RFC 3464 section 2.1).
std::vector<ReportFields> BlocksOf(absl::string_view content) {
  std::vector<ReportFields> blocks;
  std::string block;
  const auto end_block = [&] {
    if (!block.empty() && blocks.size() < kMaxBlocks) blocks.push_back(ParseFields(block));
    block.clear();
  };
  while (!content.empty()) {
    const size_t end = content.find('\n');
    const absl::string_view line = absl::StripSuffix(content.substr(0, end), "\r");
    content.remove_prefix(end == absl::string_view::npos ? content.size() : end + 1);
    if (absl::StripAsciiWhitespace(line).empty()) {
      end_block();
    } else {
      absl::StrAppend(&block, line, "\n");
    }
  }
  end_block();
  return blocks;
}

void AddAddresses(const ReportFields& fields, const char* name, std::vector<std::string>& addresses) {
  const auto field = fields.find(name);
  if (field == fields.end()) return;
  const Ref<InternetAddressList> list(internet_address_list_parse(nullptr, field->second.c_str()));
  if (list == nullptr) return;
  for (int i = 0; i < internet_address_list_length(list.get()); ++i) {
    InternetAddress* const address = internet_address_list_get_address(list.get(), i);
    if (!INTERNET_ADDRESS_IS_MAILBOX(address) || addresses.size() == kMaxAddresses) continue;
    const char* const mailbox = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    if (mailbox != nullptr) addresses.emplace_back(mailbox);
  }
}

bool IsOfType(GMimeObject* part, const char* type, const char* subtype) {
  return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype) != FALSE;
}

// The letter, or no more than its headers.
void ReadQuoted(GMimeObject* part, MimeReport& report) {
  if (GMIME_IS_MESSAGE_PART(part)) {
    GMimeMessage* const letter = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    if (letter != nullptr) report.quoted = FieldsOf(GMIME_OBJECT(letter));
  } else if (GMIME_IS_PART(part) && IsOfType(part, "text", "rfc822-headers")) {
    report.quoted = ParseFields(ContentOf(part));
  }
}

}  // namespace

absl::StatusOr<MimeReport> ParseMimeReport(absl::string_view raw, absl::string_view type) {
  StartGMime();
  const Ref<GMimeParser> parser = ParserOf(raw);
  const Ref<GMimeMessage> mail(g_mime_parser_construct_message(parser.get(), nullptr));
  if (mail == nullptr) return FeedbackUnreadable("this is no mail");
  GMimeObject* const body = g_mime_message_get_mime_part(mail.get());
  if (body == nullptr || !GMIME_IS_MULTIPART(body) || !IsOfType(body, "multipart", "report")) {
    return FeedbackUnreadable("this mail is no report");
  }
  const char* const report_type =
      g_mime_content_type_get_parameter(g_mime_object_get_content_type(body), "report-type");
  if (report_type == nullptr || !absl::EqualsIgnoreCase(report_type, type)) {
    return FeedbackUnreadable("this is a report of another kind");
  }
  MimeReport report;
  GMimeMultipart* const parts = GMIME_MULTIPART(body);
  for (int i = 0; i < std::min(g_mime_multipart_get_count(parts), kMaxParts); ++i) {
    GMimeObject* const part = g_mime_multipart_get_part(parts, i);
    const bool machine_readable =
        IsOfType(part, "message", std::string(type).c_str()) ||
        (type == "delivery-status" && IsOfType(part, "message", "global-delivery-status"));  // RFC 6533
    if (machine_readable && GMIME_IS_PART(part) && report.blocks.empty()) {
      report.blocks = BlocksOf(ContentOf(part));
    } else {
      ReadQuoted(part, report);
    }
  }
  if (report.blocks.empty()) return FeedbackUnreadable("the report has no part for programs");
  const ReportFields headers = FieldsOf(GMIME_OBJECT(mail.get()));
  for (const char* name : {"delivered-to", "x-original-to", "envelope-to", "to"}) {
    AddAddresses(headers, name, report.addressed_to);
  }
  return report;
}

Clues CluesOf(const MimeReport& report) {
  Clues clues = {.return_paths = report.addressed_to, .list_unsubscribe = "", .feedback_id = ""};
  // A complaint names the envelope of the letter (RFC 5965 section 3.2).
  for (const ReportFields& block : report.blocks) AddAddresses(block, "original-mail-from", clues.return_paths);
  AddAddresses(report.quoted, "return-path", clues.return_paths);
  const auto quoted = [&](const char* name) {
    const auto field = report.quoted.find(name);
    return field == report.quoted.end() ? "" : field->second;
  };
  clues.list_unsubscribe = quoted("list-unsubscribe");
  clues.feedback_id = quoted("feedback-id");
  return clues;
}

std::string Printable(absl::string_view text, size_t max_bytes) {
  std::string printable;
  for (const unsigned char c : text) {
    if (printable.size() == max_bytes) break;
    if (!absl::ascii_isspace(c)) {
      printable += absl::ascii_isprint(c) ? static_cast<char>(c) : '?';
    } else if (!printable.empty() && printable.back() != ' ') {
      printable += ' ';
    }
  }
  return printable;
}

}  // namespace masthead::notifications
