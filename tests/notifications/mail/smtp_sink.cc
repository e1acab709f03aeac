#include "tests/notifications/mail/smtp_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "openssl/pem.h"

namespace masthead::notifications::mail {
namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  perror(what);
  abort();
}

std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> MakeTls(const SmtpSink::Options& options) {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(nullptr, SSL_CTX_free);
  if (options.key_pem.empty()) return context;
  context.reset(SSL_CTX_new(TLS_server_method()));
  BIO* certificate = BIO_new_mem_buf(options.certificate_pem.data(), static_cast<int>(options.certificate_pem.size()));
  BIO* key = BIO_new_mem_buf(options.key_pem.data(), static_cast<int>(options.key_pem.size()));
  X509* x509 = PEM_read_bio_X509(certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* pkey = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  Require(SSL_CTX_use_certificate(context.get(), x509) == 1 && SSL_CTX_use_PrivateKey(context.get(), pkey) == 1,
          "certificate of the sink");
  X509_free(x509);
  EVP_PKEY_free(pkey);
  BIO_free(certificate);
  BIO_free(key);
  return context;
}

}  // namespace

// One connection, on a thread of its own.
class SmtpSink::Session {
 public:
  Session(SmtpSink& sink, int fd, int number) : sink_(sink), fd_(fd), number_(number) {
    for (const std::string& extension : sink.options_.extensions)
      pipelining_ = pipelining_ || extension == "PIPELINING";
  }
  ~Session() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    close(fd_);
  }

  void Run() {
    if (!Say(At::kBanner, "220 sink.example ESMTP\r\n")) return;
    std::string line;
    while (ReadLine(line)) {
      Note(sink_.commands_, line);
      if (!pipelining_ && !buffer_.empty()) Note(sink_.violations_, absl::StrCat("more came with ", line));
      if (!Command(line)) return;
    }
  }

 private:
  bool Command(const std::string& line) {
    const std::string verb = absl::AsciiStrToUpper(line.substr(0, 4));
    if (verb == "EHLO") return Say(At::kEhlo, Greeting());
    if (verb == "STAR") return StartTls();
    if (verb == "AUTH") return Auth(line);
    if (verb == "MAIL") return Mail(line);
    if (verb == "RCPT") return Rcpt(line);
    if (verb == "DATA") return Data();
    if (verb == "RSET") {
      Forget();
      return Say(At::kReset, "250 2.0.0 forgotten\r\n");
    }
    if (verb == "QUIT") {
      Write("221 2.0.0 bye\r\n");
      return false;
    }
    Note(sink_.violations_, line);
    return Write("500 5.5.2 what?\r\n");
  }

  std::string Greeting() {
    std::string greeting = "250-sink.example\r\n";
    for (const std::string& extension : sink_.options_.extensions)
      absl::StrAppend(&greeting, "250-", extension, "\r\n");
    if (sink_.tls_ != nullptr && ssl_ == nullptr) greeting += "250-STARTTLS\r\n";
    if (ssl_ != nullptr && !sink_.options_.user.empty()) {
      absl::StrAppend(&greeting, "250-AUTH ", sink_.options_.mechanisms, "\r\n");
    }
    return greeting + "250 HELP\r\n";
  }

  bool StartTls() {
    if (!Say(At::kStartTls, "220 2.0.0 go on\r\n")) return false;
    if (sink_.tls_ == nullptr) return true;
    ssl_ = SSL_new(sink_.tls_.get());
    SSL_set_fd(ssl_, fd_);
    buffer_.clear();
    return SSL_accept(ssl_) == 1;
  }

  bool Auth(const std::string& line) {
    const std::string plain = absl::StrCat(absl::string_view("\0", 1), sink_.options_.user, absl::string_view("\0", 1),
                                           sink_.options_.password);
    if (absl::StartsWith(line, "AUTH PLAIN ")) return Judge(line.substr(11) == absl::Base64Escape(plain));
    std::string user, password;
    if (!Write("334 VXNlcm5hbWU6\r\n") || !ReadLine(user)) return false;
    if (!Write("334 UGFzc3dvcmQ6\r\n") || !ReadLine(password)) return false;
    return Judge(user == absl::Base64Escape(sink_.options_.user) &&
                 password == absl::Base64Escape(sink_.options_.password));
  }

  bool Judge(bool known) {
    known_ = known;
    return Say(At::kAuth, known ? "235 2.7.0 welcome\r\n" : "535 5.7.8 who are you?\r\n");
  }

  bool Mail(const std::string& line) {
    if (has_sender_ || (!sink_.options_.user.empty() && !known_)) return OutOfOrder(line);
    from_ = line.substr(10);
    has_sender_ = Accepts(At::kMail, "250 2.1.0 ok\r\n");
    return alive_;
  }

  bool Rcpt(const std::string& line) {
    if (!has_sender_) return Say(At::kRcpt, "503 5.5.1 MAIL first\r\n");
    const std::string address = line.substr(9, line.rfind('>') - 9);
    std::string refusal;
    {
      MutexLock lock(sink_.mutex_);
      if (const auto found = sink_.refused_.find(address); found != sink_.refused_.end()) refusal = found->second;
    }
    if (!refusal.empty()) return Write(refusal);
    if (Accepts(At::kRcpt, "250 2.1.5 ok\r\n")) absl::StrAppend(&to_, to_.empty() ? "" : " ", address);
    return alive_;
  }

  bool Data() {
    if (to_.empty() && !sink_.options_.lenient_data) return Say(At::kData, "503 5.5.1 RCPT first\r\n");
    if (!Accepts(At::kData, "354 go on\r\n")) return alive_;
    std::string message;
    if (!ReadMessage(message)) return false;
    if (to_.empty()) {
      Forget();
      return Write("554 5.5.1 no valid recipients\r\n");
    }
    {
      MutexLock lock(sink_.mutex_);
      sink_.messages_.push_back({from_, to_, std::move(message), ssl_ != nullptr, number_});
      sink_.kept_.NotifyAll();
    }
    Forget();
    return Say(At::kFinalDot, "250 2.0.0 kept\r\n");
  }

  // Up to the lone dot; false if the connection ended before.
  bool ReadMessage(std::string& message) {
    std::string line;
    for (bool first = true; ReadLine(line); first = false) {
      if (line == ".") return true;
      if (first && !Say(At::kBody, "")) return false;
      absl::StrAppend(&message, absl::StartsWith(line, ".") ? line.substr(1) : line, "\r\n");
    }
    return false;
  }

  void Forget() {
    has_sender_ = false;
    from_.clear();
    to_.clear();
  }

  bool OutOfOrder(const std::string& line) {
    Note(sink_.violations_, line);
    return Write("503 5.5.1 out of order\r\n");
  }

  void Note(std::vector<std::string>& notes, const std::string& line) {
    MutexLock lock(sink_.mutex_);
    notes.push_back(line);
  }

  // Says `usual`, or what a fault says instead; false if the conversation is over.
  bool Say(At at, const std::string& usual) {
    Accepts(at, usual);
    return alive_;
  }

  // Whether it was a yes.
  bool Accepts(At at, const std::string& usual) {
    Fault fault;
    if (!sink_.TakeFault(at, fault)) {
      alive_ = Write(usual);
      return alive_ && (absl::StartsWith(usual, "2") || absl::StartsWith(usual, "354"));
    }
    const absl::Time until = absl::Now() + (fault.act == Act::kHang ? absl::InfiniteDuration() : fault.delay);
    while (absl::Now() < until && !sink_.stopping_) absl::SleepFor(absl::Milliseconds(2));
    if (fault.act == Act::kReply || fault.act == Act::kReplyDrop) Write(fault.text.empty() ? usual : fault.text);
    if (fault.act == Act::kHalfClose) shutdown(fd_, SHUT_WR);
    if (fault.act == Act::kReset) {
      const linger hard{.l_onoff = 1, .l_linger = 0};
      setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    }
    alive_ = fault.act == Act::kReply || fault.act == Act::kHalfClose;
    return alive_ && absl::StartsWith(fault.text.empty() ? usual : fault.text, at == At::kData ? "354" : "2");
  }

  bool Write(const std::string& text) {
    size_t at = 0;
    while (at < text.size()) {
      const ssize_t n = ssl_ != nullptr ? SSL_write(ssl_, text.data() + at, static_cast<int>(text.size() - at))
                                        : send(fd_, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (n <= 0) return false;
      at += static_cast<size_t>(n);
    }
    return true;
  }

  bool ReadLine(std::string& line) {
    size_t end;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      while (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
        if (sink_.stopping_) return false;
        pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, 20) > 0) break;
      }
      char chunk[16384];
      const ssize_t n = ssl_ != nullptr ? SSL_read(ssl_, chunk, sizeof(chunk)) : recv(fd_, chunk, sizeof(chunk), 0);
      if (n <= 0) return false;
      buffer_.append(chunk, static_cast<size_t>(n));
    }
    line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    if (line.find_first_of("\r\n") != std::string::npos) Note(sink_.violations_, line);
    return true;
  }

  SmtpSink& sink_;
  const int fd_;
  const int number_;
  bool pipelining_ = false;
  SSL* ssl_ = nullptr;
  std::string buffer_;
  bool alive_ = true;
  bool known_ = false;  // By AUTH.
  bool has_sender_ = false;
  std::string from_;
  std::string to_;
};

