#include "services/notifications/mail/smtp_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "openssl/err.h"
#include "openssl/x509v3.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kReadBytes = 16384;

absl::Status SystemError(const char* what, int error) {
  return absl::UnavailableError(absl::StrCat(what, ": ", strerrordesc_np(error)));
}

absl::Status TlsError(SSL* ssl) {
  const auto verified = ssl == nullptr ? X509_V_OK : SSL_get_verify_result(ssl);
  if (verified != X509_V_OK)
    return absl::UnavailableError(absl::StrCat("TLS: ", X509_verify_cert_error_string(verified)));
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return absl::UnavailableError(absl::StrCat("TLS: ", reason == nullptr ? "connection lost" : reason));
}

// An address literal verifies against IP entries of a certificate, and is no SNI.
bool ExpectName(SSL* ssl, const std::string& name) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1) return true;
  ERR_clear_error();
  return SSL_set1_host(ssl, name.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

}  // namespace

absl::StatusOr<TlsSettings> TlsSettings::Make(const SmtpRouteOptions& options) {
  TlsSettings settings;
  if (options.tls == SmtpTls::kNone) return settings;
  settings.context = std::shared_ptr<SSL_CTX>(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (settings.context == nullptr) return TlsError(nullptr);
  SSL_CTX_set_min_proto_version(settings.context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(settings.context.get(), SSL_MODE_RELEASE_BUFFERS);
  if (options.tls == SmtpTls::kOpportunistic) return settings;
  settings.name = options.tls_name.empty() ? options.host : options.tls_name;
  SSL_CTX_set_verify(settings.context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = options.tls_ca_file.empty()
                         ? SSL_CTX_set_default_verify_paths(settings.context.get())
                         : SSL_CTX_load_verify_file(settings.context.get(), options.tls_ca_file.c_str());
  ERR_clear_error();
  if (loaded != 1)
    return absl::FailedPreconditionError(absl::StrCat("no certificates can be read from ", options.tls_ca_file));
  return settings;
}

absl::StatusOr<SmtpStream> SmtpStream::Connect(const sockaddr_storage& address, socklen_t length) {
  const int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return SystemError("socket", errno);
  SmtpStream stream(fd);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0 && errno != EINPROGRESS)
    return SystemError("connect", errno);
  return stream;
}

SmtpStream::SmtpStream(SmtpStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      ssl_(std::move(other.ssl_)),
      out_(std::move(other.out_)),
      out_position_(other.out_position_),
      handed_over_(other.handed_over_) {}

SmtpStream& SmtpStream::operator=(SmtpStream&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(ssl_, other.ssl_);
  std::swap(out_, other.out_);
  std::swap(out_position_, other.out_position_);
  std::swap(handed_over_, other.handed_over_);
  return *this;
}

SmtpStream::~SmtpStream() {
  if (fd_ >= 0) close(fd_);
}

absl::Status SmtpStream::FinishConnect() const {
  int error = 0;
  socklen_t length = sizeof(error);
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  return error == 0 ? absl::OkStatus() : SystemError("connect", error);
}

void SmtpStream::Queue(absl::string_view plain) {
  if (ssl_ == nullptr) {
    absl::StrAppend(&out_, plain);
    return;
  }
  if (plain.empty()) return;
  // Into a memory BIO it neither blocks nor takes a part only.
  SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
  TakeCiphertext();
}

void SmtpStream::TakeCiphertext() {
  BIO* out = SSL_get_wbio(ssl_.get());
  while (const size_t pending = BIO_ctrl_pending(out)) {
    const size_t size = out_.size();
    out_.resize(size + pending);
    out_.resize(size + static_cast<size_t>(std::max(0, BIO_read(out, out_.data() + size, static_cast<int>(pending)))));
  }
}

absl::Status SmtpStream::Flush() {
  while (has_unsent()) {
    const ssize_t sent = send(fd_, out_.data() + out_position_, out_.size() - out_position_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return absl::OkStatus();
    if (sent < 0) return SystemError("connection lost", errno);
    out_position_ += static_cast<size_t>(sent);
    handed_over_ += static_cast<uint64_t>(sent);
  }
  out_.clear();
  out_position_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<bool> SmtpStream::Read(std::string& plain) {
  char buffer[kReadBytes];
  ssize_t got;
  do {
    got = recv(fd_, buffer, sizeof(buffer), 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
  if (got < 0) return SystemError("connection lost", errno);
  if (ssl_ == nullptr) {
    plain.append(buffer, static_cast<size_t>(got));
    return got > 0;
  }
  if (got == 0) return false;
  BIO_write(SSL_get_rbio(ssl_.get()), buffer, static_cast<int>(got));
  return SSL_is_init_finished(ssl_.get()) == 0 ? true : Decrypt(plain);
}

absl::StatusOr<bool> SmtpStream::Decrypt(std::string& plain) {
  char buffer[kReadBytes];
  int got;
  ERR_clear_error();
  while ((got = SSL_read(ssl_.get(), buffer, sizeof(buffer))) > 0) plain.append(buffer, static_cast<size_t>(got));
  const int error = SSL_get_error(ssl_.get(), got);
  TakeCiphertext();
  if (error == SSL_ERROR_ZERO_RETURN) return false;
  if (error != SSL_ERROR_WANT_READ) return TlsError(nullptr);
  return true;
}

absl::Status SmtpStream::StartTls(const TlsSettings& settings) {
  ssl_.reset(SSL_new(settings.context.get()));
  if (ssl_ == nullptr) return TlsError(nullptr);
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  BIO_set_mem_eof_return(SSL_get_rbio(ssl_.get()), -1);
  SSL_set_connect_state(ssl_.get());
  if (!settings.name.empty() && !ExpectName(ssl_.get(), settings.name)) return TlsError(nullptr);
  return Handshake().status();
}

absl::StatusOr<bool> SmtpStream::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  const int error = SSL_get_error(ssl_.get(), result);
  TakeCiphertext();
  if (result == 1) return true;
  if (error == SSL_ERROR_WANT_READ) return false;
  return TlsError(ssl_.get());
}

}  // namespace masthead::notifications::mail
