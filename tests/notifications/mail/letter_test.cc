#include "services/notifications/mail/letter.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/smtp_wire.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::mail {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;
constexpr char kUrl[] = "https://news.example/u/AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ";

Letter Alert() {
  Letter letter;
  letter.from = "alerts@news.example";
  letter.from_name = "Київ Незалежний";
  letter.subject = "Breaking: Kyiv";
  letter.text = "Twelve are dead.\n.\nRead on: https://news.example/a\n";
  letter.html = "<p>Twelve are dead.</p>";
  letter.date = absl::FromUnixSeconds(1700000000);
  letter.language = "uk";
  letter.list_id = "breaking.news.example";
  letter.to = "olha@example.com";
  letter.message_id = "<l2y3m6b6b5oplgoboosf5xlrrq@mail.kyiv.example>";
  letter.unsubscribe_url = kUrl;
  letter.unsubscribe_mailto = "unsubscribe+AQc@news.example";
  return letter;
}

TEST(Letter, CarriesOneClickUnsubscriptionToTheByte) {
  const absl::StatusOr<std::string> bytes = Compose(Alert());
  ASSERT_THAT(bytes, IsOk());
  EXPECT_THAT(*bytes, HasSubstr(absl::StrCat("\r\nList-Unsubscribe: <", kUrl,
                                             ">, <mailto:unsubscribe+AQc@news.example>\r\n"
                                             "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")));
}

TEST(Letter, CarriesWhatReadersAndFiltersLookFor) {
  const std::string bytes = *Compose(Alert());
  for (const char* header :
       {"To: olha@example.com\r\n", "\r\nMessage-ID: <l2y3m6b6b5oplgoboosf5xlrrq@mail.kyiv.example>\r\n",
        "\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n", "\r\nList-Id: <breaking.news.example>\r\n",
        "\r\nContent-Language: uk\r\n", "\r\nMIME-Version: 1.0\r\n", "\r\nSubject: Breaking: Kyiv\r\n"}) {
    EXPECT_THAT(bytes, HasSubstr(header));
  }
  EXPECT_THAT(bytes, Not(HasSubstr("Auto-Submitted")));
}

TEST(Letter, PutsTheTextBeforeTheHtml) {
  const std::string bytes = *Compose(Alert());
  const size_t text = bytes.find("Content-Type: text/plain; charset=utf-8");
  const size_t html = bytes.find("Content-Type: text/html; charset=utf-8");
  ASSERT_NE(text, std::string::npos);
  ASSERT_NE(html, std::string::npos);
  EXPECT_LT(text, html);
  EXPECT_THAT(bytes, HasSubstr("Content-Type: multipart/alternative; boundary=\"=_"));
}

TEST(Letter, IsTheSameBytesEachTime) { EXPECT_EQ(*Compose(Alert()), *Compose(Alert())); }

TEST(Letter, ATransactionalLetterIsAutomaticAndHasNoUnsubscription) {
  Letter letter = Alert();
  letter.transactional = true;
  EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_LETTER"));
  letter.unsubscribe_url.clear();
  letter.unsubscribe_mailto.clear();
  const std::string bytes = *Compose(letter);
  EXPECT_THAT(bytes, HasSubstr("\r\nAuto-Submitted: auto-generated\r\n"));
  EXPECT_THAT(bytes, Not(HasSubstr("List-Unsubscribe")));
}

TEST(Letter, NeverCarriesPostWithoutAnHttpsLink) {
  Letter letter = Alert();
  letter.unsubscribe_url.clear();
  EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_LETTER"));
  for (const char* url : {"http://news.example/u", "https://", "mailto:a@b.c", "https://news.example/a b",
                          "https://news.example/<", "https://news.example/a,b"}) {
    letter.unsubscribe_url = url;
    EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_LETTER")) << url;
  }
}

// Every field that somebody can set, each with every way to end a line (S10).
TEST(Letter, RefusesToBreakOutOfAnyHeader) {
  using Setter = void (*)(Letter&, const std::string&);
  const std::pair<const char*, Setter> fields[] = {
      {"from", [](Letter& l, const std::string& v) { l.from = v + l.from; }},
      {"from_name", [](Letter& l, const std::string& v) { l.from_name += v; }},
      {"reply_to", [](Letter& l, const std::string& v) { l.reply_to = "a@b.example" + v; }},
      {"subject", [](Letter& l, const std::string& v) { l.subject += v; }},
      {"language", [](Letter& l, const std::string& v) { l.language += v; }},
      {"list_id", [](Letter& l, const std::string& v) { l.list_id += v; }},
      {"list_name", [](Letter& l, const std::string& v) { l.list_name = "News" + v; }},
      {"feedback_id", [](Letter& l, const std::string& v) { l.feedback_id = "a:b" + v; }},
      {"to", [](Letter& l, const std::string& v) { l.to += v; }},
      {"to_name", [](Letter& l, const std::string& v) { l.to_name = "Olha" + v; }},
      {"message_id", [](Letter& l, const std::string& v) { l.message_id.insert(5, v); }},
      {"unsubscribe_url", [](Letter& l, const std::string& v) { l.unsubscribe_url += v; }},
      {"unsubscribe_mailto", [](Letter& l, const std::string& v) { l.unsubscribe_mailto += v; }},
  };
  for (const std::string& attack :
       {std::string("\r\nBcc: x@y.example"), std::string("\n"), std::string("\r"), std::string("\0", 1),
        std::string("\xe2\x80\xa8"), std::string("\r\n\r\n<script>"), std::string("\r\n.\r\nQUIT\r\n")}) {
    for (const auto& [name, set] : fields) {
      Letter letter = Alert();
      set(letter, attack);
      EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "HEADER_INJECTION")) << name << " with " << absl::CEscape(attack);
    }
  }
}

