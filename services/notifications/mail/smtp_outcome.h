// What became of one envelope, and what a server's reply means for it. Pure: no sockets.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::notifications::mail {

// How far a hand-over had come.
enum class SmtpStage { kConnect, kBanner, kEhlo, kStartTls, kAuth, kMail, kRcpt, kData, kFinalDot };

// "connect", "banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "final_dot".
absl::string_view SmtpStageName(SmtpStage stage);

enum class OutcomeKind {
  kSent,      // 2xx to the final dot: the server is responsible now.
  kDeferred,  // Refused for now, or the server could not be had: try again later.
  kFailed,    // Refused for good; trying again would change nothing.
  kNotSent,  // Broken off before any byte of the terminator was handed to the kernel: surely not accepted, may go again
             // at once.
  kUncertain,  // Broken off after that: accepted or not, nobody can tell (RFC 1047).
};

enum class BounceClass {
  kNone,
  kHard,    // The mailbox does not exist: suppress the address.
  kSoft,    // The mailbox is full or otherwise unable for now: counts towards suppression.
  kPolicy,  // The sender's fault or the receiver's policy. Says nothing against the address; feeds the brake.
};

// RFC 3463; all zero where the reply has none, or one that contradicts its code.
struct EnhancedCode {
  int status_class = 0;
  int subject = 0;
  int detail = 0;

  bool present() const { return status_class != 0; }
  std::string ToString() const;  // "5.1.1"; empty if absent.
  bool operator==(const EnhancedCode&) const = default;
};

struct Verdict {
  OutcomeKind kind;
  BounceClass bounce = BounceClass::kNone;

  bool operator==(const Verdict&) const = default;
};

// What `code` at `stage` means for the envelope. A 4xx defers. A 5xx fails the envelope from MAIL on; before that it
// concerns the connection, so it defers. Only RCPT, and a final dot with an enhanced code, can speak about the reader;
// there is one RCPT per message, so a final dot speaks about that one. Anything else (1xx, 3xx, out of range, 2xx
// before the final dot) is no answer: as 421 before the dot, uncertain at it.
Verdict ClassifyReply(SmtpStage stage, int code, const EnhancedCode& enhanced);

struct Outcome {
  int64_t id = 0;  // The envelope's.
  OutcomeKind kind = OutcomeKind::kNotSent;
  BounceClass bounce = BounceClass::kNone;
  SmtpStage stage = SmtpStage::kConnect;  // Where it was decided.
  int code = 0;  // The server's, or the one that our own check of the envelope stands for; 0 if neither decided it.
  EnhancedCode enhanced;
  std::string text;  // The server's words or ours; printable ASCII, at most 512 bytes.
};

}  // namespace masthead::notifications::mail
