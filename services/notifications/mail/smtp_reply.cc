#include "services/notifications/mail/smtp_reply.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kMaxLineBytes = 2048;
constexpr size_t kMaxReplyBytes = 16384;
constexpr size_t kMaxLines = 128;
constexpr size_t kMaxTextBytes = 512;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// 0 if the line has none.
int CodeOf(absl::string_view line) {
  if (line.size() < 3 || !IsDigit(line[0]) || !IsDigit(line[1]) || !IsDigit(line[2])) return 0;
  if (line[0] < '2' || line[0] > '5') return 0;
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// "5.1.1" at the start of a line, of the class of `code`; absent otherwise.
EnhancedCode EnhancedCodeOf(absl::string_view text, int code) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text.substr(0, text.find(' ')), '.');
  EnhancedCode enhanced;
  if (parts.size() != 3 || parts[0].size() != 1 || parts[1].size() > 3 || parts[2].size() > 3) return {};
  for (absl::string_view part : parts) {
    for (char c : part) {
      if (!IsDigit(c)) return {};
    }
  }
  const bool parsed = absl::SimpleAtoi(parts[0], &enhanced.status_class) &&
                      absl::SimpleAtoi(parts[1], &enhanced.subject) && absl::SimpleAtoi(parts[2], &enhanced.detail);
  return parsed && enhanced.status_class == code / 100 ? enhanced : EnhancedCode{};
}

std::string Printable(absl::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

// False if the line does not belong to the reply.
bool AddLine(SmtpReply& reply, absl::string_view line) {
  const int code = CodeOf(line);
  if (code == 0 || (reply.code != 0 && code != reply.code) || reply.lines.size() == kMaxLines) return false;
  const absl::string_view text = line.substr(std::min<size_t>(4, line.size()));
  if (reply.code == 0) reply.enhanced = EnhancedCodeOf(text, code);
  reply.code = code;
  reply.lines.push_back(Printable(text));
  return true;
}

}  // namespace

std::string SmtpReply::Text() const {
  std::string text = absl::StrJoin(lines, " ", [&](std::string* out, absl::string_view line) {
    if (enhanced.present() && EnhancedCodeOf(line, code) == enhanced)
      line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
    out->append(line.data(), line.size());
  });
  text.resize(std::min(text.size(), kMaxTextBytes));
  return text;
}

SmtpReplyParser::Progress SmtpReplyParser::TakeLine(absl::string_view& line, size_t& at) const {
  const absl::string_view rest = absl::string_view(buffer_).substr(at);
  const size_t end = rest.find('\n');
  const absl::string_view seen = rest.substr(0, end);
  if (seen.size() > kMaxLineBytes || seen.find('\0') != absl::string_view::npos) return Progress::kMalformed;
  if (end == absl::string_view::npos) return Progress::kIncomplete;
  if (seen.empty() || seen.find('\r') != seen.size() - 1) return Progress::kMalformed;
  line = seen.substr(0, seen.size() - 1);
  at += end + 1;
  return Progress::kReply;
}

SmtpReplyParser::Progress SmtpReplyParser::Take(SmtpReply& reply) {
  reply = {};
  size_t at = position_;
  for (bool more = true; more;) {
    absl::string_view line;
    const Progress progress = TakeLine(line, at);
    if (progress == Progress::kMalformed || at - position_ > kMaxReplyBytes) return Progress::kMalformed;
    if (progress == Progress::kIncomplete) return Progress::kIncomplete;
    if (!AddLine(reply, line)) return Progress::kMalformed;
    more = line.size() > 3 && line[3] == '-';
  }
  position_ = at;
  if (position_ == buffer_.size()) {
    buffer_.clear();
    position_ = 0;
  }
  return Progress::kReply;
}

}  // namespace masthead::notifications::mail