SmtpSink::SmtpSink(Options options) : options_(std::move(options)), tls_(MakeTls(options_)) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL.
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  Require(bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0, "bind");
  Require(listen(listener_, 128) == 0, "listen");
  Require(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

SmtpSink::~SmtpSink() {
  stopping_ = true;
  acceptor_.join();
  close(listener_);
}

void SmtpSink::Accept() {
  while (!stopping_) {
    pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, 20) <= 0) continue;
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const int number = ++connections_;
    threads_.emplace_back([this, fd, number] { Session(*this, fd, number).Run(); });
  }
  for (std::thread& thread : threads_) thread.join();
}

void SmtpSink::Set(At at, Fault fault) {
  MutexLock lock(mutex_);
  faults_[at] = std::move(fault);
}

void SmtpSink::Clear() {
  MutexLock lock(mutex_);
  faults_.clear();
  refused_.clear();
}

void SmtpSink::RefuseRecipient(const std::string& address, const std::string& reply) {
  MutexLock lock(mutex_);
  refused_[address] = reply;
}

bool SmtpSink::TakeFault(At at, Fault& fault) {
  MutexLock lock(mutex_);
  const auto found = faults_.find(at);
  if (found == faults_.end() || found->second.times == 0) return false;
  if (found->second.after > 0) {
    --found->second.after;
    return false;
  }
  --found->second.times;
  fault = found->second;
  return true;
}

std::vector<SmtpSink::Message> SmtpSink::messages() const {
  MutexLock lock(mutex_);
  return messages_;
}

bool SmtpSink::AwaitMessages(size_t count) const {
  const absl::Time patience = absl::Now() + absl::Seconds(10);
  MutexLock lock(mutex_);
  while (messages_.size() < count) {
    if (!kept_.WaitUntil(mutex_, patience)) return messages_.size() >= count;
  }
  return true;
}

std::vector<std::string> SmtpSink::commands() const {
  MutexLock lock(mutex_);
  return commands_;
}

std::vector<std::string> SmtpSink::violations() const {
  MutexLock lock(mutex_);
  return violations_;
}

}  // namespace masthead::notifications::mail