TEST(Letter, RefusesAMessageIdThatIsNone) {
  for (const char* id : {"", "a@b", "<a@b", "<>", "<a>", "<a b@c>", "<a@b>, <c@d>"}) {
    Letter letter = Alert();
    letter.message_id = id;
    EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_LETTER")) << id;
  }
}

TEST(Letter, RefusesAnAddressBeyondAsciiUnlessTold) {
  Letter letter = Alert();
  letter.to = "Новини@example.com";
  EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_ADDRESS"));
  letter.smtputf8 = true;
  EXPECT_THAT(*Compose(letter), HasSubstr("To: Новини@example.com\r\n"));
}

// Whatever the text, the wire takes it: CRLF only, 7 bits, short lines, no line of a dot alone.
TEST(Letter, MakesAnyBodyFitForTheWire) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  std::string long_ukrainian;
  for (int i = 0; i < 500; ++i) long_ukrainian += "Росія завдала удару. ";
  for (const std::string& body : {std::string("."), std::string("\n.\n"), std::string("\r.\r"),
                                  std::string("a\n.\r\n.\n"), std::string(5000, '.'), std::string(5000, 'x'), all_bytes,
                                  long_ukrainian, std::string("trailing \n space \n"), std::string("=3D =_x\n--=_")}) {
    Letter letter = Alert();
    letter.text = body;
    letter.html = body;
    const absl::StatusOr<std::string> bytes = Compose(letter);
    ASSERT_THAT(bytes, IsOk());
    const Envelope envelope{.id = 1, .mail_from = "", .rcpt_to = "a@b.example", .bytes = *bytes};
    EXPECT_EQ(CheckEnvelope(envelope, {}).code, 0) << absl::CEscape(body.substr(0, 40));
    EXPECT_TRUE(absl::EndsWith(*bytes, "\r\n"));
    const size_t body_start = bytes->find("\r\n\r\n");
    for (absl::string_view line : absl::StrSplit(absl::string_view(*bytes).substr(body_start), "\r\n")) {
      EXPECT_LE(line.size(), 76u);
      EXPECT_FALSE(absl::StartsWith(line, ".")) << line;
    }
  }
}

TEST(LetterTemplate, MakesTheSameBytesAsALetterOfItsOwn) {
  const Letter letter = Alert();
  const absl::StatusOr<LetterTemplate> compiled = LetterTemplate::Compile(letter);
  ASSERT_THAT(compiled, IsOk());
  EXPECT_EQ(*compiled->Compose(letter), *Compose(letter));
}

TEST(LetterTemplate, ALinkInTheBodyNeedsAReaderWhoHasOne) {
  Letter letter = Alert();
  letter.text = absl::StrCat("Leave: ", kUnsubscribeUrlSlot);
  ASSERT_THAT(Compose(letter), IsOk());
  letter.unsubscribe_url.clear();
  letter.unsubscribe_mailto.clear();
  EXPECT_THAT(Compose(letter), StatusIs(kInvalid, "INVALID_LETTER"));
}

std::string Decode(const EncodedBody& body, absl::string_view value) {
  std::string encoded;
  body.Append(encoded, value);
  std::string decoded;
  if (body.name() == "base64") {
    for (absl::string_view line : absl::StrSplit(encoded, "\r\n")) {
      EXPECT_LE(line.size(), 76u);
    }
    // As a strict decoder: no padding but at the end.
    std::string joined;
    for (absl::string_view line : absl::StrSplit(encoded, "\r\n")) joined.append(line.data(), line.size());
    const size_t padding = joined.find('=');
    EXPECT_TRUE(padding == std::string::npos || padding + 2 >= joined.size()) << joined;
    EXPECT_TRUE(absl::Base64Unescape(joined, &decoded));
    return decoded;
  }
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '=') {
      decoded += encoded[i];
    } else if (encoded[i + 1] == '\r') {
      i += 2;
    } else {
      decoded += absl::HexStringToBytes(encoded.substr(i + 1, 2));
      i += 2;
    }
  }
  if (absl::EndsWith(decoded, "\r\n")) decoded.resize(decoded.size() - 2);
  return decoded;
}

// A law: filling a slot and then decoding is the same as writing the value where the slot stood, for pieces and values
// of any length.
TEST(EncodedBody, PutsTheValueWhereTheSlotStood) {
  const std::string slot = kUnsubscribeUrlSlot;
  for (const char* unit : {"a", "ї"}) {
    for (size_t before = 0; before < 5; ++before) {
      for (size_t between = 0; between < 5; ++between) {
        for (size_t length = 0; length < 5; ++length) {
          std::string left, middle;
          for (size_t i = 0; i < before; ++i) left += unit;
          for (size_t i = 0; i < between; ++i) middle += unit;
          const std::string padding =
              std::string(unit) == "a" ? "" : "Росія завдала масованого удару по Києву, десятки поранених";
          const EncodedBody body(padding + left + slot + middle + slot + left, slot);
          EXPECT_EQ(body.name(), padding.empty() ? "quoted-printable" : "base64");
          const std::string value(length, 'v');
          EXPECT_EQ(Decode(body, value), padding + left + value + middle + value + left);
        }
      }
    }
  }
}

}  // namespace
}  // namespace masthead::notifications::mail
