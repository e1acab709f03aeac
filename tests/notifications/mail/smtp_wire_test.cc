#include "services/notifications/mail/smtp_wire.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/smtp_reply.h"

namespace masthead::notifications::mail {
namespace {

using Progress = SmtpReplyParser::Progress;

std::string Stuffed(absl::string_view message) {
  std::string out;
  AppendStuffed(out, message);
  return absl::StrCat(out, kTerminator);
}

Envelope With(std::string bytes) {
  return {.id = 1, .mail_from = "a@news.example", .rcpt_to = "b@example.com", .bytes = std::move(bytes)};
}

TEST(DotStuffing, PutsADotBeforeEachLineThatStartsWithOne) {
  EXPECT_EQ(Stuffed("a\r\n.\r\n..x\r\n.x\r\nb\r\n"), "a\r\n..\r\n...x\r\n..x\r\nb\r\n.\r\n");
  EXPECT_EQ(Stuffed(".\r\n"), "..\r\n.\r\n");
  EXPECT_EQ(Stuffed("a.\r\n"), "a.\r\n.\r\n");
  EXPECT_EQ(Stuffed("a\r\n.\r\n"), "a\r\n..\r\n.\r\n");
  EXPECT_EQ(Stuffed("no line end"), "no line end\r\n.\r\n");
}

TEST(CheckEnvelope, RefusesWhatCouldSmuggle) {
  for (const std::string& bytes :
       {std::string("a\n.\nMAIL FROM:<x@y>\r\n"), std::string("a\r.\rb\r\n"), std::string("a\r\n.\rb\r\n"),
        std::string("a\n.\r\n"), std::string("a\r\n.\n"), std::string("\n"), std::string("a\r"), std::string("a\r\r\n"),
        std::string("a\0b\r\n", 5), std::string(999, 'x') + "\r\n", std::string()}) {
    EXPECT_EQ(CheckEnvelope(With(bytes), {}).code, 554) << absl::CEscape(bytes);
  }
  EXPECT_EQ(CheckEnvelope(With(std::string(998, 'x') + "\r\na\r\n.\r\n"), {}).code, 0);
}

TEST(CheckEnvelope, RefusesAddressesThatAreCommands) {
  for (const char* address : {"a@b>\r\nRCPT TO:<c@d", "a@b> SIZE=1", "a b@c", "<a@b", "a@b\n", "a\t@b", "\x7f@b"}) {
    Envelope envelope = With("x\r\n");
    envelope.rcpt_to = address;
    EXPECT_EQ(CheckEnvelope(envelope, {}).enhanced, (EnhancedCode{5, 1, 3})) << address;
    envelope = With("x\r\n");
    envelope.mail_from = address;
    EXPECT_EQ(CheckEnvelope(envelope, {}).enhanced, (EnhancedCode{5, 1, 7})) << address;
  }
  Envelope nobody = With("x\r\n");
  nobody.rcpt_to = "";
  EXPECT_NE(CheckEnvelope(nobody, {}).code, 0);
  Envelope automatic = With("x\r\n");
  automatic.mail_from = "";
  EXPECT_EQ(CheckEnvelope(automatic, {}).code, 0);
}

TEST(CheckEnvelope, AsksForWhatTheServerOffers) {
  SmtpExtensions everything;
  for (const char* line : {"PIPELINING", "size 1000", "8BITMIME", "SMTPUTF8", "XSOMETHING else"}) everything.Add(line);
  Envelope utf8 = With("To: Новини@example.com\r\n\r\nтекст\r\n");
  utf8.rcpt_to = "Новини@example.com";
  EXPECT_EQ(CheckEnvelope(utf8, {}).enhanced, (EnhancedCode{5, 6, 7}));
  EXPECT_EQ(CheckEnvelope(utf8, everything).code, 0);
  EXPECT_EQ(MailCommand(utf8, everything),
            absl::StrCat("MAIL FROM:<a@news.example> SIZE=", utf8.bytes.size(), " BODY=8BITMIME SMTPUTF8\r\n"));
  EXPECT_EQ(CheckEnvelope(With("a\r\n\r\nтекст\r\n"), {}).enhanced, (EnhancedCode{5, 6, 3}));
  EXPECT_EQ(MailCommand(With("a\r\n\r\nb\r\n"), {}), "MAIL FROM:<a@news.example>\r\n");
  std::string big = "a\r\n\r\n";
  for (int i = 0; i < 100; ++i) big += "0123456789\r\n";
  EXPECT_EQ(CheckEnvelope(With(big), everything).enhanced, (EnhancedCode{5, 3, 4}));
}

TEST(SmtpReply, IsReadOverManyLinesAndInPieces) {
  SmtpReplyParser parser;
  SmtpReply reply;
  const std::string bytes = "250-mx.example\r\n250-SIZE 10\r\n250 OK\r\n550 5.1.1 No such user\r\n";
  std::vector<SmtpReply> replies;
  for (char c : bytes) {
    parser.Append(absl::string_view(&c, 1));
    if (parser.Take(reply) == Progress::kReply) replies.push_back(reply);
  }
  ASSERT_EQ(replies.size(), 2u);
  EXPECT_EQ(replies[0].code, 250);
  EXPECT_EQ(replies[0].lines, (std::vector<std::string>{"mx.example", "SIZE 10", "OK"}));
  EXPECT_EQ(replies[1].enhanced, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(replies[1].Text(), "No such user");
  EXPECT_TRUE(parser.empty());
}

TEST(SmtpReply, AnEnhancedCodeOfAnotherClassIsNone) {
  SmtpReplyParser parser;
  SmtpReply reply;
  parser.Append("450 5.1.1 odd\r\n250 2.1\r\n550 5.1.1.1 x\r\n550\r\n550 \r\n550 5.1.1\r\n");
  const char* expected[] = {"", "", "", "", "", "5.1.1"};
  for (const char* enhanced : expected) {
    ASSERT_EQ(parser.Take(reply), Progress::kReply);
    EXPECT_EQ(reply.enhanced.ToString(), enhanced);
    reply.Text();
  }
}

TEST(SmtpReply, WhatIsNoReplyIsMalformed) {
  const std::string cases[] = {"hello\r\n",
                               "25 short\r\n",
                               "250 bare feed\n",
                               "250 a\rb\r\n",
                               std::string("250 nul\0\r\n", 10),
                               "250-a\r\n251 b\r\n",
                               "999 x\r\n",
                               "100 x\r\n",
                               "250xok\r\n",
                               "\r\n",
                               "HTTP/1.1 400 Bad Request\r\n"};
  for (const std::string& bytes : cases) {
    SmtpReplyParser parser;
    SmtpReply reply;
    parser.Append(bytes);
    EXPECT_EQ(parser.Take(reply), Progress::kMalformed) << absl::CEscape(bytes);
  }
}

TEST(SmtpReply, IsBounded) {
  SmtpReply reply;
  SmtpReplyParser endless_line;
  endless_line.Append("250 " + std::string(3000, 'x'));
  EXPECT_EQ(endless_line.Take(reply), Progress::kMalformed);
  SmtpReplyParser endless_reply;
  for (int i = 0; i < 2000; ++i) endless_reply.Append("250-and so on\r\n");
  EXPECT_EQ(endless_reply.Take(reply), Progress::kMalformed);
}

TEST(SmtpReply, ItsTextIsPrintableAndShort) {
  SmtpReplyParser parser;
  SmtpReply reply;
  parser.Append("550-5.7.1 Ні\t\x1b[31m\r\n550-5.7.1 " + std::string(600, 'y') + "\r\n550 5.7.1 end\r\n");
  ASSERT_EQ(parser.Take(reply), Progress::kReply);
  EXPECT_EQ(reply.Text().substr(0, 12), "?????\?[31m y");
  EXPECT_EQ(reply.Text().size(), 512u);
}

}  // namespace
}  // namespace masthead::notifications::mail
