// A non-blocking TCP connection, plain or inside TLS, which knows exactly what the kernel has been given.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "openssl/ssl.h"
#include "services/notifications/mail/smtp_route_options.h"

namespace masthead::notifications::mail {

// What all TLS connections of a route share. Null context: the route uses no TLS.
struct TlsSettings {
  std::shared_ptr<SSL_CTX> context;
  std::string name;  // To be verified and sent as SNI; empty: not verified.

  // FAILED_PRECONDITION if the file of authorities cannot be read.
  static absl::StatusOr<TlsSettings> Make(const SmtpRouteOptions& options);
};

class SmtpStream {
 public:
  // Starts to connect; what becomes of it shows when the socket turns writable (FinishConnect).
  static absl::StatusOr<SmtpStream> Connect(const sockaddr_storage& address, socklen_t length);

  SmtpStream(SmtpStream&& other) noexcept;
  SmtpStream& operator=(SmtpStream&& other) noexcept;
  ~SmtpStream();

  int fd() const { return fd_; }
  bool encrypted() const { return ssl_ != nullptr; }

  absl::Status FinishConnect() const;

  // Bytes in order; nothing leaves before Flush.
  void Queue(absl::string_view plain);
  // Counts of bytes as they go over the wire (inside TLS: of ciphertext). What was queued so far has reached the
  // kernel, at least in part, once handed_over() exceeds what queued() was before.
  uint64_t queued() const { return handed_over_ + (out_.size() - out_position_); }
  uint64_t handed_over() const { return handed_over_; }
  bool has_unsent() const { return out_position_ < out_.size(); }

  // Hands over what the kernel takes now. An error means the connection is gone.
  absl::Status Flush();

  // Appends what has arrived. False: the peer has closed its side. An error means the connection is gone.
  absl::StatusOr<bool> Read(std::string& plain);

  // Starts a handshake as client. Handshake() carries it on after every read.
  absl::Status StartTls(const TlsSettings& settings);
  // True once it is done.
  absl::StatusOr<bool> Handshake();

 private:
  explicit SmtpStream(int fd) : fd_(fd) {}
  absl::StatusOr<bool> Decrypt(std::string& plain);
  void TakeCiphertext();

  struct SslDeleter {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  int fd_;
  std::unique_ptr<SSL, SslDeleter> ssl_;  // Over two memory BIOs: the socket is read and written here alone.
  std::string out_;
  size_t out_position_ = 0;
  uint64_t handed_over_ = 0;
};

}  // namespace masthead::notifications::mail
