#include "services/notifications/mail/smtp_route.h"

#include <netdb.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace masthead::notifications::mail {
namespace {

constexpr absl::Duration kAddressesKept = absl::Minutes(1);
constexpr size_t kMaxEvents = 64;

SteadyTime Now() { return std::chrono::steady_clock::now(); }

Outcome EndedByUs(OutcomeKind kind, absl::string_view why) {
  Outcome outcome;
  outcome.kind = kind;
  outcome.stage = SmtpStage::kConnect;
  outcome.text = std::string(why.substr(0, 512));
  return outcome;
}

// A host name, or an address literal in brackets (RFC 5321 section 4.1.4): nothing that could carry a second command.
bool IsEhloName(absl::string_view name) {
  return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '[' || c == ']' ||
           c == ':';
  });
}

}  // namespace

struct SmtpRoute::Address {
  sockaddr_storage address;
  socklen_t length;

  bool operator==(const Address& other) const {
    return length == other.length && memcmp(&address, &other.address, length) == 0;
  }
};

struct SmtpRoute::Watched {
  SmtpConnection connection;
  Address address;
  uint32_t events = 0;  // As epoll knows them.
};

absl::Status SmtpRoute::Check(const SmtpRouteOptions& options) {
  if (options.host.empty() || options.port == 0)
    return absl::InvalidArgumentError("an SMTP route needs a host and a port");
  if (!IsEhloName(options.ehlo_name))
    return absl::InvalidArgumentError("ehlo_name must be a host name or an address literal in brackets");
  if (options.max_connections == 0 || options.max_messages_per_connection == 0) {
    return absl::InvalidArgumentError("an SMTP route needs at least one connection, and one message on it");
  }
  if (!options.user.empty() && options.tls != SmtpTls::kRequired) {
    return absl::InvalidArgumentError("a password is said over TLS only: tls must be required");
  }
  return TlsSettings::Make(options).status();
}

SmtpRoute::SmtpRoute(SmtpRouteOptions options)
    : options_(std::move(options)), usable_(Check(options_)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!usable_.ok()) return;
  absl::StatusOr<TlsSettings> tls = TlsSettings::Make(options_);
  usable_ = tls.status();
  if (tls.ok()) tls_ = *std::move(tls);
  if (epoll_ < 0) usable_ = absl::ResourceExhaustedError("no file descriptor for epoll");
}

SmtpRoute::~SmtpRoute() {
  CloseIdle(absl::ZeroDuration());
  connections_.clear();
  if (epoll_ >= 0) close(epoll_);
}

void SmtpRoute::CloseIdle(absl::Duration idle_for) {
  const SteadyTime now = Now();
  for (const std::unique_ptr<Watched>& watched : connections_) {
    SmtpConnection& connection = watched->connection;
    if (connection.idle() && After(connection.last_progress(), idle_for) <= now) connection.Quit();
  }
  std::erase_if(connections_, [](const std::unique_ptr<Watched>& watched) { return watched->connection.closed(); });
}

std::vector<Outcome> SmtpRoute::Send(std::vector<Envelope> envelopes, absl::Time deadline) {
  SmtpWindow window(std::move(envelopes));
  if (!usable_.ok()) {
    window.SettleWaiting(
        EndedByUs(OutcomeKind::kDeferred, absl::StrCat("this route cannot be used: ", std::string(usable_.message()))));
    return window.TakeOutcomes();
  }
  // A connection left in the middle of a transaction is of no use to the next window.
  auto drop_all = absl::MakeCleanup([this] { connections_.clear(); });
  Work(window, After(Now(), deadline - absl::Now()));
  std::move(drop_all).Cancel();
  return window.TakeOutcomes();
}

void SmtpRoute::Work(SmtpWindow& window, SteadyTime deadline) {
  connection_limit_ = options_.max_connections;
  setbacks_ = 0;
  CloseIdle(options_.idle_timeout);
  if (!connections_.empty()) Poll(window, absl::ZeroDuration());  // What a server closed meanwhile says so now.
  while (!window.done()) {
    const SteadyTime now = Now();
    if (now >= deadline) return Stop(window);
    FeedIdle(window, now);
    Reap(window);  // Some may have said goodbye.
    OpenConnections(window);
    if (!window.done()) Poll(window, absl::FromChrono(deadline - now));
  }
}

void SmtpRoute::FeedIdle(SmtpWindow& window, SteadyTime now) {
  for (const std::unique_ptr<Watched>& watched : connections_) {
    if (window.waiting() == 0) return;
    if (!watched->connection.idle()) continue;
    watched->connection.Feed(window, now);
    Watch(*watched);
  }
}

void SmtpRoute::Stop(SmtpWindow& window) {
  constexpr absl::string_view kWhy = "the time given for sending is over";
  for (const std::unique_ptr<Watched>& watched : connections_) {
    if (!watched->connection.idle()) watched->connection.Abandon(window, kWhy);
  }
  window.SettleWaiting(EndedByUs(OutcomeKind::kNotSent, kWhy));
  Reap(window);
}

