// A real SMTP server for tests, in this process, on a free port of 127.0.0.1: it keeps what it accepted, and misbehaves
// on request.
//
// It is strict where a client must be right: lines end in CRLF alone, commands come in order, and only CRLF . CRLF ends
// a message.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "openssl/ssl.h"

namespace masthead::notifications::mail {

class SmtpSink {
 public:
  // Where it may misbehave. kBody is inside a message, after its first bytes; kFinalDot is after the message was kept.
  enum class At { kBanner, kEhlo, kStartTls, kAuth, kMail, kRcpt, kData, kBody, kFinalDot, kReset };

  enum class Act {
    kReply,      // Says `text` instead of its own reply.
    kReplyDrop,  // The same, and closes.
    kDrop,       // Closes without a word.
    kReset,      // The same, with a TCP reset.
    kHang,       // Says nothing more, until the sink ends.
    kHalfClose,  // Closes its own side only.
  };

  struct Fault {
    Act act = Act::kReply;
    std::string text = {};  // Whole, with CRLF; a server may say anything.
    absl::Duration delay = absl::ZeroDuration();
    int times = 1 << 30;
    int after = 0;  // So many times all goes well first.
  };

  struct Options {
    std::vector<std::string> extensions = {"PIPELINING", "SIZE 10485760", "8BITMIME", "SMTPUTF8",
                                           "ENHANCEDSTATUSCODES"};
    std::string certificate_pem = {};  // With a key: STARTTLS is offered and done.
    std::string key_pem = {};
    // With a user: nothing is taken before AUTH with this password, by these mechanisms, which are offered over TLS.
    std::string user = {};
    std::string password = {};
    std::string mechanisms = "PLAIN LOGIN";
    bool lenient_data = false;  // Says 354 to DATA without recipients, as RFC 2920 lets it.
  };

  struct Message {
    std::string mail_from;  // As in the command, with its parameters.
    std::string rcpt_to;    // All of them, with a space between.
    std::string bytes;      // Without dots that were put in.
    bool encrypted = false;
    int connection = 0;  // Counted from 1.
  };

  explicit SmtpSink(Options options);
  SmtpSink() : SmtpSink(Options()) {}
  ~SmtpSink();

  uint16_t port() const { return port_; }
  void Set(At at, Fault fault);
  void Clear();
  // `reply` to any RCPT for this address.
  void RefuseRecipient(const std::string& address, const std::string& reply);

  std::vector<Message> messages() const;
  // Waits until so many are kept; false if they do not come in ten seconds.
  bool AwaitMessages(size_t count) const;
  // Every line outside messages, as it came, of all connections.
  std::vector<std::string> commands() const;
  int connections() const { return connections_; }
  // Bytes came that a strict server does not take: a bare CR or LF, a command out of order.
  std::vector<std::string> violations() const;

 private:
  class Session;

  void Accept();
  bool TakeFault(At at, Fault& fault);

  const Options options_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable Mutex mutex_;
  mutable CondVar kept_;
  std::map<At, Fault> faults_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> refused_ ABSL_GUARDED_BY(mutex_);
  std::vector<Message> messages_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> commands_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> violations_ ABSL_GUARDED_BY(mutex_);
  std::list<std::thread> threads_;  // Of the accepting thread alone.
  std::thread acceptor_;
};

}  // namespace masthead::notifications::mail