void SmtpRoute::OpenConnections(SmtpWindow& window) {
  const auto opening = std::count_if(connections_.begin(), connections_.end(),
                                     [](const auto& watched) { return watched->connection.opening(); });
  for (auto coming = static_cast<size_t>(opening); coming < window.waiting() && connections_.size() < connection_limit_;
       ++coming) {
    const absl::Status status = OpenConnection();
    if (status.ok()) continue;
    if (connections_.empty())
      return window.SettleWaiting(EndedByUs(OutcomeKind::kDeferred, std::string(status.message())));
    connection_limit_ = connections_.size();
  }
}

absl::Status SmtpRoute::OpenConnection() {
  if (addresses_.empty() || After(resolved_at_, kAddressesKept) <= Now()) {
    RETURN_IF_ERROR(Resolve());
  }
  const Address& address = addresses_[next_address_++ % addresses_.size()];
  absl::StatusOr<SmtpStream> stream = SmtpStream::Connect(address.address, address.length);
  if (!stream.ok()) return stream.status();
  const bool use_tls = options_.tls == SmtpTls::kRequired || (options_.tls == SmtpTls::kOpportunistic && !plain_only_);
  auto watched = std::make_unique<Watched>(
      Watched{.connection = SmtpConnection(options_, tls_, use_tls, *std::move(stream), Now()), .address = address});
  epoll_event event{.events = 0, .data = {.ptr = watched.get()}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, watched->connection.fd(), &event) != 0)
    return absl::UnavailableError("epoll takes no more sockets");
  Watch(*watched);
  connections_.push_back(std::move(watched));
  return absl::OkStatus();
}

absl::Status SmtpRoute::Resolve() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result = getaddrinfo(options_.host.c_str(), std::to_string(options_.port).c_str(), &hints, &found);
  if (result != 0) return absl::UnavailableError(absl::StrCat("no address of the SMTP host: ", gai_strerror(result)));
  addresses_.clear();
  next_address_ = 0;
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    Address& address = addresses_.emplace_back();
    memcpy(&address.address, entry->ai_addr, entry->ai_addrlen);
    address.length = entry->ai_addrlen;
  }
  freeaddrinfo(found);
  resolved_at_ = Now();
  return absl::OkStatus();
}

void SmtpRoute::Watch(Watched& watched) const {
  if (watched.connection.closed()) return;
  const uint32_t events = EPOLLIN | (watched.connection.wants_write() ? EPOLLOUT : 0U);
  if (events == watched.events) return;
  epoll_event event{.events = events, .data = {.ptr = &watched}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, watched.connection.fd(), &event);
  watched.events = events;
}

void SmtpRoute::Poll(SmtpWindow& window, absl::Duration patience) {
  SteadyTime now = Now();
  SteadyTime wake = After(now, patience);
  for (const std::unique_ptr<Watched>& watched : connections_) wake = std::min(wake, watched->connection.deadline());
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(std::max(wake - now, SteadyTime::duration::zero()));
  std::array<epoll_event, kMaxEvents> events;
  const int count = epoll_wait(epoll_, events.data(), kMaxEvents, static_cast<int>(wait.count()));
  now = Now();
  for (int i = 0; i < count; ++i) {
    auto& watched = *static_cast<Watched*>(events[static_cast<size_t>(i)].data.ptr);
    const uint32_t happened = events[static_cast<size_t>(i)].events;
    if ((happened & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) watched.connection.OnWritable(window, now);
    if ((happened & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) watched.connection.OnReadable(window, now);
    Watch(watched);
  }
  for (const std::unique_ptr<Watched>& watched : connections_) {
    if (watched->connection.deadline() <= now) watched->connection.Abandon(window, "the server did not answer in time");
  }
  Reap(window);
}

void SmtpRoute::Reap(SmtpWindow& window) {
  const auto first_closed =
      std::stable_partition(connections_.begin(), connections_.end(),
                            [](const std::unique_ptr<Watched>& watched) { return !watched->connection.closed(); });
  const std::vector<std::unique_ptr<Watched>> closed(std::make_move_iterator(first_closed),
                                                     std::make_move_iterator(connections_.end()));
  connections_.erase(first_closed, connections_.end());
  for (const std::unique_ptr<Watched>& watched : closed) {
    if (watched->connection.failure().has_value()) OnFailure(*watched, window);
  }
}

void SmtpRoute::OnFailure(const Watched& watched, SmtpWindow& window) {
  const Outcome& failure = *watched.connection.failure();
  if (watched.connection.opened()) {
    // A server restarts, and all connections go at once. More than that, and it cannot be worked with for now.
    if (++setbacks_ > options_.max_connections + 2) window.SettleWaiting(failure);
    return;
  }
  if (failure.stage == SmtpStage::kConnect) std::erase(addresses_, watched.address);
  if (failure.stage == SmtpStage::kConnect && !addresses_.empty()) return;
  if (watched.connection.failed_tls() && options_.tls == SmtpTls::kOpportunistic) {
    plain_only_ = true;
  } else if (connections_.empty()) {
    window.SettleWaiting(failure);
  } else {
    // The server takes no more connections than it has; those carry the window.
    connection_limit_ = connections_.size();
  }
}

}  // namespace masthead::notifications::mail
